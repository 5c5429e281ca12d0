//! Functions of whole lanes of a 4000×2500 matrix.

use crate::Bench;
use crate::data::{Element, rows};

pub fn all<T: Element>(bench: &Bench, dtype: &str) {
    let id = format!("softmax_{dtype}_4000x2500");
    if !bench.wants(&id) {
        return;
    }
    let x = rows::<T>();
    bench.run(&id, || x.softmax(-1));
}
