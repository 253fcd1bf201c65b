//! Wraps prose, and leaves code alone.

/// `line` broken at blanks so that no part is wider than `width` columns, if a blank allows. A line that looks like
/// part of a policy (indented, or opened by a bracket, a brace or a quote) is not touched: it is there to be copied.
pub(super) fn wrapped(line: &str, width: usize) -> String {
    let width = width.max(20);
    if columns(line) <= width || line.starts_with([' ', '\t', '{', '}', '[', ']', '"']) {
        return line.to_owned();
    }
    let mut out = String::with_capacity(line.len() + 8);
    let mut used = 0;
    for word in line.split(' ') {
        let wide = columns(word);
        if used > 0 && used + 1 + wide > width {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += wide;
    }
    out
}

/// About how many columns of a terminal `text` takes: everything from Hangul upwards is taken as double-width.
fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(|c| if c < '\u{1100}' { 1 } else { 2 }).sum() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_wrapped_and_code_is_not() {
        let prose = "name the resources that the key needs, one by one";
        assert_eq!(wrapped(prose, 30), "name the resources that the\nkey needs, one by one");
        let code = format!("  \"resource\": \"{}\"", "x".repeat(100));
        assert_eq!(wrapped(&code, 30), code);
        assert_eq!(wrapped(&"\u{7528}\u{6237} ".repeat(6), 20).lines().count(), 2);
    }
}
