//! What NumPy's tutorials do with products and `einsum`, one test per thing they show.

use orthant::linalg::{self, EinsumPlan, LinalgError, einsum_path};
use orthant::{assert_all_close, einsum, prelude::*};

/// Reproducible numbers between -1 and 1.
fn random<S: IntoShape>(shape: S, seed: u64) -> Array<f64, S::Dim> {
    let mut state = seed.wrapping_mul(0x9e3779b97f4a7c15) | 1;
    Array::from_shape_fn(shape, |_| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    })
}

/// Whole numbers, of which sums of products are exact in any order: libraries differ in theirs with the number
/// of threads, which other tests change.
fn whole<S: IntoShape>(shape: S, seed: u64) -> Array<f64, S::Dim> {
    random(shape, seed).map(|x| (x * 16.0).round())
}

/// Matrix products, in both spellings.
#[test]
fn matmul_of_small_matrices() {
    let (a, b) = (array![[1, 2], [3, 4]], array![[5, 6], [7, 8]]);
    assert_eq!(a.matmul(&b), array![[19, 22], [43, 50]]);
    assert_eq!(a.dot(&b), a.matmul(&b));
    let (a, b) = (
        array![[1, 2, 3], [4, 5, 6]],
        array![[7, 8], [9, 10], [11, 12]],
    );
    assert_eq!(a.matmul(&b), array![[58, 64], [139, 154]]);
    assert_eq!(linalg::matmul(&a, &b), a.matmul(&b));
    assert_eq!(a.row(0).dot(&b.column(0)), 58, "a strided operand");
    assert_ne!(
        array![[0, 1], [0, 0]].matmul(&array![[0, 0], [1, 0]]),
        array![[0, 0], [1, 0]].matmul(&array![[0, 1], [0, 0]])
    );
}

#[test]
fn dot_of_vectors_is_a_number() {
    assert_eq!(array![1.0, 2.0, 3.0].dot(&array![4.0, 5.0, 6.0]), 32.0);
}

#[test]
fn layers_of_a_network() {
    let y = random([100, 3], 1).matmul(&random([3, 5], 2)) + &random([5], 3);
    assert_eq!(y.shape(), &[100, 5]);
    let y = random([32, 128], 1).matmul(&random([128, 64], 2)) + &random([64], 3);
    assert_eq!(y.shape(), &[32, 64]);
    let (x, w) = (random([32, 128], 1), random([64, 128], 2));
    assert_eq!(x.matmul(w.t()).shape(), &[32, 64]);
    // S3: `(32,128)@(128,256)`.
    let (x, w) = (random([32, 128], 1), random([128, 256], 2));
    assert_eq!(x.matmul(&w).shape(), &[32, 256]);
    let (x, w) = (random([1000, 4], 1), random([4, 64], 2));
    assert_eq!(x.matmul(&w).shape(), &[1000, 64]);
    assert_eq!(
        random([2, 3], 1).matmul(&random([3, 4], 2)).shape(),
        &[2, 4]
    );
}

/// S3: `total_params`, weights and biases of every layer, as they are and not as the tutorial says.
#[test]
fn parameters_of_networks() {
    let count = |layers: &[usize]| -> usize {
        let pairs = layers.windows(2).enumerate();
        let sizes = pairs.map(|(seed, pair)| {
            let (w, b) = (
                random([pair[0], pair[1]], seed as u64),
                Array1::<f64>::zeros(pair[1]),
            );
            w.len() + b.len()
        });
        sizes.sum()
    };
    assert_eq!(count(&[4, 64, 32, 1]), 2433, "not 2369");
    assert_eq!(count(&[4, 16, 8, 1]), 225, "narrow, not 201");
    assert_eq!(count(&[4, 512, 256, 1]), 134_145, "wide, not 133889");
    assert_eq!(count(&[4, 32, 32, 32, 32, 1]), 3361, "deep, not 4257");
}

#[test]
fn vector_times_matrix_and_matrix_times_vector() {
    let (x, w) = (random([4], 1), random([4, 64], 2));
    let y = x.matmul(&w);
    assert_eq!(y.shape(), &[64]);
    assert!((y[5] - x.dot(&w.column(5))).abs() < 1e-15);
    let (x, w) = (random([100, 4], 1), random([4], 2));
    let y = x.matmul(&w);
    assert_eq!(y.shape(), &[100]);
    let rows: Vec<f64> = (0..100).map(|i| x.row(i).dot(&w)).collect();
    assert_all_close!(y, Array1::from(rows));
}

