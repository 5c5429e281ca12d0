//! Ranks, element types, and what outsiders may implement.

//@ E0308 rows of different lengths
let x = array![[1, 2], [3]];

//@ E0277 more indices than axes
//@ says `[{integer}; 3]` does not index one element of an array of rank `Ix<2>`
//@ says use `x[[i, j]]` with one integer per axis
let x = array![[1, 2], [3, 4]][[0, 0, 0]];

//@ E0277 more integers in a slice than axes
//@ says an array of rank `Ix<0>` has no axis to remove
//@ says more integer indices than axes?
let x = array![[1, 2], [3, 4]];
x.slice(s![0, 0, 0]);

//@ E0271 more extents than axes
let x = Array2::<f64>::zeros([2, 3, 4]);

//@ E0308 a literal of another rank
let x: Array1<f64> = array![[1.0]];

//@ E0277 element types mixed in an operator
//@ says is neither an array nor a scalar with elements of type
//@ says operands are scalars, arrays, views and references to them; use `.cast::<
let x: Array1<f64> = array![1.0, 2.0];
let y: Array1<i64> = array![1, 2];
let z = x + y;

//@ compiles element types converted
let x: Array1<f64> = array![1.0, 2.0];
let y: Array1<i64> = array![1, 2];
let z = x + y.cast::<f64>();

//@ E0277 a cast to what is no number
//@ says does not cast to `String`
let x = array![1.5].cast::<String>();

//@ E0369 bitwise operators of floats
//@ says no implementation for
let x: Array1<f64> = array![1.0, 2.0];
let y = &x & &x;

//@ E0369 shifts of floats
//@ says no implementation for
let x: Array1<f64> = array![1.0, 2.0];
let y = &x << &x;

//@ E0277 generic code over bits and integers, called with floats
//@ says `f64` has no bitwise operators: integers and `bool` have
//@ says `f64` is not one of the built-in integers
fn bits<T: orthant::Bits>() {}
fn integers<T: orthant::Integer>() {}
bits::<f64>();
integers::<f64>();

//@ E0277 an operand from outside
//@ says private::Sealed
struct Anywhere;
impl Operand<f64> for Anywhere {
    type Dim = Ix0;
    fn with_view<R>(&self, f: impl FnOnce(ArrayView0<'_, f64>) -> R) -> R {
        f(ArrayView0::from_element(&1.0))
    }
}

//@ E0046+E0277 an index from outside
//@ says private::Sealed
struct Anywhere;
impl orthant::NdIndex<orthant::Ix1> for Anywhere {}

//@ E0308 the kernels of one number type used for another
//@ says expected `LoopKernel<fn(u8, u8) -> u8>`
fn arithmetic(op: orthant::Arithmetic) -> orthant::LoopKernel<fn(u8, u8) -> u8> {
    // Eight bytes per element where there is one.
    <f64 as orthant::Number>::arithmetic(op)
}
