use orthant::prelude::*;

fn main() {
    let words = array!["a".to_string()];
    let _ = &words + &words;
    let _ = array![1.0] & array![2.0];
    let _ = array![true] << array![true];
    let _ = !array![1.5];
}
