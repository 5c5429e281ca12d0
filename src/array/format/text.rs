//! Strings and characters in print: quoted inside an array, bare in a 0-d one.

use super::FormatOptions;

/// `text` as Python's `repr` writes a string, which is what NumPy prints for each element.
///
/// Single quotes unless the text holds some and no double ones; backslashes, control characters
/// and what Unicode calls unprintable are escaped.
pub(super) fn quote(text: &str, options: &FormatOptions) -> String {
    if options.is_scalar() {
        return text.to_owned();
    }
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut word = String::with_capacity(text.len() + 2);
    word.push(quote);
    for c in text.chars() {
        match c {
            '\\' => word.push_str("\\\\"),
            '\n' => word.push_str("\\n"),
            '\r' => word.push_str("\\r"),
            '\t' => word.push_str("\\t"),
            _ if c == quote => word.extend(['\\', c]),
            _ if is_printable(c) => word.push(c),
            _ => word.push_str(&match u32::from(c) {
                code @ ..0x100 => format!("\\x{code:02x}"),
                code @ ..0x1_0000 => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            }),
        }
    }
    word.push(quote);
    word
}

/// Whether `c` may stand in a quoted string: the standard library's table, by way of its escapes.
fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    // A combining mark is escaped at the start of a string only, so ask about it in second place.
    let mut bytes = [b'a'; 5];
    let len = 1 + c.encode_utf8(&mut bytes[1..]).len();
    std::str::from_utf8(&bytes[..len]).is_ok_and(|s| s.escape_debug().eq(s.chars()))
}
