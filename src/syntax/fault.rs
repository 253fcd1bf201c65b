//! What can be wrong with a JSON text.

use crate::text::{Local, visible};

/// One departure from RFC 8259, at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// The bytes at fault; empty where something is missing.
    pub at: Local,
}

/// The departures from RFC 8259 that the parser tells apart. Comments are not faults here: the tree lists them and a
/// rule of their own speaks of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// U+FEFF before the first token.
    ByteOrderMark,
    /// A comma before a closing bracket.
    TrailingComma,
    /// A comma where no value came before it.
    ExtraComma,
    /// No comma between two members or elements.
    MissingComma,
    /// No colon between a key and its value.
    MissingColon,
    /// Something other than a colon, such as `=` or `=>`, or a second colon.
    WrongColon,
    /// A key without a value, or a colon with nothing behind it.
    MissingValue,
    /// A value where a key belongs.
    KeyIsNoString,
    /// A key or a value written without quotes.
    Unquoted,
    /// Typographic quotes (`\u{201C}`, `\u{201D}`, `\u{2018}`, `\u{FF02}`, ...) where `"` belongs.
    TypographicQuote(char),
    /// A string in single quotes.
    SingleQuote,
    /// A blank that is none in JSON, such as U+00A0 or U+3000, between tokens.
    OddBlank(char),
    /// A control character inside a string that must be escaped; NUL and a raw line end too.
    RawControl(char),
    /// A backslash before a character that needs none, or an incomplete `\u`.
    BadEscape,
    /// `\uD800` to `\uDFFF` that is no pair.
    LoneSurrogate,
    /// `01`, `+1`, `.5`, `1.`, `0x10`, `NaN`, `Infinity` and the like.
    BadNumber,
    /// `True`, `None`, `undefined`, or any other bare word.
    BadLiteral,
    /// The text ends, or the line does, inside a string.
    UnclosedString,
    /// The text ends inside an object.
    UnclosedObject,
    /// The text ends inside an array.
    UnclosedArray,
    /// The text ends inside a `/* */` comment.
    UnclosedComment,
    /// `]` where `}` belongs, or the other way round.
    WrongBracket {
        /// What was expected.
        expected: char,
    },
    /// A closing bracket that nothing opened.
    StrayBracket,
    /// A character that starts no token.
    Unexpected(char),
    /// Another document begins where the text should end.
    SecondDocument,
    /// No document at all: the text is empty, or holds only blanks and comments.
    Empty,
    /// There are more faults than are listed, and some of those lose or spoil text; at the first that is not listed.
    MoreFaults,
}

impl FaultKind {
    /// Whether some of the text's meaning may be gone: the text ended early, or something could not be read. The other
    /// faults are passed over and lose nothing.
    pub const fn loses_text(self) -> bool {
        matches!(
            self,
            Self::UnclosedString
                | Self::UnclosedObject
                | Self::UnclosedArray
                | Self::UnclosedComment
                | Self::WrongBracket { .. }
                | Self::StrayBracket
                | Self::Unexpected(_)
                | Self::BadLiteral
                | Self::Unquoted
                | Self::MissingValue
                | Self::KeyIsNoString
                | Self::Empty
                | Self::MoreFaults
        )
    }

    /// Whether the fault spoils the meaning of the one string it stands in, and nothing else.
    pub const fn spoils_string(self) -> bool {
        matches!(self, Self::BadEscape | Self::LoneSurrogate)
    }

    /// What is wrong, as a title: lower case, no full stop.
    pub fn title(self) -> String {
        let shown = |c: char| {
            if c.is_control() || c.is_whitespace() {
                String::new()
            } else {
                format!(" (`{}`)", visible(&c.to_string()))
            }
        };
        match self {
            Self::ByteOrderMark => "byte-order mark before the document".to_owned(),
            Self::TrailingComma => "comma before a closing bracket".to_owned(),
            Self::ExtraComma => "comma with nothing before it".to_owned(),
            Self::MissingComma => "comma missing".to_owned(),
            Self::MissingColon => "colon missing between key and value".to_owned(),
            Self::WrongColon => "a single `:` belongs between key and value".to_owned(),
            Self::MissingValue => "value missing".to_owned(),
            Self::KeyIsNoString => "a key must be a string".to_owned(),
            Self::Unquoted => "text without quotes".to_owned(),
            Self::TypographicQuote(c) => format!("typographic quote U+{:04X}{} where `\"` belongs", c as u32, shown(c)),
            Self::SingleQuote => "string in single quotes".to_owned(),
            Self::OddBlank(c) => format!("U+{:04X} is no blank in JSON", c as u32),
            Self::RawControl('\n' | '\r') => "line end inside a string".to_owned(),
            Self::RawControl(c) => format!("control character U+{:04X} inside a string", c as u32),
            Self::BadEscape => "no such escape in JSON".to_owned(),
            Self::LoneSurrogate => "half of a surrogate pair".to_owned(),
            Self::BadNumber => "not a JSON number".to_owned(),
            Self::BadLiteral => "not a JSON value".to_owned(),
            Self::UnclosedString => "string is not closed".to_owned(),
            Self::UnclosedObject => "object is not closed".to_owned(),
            Self::UnclosedArray => "list is not closed".to_owned(),
            Self::UnclosedComment => "comment is not closed".to_owned(),
            Self::WrongBracket { expected } => format!("wrong closing bracket, `{expected}` belongs here"),
            Self::StrayBracket => "closing bracket without an opening one".to_owned(),
            Self::Unexpected(c) => format!("unexpected character U+{:04X}{}", c as u32, shown(c)),
            Self::SecondDocument => "a second document begins here".to_owned(),
            Self::Empty => "no JSON document here".to_owned(),
            Self::MoreFaults => "too many faults to list; the rest begins here".to_owned(),
        }
    }

    /// What to do about it; starts with a verb.
    pub const fn help(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "save the file as UTF-8 without a byte-order mark",
            Self::TrailingComma | Self::ExtraComma => "remove the comma",
            Self::MissingComma => "add a comma between the two",
            Self::MissingColon => "add a colon after the key",
            Self::WrongColon => "write one `:`",
            Self::MissingValue => "add the value or remove the key",
            Self::KeyIsNoString => "write the key as a string in double quotes",
            Self::Unquoted => "put it in double quotes",
            Self::TypographicQuote(_) => {
                "replace it by a straight double quote; word processors and translated pages put such quotes in"
            }
            Self::SingleQuote => "use double quotes",
            Self::OddBlank(_) => "replace it by an ordinary space",
            Self::RawControl(_) => "escape it, or remove it",
            Self::BadEscape => "write a backslash as `\\\\`, or use one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX",
            Self::LoneSurrogate => "write both halves, or the character itself",
            Self::BadNumber => "write a decimal number without a leading zero or plus sign",
            Self::BadLiteral => "write `true`, `false`, `null`, a number, or a string in double quotes",
            Self::UnclosedString => "close the string with `\"`",
            Self::UnclosedObject => "close the object with `}`; the text may be cut off",
            Self::UnclosedArray => "close the list with `]`; the text may be cut off",
            Self::UnclosedComment => "close the comment with `*/`",
            Self::WrongBracket { .. } | Self::StrayBracket => "make the brackets match",
            Self::Unexpected(_) => "remove it",
            Self::SecondDocument => "keep one document in a file, or write one per line",
            Self::Empty => "write a policy into the file, or remove the file from the list",
            Self::MoreFaults => "repair the faults above first",
        }
    }
}
