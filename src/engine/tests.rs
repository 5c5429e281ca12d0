//! The engine against index-by-index loops, over random layouts.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::copy::copy_on;
use super::drive::run_on;
use super::kernel::{ternary_dense, unary_dense};
use super::plan::Kind;
use super::simd::{available, with_level};
use super::*;

struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        // splitmix64 (Steele, Lea, Flood 2014)
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// A layout inside an allocation of `len` elements.
#[derive(Clone, Debug)]
struct Layout {
    strides: Vec<isize>,
    offset: isize,
    len: usize,
}

impl Layout {
    /// C, F, permuted, strided, reversed; broadcast where allowed.
    fn random(rng: &mut Rng, shape: &[usize], may_broadcast: bool) -> Layout {
        let mut order: Vec<usize> = (0..shape.len()).collect();
        match rng.below(4) {
            0 => {}
            1 => order.reverse(),
            _ => {
                for i in (1..order.len()).rev() {
                    order.swap(i, rng.below(i + 1));
                }
            }
        }
        let plain = rng.one_in(2);
        let broadcast = may_broadcast && rng.one_in(2);
        let mut strides = vec![0; shape.len()];
        let mut step = 1isize;
        let mut stretched = 0;
        let mut offset = rng.below(3) as isize;
        for &axis in order.iter().rev() {
            if broadcast && rng.one_in(2) {
                continue;
            }
            if !plain && stretched < 2 {
                let by = [1, 1, 2, 3][rng.below(4)];
                stretched += usize::from(by > 1);
                step *= by;
            }
            strides[axis] = step;
            if !plain && rng.one_in(3) {
                offset += step * (shape[axis] as isize - 1).max(0);
                strides[axis] = -step;
            }
            step *= shape[axis].max(1) as isize;
        }
        // Not an element more than the layout reaches, so that sanitizers see every overrun.
        let reach: isize = strides
            .iter()
            .zip(shape)
            .map(|(&stride, &len)| stride.max(0) * (len as isize - 1).max(0))
            .sum();
        let len = (offset + reach + 1) as usize;
        Layout {
            strides,
            offset,
            len,
        }
    }

    fn operand<T>(&self, data: &mut [T], shape: &[usize]) -> Operand {
        Operand::new(
            data.as_mut_ptr().wrapping_offset(self.offset),
            shape,
            &self.strides,
            shape,
        )
    }

    fn at(&self, index: &[usize]) -> usize {
        let dot: isize = index
            .iter()
            .zip(&self.strides)
            .map(|(&i, &s)| i as isize * s)
            .sum();
        (self.offset + dot) as usize
    }
}

fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]];
    for &len in shape {
        all = all
            .into_iter()
            .flat_map(|head: Vec<usize>| {
                (0..len).map(move |i| {
                    let mut index = head.clone();
                    index.push(i);
                    index
                })
            })
            .collect();
    }
    all
}

/// At most `limit` elements.
fn random_shape(rng: &mut Rng, limit: usize) -> Vec<usize> {
    loop {
        let shape: Vec<usize> = (0..rng.below(6))
            .map(|_| [0, 1, 1, 2, 2, 3, 3, 4, 5, 8, 17, 33, 40, 67, 130, 700][rng.below(16)])
            .collect();
        let len: usize = shape.iter().product();
        if len <= limit && (len > 0 || rng.one_in(8)) {
            return shape;
        }
    }
}

trait Element: Copy + Send + Sync + PartialEq + Debug + 'static {
    fn make(x: u64) -> Self;
    /// Neither commutative nor constant.
    fn combine(a: Self, b: Self) -> Self;
}

macro_rules! element {
    ($($t:ty),+) => {$(
        impl Element for $t {
            fn make(x: u64) -> Self {
                (u128::from(x) | u128::from(!x) << 64) as $t
            }
            #[inline(always)]
            fn combine(a: Self, b: Self) -> Self {
                a.wrapping_mul(3).wrapping_sub(b)
            }
        }
    )+};
}
element!(u8, u16, u32, u64, u128);

