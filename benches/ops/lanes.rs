//! Functions of whole lanes of a 4000×2500 matrix.

use orthant::prelude::*;

use crate::Bench;
use crate::data::{Element, u};

pub fn all<T: Element>(bench: &Bench, dtype: &str) {
    let id = format!("softmax_{dtype}_4000x2500");
    if !bench.wants(&id) {
        return;
    }
    let mut x = Array2::full([4000, 2500], T::ZERO);
    x.iter_mut()
        .zip(&u(1, 4000 * 2500))
        .for_each(|(slot, &value)| *slot = T::of(value));
    bench.run(&id, || x.softmax(-1));
}
