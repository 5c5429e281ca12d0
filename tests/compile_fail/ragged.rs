use orthant::prelude::*;

fn main() {
    let _ = array![[1, 2], [3]];
}
