//! Owners, views and lifetimes.

//@ E0277 two arrays swapped away from their owners
//@ says the size for values of type `[()]` cannot be known at compilation time
let (mut a, mut b) = (array![1.0], array![2.0]);
std::mem::swap::<ArrayRef1<f64>>(&mut a, &mut b);

//@ E0277 two array references swapped
let (mut a, mut b) = (array![1.0, 2.0], array![3.0, 4.0]);
let (a, b): (&mut ArrayRef1<f64>, &mut ArrayRef1<f64>) = (&mut a, &mut b);
std::mem::swap(a, b);

//@ E0277 a view's reference swapped with an array's
let (mut a, mut b) = (array![1.0], array![2.0]);
std::mem::swap(&mut *a.view_mut(), &mut *b);

//@ compiles whole arrays swapped
let (mut a, mut b) = (array![1.0], array![2.0]);
std::mem::swap(&mut a, &mut b);

//@ E0277 an array moved out of a reference
fn taken(x: &mut ArrayRef1<f64>, y: &ArrayRef1<f64>) {
    *x = *y;
}

//@ E0277 an array reference by value
fn sum(x: ArrayRef1<f64>) {}

//@ E0515 a view of a local array returned
fn dangling<'a>() -> ArrayView1<'a, f64> {
    let x = array![1.0];
    x.view()
}

//@ E0716 a row of a temporary
let row = array![[1.0, 2.0]].row(0);
println!("{row}");

//@ E0505 an array dropped under its view
let x = array![1.0];
let view = x.reshape([1, 1]);
drop(x);
println!("{view}");

//@ E0502 an array read while it is written
let mut x = array![1.0, 2.0];
let row = x.view_mut();
println!("{x}");
drop(row);

//@ E0502 an array added to itself in place
let mut x = array![1.0, 2.0];
x += &x.view();

//@ E0502 an array zipped with itself
let mut x = array![1.0, 2.0];
orthant::zip((&mut x, &x)).for_each(|(x, y)| *x += y);

//@ E0502 an element changed during iteration
let mut x = array![[1.0, 2.0]];
for v in x.iter() {
    x[[0, 0]] = *v;
}

//@ E0499 two exclusive rows
let mut x = array![[1.0], [2.0]];
let mut a = x.row_mut(0);
let mut b = x.row_mut(1);
a.assign(&b);

//@ E0499 two exclusive slices of a view
let mut x = array![1.0, 2.0];
let mut view = x.view_mut();
let (first, second) = (view.slice_mut(s![0]), view.slice_mut(s![0]));
drop((first, second));

//@ compiles several exclusive slices at once
let mut x = array![[1.0], [2.0]];
let (mut a, b) = x.multi_slice_mut((s![0, ..], s![1, ..]));
a.assign(&b);

//@ E0521 what `update_within` lends is kept
let mut x = array![1, 2];
let mut kept = None;
x.update_within(s![0], s![1], |to, _| kept = Some(to));

//@ E0596 a write through a shared reference
fn f(x: &ArrayRef1<f64>) {
    x.view().fill(1.0);
}

//@ E0596 a write through a shared view
let x = array![1.0, 2.0];
let view = x.view();
view[0] = 2.0;

//@ E0382 an exclusive view used twice
let mut x = array![1.0];
let view = x.view_mut();
let other = view;
println!("{view} {other}");

//@ lifetime an exclusive reference is invariant in its elements
fn longer<'a>(x: &'a mut ArrayRef1<&'static str>) -> &'a mut ArrayRef1<&'a str> {
    x
}

//@ lifetime an exclusive view is invariant in its elements
fn longer<'a>(x: ArrayViewMut1<'a, &'static str>) -> ArrayViewMut1<'a, &'a str> {
    x
}

//@ compiles a shared view is covariant in its elements and keeps its lifetime
fn shorter<'a>(x: ArrayView2<'a, &'static str>) -> ArrayView1<'a, &'a str> {
    let x = x;
    x.row(0)
}

//@ compiles owners' methods take operands borrowed from the same array
let mut x = array![[1.0, 2.0], [3.0, 4.0]];
x.assign(&x.map(|v| v + 1.0));
x.try_assign(&x.t().to_owned()).unwrap();
x.fill(x[[0, 0]]);
x.view_mut().fill(2.0);
let mut view = x.view_mut();
view.assign(&view.map(|v| v + 1.0));
view.try_assign(&view.t().to_owned()).unwrap();
view.fill(view[[0, 0]]);
