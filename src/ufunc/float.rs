//! Functions of real numbers: one row each.

use super::families::{Floating, compiled};
use super::table::{object, takes, unary_method};
use crate::engine::UnaryOp;
use crate::math;

/// Functions of one real number; integers and `bool` give `f64`.
macro_rules! unary {
    ($($Name:ident $method:ident $numpy:literal $function:path, $cost:ident, $example:literal $(#[$doc:meta])+)+) => {$(
        object!(Unary $Name $numpy, concat!("[`x.", stringify!($method), "()`](crate::ArrayRef::", stringify!($method), ") as an object, NumPy's `", $numpy, "`."));
        impl<F: math::Kernel> UnaryOp<F, F> for $Name {
            const HEAVY: bool = true;
            #[inline(always)]
            fn apply(a: F) -> F {
                $function(a)
            }
        }
        compiled!($Name unary: fn(f32) -> f32, fn(f64) -> f64);
        takes!($Name [T: Floating] (T) -> T::Float, $cost, T::unary::<$Name>());
        unary_method!($Name $method $example $(#[$doc])+);
    )+};
}

unary! {
    Exp exp "exp" math::exp, Transcendental, "array![0.0, 1.0].exp(), array![1.0, std::f64::consts::E]"
    /// `e^x` of every element (NumPy's `exp`). Error below 1 ULP; integers and `bool` give `f64`.
}