/// Mixed element types are cast by hand.
#[test]
fn integer_matrix_times_float_vector() {
    let (w, x) = (array![[1, 2], [3, 4]], array![0.5, 0.25]);
    assert_eq!(w.cast::<f64>().matmul(&x), array![1.0, 2.5]);
    assert_eq!(w.matmul(&w), array![[7, 10], [15, 22]]);
}

#[test]
fn stacks_of_matrices() {
    let (a, b) = (random([10, 5, 2, 4], 1), random([10, 5, 4, 3], 2));
    let c = a.matmul(&b);
    assert_eq!(c.shape(), &[10, 5, 2, 3]);
    let (x, y) = (a.index_axis(0, 7), b.index_axis(0, 7));
    assert_all_close!(
        c.index_axis(0, 7).index_axis(0, 3),
        x.index_axis(0, 3).matmul(y.index_axis(0, 3))
    );
}

#[test]
fn batches_of_transposed_matrices() {
    let (q, k) = (random([32, 128, 64], 1), random([32, 128, 64], 2));
    let scores = q.matmul(k.permute([0, 2, 1]));
    assert_eq!(scores.shape(), &[32, 128, 128]);
    let one = q.index_axis(0, 9).matmul(k.index_axis(0, 9).t());
    assert_all_close!(scores.index_axis(0, 9), one);
    // The matrices of a stack meet one that is not stacked.
    assert_eq!(q.matmul(&random([64, 3], 3)).shape(), &[32, 128, 3]);
}

/// It sums over the last axis of the left and the second-to-last of the right operand.
#[test]
fn dot_of_more_than_two_axes() {
    let (x, y) = (random([2, 3, 4], 1), random([5, 4, 6], 2));
    let c = x.dot(&y);
    assert_eq!(c.shape(), &[2, 3, 5, 6]);
    let (row, column) = (x.slice(s![1, 2, ..]), y.slice(s![3, .., 5]));
    assert!((c[[1, 2, 3, 5]] - row.dot(&column)).abs() < 1e-14);
    let (a, b) = (random([2, 3], 1), random([3, 4], 2));
    assert_eq!(a.dot(&b), a.matmul(&b));
}

#[test]
fn inner_extents_must_match() {
    let error = random([2, 3], 1)
        .try_matmul(&random([4, 5], 2))
        .unwrap_err();
    assert!(matches!(
        error,
        LinalgError::CoreDimension {
            size: 4,
            expected: 3,
            ..
        }
    ));
    let error = linalg::try_dot(&random([2, 8], 1), &random([4, 5], 2)).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("shapes (2,8) and (4,5) not aligned: 8 (dim 1) != 4 (dim 0)")
    );
}

#[test]
fn outer_products_and_tensordot() {
    let (u, v) = (random([4], 1), random([3], 2));
    let x = linalg::outer(&u, &v);
    assert_eq!(x[[2, 1]], u[2] * v[1]);
    assert_eq!(einsum("i,j->ij", (&u, &v)).unwrap(), x.view_dyn());
    let (a, b) = (random([2, 3, 4], 1), random([4, 3, 5], 2));
    let c = linalg::tensordot(&a, &b, ([1, 2], [1, 0]));
    assert_all_close!(c, einsum("ijk,kjl->il", (&a, &b)).unwrap());
}

#[test]
fn trace_is_the_sum_of_the_diagonal() {
    let x = random([5, 5], 1);
    let sum: f64 = x.diag().iter().sum();
    assert!((linalg::trace(&x) - sum).abs() < 1e-15);
}

/// A triple loop gives the same.
#[test]
fn naive_loops() {
    let (a, b) = (random([17, 9], 1), random([9, 13], 2));
    let c = a.matmul(&b);
    for i in 0..17 {
        for j in 0..13 {
            let sum: f64 = (0..9).map(|k| a[[i, k]] * b[[k, j]]).sum();
            assert!((c[[i, j]] - sum).abs() < 1e-14);
        }
    }
}

#[test]
fn distances_by_the_gram_matrix() {
    let x = random([50, 8], 1);
    let squares = linalg::vecdot(&x, &x);
    let gram = x.matmul(x.t());
    let distances = squares.insert_axis(1) - 2.0 * &gram + &squares;
    let distances = distances.map(|d| d.max(0.0).sqrt());
    assert_eq!(distances.shape(), &[50, 50]);
    let direct = &x.row(3) - &x.row(41);
    assert!((distances[[3, 41]] - direct.dot(&direct).sqrt()).abs() < 1e-12);
}

