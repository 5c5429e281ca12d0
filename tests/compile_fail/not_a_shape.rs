use orthant::prelude::*;

fn main() {
    let _ = Array2::<f64>::zeros([2.0, 3.0]);
    let _ = Array2::<f64>::zeros([2, 3, 4]);
    let _ = array![1, 2].cast::<String>();
    let _ = Array0::from(1).index_axis(0, 0);
}