impl<const N: usize> Element for [u64; N] {
    fn make(x: u64) -> Self {
        std::array::from_fn(|i| x ^ i as u64)
    }
    #[inline(always)]
    fn combine(a: Self, b: Self) -> Self {
        std::array::from_fn(|i| a[i].wrapping_mul(3).wrapping_sub(b[i]))
    }
}

#[derive(Clone, Copy)]
struct Light;
#[derive(Clone, Copy)]
struct Heavy;

impl<T: Element> BinaryOp<T, T, T> for Light {
    #[inline(always)]
    fn apply(a: T, b: T) -> T {
        T::combine(a, b)
    }
}
impl<T: Element> BinaryOp<T, T, T> for Heavy {
    const HEAVY: bool = true;
    #[inline(always)]
    fn apply(a: T, b: T) -> T {
        T::combine(a, b)
    }
}

fn values<T: Element>(rng: &mut Rng, n: usize) -> Vec<T> {
    (0..n).map(|_| T::make(rng.next())).collect()
}

/// `out = combine(a, b)` in every form over one random case.
fn binary_case<T: Element>(rng: &mut Rng) {
    let shape = random_shape(rng, (1 << 16) / size_of::<T>().max(25));
    let [lo, la, lb] = [false, true, true].map(|b| Layout::random(rng, &shape, b));
    let mut a: Vec<T> = values(rng, la.len);
    let mut b: Vec<T> = values(rng, lb.len);
    let out: Vec<T> = values(rng, lo.len);
    // 0: apart; 1: out is a; 2: out is b; 3: both
    let form = rng.below(6);
    let (mut want, mut got) = (out.clone(), out);
    let before = want.clone();
    for index in indices(&shape) {
        let at = lo.at(&index);
        let x = if form == 1 || form == 3 {
            before[at]
        } else {
            a[la.at(&index)]
        };
        let y = if form == 2 || form == 3 {
            before[at]
        } else {
            b[lb.at(&index)]
        };
        want[at] = T::combine(x, y);
    }
    let out_op = lo.operand(&mut got, &shape);
    let a_op = if form == 1 || form == 3 {
        out_op
    } else {
        la.operand(&mut a, &shape)
    };
    let b_op = if form == 2 || form == 3 {
        out_op
    } else {
        lb.operand(&mut b, &shape)
    };
    let ops = [out_op, a_op, b_op];
    let plan = Plan::new(&shape, &ops);
    let light = BinaryKernel::<Light, T, T, T>::new();
    let heavy = BinaryKernel::<Heavy, T, T, T>::new();
    let kernel: &dyn Kernel = if rng.one_in(2) { &light } else { &heavy };
    let level = available()[rng.below(available().len())];
    let (threads, streaming) = (1 + rng.below(3), rng.one_in(2));
    with_level(level, || {
        // SAFETY: the layouts stay within their allocations, the output is not broadcast, and an
        // input is apart from the output or the output itself.
        unsafe {
            if rng.one_in(4) {
                run_seq(
                    &plan,
                    &ops,
                    1,
                    rng.one_in(2),
                    &mut |level, n, ptrs, splat| {
                        kernel.run(level, n, ptrs, splat);
                    },
                );
            } else {
                run_on(threads, streaming, &plan, &ops, 1, rng.one_in(2), kernel);
            }
        }
    });
    assert!(
        want == got,
        "shape {shape:?} out {lo:?} a {la:?} b {lb:?} form {form} {plan:?} {level:?} \
         {threads} threads, streaming {streaming}"
    );
}

#[test]
fn run_agrees_with_indexing() {
    let mut rng = Rng(1);
    for _ in 0..300 {
        binary_case::<u8>(&mut rng);
        binary_case::<u16>(&mut rng);
        binary_case::<u32>(&mut rng);
        binary_case::<u64>(&mut rng);
        binary_case::<u128>(&mut rng);
        binary_case::<[u64; 3]>(&mut rng);
    }
    // Elements that no buffer holds many of, or even one.
    for _ in 0..50 {
        binary_case::<[u64; 20]>(&mut rng);
        binary_case::<[u64; 50]>(&mut rng);
        binary_case::<[u64; 100]>(&mut rng);
    }
    for _ in 0..10 {
        binary_case::<[u64; 5000]>(&mut rng);
    }
}

