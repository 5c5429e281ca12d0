//! Which library is linked, and its calls that neither CBLAS nor LAPACKE declare.
//!
//! They are looked up by name in the running process (each exists in one vendor's library only),
//! except with `openblas-static`, where they are known to be there and not visible to the lookup.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::OnceLock;

/// The library that is linked.
#[derive(Debug)]
pub(crate) struct Vendor {
    /// Name and version as the library tells it.
    pub(crate) name: String,
    /// The kernels that OpenBLAS chose; `None` elsewhere.
    pub(crate) corename: Option<String>,
    /// Calls for the number of threads.
    pub(super) threading: Threading,
}

type SetThreads = unsafe extern "C" fn(c_int);
type SetThreadsLocal = unsafe extern "C" fn(c_int) -> c_int;
type GetThreads = unsafe extern "C" fn() -> c_int;
type GetText = unsafe extern "C" fn() -> *const c_char;

/// How a library takes a number of threads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Threading {
    /// A call for the calling thread that returns what held before.
    Local(SetThreadsLocal),
    /// One number for the process.
    Global {
        /// Sets it.
        set: SetThreads,
        /// Reads it.
        get: GetThreads,
    },
    /// No call known.
    Unknown,
}

/// Asks the library once.
pub(crate) fn vendor() -> &'static Vendor {
    static VENDOR: OnceLock<Vendor> = OnceLock::new();
    VENDOR.get_or_init(|| openblas().or_else(mkl).unwrap_or_else(unknown))
}

fn openblas() -> Option<Vendor> {
    // SAFETY: OpenBLAS declares these functions with these types (`cblas.h`).
    let (config, corename, set, get) = unsafe {
        (
            symbol::<GetText>(c"openblas_get_config")?,
            symbol::<GetText>(c"openblas_get_corename")?,
            symbol::<SetThreads>(c"openblas_set_num_threads"),
            symbol::<GetThreads>(c"openblas_get_num_threads"),
        )
    };
    // SAFETY: both return a static string or null.
    let (config, corename) = unsafe { (text(config()), text(corename())) };
    // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH …": the version is the second word.
    let name = config
        .split_whitespace()
        .take(2)
        .collect::<Vec<_>>()
        .join(" ");
    // `openblas_set_num_threads_local` (since 0.3.27) also writes the number of the process, so the
    // plain pair, guarded by `threads`, is the one that can be relied on.
    let threading = match (set, get) {
        (Some(set), Some(get)) => Threading::Global { set, get },
        _ => Threading::Unknown,
    };
    Some(Vendor {
        name,
        corename: Some(corename),
        threading,
    })
}

fn mkl() -> Option<Vendor> {
    type Version = unsafe extern "C" fn(*mut c_char, c_int);
    // SAFETY: MKL declares these functions with these types (`mkl_service.h`).
    let (version, local, interface) = unsafe {
        (
            symbol::<Version>(c"mkl_get_version_string")
                .or_else(|| symbol(c"MKL_Get_Version_String"))?,
            symbol::<SetThreadsLocal>(c"MKL_Set_Num_Threads_Local"),
            symbol::<SetThreadsLocal>(c"MKL_Set_Interface_Layer"),
        )
    };
    if let Some(interface) = interface {
        // `MKL_INTERFACE_LAYER=ILP64` would make `mkl_rt` read our 32-bit integers as 64-bit ones.
        // SAFETY: 0 is MKL_INTERFACE_LP64; this comes before any other call to the library.
        unsafe { interface(0) };
    }
    let mut buffer = [0 as c_char; 200];
    // SAFETY: the length passed leaves the last byte zero, so the text ends.
    let name = unsafe {
        version(buffer.as_mut_ptr(), 199);
        text(buffer.as_ptr())
    };
    let threading = local.map_or(Threading::Unknown, Threading::Local);
    Some(Vendor {
        name: name.trim().to_owned(),
        corename: None,
        threading,
    })
}

fn unknown() -> Vendor {
    let name = option_env!("ORTHANT_LINKED_BLAS").unwrap_or("a BLAS of unknown make");
    Vendor {
        name: name.to_owned(),
        corename: None,
        threading: Threading::Unknown,
    }
}

/// # Safety
/// `text` is null or a C string.
unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(text) }
        .to_string_lossy()
        .into_owned()
}

/// The function called `name` in this process, if there is one.
///
/// # Safety
/// `F` is the type of that function.
unsafe fn symbol<F: Copy>(name: &CStr) -> Option<F> {
    const { assert!(size_of::<F>() == size_of::<*mut c_void>()) };
    let address = lookup(name);
    // SAFETY: a function pointer of the type that the caller vouches for.
    (!address.is_null()).then(|| unsafe { std::mem::transmute_copy(&address) })
}

#[cfg(feature = "openblas-static")]
fn lookup(name: &CStr) -> *mut c_void {
    unsafe extern "C" {
        fn openblas_get_config() -> *const c_char;
        fn openblas_get_corename() -> *const c_char;
        fn openblas_set_num_threads(n: c_int);
        fn openblas_get_num_threads() -> c_int;
    }
    match name.to_bytes() {
        b"openblas_get_config" => openblas_get_config as *mut c_void,
        b"openblas_get_corename" => openblas_get_corename as *mut c_void,
        b"openblas_set_num_threads" => openblas_set_num_threads as *mut c_void,
        b"openblas_get_num_threads" => openblas_get_num_threads as *mut c_void,
        _ => std::ptr::null_mut(),
    }
}

#[cfg(all(unix, not(feature = "openblas-static")))]
fn lookup(name: &CStr) -> *mut c_void {
    // SAFETY: a null-terminated name; the default scope covers every library of the process.
    unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) }
}

#[cfg(all(not(unix), not(feature = "openblas-static")))]
fn lookup(_: &CStr) -> *mut c_void {
    std::ptr::null_mut()
}
