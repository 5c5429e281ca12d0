//! The macros that give a reduction all its forms, each with an example made of three texts: a matrix,
//! the arguments behind the axes, and the two results along axis 1.

/// A runnable example that begins with `let x = array!…`.
macro_rules! example {
    ($x:literal $($part:tt)*) => {
        concat!("```\nuse orthant::prelude::*;\n\nlet x = array!", $x, ";\n" $($part)*, "\n```")
    };
}
pub(super) use example;

/// The same for a function that returns a `Result`.
macro_rules! fallible_example {
    ($x:literal $($part:tt)*) => {
        example!($x $($part)*, "\n# Ok::<(), orthant::ShapeError>(())")
    };
}
pub(super) use fallible_example;

/// Defines the fallible forms of one reduction over axes, named as the caller says, which all call
/// the two expressions given. Arguments that follow the axes stand in braces; what the forms fail
/// over besides axes stands behind `errors`.
macro_rules! results {
    (
        [$x:literal $($with:literal)* => $each:literal]
        [$($bound:tt)*] {$($extra:ident: $Extra:ty),*} -> $Out:ty, errors $errors:literal;
        $this:ident, $mask:ident, $keepdims:ident => $array:expr;
        $out:ident => $into:expr;
        $axis_name:ident [$($axis_doc:tt)*]
        $axes_name:ident [$($axes_doc:tt)*]
        $keepdims_name:ident [$($keepdims_doc:tt)*]
        $axes_keepdims_name:ident [$($axes_keepdims_doc:tt)*]
        $into_name:ident [$($into_doc:tt)*]
        $axes_into_name:ident [$($axes_into_doc:tt)*]
    ) => {
        #[doc = $($axis_doc)*]
        ///
        /// # Errors
        #[doc = concat!("[`ShapeError::Axis`]; ", $errors, ".")]
        ///
        #[doc = fallible_example!($x, "assert_eq!(x.", stringify!($axis_name), "(1" $(, $with)*, ")?, array!", $each, ");\nassert!(x.", stringify!($axis_name), "(2" $(, $with)*, ").is_err());")]
        pub fn $axis_name(&self, axis: impl Into<Axis> $(, $extra: $Extra)*) -> Result<Array<$Out, D::Smaller>, ShapeError>
        where
            D: RemoveAxis,
            $($bound)*
        {
            let ($this, $mask, $keepdims) = (self, axes::one(axis.into(), self.ndim())?, false);
            $array
        }

        #[doc = $($axes_doc)*]
        ///
        /// # Errors
        #[doc = concat!("[`ShapeError::Axis`], [`ShapeError::RepeatedAxis`]; ", $errors, ".")]
        ///
        #[doc = fallible_example!($x, "assert_eq!(x.", stringify!($axes_name), "(&[1]" $(, $with)*, ")?, array!", $each, ");\nassert!(x.", stringify!($axes_name), "(&[1, 1]" $(, $with)*, ").is_err());")]
        pub fn $axes_name<I: AxisInt>(&self, axes: &[I] $(, $extra: $Extra)*) -> Result<Array<$Out, IxDyn>, ShapeError>
        where
            $($bound)*
        {
            let ($this, $mask, $keepdims) = (self, axes::several(axes, self.ndim())?, false);
            $array
        }

        #[doc = $($keepdims_doc)*]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($axis_name), "`](Self::", stringify!($axis_name), ").")]
        ///
        #[doc = fallible_example!($x, "assert_eq!(x.", stringify!($keepdims_name), "(1" $(, $with)*, ")?, array!", $each, ".insert_axis(1));\nassert!(x.", stringify!($keepdims_name), "(2" $(, $with)*, ").is_err());")]
        pub fn $keepdims_name(&self, axis: impl Into<Axis> $(, $extra: $Extra)*) -> Result<Array<$Out, D>, ShapeError>
        where
            $($bound)*
        {
            let ($this, $mask, $keepdims) = (self, axes::one(axis.into(), self.ndim())?, true);
            $array
        }

        #[doc = $($axes_keepdims_doc)*]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($axes_name), "`](Self::", stringify!($axes_name), ").")]
        ///
        #[doc = fallible_example!($x, "assert_eq!(x.", stringify!($axes_keepdims_name), "(&[0, 1]" $(, $with)*, ")?.shape(), &[1, 1]);\nassert!(x.", stringify!($axes_keepdims_name), "(&[1, 1]" $(, $with)*, ").is_err());")]
        pub fn $axes_keepdims_name<I: AxisInt>(&self, axes: &[I] $(, $extra: $Extra)*) -> Result<Array<$Out, D>, ShapeError>
        where
            $($bound)*
        {
            let ($this, $mask, $keepdims) = (self, axes::several(axes, self.ndim())?, true);
            $array
        }

        #[doc = $($into_doc)*]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($axis_name), "`](Self::", stringify!($axis_name), "), and [`ShapeError::Output`] for an output of another shape.")]
        ///
        #[doc = fallible_example!($x, "let mut out = Array1::full(2, Default::default());\nx.", stringify!($into_name), "(1" $(, $with)*, ", &mut out)?;\nassert_eq!(out, array!", $each, ");\nassert!(x.", stringify!($into_name), "(2" $(, $with)*, ", &mut out).is_err());")]
        pub fn $into_name<O: Dimension>(&self, axis: impl Into<Axis> $(, $extra: $Extra)*, out: &mut ArrayRef<$Out, O>) -> Result<(), ShapeError>
        where
            $($bound)*
        {
            let ($this, $mask, $out) = (self, axes::one(axis.into(), self.ndim())?, out);
            $into
        }

        #[doc = $($axes_into_doc)*]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($axes_name), "`](Self::", stringify!($axes_name), "), and [`ShapeError::Output`] for an output of another shape.")]
        ///
        #[doc = fallible_example!($x, "let mut out = Array1::full(2, Default::default());\nx.", stringify!($axes_into_name), "(&[1]" $(, $with)*, ", &mut out)?;\nassert_eq!(out, array!", $each, ");\nassert!(x.", stringify!($axes_into_name), "(&[1, 1]" $(, $with)*, ", &mut out).is_err());")]
        pub fn $axes_into_name<I: AxisInt, O: Dimension>(&self, axes: &[I] $(, $extra: $Extra)*, out: &mut ArrayRef<$Out, O>) -> Result<(), ShapeError>
        where
            $($bound)*
        {
            let ($this, $mask, $out) = (self, axes::several(axes, self.ndim())?, out);
            $into
        }
    };
}
pub(super) use results;