#[test]
fn cosine_similarity_matrix() {
    let e = random([30, 8], 1);
    let normed = &e / (linalg::norm_keepdims(&e, 2, 1).unwrap() + 1e-8);
    let cosines = normed.matmul(normed.t());
    assert_eq!(cosines.shape(), &[30, 30]);
    assert!(cosines.diag().all_close(1.0, 0.0, 1e-7));
    let (a, b) = (e.row(3), e.row(17));
    let cosine = a.dot(&b) / (a.dot(&a) * b.dot(&b)).sqrt();
    assert!((cosines[[3, 17]] - cosine).abs() < 1e-7);
}

/// Four layers: weights and biases, counted by their shapes.
#[test]
fn parameters_of_a_network() {
    let count = |sizes: &[usize]| -> usize {
        sizes
            .windows(2)
            .map(|pair| random([pair[0], pair[1]], 1).len() + random([pair[1]], 2).len())
            .sum()
    };
    assert_eq!(count(&[4, 64, 32, 1]), 2433);
    assert_eq!(count(&[4, 16, 8, 1]), 225);
    assert_eq!(count(&[4, 512, 256, 1]), 134_145);
}

#[test]
fn einsum_of_two_matrices() {
    let (a, b) = (random([6, 7], 1), random([7, 8], 2));
    assert_eq!(
        einsum("ij,jk->ik", (&a, &b)).unwrap(),
        a.matmul(&b).into_dyn()
    );
}

/// Two operands become a product of matrices; parsing is not worth avoiding, since a plan can be kept.
#[test]
fn einsum_or_matmul() {
    let shapes = [[64, 32], [32, 16]];
    let path = einsum_path("ij,jk->ik", &shapes).unwrap();
    assert!(path.to_string().contains("matmul"), "{path}");
    let plan = EinsumPlan::new("ij,jk->ik", &shapes).unwrap();
    for seed in [1, 2] {
        let (a, b) = (whole([64, 32], seed), whole([32, 16], seed + 1));
        assert_eq!(plan.run((&a, &b)).unwrap(), a.matmul(&b).into_dyn());
    }
}

/// The table of einsum's uses.
#[test]
fn einsum_table() {
    let e = |s: &str, x: &ArrayRefD<f64>, y: &ArrayRefD<f64>| einsum(s, (x, y)).unwrap();
    let (a, b) = (random(vec![3, 4], 1), random(vec![4, 5], 2));
    assert_all_close!(e("ij,jk->ik", &a, &b), a.matmul(&b));
    assert_all_close!(e("mk,kn->mn", &a, &b), a.matmul(&b));
    let (x, y) = (random(vec![6, 3, 4], 1), random(vec![6, 4, 5], 2));
    assert_all_close!(e("bij,bjk->bik", &x, &y), x.matmul(&y));
    let (u, v) = (random([7], 1), random([7], 2));
    assert!((einsum("i,i->", (&u, &v)).unwrap().item() - u.dot(&v)).abs() < 1e-14);
    assert_eq!(
        einsum("i,j->ij", (&u, &v)).unwrap(),
        linalg::outer(&u, &v).into_dyn()
    );
    let square = random([5, 5], 3);
    let trace: f64 = square.diag().iter().sum();
    assert!((einsum("ii->", (&square,)).unwrap().item() - trace).abs() < 1e-14);
    assert_eq!(einsum("ij->ji", (&a,)).unwrap(), a.t());
    assert_all_close!(
        einsum("ij,ij->i", (&a, &a)).unwrap(),
        linalg::vecdot(&a, &a)
    );
    let outer = einsum("bi,bj->bij", (&a, &a)).unwrap();
    assert_eq!(outer[&[2, 1, 3][..]], a[&[2, 1][..]] * a[&[2, 3][..]]);
    let (x, w) = (random([3, 4, 5], 1), random([4, 5], 2));
    assert_all_close!(
        einsum("ijk,jk->ij", (&x, &w)).unwrap(),
        linalg::vecdot(&x, &w)
    );
}