fn copy_case<T: Element>(rng: &mut Rng) {
    let shape = random_shape(rng, 2500);
    let [ld, ls] = [false, true].map(|b| Layout::random(rng, &shape, b));
    let mut src: Vec<T> = values(rng, ls.len);
    let mut got: Vec<T> = values(rng, ld.len);
    let mut want = got.clone();
    for index in indices(&shape) {
        want[ld.at(&index)] = src[ls.at(&index)];
    }
    let (d, s) = (ld.operand(&mut got, &shape), ls.operand(&mut src, &shape));
    let level = available()[rng.below(available().len())];
    let (threads, streaming) = (1 + rng.below(3), rng.one_in(2));
    // SAFETY: the layouts stay within their allocations; the destination is not broadcast.
    with_level(level, || unsafe {
        copy_on(threads, streaming, &Plan::new(&shape, &[d, s]), [d, s])
    });
    assert!(
        want == got,
        "{shape:?} to {ld:?} from {ls:?} {level:?} {threads} threads, streaming {streaming}"
    );

    let value = T::make(rng.next());
    for index in indices(&shape) {
        want[ld.at(&index)] = value;
    }
    // SAFETY: as above.
    unsafe { fill(&shape, d, (&raw const value).cast()) };
    assert!(want == got, "fill {shape:?} {ld:?}");
}

#[test]
fn copy_and_fill_agree_with_indexing() {
    let mut rng = Rng(2);
    for _ in 0..300 {
        copy_case::<u8>(&mut rng);
        copy_case::<u16>(&mut rng);
        copy_case::<u32>(&mut rng);
        copy_case::<u64>(&mut rng);
        copy_case::<u128>(&mut rng);
        copy_case::<[u64; 3]>(&mut rng);
        copy_case::<[u64; 5]>(&mut rng);
    }
}

#[test]
fn long_rows_and_tiles_agree_with_indexing() {
    fn check<T: Element>(shape: [usize; 2], layouts: [[isize; 2]; 3]) {
        let mut rng = Rng(3);
        let layout = |strides: [isize; 2]| Layout {
            strides: strides.to_vec(),
            offset: 1,
            len: 2
                + (0..2)
                    .map(|i| (shape[i] - 1) * strides[i] as usize)
                    .sum::<usize>(),
        };
        let [lo, la, lb] = layouts.map(layout);
        let mut a: Vec<T> = values(&mut rng, la.len);
        let mut b: Vec<T> = values(&mut rng, lb.len);
        let mut got: Vec<T> = values(&mut rng, lo.len);
        let mut want = got.clone();
        for i in 0..shape[0] {
            for j in 0..shape[1] {
                let (x, y) = (a[la.at(&[i, j])], b[lb.at(&[i, j])]);
                want[lo.at(&[i, j])] = T::combine(x, y);
            }
        }
        let ops = [
            lo.operand(&mut got, &shape),
            la.operand(&mut a, &shape),
            lb.operand(&mut b, &shape),
        ];
        let plan = Plan::new(&shape, &ops);
        let kernel = BinaryKernel::<Light, T, T, T>::new();
        for &level in available() {
            for (threads, streaming) in [(1, false), (2, false), (2, true)] {
                with_level(level, || {
                    // SAFETY: the layouts stay within their allocations and are apart.
                    unsafe { run_on(threads, streaming, &plan, &ops, 1, false, &kernel) }
                });
                assert!(want == got, "{shape:?} {layouts:?} {level:?} {threads}");
            }
        }
    }
    fn all<T: Element>() {
        let (m, n) = (211, 307);
        let (c, f, row, col) = ([n, 1], [1, m], [0, 1], [1, 0]);
        let shape = [m as usize, n as usize];
        for layouts in [
            [c, c, c],
            [c, c, f],
            [f, c, c],
            [c, f, f],
            [c, row, col],
            [c, col, f],
        ] {
            check::<T>(shape, layouts);
        }
        if size_of::<T>() > 16 {
            return;
        }
        check::<T>([1, 100_000], [[0, 1], [0, 2], [0, 1]]);
        check::<T>([1, 100_000], [[0, 1], [0, 1], [0, 0]]);
        check::<T>([30_000, 3], [[3, 1], [3, 1], [0, 1]]);
        check::<T>([30_000, 3], [[3, 1], [1, 30_000], [1, 0]]);
        check::<T>([3, 30_000], [[30_000, 1], [1, 3], [1, 0]]);
    }
    all::<u8>();
    all::<u32>();
    all::<u64>();
    all::<u128>();
    all::<[u64; 9]>();
    all::<[u64; 50]>();
}

