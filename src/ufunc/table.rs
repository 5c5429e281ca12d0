//! The macros that make a function out of one row of a table: its object, its operation, its loops,
//! the trait that says what it takes, and its method.

/// The object of a function.
macro_rules! object {
    ($Forms:ident $Name:ident $numpy:literal [$sugar:expr $(; $x:expr)?], $doc:expr) => {
        #[doc = $doc]
        ///
        #[doc = concat!("The ways to call it are [`", stringify!($Forms), "`]'s.")]
        ///
        /// ```
        /// use orthant::{prelude::*, ufunc};
        ///
        #[doc = $crate::ufunc::table::object_example!($Forms $Name $sugar $(; $x)?)]
        /// ```
        ///
        /// [`Unary`]: crate::ufunc::Unary
        /// [`Binary`]: crate::ufunc::Binary
        /// [`Ternary`]: crate::ufunc::Ternary
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $Name;

        impl $crate::ufunc::forms::private::Sealed for $Name {}
        impl $crate::ufunc::Ufunc for $Name {
            const NAME: &'static str = $numpy;
        }
        impl std::ops::Deref for $Name {
            type Target = $crate::ufunc::$Forms<$Name>;
            #[inline]
            fn deref(&self) -> &Self::Target {
                const { &$crate::ufunc::$Forms::new() }
            }
        }
    };
}

/// The object of a function with two results, each of which has an object of its own.
macro_rules! pair {
    ($Forms:ident $Name:ident $numpy:literal [$First:ident, $Second:ident] $example:literal, $doc:expr) => {
        #[doc = $doc]
        ///
        #[doc = concat!("The ways to call it are [`", stringify!($Forms), "`]'s.")]
        ///
        /// ```
        /// use orthant::{prelude::*, ufunc};
        ///
        #[doc = $example]
        /// ```
        ///
        /// [`UnaryPair`]: crate::ufunc::UnaryPair
        /// [`BinaryPair`]: crate::ufunc::BinaryPair
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $Name;

        impl $crate::ufunc::forms::private::Sealed for $Name {}
        impl $crate::ufunc::Ufunc for $Name {
            const NAME: &'static str = $numpy;
        }
        impl std::ops::Deref for $Name {
            type Target = $crate::ufunc::$Forms<$First, $Second>;
            #[inline]
            fn deref(&self) -> &Self::Target {
                const { &$crate::ufunc::$Forms::new() }
            }
        }
    };
}

/// The lines of an object's example: the object called, and what is the same.
macro_rules! object_example {
    (Unary $Name:ident $sugar:expr) => {
        $crate::ufunc::table::object_example!(Unary $Name $sugar; "array![1, 1]")
    };
    (Unary $Name:ident $sugar:expr; $x:expr) => {
        concat!(
            "let x = ", $x, ";\n\
             assert_eq!(ufunc::", stringify!($Name), ".call(&x), ", $sugar, ");"
        )
    };
    (Binary $Name:ident $sugar:expr) => {
        $crate::ufunc::table::object_example!(Binary $Name $sugar; "array![1, 3]")
    };
    (Binary $Name:ident $sugar:expr; $x:expr) => {
        concat!(
            "let (x, y) = (", $x, ", array![2, 1]);\n\
             assert_eq!(ufunc::", stringify!($Name), ".call(&x, &y), ", $sugar, ");\n\
             assert_eq!(ufunc::", stringify!($Name), ".outer(&x, &y).shape(), [2, 2]);"
        )
    };
    (Ternary $Name:ident $sugar:expr) => {
        concat!(
            "let (x, y, z) = (array![1, 3], array![2, 1], array![2, 2]);\n\
             assert_eq!(ufunc::",
            stringify!($Name),
            ".call(&x, &y, &z), ",
            $sugar,
            ");"
        )
    };
}