#[test]
fn attention_scores_and_values() {
    let (q, k, v) = (
        random([8, 4, 64, 32], 1),
        random([8, 4, 64, 32], 2),
        random([8, 4, 64, 32], 3),
    );
    let scores = einsum("bhid,bhjd->bhij", (&q, &k)).unwrap();
    assert_eq!(scores.shape(), &[8, 4, 64, 64]);
    assert_all_close!(scores, q.matmul(k.swap_axes(-1, -2)), 1e-12, 1e-12);
    let out = einsum("bhij,bhjd->bhid", (&scores, &v)).unwrap();
    assert_eq!(out.shape(), &[8, 4, 64, 32]);
}

/// Three operands: the order is found, as NumPy's `optimize` finds it.
#[test]
fn chains_and_their_order() {
    let (a, b, c) = (
        random([100, 200], 1),
        random([200, 300], 2),
        random([300, 100], 3),
    );
    let found = einsum("ij,jk,kl->il", (&a, &b, &c)).unwrap();
    assert_all_close!(found, a.matmul(&b.matmul(&c)), 1e-10, 1e-10);
    let shapes = [a.shape(), b.shape(), c.shape()];
    let path = einsum_path("ij,jk,kl->il", &shapes).unwrap();
    assert_eq!(path.order().collect::<Vec<_>>(), [[1, 2], [0, 1]]);
    assert_eq!(
        path.to_string(),
        "  Complete contraction:  ij,jk,kl->il
         Naive scaling:  4
     Optimized scaling:  3
      Naive FLOP count:  1.800e+09
  Optimized FLOP count:  1.600e+07
   Theoretical speedup:  112.500
  Largest intermediate:  2.000e+04 elements
------------------------------------------------------------------------------------------
scaling                   current                                remaining  runs as       
------------------------------------------------------------------------------------------
   3                    jk,kl->jl                                ij,jl->il  matmul
   3                    ij,jl->il                                   il->il  matmul"
    );
    let plan = EinsumPlan::new("ij,jk,kl->il", &shapes).unwrap();
    let (a, b, c) = (
        whole([100, 200], 1),
        whole([200, 300], 2),
        whole([300, 100], 3),
    );
    let found = einsum("ij,jk,kl->il", (&a, &b, &c)).unwrap();
    assert_eq!(plan.run((&a, &b, &c)).unwrap(), found);
    assert_eq!(plan.path(), &path);
}

/// The five-operand example of NumPy's `einsum_path`.
#[test]
fn five_operands() {
    let shapes = [
        vec![10, 10],
        vec![10, 10],
        vec![10; 4],
        vec![10, 10],
        vec![10, 10],
    ];
    let path = einsum_path("ea,fb,abcd,gc,hd->efgh", &shapes).unwrap();
    assert_eq!((path.naive_flops, path.optimized_flops), (5e8, 8e5));
    assert_eq!((path.naive_scaling, path.steps.len()), (8, 4));
    let small: Vec<_> = shapes
        .iter()
        .zip(1..)
        .map(|(s, seed)| random(vec![4; s.len()], seed))
        .collect();
    let list: Vec<_> = small.iter().collect();
    let found = einsum("ea,fb,abcd,gc,hd->efgh", &list[..]).unwrap();
    let mut step = einsum("ea,abcd->ebcd", (&small[0], &small[2])).unwrap();
    step = einsum("fb,ebcd->efcd", (&small[1], &step)).unwrap();
    step = einsum("gc,efcd->efgd", (&small[3], &step)).unwrap();
    step = einsum("hd,efgd->efgh", (&small[4], &step)).unwrap();
    assert_all_close!(found, step, 1e-12, 1e-12);
}

/// More operands than the order is searched for exhaustively.
#[test]
fn many_operands() {
    let matrices: Vec<_> = (0..12).map(|seed| random([3, 3], seed)).collect();
    let letters = b"abcdefghijklm";
    let terms: Vec<_> = letters
        .windows(2)
        .map(|pair| String::from_utf8(pair.to_vec()).unwrap())
        .collect();
    let list: Vec<_> = matrices.iter().collect();
    let found = einsum(&format!("{}->am", terms.join(",")), &list[..]).unwrap();
    let product = matrices[1..]
        .iter()
        .fold(matrices[0].clone(), |x, y| x.matmul(y));
    assert_all_close!(found, product, 1e-12, 1e-12);
    assert_all_close!(linalg::multi_dot(&list[..]), product, 1e-12, 1e-12);
}
