//! What the compiler says to common mistakes: the messages of `tests/compile_fail/*.stderr`.
//!
//! That these programs do not compile, and others, is tested with error codes by the documentation
//! tests of `src/compile_fail.rs` on every compiler. Messages change from one compiler to the next,
//! so they are compared with the one that wrote them only.

use std::process::Command;

/// The compiler whose messages are in the `.stderr` files.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn messages() {
    let compiler = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let version = Command::new(compiler)
        .arg("--version")
        .output()
        .expect("a compiler");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    if version.starts_with(COMPILER) {
        trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
    } else {
        eprintln!("messages are those of {COMPILER}x, not compared with {version}");
    }
}
