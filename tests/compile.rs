//! Programs that must not compile, by error code and by what the error says, and next to them ones
//! that must. Each is given to the compiler that this test was built by, against the library that
//! it is linked to.
//!
//! `tests/compile/*.rs` hold them, one after another: a line `//@ E0277 title` (or `//@ lifetime
//! title` where the error has no code, or `//@ compiles title`), lines `//@ says phrase` for what
//! the error must contain, and the program, which is put into a `main` below the prelude.

use std::any::TypeId;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the compiler should do with a program.
#[derive(Debug, PartialEq)]
enum Verdict {
    /// Refuse it with errors of this code (or these, joined by `+`) and no others.
    Codes(String),
    /// Refuse it for a lifetime, which has no code.
    Lifetime,
    Compiles,
}

struct Case {
    title: String,
    verdict: Verdict,
    says: Vec<String>,
    program: String,
}

fn cases(theme: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(theme).unwrap();
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        let directive = line.strip_prefix("//@ ").and_then(|l| l.split_once(' '));
        match (directive, cases.last_mut()) {
            (Some(("says", phrase)), Some(case)) => case.says.push(phrase.into()),
            (Some((verdict, title)), _) => cases.push(Case {
                title: title.into(),
                verdict: match verdict {
                    "compiles" => Verdict::Compiles,
                    "lifetime" => Verdict::Lifetime,
                    codes => Verdict::Codes(codes.into()),
                },
                says: Vec::new(),
                program: String::new(),
            }),
            (None, Some(case)) => {
                case.program += line;
                case.program.push('\n');
            }
            (None, None) => assert!(line.is_empty() || line.starts_with("//!"), "{line}"),
        }
    }
    assert!(!cases.is_empty(), "{}", theme.display());
    cases
}

/// The compiler, and how to link against the library under test.
struct Compiler {
    rustc: PathBuf,
    deps: PathBuf,
    library: PathBuf,
    scratch: PathBuf,
}

impl Compiler {
    fn new(scratch: &str) -> Self {
        let exe = std::env::current_exe().unwrap();
        let deps = exe.parent().unwrap().to_path_buf();
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join(scratch);
        std::fs::create_dir_all(&scratch).unwrap();
        let mut compiler = Compiler {
            rustc: rustc(),
            deps,
            library: PathBuf::new(),
            scratch,
        };
        let mut candidates: Vec<PathBuf> = std::fs::read_dir(&compiler.deps)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                let name = path.file_name().unwrap().to_string_lossy();
                name.starts_with("liborthant-") && name.ends_with(".rlib")
            })
            .collect();
        // There is one for every set of features that was built here. The newest is tried first.
        candidates.sort_by_key(|path| path.metadata().unwrap().modified().unwrap());
        let alone = candidates.len() == 1;
        while let Some(candidate) = candidates.pop() {
            compiler.library = candidate;
            if alone || compiler.library_is_ours() {
                return compiler;
            }
        }
        panic!(
            "no liborthant-*.rlib of this test in {}",
            compiler.deps.display()
        );
    }

    /// Whether the types of the library are those that this test sees: their identity includes
    /// what Cargo hashes into the library's name.
    fn library_is_ours(&self) -> bool {
        let main = "print!(\"{:?}\", std::any::TypeId::of::<orthant::IxDyn>());";
        let out = self.compile("identity", main, &["--emit=link"]);
        let program = self
            .scratch
            .join("identity")
            .with_extension(std::env::consts::EXE_EXTENSION);
        out.status.success()
            && Command::new(program).output().is_ok_and(|out| {
                String::from_utf8_lossy(&out.stdout)
                    == format!("{:?}", TypeId::of::<orthant::IxDyn>())
            })
    }

    fn compile(&self, name: &str, main: &str, flags: &[&str]) -> Output {
        let source = self.scratch.join(name).with_extension("rs");
        let program =
            format!("#![allow(unused)]\nuse orthant::prelude::*;\nfn main() {{\n{main}}}\n");
        std::fs::write(&source, program).unwrap();
        let mut command = Command::new(&self.rustc);
        command
            .args(["--edition=2024", "--crate-type=bin", "--color=never"])
            .args(flags)
            .arg("--out-dir")
            .arg(&self.scratch)
            .arg("--extern")
            .arg(format!("orthant={}", self.library.display()))
            .arg("-L")
            .arg(format!("dependency={}", self.deps.display()))
            .arg(source);
        // With `--target`, what runs in the compiler (derive macros) lies elsewhere.
        let profile = self.deps.parent().unwrap();
        let host = profile
            .join("../..")
            .join(profile.file_name().unwrap())
            .join("deps");
        if host.exists() {
            command
                .arg("-L")
                .arg(format!("dependency={}", host.display()));
        }
        // A sanitizer must be named again, or the library does not fit the program.
        if let Ok(flags) = std::env::var("RUSTFLAGS") {
            command.args(flags.split_whitespace());
        }
        command.output().unwrap()
    }

    /// What is wrong with the compiler's answer, if anything.
    fn check(&self, name: &str, case: &Case) -> Result<(), String> {
        let out = self.compile(name, &case.program, &["--emit=metadata"]);
        let text = String::from_utf8_lossy(&out.stderr);
        let fail = |what: String| Err(format!("{}: {what}\n{text}", case.title));
        if (case.verdict == Verdict::Compiles) != out.status.success() {
            return fail(format!("should have been: {:?}", case.verdict));
        }
        let errors = text.lines().filter(|line| {
            line.starts_with("error") && !line.starts_with("error: aborting due to")
        });
        for error in errors {
            let expected = match &case.verdict {
                Verdict::Codes(codes) => codes
                    .split('+')
                    .any(|code| error.starts_with(&format!("error[{code}]"))),
                Verdict::Lifetime => error == "error: lifetime may not live long enough",
                Verdict::Compiles => false,
            };
            if !expected {
                return fail(format!("expected {:?}, not `{error}`", case.verdict));
            }
        }
        match case.says.iter().find(|phrase| !text.contains(*phrase)) {
            Some(phrase) => fail(format!("does not say `{phrase}`")),
            None => Ok(()),
        }
    }
}

/// The compiler of the Cargo that runs this test.
fn rustc() -> PathBuf {
    if let Some(rustc) = std::env::var_os("RUSTC") {
        return rustc.into();
    }
    let name = Path::new("rustc").with_extension(std::env::consts::EXE_EXTENSION);
    match std::env::var_os("CARGO").map(|cargo| Path::new(&cargo).with_file_name(&name)) {
        Some(beside) if beside.exists() => beside,
        _ => name,
    }
}

fn check_theme(theme: &str) {
    let compiler = Compiler::new(theme);
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/compile")
        .join(theme);
    let cases = cases(&file.with_extension("rs"));
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(at) else { break };
                    if let Err(failure) = compiler.check(&format!("case_{at}"), case) {
                        failures.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn borrows() {
    check_theme("borrows");
}

#[test]
fn threads() {
    check_theme("threads");
}

#[test]
fn types() {
    check_theme("types");
}
