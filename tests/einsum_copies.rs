//! `einsum` takes operands from where they lie: no allocation of an operand's size but for the result
//! and what lies between the steps.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use orthant::{einsum, prelude::*};

/// Counts large blocks.
struct Counting;

/// Smaller than any operand or result below, larger than a block of products or sums.
const LARGE: usize = 96 << 10;

thread_local!(static COUNT: Cell<usize> = const { Cell::new(0) });

fn count(layout: Layout) {
    if layout.size() >= LARGE {
        // Threads that are ending have no counter any more.
        let _ = COUNT.try_with(|n| n.set(n.get() + 1));
    }
}

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout);
        // SAFETY: the caller's contract.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout);
        // SAFETY: the caller's contract.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's contract.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Large blocks that `einsum` allocates, workspaces of the product driver apart.
fn blocks(subscripts: &str, operands: &[ArrayViewD<'_, f64>]) -> usize {
    orthant::with_threads(1, || {
        drop(einsum(subscripts, operands).unwrap());
        let before = COUNT.get();
        let result = einsum(subscripts, operands).unwrap();
        let after = COUNT.get();
        drop(result);
        after - before
    })
}

fn ones(shape: &[usize]) -> ArrayD<f64> {
    ArrayD::ones(shape)
}

#[test]
fn operands_are_not_copied() {
    let square = ones(&[160, 160]);
    let (x, t) = (square.view(), square.t());
    for (left, right) in [(x, x), (t, x), (x, t), (t, t)] {
        for subscripts in [
            "ij,jk->ik",
            "ij,kj->ik",
            "ji,jk->ik",
            "ij,jk->ki",
            "ji,kj->ik",
        ] {
            assert_eq!(blocks(subscripts, &[left, right]), 1, "{subscripts}");
        }
    }
    // BLAS has no negative strides: for a library this operand is copied.
    let library = orthant::config().products == Some(orthant::linalg::Backend::Lapack);
    let reversed = x.flip(0).flip(1);
    assert_eq!(
        blocks("ij,jk->ik", &[reversed, x]),
        1 + usize::from(library)
    );
    // Heads and positions in either order.
    let (q, k) = (ones(&[4, 4, 64, 32]), ones(&[4, 4, 64, 32]));
    assert_eq!(blocks("bhid,bhjd->bhij", &[q.view(), k.view()]), 1);
    let (q, k) = (ones(&[4, 64, 4, 32]), ones(&[4, 64, 4, 32]));
    assert_eq!(blocks("bihd,bjhd->bhij", &[q.view(), k.view()]), 1);
    // Axes that merge count as one.
    let (a, b) = (ones(&[20, 10, 12, 8]), ones(&[12, 8, 150]));
    assert_eq!(blocks("abcd,cde->abe", &[a.view(), b.view()]), 1);
    // A chain has one result in between.
    assert_eq!(blocks("ij,jk,kl->il", &[x, x, t]), 2);
}

#[test]
fn sums_and_small_results_need_no_large_block() {
    let (x, y) = (ones(&[160, 160]), ones(&[160, 160]));
    let (x, y) = (x.view(), y.view());
    for subscripts in ["ij,ij->i", "ij,ij->j", "ij,ij->"] {
        assert_eq!(blocks(subscripts, &[x, y]), 0, "{subscripts}");
    }
    for subscripts in ["ij->i", "ij->j", "ij->", "ii->i", "ii->"] {
        assert_eq!(blocks(subscripts, &[x]), 0, "{subscripts}");
    }
    let cube = ones(&[32, 32, 32]);
    assert_eq!(
        blocks("ijk,jk->ij", &[cube.view(), ones(&[32, 32]).view()]),
        0
    );
    for subscripts in ["ijk->i", "ijk->j", "ijk->k", "ijk->ik", "ijk->ki", "ijk->"] {
        assert_eq!(blocks(subscripts, &[cube.view()]), 0, "{subscripts}");
    }
}
