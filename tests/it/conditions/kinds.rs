//! The kinds of values, with conditions and samples.

/// Conditions of one key `k`, and values that tell apart whatever they tell apart.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) conditions: Vec<String>,
    pub(super) samples: Vec<String>,
}

pub(super) fn kinds() -> Vec<Kind> {
    [on_the_line(), texts()].into_iter().flatten().collect()
}

/// All pairs of these operators and values.
fn all(operators: &[&str], values: &[&str]) -> Vec<String> {
    operators.iter().flat_map(|operator| values.iter().map(move |value| format!("{operator} k={value}"))).collect()
}

fn own(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn null() -> Vec<String> {
    own(&["null k=true", "null k=false", "null k=true,false"])
}

/// All words of these letters.
fn words(letters: &str, longest: usize) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut from = 0;
    for _ in 0..longest {
        let to = words.len();
        let longer = words[from..].iter().flat_map(|word| letters.chars().map(move |c| format!("{word}{c}")));
        let longer: Vec<String> = longer.collect();
        words.extend(longer);
        from = to;
    }
    words
}

fn on_the_line() -> Vec<Kind> {
    vec![
        Kind {
            name: "numbers",
            conditions: [
                all(
                    &[
                        "number",
                        "not-number",
                        "less",
                        "at-most",
                        "greater",
                        "at-least",
                        "number?",
                        "not-number?",
                        "less?",
                    ],
                    &["1", "1.2", "2,1.20", "2"],
                ),
                all(&["greater", "not-number"], &["12e-1,1", "-1"]),
                null(),
            ]
            .concat(),
            samples: own(&["-2", "-1", "0", "1", "1.1", "1.2", "1.5", "2", "3"]),
        },
        Kind {
            name: "addresses",
            conditions: [
                all(
                    &["ip", "not-ip", "ip?", "not-ip?"],
                    &[
                        "10.0.0.0/8",
                        "10.0.0.1",
                        "10.1.2.3/9,2001:db8::/32",
                        "0.0.0.0/0",
                        "::/0",
                        "0.0.0.0/0,::/0",
                        "::1",
                    ],
                ),
                null(),
            ]
            .concat(),
            samples: own(&["10.0.0.1", "10.0.0.2", "10.200.0.1", "9.1.1.1", "2001:db8::1", "fe80::1", "::1"]),
        },
        Kind {
            name: "instants",
            conditions: [
                all(
                    &["on", "not-on", "before", "until", "after", "since", "before?", "not-on?"],
                    &[
                        "2026-01-31",
                        "2026-01-31T08:00:00+08:00",
                        "2026-02-01T00:00:02Z",
                        "2026-01-30T23:59:59-00:30,2026-02-01",
                    ],
                ),
                null(),
            ]
            .concat(),
            samples: own(&[
                "2026-01-01",
                "2026-01-31",
                "2026-01-31T00:00:01Z",
                "2026-01-31T00:29:59Z",
                "2026-01-31T12:00:00Z",
                "2026-02-01",
                "2026-02-01T00:00:01Z",
                "2026-02-01T00:00:02Z",
                "2026-02-02",
            ]),
        },
        Kind {
            name: "truths",
            conditions: [all(&["is", "not-is", "is?", "not-is?"], &["true", "false", "true,false"]), null()].concat(),
            samples: own(&["true", "false"]),
        },
    ]
}

fn texts() -> Vec<Kind> {
    vec![
        Kind {
            name: "texts",
            conditions: [
                all(&["equal", "not-equal", "not-equal?"], &["a", "ab", "A,b", ""]),
                all(&["like", "not-like", "like?"], &["a*", "*b", "a*b,b", "*", "b"]),
                all(&["same", "not-same"], &["A", "ab,b"]),
                null(),
            ]
            .concat(),
            samples: words("abABz", 4),
        },
        Kind {
            name: "texts with both wildcards",
            conditions: [
                all(&["equal", "not-equal?"], &["ab", "a,b"]),
                all(&["like", "not-like"], &["?", "??", "a?", "*?b", "a*?", "?*", "*a*", "ab*"]),
            ]
            .concat(),
            samples: words("abz", 5),
        },
        Kind {
            name: "texts in any case",
            conditions: [all(&["same", "not-same", "same?", "not-same?"], &["A", "a", "ab,B", "aB"]), null()].concat(),
            samples: words("abABz", 2),
        },
    ]
}
