use orthant::prelude::*;

fn main() {
    let x = array![[1, 2], [3, 4]];
    let _ = x.slice(s![0, 0, 0]);
    let _ = x[[0, 0, 0]];
    let _ = x[0];
    let _ = x.slice(s!["a"]);
}
