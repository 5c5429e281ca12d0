//! Programs that must not compile, each with its error code (which `RUSTC_BOOTSTRAP=1` makes rustdoc
//! look at), but for two that fail by lifetimes, which have no code.
//!
//! Swapping two arrays away from their owners:
//!
//! ```compile_fail,E0277
//! use orthant::prelude::*;
//!
//! let (mut a, mut b) = (array![1.0], array![2.0]);
//! std::mem::swap::<ArrayRef1<f64>>(&mut a, &mut b);
//! ```
//!
//! ```compile_fail,E0277
//! use orthant::prelude::*;
//!
//! let (mut a, mut b) = (array![1.0], array![2.0]);
//! std::mem::swap(&mut *a.view_mut(), &mut *b);
//! ```
//!
//! ```compile_fail,E0277
//! use orthant::prelude::*;
//!
//! fn taken(x: &mut ArrayRef1<f64>, y: &ArrayRef1<f64>) {
//!     *x = *y;
//! }
//! ```
//!
//! Returning a view of a local array:
//!
//! ```compile_fail,E0515
//! use orthant::prelude::*;
//!
//! fn dangling<'a>() -> ArrayView1<'a, f64> {
//!     let x = array![1.0];
//!     x.view()
//! }
//! ```
//!
//! ```compile_fail,E0716
//! use orthant::prelude::*;
//!
//! let row = array![[1.0, 2.0]].row(0);
//! println!("{row}");
//! ```
//!
//! ```compile_fail,E0505
//! use orthant::prelude::*;
//!
//! let x = array![1.0];
//! let view = x.reshape([1, 1]);
//! drop(x);
//! println!("{view}");
//! ```
//!
//! Looking at an array that is being changed, and changing one that is looked at:
//!
//! ```compile_fail,E0502
//! use orthant::prelude::*;
//!
//! let mut x = array![1.0, 2.0];
//! let row = x.view_mut();
//! println!("{x}");
//! drop(row);
//! ```
//!
//! ```compile_fail,E0502
//! use orthant::prelude::*;
//!
//! let mut x = array![1.0, 2.0];
//! x += &x.view();
//! ```
//!
//! ```compile_fail,E0502
//! use orthant::prelude::*;
//!
//! let mut x = array![[1.0, 2.0]];
//! for v in x.iter() {
//!     x[[0, 0]] = *v;
//! }
//! ```
//!
//! ```compile_fail,E0499
//! use orthant::prelude::*;
//!
//! let mut x = array![[1.0], [2.0]];
//! let mut a = x.row_mut(0);
//! let mut b = x.row_mut(1);
//! a.assign(&b);
//! ```
//!
//! ```compile_fail,E0499
//! use orthant::prelude::*;
//!
//! let mut x = array![1.0, 2.0];
//! let mut view = x.view_mut();
//! let (first, second) = (view.slice_mut(s![0]), view.slice_mut(s![0]));
//! drop((first, second));
//! ```
//!
//! Keeping what `update_within` lends:
//!
//! ```compile_fail,E0521
//! use orthant::prelude::*;
//!
//! let mut x = array![1, 2];
//! let mut kept = None;
//! x.update_within(s![0], s![1], |to, _| kept = Some(to));
//! ```
//!
//! A mutable view out of a shared one, and writing through a shared one:
//!
//! ```compile_fail,E0596
//! use orthant::prelude::*;
//!
//! fn f(x: &ArrayRef1<f64>) {
//!     x.view().fill(1.0);
//! }
//! ```
//!
//! ```compile_fail,E0596
//! use orthant::prelude::*;
//!
//! let x = array![1.0, 2.0];
//! let view = x.view();
//! view[0] = 2.0;
//! ```
//!
//! A mutable view twice, and one for longer than it was lent:
//!
//! ```compile_fail,E0382
//! use orthant::prelude::*;
//!
//! let mut x = array![1.0];
//! let view = x.view_mut();
//! let other = view;
//! println!("{view} {other}");
//! ```
//!
//! ```compile_fail
//! use orthant::prelude::*;
//!
//! fn longer<'a>(x: &'a mut ArrayRef1<&'static str>) -> &'a mut ArrayRef1<&'a str> {
//!     x
//! }
//! ```
//!
//! ```compile_fail
//! use orthant::prelude::*;
//!
//! fn longer<'a>(x: ArrayViewMut1<'a, &'static str>) -> ArrayViewMut1<'a, &'a str> {
//!     x
//! }
//! ```
//!
//! Elements that may not cross threads:
//!
//! ```compile_fail,E0277
//! use orthant::prelude::*;
//!
//! fn moves<T: Send>(_: T) {}
//! moves(array![std::rc::Rc::new(1)]);
//! ```
//!
//! ```compile_fail,E0277
//! use orthant::prelude::*;
//!
//! fn moves<T: Send>(_: T) {}
//! moves(array![std::cell::Cell::new(1)].view());
//! ```
//!
//! ```compile_fail,E0277
//! use orthant::prelude::*;
//!
//! fn shared<T: Sync>(_: &T) {}
//! shared(&array![std::cell::Cell::new(1)]);
//! ```
//!
//! ```compile_fail,E0277
//! use orthant::prelude::*;
//!
//! fn moves<T: Send>(_: T) {}
//! moves(array![std::rc::Rc::new(1)].view_mut());
//! ```
//!
//! ```compile_fail,E0277
//! use orthant::prelude::*;
//!
//! fn moves<T: Send>(_: T) {}
//! moves(array![std::cell::Cell::new(1)].iter());
//! ```
//!
//! Rows of different lengths, more indices than axes, ranks and elements that do not fit:
//!
//! ```compile_fail,E0308
//! let x = orthant::array![[1, 2], [3]];
//! ```
//!
//! ```compile_fail,E0277
//! use orthant::prelude::*;
//!
//! let x = array![[1, 2], [3, 4]][[0, 0, 0]];
//! ```
//!
//! ```compile_fail,E0271
//! use orthant::prelude::*;
//!
//! let x = Array2::<f64>::zeros([2, 3, 4]);
//! ```
//!
//! ```compile_fail,E0308
//! use orthant::prelude::*;
//!
//! let x: Array1<f64> = array![[1.0]];
//! ```
//!
//! ```compile_fail,E0277
//! use orthant::prelude::*;
//!
//! let x = array![1.0, 2.0] + array![1, 2];
//! ```
//!
//! ```compile_fail,E0277
//! use orthant::prelude::*;
//!
//! let x = array![1.5].cast::<String>();
//! ```
//!
//! Indices, shapes and operands from outside, which could break what `unsafe` code relies on:
//!
//! ```compile_fail,E0277
//! use orthant::prelude::*;
//!
//! struct Anywhere;
//! impl Operand<f64> for Anywhere {
//!     type Dim = Ix0;
//!     fn with_view<R>(&self, f: impl FnOnce(ArrayView0<'_, f64>) -> R) -> R {
//!         f(ArrayView0::from_element(&1.0))
//!     }
//! }
//! ```
//!
//! ```compile_fail,E0277
//! struct Anywhere;
//! impl orthant::NdIndex<orthant::Ix1> for Anywhere {}
//! ```
//!
//! ```compile_fail,E0308
//! # use std::ops::*;
//! # #[derive(Clone, Copy, PartialEq, Debug)]
//! struct Tiny(u8);
//! # macro_rules! ops { ($($t:ident $f:ident),+) => { $(impl $t for Tiny { type Output = Tiny; fn $f(self, _: Tiny) -> Tiny { self } })+ } }
//! # ops!(Add add, Sub sub, Mul mul, Div div, Rem rem);
//! # impl num_traits::Zero for Tiny { fn zero() -> Self { Tiny(0) } fn is_zero(&self) -> bool { self.0 == 0 } }
//! # impl num_traits::One for Tiny { fn one() -> Self { Tiny(1) } }
//! impl orthant::Number for Tiny {
//!     type Sum = Tiny;
//!     type Mean = Tiny;
//!     type Real = Tiny;
//!     fn arithmetic(op: orthant::Arithmetic) -> orthant::LoopKernel<fn(Tiny, Tiny) -> Tiny> {
//!         // Eight bytes per element where there is one.
//!         <f64 as orthant::Number>::arithmetic(op)
//!     }
//! }
//! ```