/// The method of a function of one argument.
macro_rules! unary_method {
    ($Name:ident $method:ident $example:literal $(#[$doc:meta])+) => {
        impl<T, D: $crate::array::Dimension> $crate::array::ArrayRef<T, D> {
            $(#[$doc])+
            ///
            #[doc = concat!("The object is [`ufunc::", stringify!($Name), "`](crate::ufunc::", stringify!($Name), ").")]
            ///
            /// ```
            /// use orthant::prelude::*;
            ///
            #[doc = concat!("assert_eq!(", $example, ");")]
            /// ```
            #[inline]
            #[track_caller]
            pub fn $method(
                &self,
            ) -> $crate::array::Array<<$Name as $crate::ufunc::UnaryUfunc<T>>::Output, D>
            where
                $Name: $crate::ufunc::UnaryUfunc<T>,
            {
                $crate::ufunc::forms::unary::<$Name, T, D>(self)
            }
        }
    };
}

/// The method of a function of two arguments, and its fallible twin.
macro_rules! binary_method {
    ($Name:ident $method:ident $try_method:ident $example:literal $(#[$doc:meta])+) => {
        impl<T, D: $crate::array::Dimension> $crate::array::ArrayRef<T, D> {
            $(#[$doc])+
            ///
            #[doc = concat!("The object is [`ufunc::", stringify!($Name), "`](crate::ufunc::", stringify!($Name), ").")]
            ///
            /// # Panics
            /// The shapes do not broadcast together.
            ///
            /// ```
            /// use orthant::prelude::*;
            ///
            #[doc = concat!("assert_eq!(", $example, ");")]
            /// ```
            #[inline]
            #[track_caller]
            pub fn $method<R: $crate::array::Operand<T>>(
                &self,
                other: R,
            ) -> $crate::array::Array<
                <$Name as $crate::ufunc::BinaryUfunc<T>>::Output,
                <D as $crate::array::DimMax<R::Dim>>::Output,
            >
            where
                $Name: $crate::ufunc::BinaryUfunc<T>,
                D: $crate::array::DimMax<R::Dim>,
            {
                $crate::array::unwrap(self.$try_method(other))
            }

            #[doc = concat!("As [`", stringify!($method), "`](Self::", stringify!($method), "), with the mistake as an error.")]
            ///
            /// # Errors
            /// [`ShapeError::Broadcast`](crate::ShapeError::Broadcast).
            ///
            /// ```
            /// use orthant::prelude::*;
            ///
            /// let x = array![1, 2];
            #[doc = concat!("assert_eq!(x.", stringify!($try_method), "(3)?, x.", stringify!($method), "(3));")]
            #[doc = concat!("assert!(x.", stringify!($try_method), "(&array![1, 2, 3]).is_err());")]
            /// # Ok::<(), orthant::ShapeError>(())
            /// ```
            #[inline]
            pub fn $try_method<R: $crate::array::Operand<T>>(
                &self,
                other: R,
            ) -> Result<
                $crate::array::Array<
                    <$Name as $crate::ufunc::BinaryUfunc<T>>::Output,
                    <D as $crate::array::DimMax<R::Dim>>::Output,
                >,
                $crate::array::ShapeError,
            >
            where
                $Name: $crate::ufunc::BinaryUfunc<T>,
                D: $crate::array::DimMax<R::Dim>,
            {
                $crate::ufunc::forms::binary::<$Name, T, T, D, R>(self, other)
            }
        }
    };
}

/// Says that a function takes elements of a type: with which loop, giving what, and with which operation
/// at places that may come twice.
macro_rules! takes {
    ($Name:ident [$($generics:tt)*] ($T:ty) -> $R:ty, $cost:ident, $kernel:expr) => {
        impl<$($generics)*> $crate::ufunc::UnaryUfunc<$T> for $Name {
            type Output = $R;
            const COST: $crate::engine::Cost = $crate::engine::Cost::$cost;
            #[inline]
            fn kernel() -> $crate::array::LoopKernel<fn($T) -> $R> {
                $kernel
            }
        }
    };
    ($Name:ident [$($generics:tt)*] ($A:ty, $B:ty) -> $R:ty, $cost:ident, $kernel:expr $(, scatter $Op:ty)?) => {
        impl<$($generics)*> $crate::ufunc::BinaryUfunc<$A, $B> for $Name {
            type Output = $R;
            const COST: $crate::engine::Cost = $crate::engine::Cost::$cost;
            #[inline]
            fn kernel() -> $crate::array::LoopKernel<fn($A, $B) -> $R> {
                $kernel
            }
            $(
                #[inline]
                fn scatter() -> Option<$crate::ufunc::Scatter<$A>> {
                    Some($crate::ufunc::Scatter::of::<$Op>())
                }
            )?
        }
    };
    ($Name:ident [$($generics:tt)*] ($T:ty, $U:ty, $V:ty) -> $R:ty, $cost:ident, $kernel:expr) => {
        impl<$($generics)*> $crate::ufunc::TernaryUfunc<$T> for $Name {
            type Output = $R;
            const COST: $crate::engine::Cost = $crate::engine::Cost::$cost;
            #[inline]
            fn kernel() -> $crate::array::LoopKernel<fn($T, $T, $T) -> $R> {
                $kernel
            }
        }
    };
}

pub(crate) use {binary_method, object, object_example, pair, takes, unary_method};