#[test]
fn plans_of_common_operations_are_the_fast_ones() {
    let x = [0f64; 12];
    let op = |strides: &[isize]| Operand::new(x.as_ptr(), &[3, 4], strides, &[3, 4]);
    let kind = |ops: &[Operand]| Plan::new(&[3, 4], ops).kind();
    let (c, f) = (op(&[4, 1]), op(&[1, 3]));
    assert_eq!(kind(&[c, c, Operand::scalar(&x[0])]), Kind::Contiguous);
    assert_eq!(kind(&[f, f, f]), Kind::Contiguous);
    assert_eq!(kind(&[c, c, op(&[0, 1])]), Kind::Rows);
    assert_eq!(kind(&[c, c, op(&[1, 0])]), Kind::Rows);
    assert_eq!(kind(&[c, f]), Kind::Tiled);
}

#[test]
fn runs_cover_any_type_in_logical_order() {
    let names: Vec<String> = (0..24).map(|i| format!("name {i}")).collect();
    let shape = [2, 3, 4];
    for strides in [[12, 4, 1], [1, 2, 6], [4, 8, 1], [12, -4, 1]] {
        let offset = if strides[1] < 0 { 8 } else { 0 };
        let base = names.as_ptr().wrapping_offset(offset);
        let op = Operand::new(base, &shape, &strides, &shape);
        let want: Vec<&str> = indices(&shape)
            .iter()
            .map(|index| {
                let dot: isize = index
                    .iter()
                    .zip(strides)
                    .map(|(&i, s)| i as isize * s)
                    .sum();
                names[(offset + dot) as usize].as_str()
            })
            .collect();
        for order in [Order::Logical, Order::Plan] {
            let mut got = Vec::new();
            for_each_run(&shape, &[op], order, &mut |ptrs, n, strides| {
                for i in 0..n as isize {
                    let at = ptrs[0].cast::<String>().wrapping_offset(i * strides[0]);
                    // SAFETY: the strides reach the 24 strings only.
                    got.push(unsafe { (*at).as_str() });
                }
            });
            if order == Order::Logical {
                assert_eq!(got, want, "{strides:?}");
            }
            got.sort_unstable();
            let mut all = want.clone();
            all.sort_unstable();
            assert_eq!(got, all, "{strides:?}");
        }
    }
    let mut calls = 0;
    let none = Operand::new(names.as_ptr(), &[0], &[1], &[0]);
    for_each_run(&[0], &[none], Order::Logical, &mut |_, _, _| calls += 1);
    assert_eq!(calls, 0);
    for_each_run(&[], &[none], Order::Logical, &mut |_, n, _| calls += n);
    assert_eq!(calls, 1);
}

