//! Whether two views may share memory, against the bytes that they reach.

use std::collections::HashSet;

use proptest::prelude::*;

use super::super::may_overlap;
use super::*;

fn region(layout: &Layout<IxDyn>, address: usize, size: usize) -> Region<'_, IxDyn> {
    Region {
        address,
        layout,
        size,
    }
}

#[test]
fn interleaved_views_do_not_overlap() {
    // The pairs that slices of one array make; `true` may be wrong, `false` never.
    let even = strided(&[5], &[2]);
    assert!(!may_overlap(region(&even, 800, 8), region(&even, 808, 8)));
    assert!(may_overlap(region(&even, 800, 8), region(&even, 816, 8)));
    let left = strided(&[4, 3], &[6, 1]);
    assert!(may_overlap(region(&left, 800, 8), region(&left, 800, 8)));
    let (head, tail) = (strided(&[4], &[1]), strided(&[6], &[1]));
    assert!(!may_overlap(region(&head, 800, 8), region(&tail, 832, 8)));
    let empty = strided(&[0], &[1]);
    assert!(!may_overlap(region(&empty, 800, 8), region(&head, 800, 8)));
    let column = strided(&[4], &[6]);
    assert!(!may_overlap(
        region(&column, 800, 8),
        region(&column, 808, 8)
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn overlap_is_never_missed(
        a in any_layout(), b in any_layout(),
        at in 0_usize..40, size_a in 1_usize..4, same_size in any::<bool>(),
    ) {
        let size_b = if same_size { size_a } else { 4 - size_a };
        let bytes = |layout: &Layout<IxDyn>, address: usize, size: usize| -> HashSet<isize> {
            all(layout)
                .into_iter()
                .flat_map(|o| (0..size as isize).map(move |byte| address as isize + o * size as isize + byte))
                .collect()
        };
        let (address_a, address_b) = (1000, 980 + at);
        let shared = !bytes(&a, address_a, size_a).is_disjoint(&bytes(&b, address_b, size_b));
        if shared {
            prop_assert!(may_overlap(region(&a, address_a, size_a), region(&b, address_b, size_b)));
            prop_assert!(may_overlap(region(&b, address_b, size_b), region(&a, address_a, size_a)));
        }
    }
}
