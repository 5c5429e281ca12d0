//! Conversions between element types with the semantics of `as`.

use num_complex::Complex;

use super::kernel::UnaryOp;

/// The conversion `A as R`; a real number becomes a complex one without imaginary part, a complex number its real part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cast;

macro_rules! plain {
    ($($from:ty => $($to:ty),+;)+) => {$($(
        impl UnaryOp<$from, $to> for Cast {
            #[inline(always)]
            fn apply(a: $from) -> $to {
                a as $to
            }
        }
    )+)+};
}
plain! {
    i8 => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64;
    i16 => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64;
    i32 => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64;
    i64 => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64;
    isize => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64;
    u8 => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64;
    u16 => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64;
    u32 => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64;
    u64 => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64;
    usize => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64;
    i128 => f64;
    u128 => f64;
    f32 => f32, f64;
    f64 => f32, f64;
    bool => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize;
}

/// `as` from a float to an integer saturates, and LLVM scalarises that. The same with compares
/// and selects around an unchecked conversion stays vectorised.
macro_rules! saturating {
    ($($from:ty => $($to:ty),+;)+) => {$($(
        impl UnaryOp<$from, $to> for Cast {
            #[inline(always)]
            fn apply(a: $from) -> $to {
                // Both bounds are powers of two or zero, hence exact.
                const LOW: $from = <$to>::MIN as $from;
                const END: $from = (<$to>::MAX / 2 + 1) as $from * 2.0;
                let within = (LOW..END).contains(&a);
                let x = if within { a } else { 0.0 };
                // SAFETY: LOW ≤ x < END (or 0), so that x truncates to a value of the type.
                let inside = unsafe { x.to_int_unchecked::<$to>() };
                let high = if a >= END { <$to>::MAX } else { inside };
                if a < LOW { <$to>::MIN } else { high }
            }
        }
    )+)+};
}
saturating! {
    f32 => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize;
    f64 => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize;
}

macro_rules! bool_to_float {
    ($($to:ty),+) => {$(
        impl UnaryOp<bool, $to> for Cast {
            #[inline(always)]
            fn apply(a: bool) -> $to {
                a as u8 as $to
            }
        }
    )+};
}
bool_to_float!(f32, f64);

macro_rules! to_complex {
    ($($from:ty),+ => $to:ty) => {$(
        impl UnaryOp<$from, Complex<$to>> for Cast {
            #[inline(always)]
            fn apply(a: $from) -> Complex<$to> {
                Complex::new(<Cast as UnaryOp<$from, $to>>::apply(a), 0.0)
            }
        }
    )+};
}
to_complex!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64, bool => f32);
to_complex!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64, bool => f64);

macro_rules! complex_to_complex {
    ($($from:ty => $to:ty),+) => {$(
        impl UnaryOp<Complex<$from>, Complex<$to>> for Cast {
            #[inline(always)]
            fn apply(a: Complex<$from>) -> Complex<$to> {
                Complex::new(a.re as $to, a.im as $to)
            }
        }
    )+};
}
complex_to_complex!(f32 => f32, f32 => f64, f64 => f32, f64 => f64);

macro_rules! complex_to_real {
    ($($from:ty => $to:ty),+) => {$(
        impl UnaryOp<Complex<$from>, $to> for Cast {
            #[inline(always)]
            fn apply(a: Complex<$from>) -> $to {
                a.re as $to
            }
        }
    )+};
}
complex_to_real!(f32 => f32, f32 => f64, f64 => f32, f64 => f64);

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! check {
        ($from:ty, $values:expr => $($to:ty),+) => {$(
            for x in $values.map(|x: f64| x as $from) {
                assert_eq!(<Cast as UnaryOp<$from, $to>>::apply(x), x as $to, "{x} as {}", stringify!($to));
            }
        )+};
    }

    #[allow(clippy::excessive_precision)] // the neighbours of powers of two, spelled out
    #[test]
    fn floats_saturate_as_as_does() {
        macro_rules! floats {
            ($($from:ty),+) => {$(
                check!($from, [
                    0.0, -0.0, 0.5, -0.5, -0.99, 1.5, -1.5, 127.0, 127.9, 128.0, -128.0, -128.5,
                    -129.0, 255.0, 255.5, 256.0, 32767.5, 32768.0, -32769.0, 65535.5, 65536.0,
                    2147483520.0, 2147483647.0, 2147483648.0, -2147483648.0, -2147483904.0,
                    4294967040.0, 4294967295.0, 4294967296.0, 9.2233714e18, 9.223372036854775e18,
                    9.223372036854775807e18, -9.223372036854775808e18, -9.3e18, 1.8446742e19,
                    1.8446744073709550e19, 1.8446744073709552e19, 1e30, -1e30,
                    f64::INFINITY, f64::NEG_INFINITY, f64::NAN
                ] => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);
            )+};
        }
        floats!(f32, f64);
    }

    #[test]
    fn the_rest() {
        assert_eq!(<Cast as UnaryOp<i32, u8>>::apply(-1), 255);
        assert_eq!(<Cast as UnaryOp<bool, f64>>::apply(true), 1.0);
        assert_eq!(<Cast as UnaryOp<bool, i8>>::apply(true), 1);
        let z: Complex<f64> = Cast::apply(3i32);
        assert_eq!(z, Complex::new(3.0, 0.0));
        let z: Complex<f32> = Cast::apply(Complex::new(0.1f64, -2.0));
        assert_eq!(z, Complex::new(0.1, -2.0));
        let x: f32 = Cast::apply(Complex::new(0.1f64, -2.0));
        assert_eq!(x, 0.1);
    }
}
