use orthant::prelude::*;

fn main() {
    let x = array![1.0, 2.0];
    let n = array![1, 2];
    let _ = &x + &n;
    let _ = &x * 2;
    let _ = &x + "two";
}
