//! From the name of a file to a URI.

/// Where relative URIs begin.
const ROOT: &str = "%SRCROOT%";

/// The URI of the file `name` and the base it is relative to; an absolute path has none.
pub(super) fn of(name: &str) -> (String, Option<&'static str>) {
    // Elsewhere a backslash is an ordinary character of a name.
    let name = if cfg!(windows) { name.replace('\\', "/") } else { name.to_owned() };
    let has_drive = cfg!(windows) && name.as_bytes().get(1) == Some(&b':');
    if has_drive {
        (format!("file:///{}", encoded(&name)), None)
    } else if name.starts_with('/') {
        (format!("file://{}", encoded(&name)), None)
    } else {
        (encoded(name.strip_prefix("./").unwrap_or(&name)), Some(ROOT))
    }
}

/// `path` with everything but `/` and the characters that are always safe (RFC 3986, section 2.3) written as `%XX`.
fn encoded(path: &str) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.extend(['%', digit(byte >> 4), digit(byte & 0xF)]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_uris() {
        assert_eq!(of("./a b/\u{7528}#1.json"), ("a%20b/%E7%94%A8%231.json".to_owned(), Some(ROOT)));
        assert_eq!(of("<stdin>").0, "%3Cstdin%3E");
        assert_eq!(of("a:b.json").0, "a%3Ab.json");
        assert_eq!(of("/tmp/x.json"), ("file:///tmp/x.json".to_owned(), None));
    }
}
