//! The engine against index-by-index loops.
