//! The macros that give a reduction all its forms.

/// Defines the forms of one reduction over axes: `_axis`, `_axes`, `_keepdims`,
/// `_axes_keepdims`, `_into`, and their `try_` twins, which all call the two expressions given.
/// Arguments that follow the axes stand in braces.
macro_rules! over_axes {
    (
        $what:literal, $whole:ident, [$($bound:tt)*] {$($extra:ident: $Extra:ty),*} -> $Out:ty;
        $this:ident, $mask:ident, $keepdims:ident => $array:expr;
        $out:ident => $into:expr;
        $axis_name:ident $axes_name:ident $keepdims_name:ident $axes_keepdims_name:ident $into_name:ident
        $try_axis:ident $try_axes:ident $try_keepdims:ident $try_axes_keepdims:ident $try_into:ident
    ) => {
        #[doc = concat!($what, " along one axis, which disappears. See [`", stringify!($whole), "`](Self::", stringify!($whole), ").")]
        ///
        /// # Panics
        #[doc = concat!("Where [`", stringify!($try_axis), "`](Self::", stringify!($try_axis), ") fails.")]
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
        #[track_caller]
        pub fn $into_name<O: Dimension>(&self, axis: impl Into<Axis> $(, $extra: $Extra)*, out: &mut ArrayRef<$Out, O>)
        where
            $($bound)*
        {
            unwrap(self.$try_into(axis $(, $extra)*, out))
        }

        #[doc = concat!("As [`", stringify!($axis_name), "`](Self::", stringify!($axis_name), "), with the mistake as an error.")]
        ///
        /// # Errors
        /// [`ShapeError::Axis`]; no elements where the reduction has no identity.
        pub fn $try_axis(&self, axis: impl Into<Axis> $(, $extra: $Extra)*) -> Result<Array<$Out, D::Smaller>, ShapeError>
        where
            D: RemoveAxis,
            $($bound)*
        {
            let ($this, $mask, $keepdims) = (self, axes::one(axis.into(), self.ndim())?, false);
            $array
        }

        #[doc = concat!("As [`", stringify!($axes_name), "`](Self::", stringify!($axes_name), "), with the mistake as an error.")]
        ///
        /// # Errors
        /// [`ShapeError::Axis`], [`ShapeError::RepeatedAxis`]; no elements where the reduction has
        /// no identity.
        pub fn $try_axes<I: AxisInt>(&self, axes: &[I] $(, $extra: $Extra)*) -> Result<Array<$Out, IxDyn>, ShapeError>
        where
            $($bound)*
        {
            let ($this, $mask, $keepdims) = (self, axes::several(axes, self.ndim())?, false);
            $array
        }

        #[doc = concat!("As [`", stringify!($keepdims_name), "`](Self::", stringify!($keepdims_name), "), with the mistake as an error.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($try_axis), "`](Self::", stringify!($try_axis), ").")]
        pub fn $try_keepdims(&self, axis: impl Into<Axis> $(, $extra: $Extra)*) -> Result<Array<$Out, D>, ShapeError>
        where
            $($bound)*
        {
            let ($this, $mask, $keepdims) = (self, axes::one(axis.into(), self.ndim())?, true);
            $array
        }

        #[doc = concat!("As [`", stringify!($axes_keepdims_name), "`](Self::", stringify!($axes_keepdims_name), "), with the mistake as an error.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($try_axes), "`](Self::", stringify!($try_axes), ").")]
        pub fn $try_axes_keepdims<I: AxisInt>(&self, axes: &[I] $(, $extra: $Extra)*) -> Result<Array<$Out, D>, ShapeError>
        where
            $($bound)*
        {
            let ($this, $mask, $keepdims) = (self, axes::several(axes, self.ndim())?, true);
            $array
        }

        #[doc = concat!("As [`", stringify!($into_name), "`](Self::", stringify!($into_name), "), with the mistake as an error.")]
        ///
        /// # Errors
        #[doc = concat!("As [`", stringify!($try_axis), "`](Self::", stringify!($try_axis), "), and [`ShapeError::Output`] for an output of another shape.")]
        pub fn $try_into<O: Dimension>(&self, axis: impl Into<Axis> $(, $extra: $Extra)*, out: &mut ArrayRef<$Out, O>) -> Result<(), ShapeError>
        where
            $($bound)*
        {
            let ($this, $mask, $out) = (self, axes::one(axis.into(), self.ndim())?, out);
            $into
        }
    };
}
pub(super) use over_axes;

/// The same for a reduction that one reducer does.
macro_rules! reduces {
    (
        $what:literal, $whole:ident, [$($bound:tt)*] {$($extra:ident: $Extra:ty),*} -> $Out:ty: $spec:expr;
        $($name:ident)+
    ) => {
        over_axes! {
            $what, $whole, [$($bound)*] {$($extra: $Extra),*} -> $Out;
            this, mask, keepdims => axes::array(this, mask, keepdims, $spec);
            out => axes::into(this, mask, $spec, out);
            $($name)+
        }
    };
}
pub(super) use reduces;
/// The forms of a reduction of which this room composes a fresh result.
macro_rules! composed {
    (
        $(#[$doc:meta])* $whole:ident [$($bound:tt)*] {$($extra:ident: $Extra:ty),*} -> $Out:ty:
            $core:ident($($arg:expr),*), $what:literal; $($name:ident)+
    ) => {
        $(#[$doc])*
        #[track_caller]
        pub fn $whole(&self $(, $extra: $Extra)*) -> $Out
        where
            $($bound)*
        {
            unwrap(axes::scalar($core(self, axes::all(self.ndim()), false $(, $arg)*)))
        }
        over_axes! {
            $what, $whole, [$($bound)*] {$($extra: $Extra),*} -> $Out;
            this, mask, keepdims => $core(this, mask, keepdims $(, $arg)*);
            out => {
                let keepdims = out.ndim() == this.ndim();
                let result: Array<$Out, IxDyn> = $core(this, mask, keepdims $(, $arg)*)?;
                axes::store(&result, out)
            };
            $($name)+
        }
    };
}
pub(super) use composed;