/// Defines the forms of one reduction over axes: `_axis`, `_axes`, `_keepdims`,
/// `_axes_keepdims`, `_into`, `_axes_into`, and their `try_` twins.
macro_rules! over_axes {
    (
        $what:literal, $whole:ident [$x:literal $($with:literal)* => $each:literal],
        [$($bound:tt)*] {$($extra:ident: $Extra:ty),*} -> $Out:ty, errors $errors:literal;
        $this:ident, $mask:ident, $keepdims:ident => $array:expr;
        $out:ident => $into:expr;
        $axis_name:ident $axes_name:ident $keepdims_name:ident $axes_keepdims_name:ident $into_name:ident $axes_into_name:ident
        $try_axis:ident $try_axes:ident $try_keepdims:ident $try_axes_keepdims:ident $try_into:ident $try_axes_into:ident
    ) => {
        #[doc = concat!($what, " along one axis, which disappears. See [`", stringify!($whole), "`](Self::", stringify!($whole), ").")]
        ///
        /// # Panics
        #[doc = concat!("Where [`", stringify!($try_axis), "`](Self::", stringify!($try_axis), ") fails.")]
        ///
        #[doc = example!($x, "assert_eq!(x.", stringify!($axis_name), "(1" $(, $with)*, "), array!", $each, ");")]
        #[track_caller]
        pub fn $axis_name(&self, axis: impl Into<Axis> $(, $extra: $Extra)*) -> Array<$Out, D::Smaller>
        where
            D: RemoveAxis,
            $($bound)*
        {
            unwrap(self.$try_axis(axis $(, $extra)*))
        }

        #[doc = concat!($what, " along several axes, which disappear. See [`", stringify!($whole), "`](Self::", stringify!($whole), ").")]
        ///
        /// # Panics
        #[doc = concat!("Where [`", stringify!($try_axes), "`](Self::", stringify!($try_axes), ") fails.")]
        ///
        #[doc = example!($x, "assert_eq!(x.", stringify!($axes_name), "(&[1]" $(, $with)*, "), array!", $each, ");\nassert_eq!(x.", stringify!($axes_name), "(&[0, 1]" $(, $with)*, ").ndim(), 0);")]
        #[track_caller]
        pub fn $axes_name<I: AxisInt>(&self, axes: &[I] $(, $extra: $Extra)*) -> Array<$Out, IxDyn>
        where
            $($bound)*
        {
            unwrap(self.$try_axes(axes $(, $extra)*))
        }

        #[doc = concat!($what, " along one axis, which stays with length 1 (NumPy's `keepdims=True`). See [`", stringify!($whole), "`](Self::", stringify!($whole), ").")]
        ///
        /// # Panics
        #[doc = concat!("Where [`", stringify!($try_keepdims), "`](Self::", stringify!($try_keepdims), ") fails.")]
        ///
        #[doc = example!($x, "assert_eq!(x.", stringify!($keepdims_name), "(1" $(, $with)*, "), array!", $each, ".insert_axis(1));")]
        #[track_caller]
        pub fn $keepdims_name(&self, axis: impl Into<Axis> $(, $extra: $Extra)*) -> Array<$Out, D>
        where
            $($bound)*
        {
            unwrap(self.$try_keepdims(axis $(, $extra)*))
        }

        #[doc = concat!($what, " along several axes, which stay with length 1. See [`", stringify!($whole), "`](Self::", stringify!($whole), ").")]
        ///
        /// # Panics
        #[doc = concat!("Where [`", stringify!($try_axes_keepdims), "`](Self::", stringify!($try_axes_keepdims), ") fails.")]
        ///
        #[doc = example!($x, "assert_eq!(x.", stringify!($axes_keepdims_name), "(&[0, 1]" $(, $with)*, ").shape(), &[1, 1]);")]
        #[track_caller]
        pub fn $axes_keepdims_name<I: AxisInt>(&self, axes: &[I] $(, $extra: $Extra)*) -> Array<$Out, D>
        where
            $($bound)*
        {
            unwrap(self.$try_axes_keepdims(axes $(, $extra)*))
        }

        #[doc = concat!($what, " along one axis, into an array of the result's shape, with or without the axis at length 1 (NumPy's `out=`). See [`", stringify!($whole), "`](Self::", stringify!($whole), ").")]
        ///
        /// # Panics
        #[doc = concat!("Where [`", stringify!($try_into), "`](Self::", stringify!($try_into), ") fails.")]
        ///
        #[doc = example!($x, "let mut out = Array1::full(2, Default::default());\nx.", stringify!($into_name), "(1" $(, $with)*, ", &mut out);\nassert_eq!(out, array!", $each, ");")]
        #[track_caller]
        pub fn $into_name<O: Dimension>(&self, axis: impl Into<Axis> $(, $extra: $Extra)*, out: &mut ArrayRef<$Out, O>)
        where
            $($bound)*
        {
            unwrap(self.$try_into(axis $(, $extra)*, out))
        }

        #[doc = concat!($what, " along several axes, into an array of the result's shape, with or without the axes at length 1. See [`", stringify!($whole), "`](Self::", stringify!($whole), ").")]
        ///
        /// # Panics
        #[doc = concat!("Where [`", stringify!($try_axes_into), "`](Self::", stringify!($try_axes_into), ") fails.")]
        ///
        #[doc = example!($x, "let mut out = Array1::full(2, Default::default());\nx.", stringify!($axes_into_name), "(&[1]" $(, $with)*, ", &mut out);\nassert_eq!(out, array!", $each, ");")]
        #[track_caller]
        pub fn $axes_into_name<I: AxisInt, O: Dimension>(&self, axes: &[I] $(, $extra: $Extra)*, out: &mut ArrayRef<$Out, O>)
        where
            $($bound)*
        {
            unwrap(self.$try_axes_into(axes $(, $extra)*, out))
        }

        results! {
            [$x $($with)* => $each]
            [$($bound)*] {$($extra: $Extra),*} -> $Out, errors $errors;
            $this, $mask, $keepdims => $array;
            $out => $into;
            $try_axis [concat!("As [`", stringify!($axis_name), "`](Self::", stringify!($axis_name), "), with the mistake as an error.")]
            $try_axes [concat!("As [`", stringify!($axes_name), "`](Self::", stringify!($axes_name), "), with the mistake as an error.")]
            $try_keepdims [concat!("As [`", stringify!($keepdims_name), "`](Self::", stringify!($keepdims_name), "), with the mistake as an error.")]
            $try_axes_keepdims [concat!("As [`", stringify!($axes_keepdims_name), "`](Self::", stringify!($axes_keepdims_name), "), with the mistake as an error.")]
            $try_into [concat!("As [`", stringify!($into_name), "`](Self::", stringify!($into_name), "), with the mistake as an error.")]
            $try_axes_into [concat!("As [`", stringify!($axes_into_name), "`](Self::", stringify!($axes_into_name), "), with the mistake as an error.")]
        }
    };
}
pub(super) use over_axes;