#[test]
fn large_fills_and_copies_stream() {
    fn check<T: Element>() {
        let n = 40_001;
        let mut x: Vec<T> = values(&mut Rng(5), n);
        let value = T::make(7);
        let ops = [Operand::dense(x.as_mut_ptr()), Operand::scalar(&value)];
        // SAFETY: `n` elements out, one in.
        unsafe { copy_on(2, true, &Plan::new(&[n], &ops), ops) };
        assert!(x.iter().all(|&v| v == value));
        let y: Vec<T> = values(&mut Rng(6), n);
        let ops = [Operand::dense(&raw mut x[1]), Operand::dense(y.as_ptr())];
        // SAFETY: `n - 1` elements out and in.
        unsafe { copy_on(2, true, &Plan::new(&[n - 1], &ops), ops) };
        assert!(x[0] == value && x[1..] == y[..n - 1]);
    }
    check::<u8>();
    check::<u64>();
    check::<[u64; 3]>();
    check::<[u64; 50]>();
}

struct Explosive;

impl Kernel for Explosive {
    unsafe fn run(&self, _: Level, _: usize, _: &[*mut u8], _: u32) {
        panic!("boom");
    }
}

#[test]
fn a_panicking_kernel_leaves_the_engine_usable() {
    let n = 1 << 20;
    let mut x = vec![1f32; n];
    let op = Operand::dense(x.as_mut_ptr());
    let every_other = Operand::new(x.as_mut_ptr(), &[n / 2], &[2], &[n / 2]);
    for (len, op) in [(n, op), (n / 2, every_other)] {
        let plan = Plan::new(&[len], &[op]);
        for streaming in [false, true] {
            let result = catch_unwind(AssertUnwindSafe(|| {
                // SAFETY: the kernel touches nothing.
                unsafe { run_on(2, streaming, &plan, &[op], 1, true, &Explosive) }
            }));
            assert!(result.is_err());
        }
    }
    assert!(par::threads() >= 1 && !par::in_foreign_worker());
    let two = 2f32;
    // SAFETY: one dense operand of `n` elements.
    unsafe { fill(&[n], op, (&raw const two).cast()) };
    assert!(x.iter().all(|&v| v == 2.0));
}

#[derive(Clone, Copy)]
struct Select;
impl TernaryOp<bool, i16, f64, f64> for Select {
    #[inline(always)]
    fn apply(a: bool, b: i16, c: f64) -> f64 {
        if a { f64::from(b) } else { c }
    }
}

#[derive(Clone, Copy)]
struct Negate;
impl UnaryOp<f32, f32> for Negate {
    #[inline(always)]
    fn apply(a: f32) -> f32 {
        -a
    }
}

#[test]
fn dense_kernels_of_mixed_types_and_lengths() {
    for n in (0..70).chain([255, 256, 257, 1000]) {
        let a: Vec<bool> = (0..n).map(|i| i % 3 == 0).collect();
        let b: Vec<i16> = (0..n).map(|i| i as i16 * 7 - 100).collect();
        let x: Vec<f32> = (0..n).map(|i| i as f32).collect();
        let fallback = 0.5;
        for &level in available() {
            let mut out = vec![0.0; n];
            let mut y = x.clone();
            // SAFETY: all have `n` elements; `y` is both input and output.
            unsafe {
                ternary_dense::<Select, _, _, _, _>(
                    level,
                    n,
                    a.as_ptr(),
                    false,
                    b.as_ptr(),
                    false,
                    &fallback,
                    true,
                    out.as_mut_ptr(),
                );
                unary_dense::<Negate, _, _>(level, n, y.as_ptr(), false, y.as_mut_ptr());
            }
            for i in 0..n {
                assert_eq!(out[i], if a[i] { f64::from(b[i]) } else { fallback });
                assert_eq!(y[i], -x[i]);
            }
        }
    }
    // The same through `run_dense`, with a splat.
    let x: Vec<f32> = vec![2.0; 10];
    let mut y = vec![0f32; 10];
    let ops = [Operand::dense(y.as_mut_ptr()), Operand::scalar(&x[0])];
    let kernel: &'static dyn Kernel = &const { UnaryKernel::<Negate, f32, f32>::new() };
    // SAFETY: ten elements out, one in.
    unsafe { run_dense(10, &ops, 1, false, Cost::Memory, kernel) };
    assert_eq!(y, [-2.0; 10]);
}
