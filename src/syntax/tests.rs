//! What the parser says about broken texts, by the text that is underlined.

use super::FaultKind::{
    BadEscape, BadLiteral, BadNumber, ByteOrderMark, Empty, ExtraComma, KeyIsNoString, LoneSurrogate, MissingColon,
    MissingComma, MissingValue, MoreFaults, OddBlank, RawControl, SecondDocument, SingleQuote, StrayBracket,
    TrailingComma, TypographicQuote, UnclosedArray, UnclosedComment, UnclosedObject, UnclosedString, Unexpected,
    Unquoted, WrongBracket, WrongColon,
};
use super::{FaultKind, Kind, Value, parse};

fn faults(text: &str) -> Vec<(FaultKind, &str)> {
    parse(text).faults().iter().map(|fault| (fault.kind, fault.at.of(text))).collect()
}

/// What was read, written as plain JSON; `?` where something is missing.
fn read(text: &str) -> String {
    let tree = parse(text);
    let shown: Vec<_> = tree.roots().map(show).collect();
    shown.join(" ")
}

fn show(value: Value<'_, '_>) -> String {
    match value.kind() {
        Kind::Object => {
            let members: Vec<_> =
                value.members().map(|member| format!("{}: {}", show(member.key), show(member.value))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Kind::Array => {
            let elements: Vec<_> = value.elements().map(show).collect();
            format!("[{}]", elements.join(", "))
        }
        Kind::String => value.string().unwrap().into_owned(),
        Kind::Missing => "?".to_owned(),
        _ => value.raw().to_owned(),
    }
}

#[track_caller]
fn assert_reads(text: &str, expected: &str, expected_faults: &[(FaultKind, &str)]) {
    assert_eq!((read(text).as_str(), faults(text).as_slice()), (expected, expected_faults), "{text:?}");
}

#[test]
fn what_is_right_has_no_fault() {
    for text in [
        "{}",
        "[]",
        " [ ] ",
        "0",
        "-0",
        "10.25e-3",
        "1E+9",
        "true",
        "false",
        "null",
        "\"\"",
        "\"\u{7f}\u{7528}\"",
        "{\"a\":[1,{\"b\":null}],\"a\":\"\\u00e9\\ud83d\\ude00\\/\"}",
        "\r\n\t[1 , 2]\n",
        "[[[[]]]]",
        "{\"\":{\"\":{}}}",
    ] {
        assert_eq!(faults(text), [], "{text:?}");
        assert!(parse(text).comments().is_empty());
    }
    assert_reads("{\"a\": [1, \"b\\n\"], \"a\": {}}", "{a: [1, b\n], a: {}}", &[]);
}

#[test]
fn comments_are_kept_and_are_no_fault() {
    let text = "// one\n{ # two\r\n \"a\" /* three\n */ : 1 } // four";
    let tree = parse(text);
    let comments: Vec<_> = tree.comments().iter().map(|comment| comment.of(text)).collect();
    assert_eq!(comments, ["// one", "# two", "/* three\n */", "// four"]);
    assert_reads(text, "{a: 1}", &[]);
    assert_reads("[true/**/,1//\n]", "[true, 1]", &[]);
    assert_reads("[1] /* x", "[1]", &[(UnclosedComment, "/*")]);
    assert_eq!(parse("\"// no # comment /*\"").comments(), []);
}

#[test]
fn commas() {
    assert_reads("[1,]", "[1]", &[(TrailingComma, ",")]);
    assert_reads("{\"a\":1 , }", "{a: 1}", &[(TrailingComma, ",")]);
    assert_reads("[1,,2]", "[1, 2]", &[(ExtraComma, ",")]);
    assert_reads("[,1]", "[1]", &[(ExtraComma, ",")]);
    assert_reads("{,\"a\":1}", "{a: 1}", &[(ExtraComma, ",")]);
    assert_reads("[1 2]", "[1, 2]", &[(MissingComma, "")]);
    assert_reads("{\"a\":1 \"b\":2\n\"c\":3}", "{a: 1, b: 2, c: 3}", &[(MissingComma, ""), (MissingComma, "")]);
    assert_reads("[{}\n{}]", "[{}, {}]", &[(MissingComma, "")]);
    assert_reads("[1\u{FF0C}2;3]", "[1, 2, 3]", &[(MissingComma, "\u{FF0C}"), (MissingComma, ";")]);
    assert_reads("{},", "{}", &[(ExtraComma, ",")]);
}

#[test]
fn colons() {
    assert_reads("{\"a\" 1}", "{a: 1}", &[(MissingColon, "")]);
    assert_reads("{\"a\" \"b\", \"c\" {}}", "{a: b, c: {}}", &[(MissingColon, ""), (MissingColon, "")]);
    assert_reads("{\"a\" = 1, \"b\" => 2}", "{a: 1, b: 2}", &[(WrongColon, "="), (WrongColon, "=>")]);
    assert_reads("{\"a\":: 1, \"b\":= 2}", "{a: 1, b: 2}", &[(WrongColon, ":"), (WrongColon, "=")]);
    assert_reads("{\"a\"\u{FF1A}1}", "{a: 1}", &[(WrongColon, "\u{FF1A}")]);
    assert_reads("[\"a\": 1]", "[a, 1]", &[(Unexpected(':'), ":")]);
    assert_reads(
        "{\"a\": 1 : 2}",
        "{a: 1, 2: ?}",
        &[(WrongColon, ":"), (MissingComma, ""), (KeyIsNoString, "2"), (MissingValue, "")],
    );
}

#[test]
fn values_and_keys_that_are_missing() {
    assert_reads("{\"a\":, \"b\":}", "{a: ?, b: ?}", &[(MissingValue, ""), (MissingValue, "")]);
    assert_reads("{\"a\", \"b\": 1}", "{a: ?, b: 1}", &[(MissingValue, "")]);
    assert_reads("{\"a\":\n\"b\": 1}", "{a: ?, b: 1}", &[(MissingValue, "")]);
    assert_reads("{\"a\"\n\"b\": 1}", "{a: ?, b: 1}", &[(MissingValue, ""), (MissingComma, "")]);
    assert_reads("{: 1}", "{?: 1}", &[(KeyIsNoString, ":")]);
    assert_reads("{1: 2}", "{1: 2}", &[(KeyIsNoString, "1")]);
    assert_reads("{{\"a\": 1}, [2]}", "{?: {a: 1}, ?: [2]}", &[(KeyIsNoString, "{"), (KeyIsNoString, "[")]);
}

#[test]
fn text_without_quotes() {
    assert_reads(
        "{version: \"2.0\", true: 1}",
        "{version: 2.0, true: 1}",
        &[(Unquoted, "version"), (Unquoted, "true")],
    );
    assert_reads(
        "[name/cos:PutObject, a/*]",
        "[name/cos:PutObject, a/*]",
        &[(Unquoted, "name/cos:PutObject"), (Unquoted, "a/*")],
    );
    assert_reads(
        "[${bucket.name}/x, 10.0.0.0/8]",
        "[${bucket.name}/x, 10.0.0.0/8]",
        &[(Unquoted, "${bucket.name}/x"), (Unquoted, "10.0.0.0/8")],
    );
    let text = "{version: 1}";
    let tree = parse(text);
    let key = tree.roots().next().unwrap().members().next().unwrap().key;
    assert_eq!((key.kind(), key.raw(), key.content().of(text)), (Kind::String, "version", "version"));
}

#[test]
fn words_and_numbers() {
    assert_reads(
        "[True, None, undefined, nullx, ...]",
        "[?, ?, ?, ?, ?]",
        &[
            (BadLiteral, "True"),
            (BadLiteral, "None"),
            (BadLiteral, "undefined"),
            (BadLiteral, "nullx"),
            (BadLiteral, "..."),
        ],
    );
    for number in
        ["01", "+1", ".5", "1.", "0x1F", "NaN", "Infinity", "-Infinity", "-", "1e", "1.e3", "2012-10-17", "-.5"]
    {
        let text = format!("[{number}, 1]");
        assert_eq!(faults(&text), [(BadNumber, number)], "{text}");
        assert_eq!(parse(&text).nodes()[1].kind, Kind::Number);
    }
    assert_eq!(faults("1\n"), []);
}

#[test]
fn typographic_quotes() {
    let (open, close) = ("\u{201C}", "\u{201D}");
    let (open_fault, close_fault) = ((TypographicQuote('\u{201C}'), open), (TypographicQuote('\u{201D}'), close));
    assert_reads(
        "{\u{201C}a\u{201D}: \u{201C}b\u{201D}}",
        "{a: b}",
        &[open_fault, close_fault, open_fault, close_fault],
    );
    assert_reads("{\u{201C}a\": \"b\u{201D}}", "{a: b}", &[open_fault, close_fault]);
    assert_reads("{\"a\": \"abc\u{201D},\n \"next\": 1}", "{a: abc, next: 1}", &[close_fault]);
    assert_reads("{\"a\": \"abc\u{201D}, \"next\": \"d\"}", "{a: abc, next: d}", &[close_fault]);
    assert_reads("{\"a\u{201D}: 1, \"b\": 2}", "{a: 1, b: 2}", &[close_fault]);
    assert_reads("[\"a\u{201D} // c\n]", "[a]", &[close_fault]);
    assert_reads("[\"say \u{201C}x\u{201D}, or so\"]", "[say \u{201C}x\u{201D}, or so]", &[]);
    assert_reads("[\u{201C}say \u{201C}x\u{201D} y\u{201D}]", "[say \u{201C}x\u{201D} y]", &[open_fault, close_fault]);
    assert_reads(
        "[\u{2018}a\u{2019}]",
        "[a]",
        &[(TypographicQuote('\u{2018}'), "\u{2018}"), (TypographicQuote('\u{2019}'), "\u{2019}")],
    );
    assert_reads(
        "[\u{FF02}a\u{FF02}]",
        "[a]",
        &[(TypographicQuote('\u{FF02}'), "\u{FF02}"), (TypographicQuote('\u{FF02}'), "\u{FF02}")],
    );
    let tree = parse("\u{201C}ab\"");
    let node = tree.nodes()[0];
    assert_eq!((node.open, node.close, tree.roots().next().unwrap().string().unwrap().as_ref()), (3, 1, "ab"));
}

#[test]
fn single_quotes() {
    assert_reads("{'a': 'it's \"x\"'}", "{a: it's \"x\"}", &[(SingleQuote, "'a'"), (SingleQuote, "'it's \"x\"'")]);
    assert_reads("['a\n]", "[a]", &[(UnclosedString, "'a")]);
}

#[test]
fn odd_blanks() {
    assert_reads(
        "\u{FEFF}{\u{A0}\u{A0}\"a\":\u{3000}1\u{200B}}\u{FEFF}",
        "{a: 1}",
        &[
            (ByteOrderMark, "\u{FEFF}"),
            (OddBlank('\u{A0}'), "\u{A0}\u{A0}"),
            (OddBlank('\u{3000}'), "\u{3000}"),
            (OddBlank('\u{200B}'), "\u{200B}"),
            (OddBlank('\u{FEFF}'), "\u{FEFF}"),
        ],
    );
    assert_reads("[1\u{c}]", "[1]", &[(OddBlank('\u{c}'), "\u{c}")]);
    assert_reads("[\0 1]", "[1]", &[(Unexpected('\0'), "\0")]);
}

#[test]
fn inside_strings() {
    assert_reads("[\"a\tb\0\"]", "[a\tb\0]", &[(RawControl('\t'), "\t"), (RawControl('\0'), "\0")]);
    assert_reads("[\"a\r\nb\", 1]", "[a\r\nb, 1]", &[(RawControl('\r'), "\r\n")]);
    assert_reads(r#"["\q\u12\'"]"#, r"[\q\u12']", &[(BadEscape, r"\q"), (BadEscape, r"\u12"), (BadEscape, r"\'")]);
    assert_reads(
        r#"["\ud800x\udc00"]"#,
        "[\u{FFFD}x\u{FFFD}]",
        &[(LoneSurrogate, r"\ud800"), (LoneSurrogate, r"\udc00")],
    );
    assert_reads("[\"\\\u{7528}\"]", "[\\\u{7528}]", &[(BadEscape, "\\\u{7528}")]);
}

#[test]
fn strings_that_are_not_closed() {
    assert_reads("{\"a\": \"b,\n \"c\": 1}", "{a: b, c: 1}", &[(UnclosedString, "\"b")]);
    assert_reads("[\"a\n]", "[a]", &[(UnclosedString, "\"a")]);
    assert_reads("[\"a\r\n]", "[a]", &[(UnclosedString, "\"a")]);
    assert_reads("[\"abc", "[abc]", &[(UnclosedArray, "["), (UnclosedString, "\"abc")]);
    assert_reads("\"abc\\", "abc\\", &[(UnclosedString, "\"abc\\"), (BadEscape, "\\")]);
    assert_reads("\"abc\\\"", "abc\"", &[(UnclosedString, "\"abc\\\"")]);
}

#[test]
fn brackets() {
    assert_reads("[1}", "[1]", &[(WrongBracket { expected: ']' }, "}")]);
    assert_reads("{\"a\": [1}, \"b\": 2}", "{a: [1], b: 2}", &[(WrongBracket { expected: ']' }, "}")]);
    assert_reads("{\"a\": [1}", "{a: [1]}", &[(UnclosedArray, "[")]);
    assert_reads("[{\"a\": [1}, {\"b\": 2}]", "[{a: [1]}, {b: 2}]", &[(UnclosedArray, "[")]);
    assert_reads("[{\"a\": 1, {\"b\": 2}]", "[{a: 1, ?: {b: 2}}]", &[(UnclosedObject, "{"), (KeyIsNoString, "{")]);
    assert_reads("{\"a\": [1]], \"b\": 2}", "{a: [1], b: 2}", &[(StrayBracket, "]")]);
    assert_reads("{}}", "{}", &[(StrayBracket, "}")]);
    assert_reads(
        "{\"a\": [{\"b\": \"c\"",
        "{a: [{b: c}]}",
        &[(UnclosedObject, "{"), (UnclosedArray, "["), (UnclosedObject, "{")],
    );
    assert_reads("{\"a\":", "{a: ?}", &[(UnclosedObject, "{")]);
    assert_reads("{\"a\"", "{a: ?}", &[(UnclosedObject, "{")]);
    assert_eq!(faults("[[[[[").len(), 3);
}

#[test]
fn documents() {
    assert_reads("", "", &[(Empty, "")]);
    assert_reads(" \n// only words\n", "", &[(Empty, "")]);
    assert_reads("{}\n[]\n", "{} []", &[]);
    assert_reads("{} []", "{} []", &[(SecondDocument, "[")]);
    assert_reads("{\n}\n[]\n[]", "{} [] []", &[(SecondDocument, "["), (SecondDocument, "[")]);
    assert_reads("{} tail", "{} ?", &[(BadLiteral, "tail")]);
    assert_reads("@@{}", "{}", &[(Unexpected('@'), "@@")]);
}

#[test]
fn several_faults_are_told_in_order_and_hide_nothing() {
    let text =
        "\u{FEFF}{version: '2.0',\n\"statement\": [{\"effect\": \u{201C}allow\u{201D}\n \"action\" = [\"a\",], }]";
    assert_reads(
        text,
        "{version: 2.0, statement: [{effect: allow, action: [a]}]}",
        &[
            (ByteOrderMark, "\u{FEFF}"),
            (UnclosedObject, "{"),
            (Unquoted, "version"),
            (SingleQuote, "'2.0'"),
            (TypographicQuote('\u{201C}'), "\u{201C}"),
            (TypographicQuote('\u{201D}'), "\u{201D}"),
            (MissingComma, ""),
            (WrongColon, "="),
            (TrailingComma, ","),
            (TrailingComma, ","),
        ],
    );
}

#[test]
fn faults_beyond_the_limit_are_not_listed_but_loss_is_said() {
    let harmless = format!("[{}]", "1 ".repeat(3_000));
    assert_eq!(faults(&harmless).len(), 1_000);
    let lossy = format!("[{}True, True]", "1 ".repeat(3_000));
    assert_eq!(faults(&lossy).last(), Some(&(MoreFaults, "True")));
    assert_eq!(parse(&lossy).faults().len(), 1_001);
}

/// Run `work` on a stack so small that recursion would show.
fn on_a_small_stack(work: fn()) {
    std::thread::Builder::new().stack_size(64 << 10).spawn(work).unwrap().join().unwrap();
}

#[test]
fn nesting_costs_no_stack() {
    on_a_small_stack(|| {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(parse(&deep).faults(), []);
        assert_eq!(parse(&deep).nodes().len(), 100_000);
        let deep = "{\"a\":".repeat(100_000) + "1" + &"}".repeat(100_000);
        assert_eq!(parse(&deep).faults(), []);
        assert_eq!(faults(&"{\"a\":[".repeat(100_000)).len(), 3);
        assert_eq!(faults(&"[{".repeat(100_000)).len(), 1_001);
    });
}

#[test]
fn a_million_brackets_of_any_kind_take_no_time() {
    for unit in [
        "[",
        "]",
        "{",
        "}",
        "[}",
        "{]",
        "[]",
        "{[",
        "}]",
        "[{]}",
        ":",
        ",",
        "[,",
        "{:",
        "\"\n",
        "\u{201C}",
        "'",
        "\"\u{201D},",
        "${",
        "[1}",
    ] {
        let text = unit.repeat(1_000_000 / unit.len());
        let tree = parse(&text);
        assert!(tree.nodes().len() <= text.len() + 4, "{unit:?}");
        assert!(tree.faults().len() <= 1_001, "{unit:?}");
    }
}

#[test]
fn no_repeated_key_is_passed_over() {
    let words = ["a", "b", "ab", "bb", "cos:prefix", "cos:profix", "", "\\u0061"];
    let nested = |key: &str| format!("\"{key}\": {{\"x\": [{{\"x\": 1}}, {{\"y\": 2}}]}}");
    for first in words {
        for between in words {
            for last in words {
                let text = format!("[{{{}, \"{between}\": 1, {}}}]", nested(first), nested(last));
                let tree = parse(&text);
                let object = tree.roots().next().unwrap().elements().next().unwrap();
                let mut names: Vec<_> = object.members().map(|member| member.name()).collect();
                names.sort();
                let repeats = names.windows(2).any(|pair| pair[0] == pair[1]);
                assert!(tree.may_repeat_keys() || !repeats, "{text}");
            }
        }
    }
    let usual = r#"{"version":"2.0","statement":[{"effect":"allow","action":["a"],"resource":["b"],"condition":{"c":{"d":1}}}]}"#;
    assert!(!parse(usual).may_repeat_keys(), "a usual policy needs no closer look");
}