/// The same for a reduction of one array that one reducer does.
macro_rules! reduces {
    (
        $what:literal, $whole:ident [$x:literal $($with:literal)* => $each:literal],
        [$($bound:tt)*] {$($extra:ident: $Extra:ty),*} -> $Out:ty: $spec:expr;
        $($name:ident)+
    ) => {
        over_axes! {
            $what, $whole [$x $($with)* => $each], [$($bound)*] {$($extra: $Extra),*} -> $Out,
            errors "no elements where the reduction has no identity";
            this, mask, keepdims => axes::array(this, mask, keepdims, $spec);
            out => axes::into(this, mask, $spec, out);
            $($name)+
        }
    };
}
pub(super) use reduces;

/// All forms of a reduction of the elements where `condition` is true.
macro_rules! reduces_where {
    (
        $(#[$doc:meta])* $whole:ident $try_whole:ident [$($bound:tt)*] {$($extra:ident: $Extra:ty),*} -> $Out:ty:
            $spec:expr, $what:literal [$x:literal $condition:literal $($with:literal)* => $each:literal]; $($name:ident)+
    ) => {
        $(#[$doc])*
        #[track_caller]
        pub fn $whole(&self, condition: impl Operand<bool> $(, $extra: $Extra)*) -> $Out
        where
            $($bound)*
        {
            unwrap(self.$try_whole(condition $(, $extra)*))
        }
        #[doc = concat!("As [`", stringify!($whole), "`](Self::", stringify!($whole), "), with the mistake as an error.")]
        ///
        /// # Errors
        /// [`ShapeError::BroadcastInto`].
        ///
        #[doc = example!($x, "assert!(x.", stringify!($try_whole), "(&array![true, false, true]" $(, $with)*, ").is_err());")]
        pub fn $try_whole(&self, condition: impl Operand<bool> $(, $extra: $Extra)*) -> Result<$Out, ShapeError>
        where
            $($bound)*
        {
            condition.with_view(|condition| axes::whole_with(self, &condition, $spec))
        }
        over_axes! {
            $what, $whole [$x $condition $($with)* => $each], [$($bound)*] {condition: impl Operand<bool> $(, $extra: $Extra)*} -> $Out,
            errors "a condition that does not broadcast";
            this, mask, keepdims => condition.with_view(|condition| {
                axes::array_with(this, &condition, mask, keepdims, $spec)
            });
            out => condition.with_view(|condition| axes::into_with(this, &condition, mask, $spec, out));
            $($name)+
        }
    };
}
pub(super) use reduces_where;
