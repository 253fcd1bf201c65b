//! Who owns a path: the names and words that stand for one end user.
//!
//! A hole owns its segment when its name says so (`<Username>`, `{openId}`). A literal owns it when the user said that
//! it is a name, or, less surely, when it looks like one (`user1`, a UUID, a long number).

use super::names::Words;

/// What the user told of owners.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owners {
    /// Literal segments that name one owner, such as `alice`.
    pub names: Vec<String>,
    /// Further words that mark a hole as an owner, beside `user`, `uid`, `openid` and so on.
    pub words: Vec<String>,
}

/// How sure it is that a text names one owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ownership {
    /// It does not.
    None,
    /// It looks so.
    Guessed,
    /// A hole's name or the user says so.
    Certain,
}

impl Owners {
    /// Whether a hole of this name stands for one owner: a word of it does, and its last one is of no kind or group that many
    /// share.
    pub fn is_owner_name(&self, name: &str) -> bool {
        let is_word = |word: &str| Words::Owner.has(word) || self.words.iter().any(|w| w.eq_ignore_ascii_case(word));
        if is_word(name) {
            return true;
        }
        let mut compared: String = name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).collect();
        compared.make_ascii_lowercase();
        let stem = Words::Qualifier.all().iter().find_map(|q| compared.strip_suffix(q)).unwrap_or(&compared);
        if is_word(&compared) || is_word(stem) {
            return true;
        }
        let (mut found, mut is_kind) = (false, false);
        words_of(name, |word| {
            if !Words::Qualifier.has(word) {
                found |= is_word(word);
                is_kind = Words::Kind.has(word) && !is_word(word);
            }
        });
        found && !is_kind
    }

    /// Whether a hole of this name stands for a kind or a group that many share, and for no owner.
    pub fn is_group_name(&self, name: &str) -> bool {
        let mut last_is_kind = false;
        words_of(name, |word| {
            if !Words::Qualifier.has(word) {
                last_is_kind = Words::Kind.has(word);
            }
        });
        last_is_kind && !self.is_owner_name(name)
    }

    /// Whether a hole of this name, of several words, stands for a sort of things, and so for nobody.
    pub fn is_sort_name(&self, name: &str) -> bool {
        let (mut count, mut last_is_sort) = (0, false);
        words_of(name, |word| {
            if !Words::Qualifier.has(word) {
                (count, last_is_sort) = (count + 1, Words::Sort.has(word));
            }
        });
        count > 1 && last_is_sort && !self.is_owner_name(name)
    }

    /// How sure it is that the literal `segment`, behind the segment `parent`, names one owner. `account` is the
    /// provider's account id, which is no owner's.
    pub fn of_segment(&self, segment: &str, parent: Option<&str>, account: &str) -> Ownership {
        if segment.is_empty() {
            return Ownership::None;
        }
        if self.names.iter().any(|name| names_owner(segment, name)) {
            return Ownership::Certain;
        }
        // What is left of a mark that is no hole is no name.
        let may_be_name = || !segment.contains(['$', '{', '<', '[', '%']) && !Words::Folder.has(segment);
        let behind_parent = parent.is_some_and(|parent| Words::Parent.has(parent)) && may_be_name();
        if behind_parent || is_numbered_word(segment) || is_uuid(segment) || is_long_number(segment, account) {
            Ownership::Guessed
        } else {
            Ownership::None
        }
    }
}

/// Whether `segment` holds `name` as a whole word: at its start or behind `_`, `-`, `.`, and closed by one of them or
/// by the segment's end.
fn names_owner(segment: &str, name: &str) -> bool {
    let separator = |byte: Option<&u8>| byte.is_none_or(|b| matches!(b, b'_' | b'-' | b'.'));
    !name.is_empty()
        && segment.match_indices(name).any(|(at, _)| {
            let bytes = segment.as_bytes();
            separator(at.checked_sub(1).and_then(|before| bytes.get(before))) && separator(bytes.get(at + name.len()))
        })
}

/// Call `visit` with each lower-case word of a name: split at `_`, `-`, blanks, `.` and at a capital behind a small letter.
fn words_of(name: &str, mut visit: impl FnMut(&str)) {
    let mut word = String::new();
    let mut was_lower = false;
    for c in name.chars() {
        let splits = matches!(c, '_' | '-' | ' ' | '.' | ':');
        if (splits || (c.is_uppercase() && was_lower)) && !word.is_empty() {
            visit(&word);
            word.clear();
        }
        if !splits {
            word.extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase() || c.is_ascii_digit();
    }
    if !word.is_empty() {
        visit(&word);
    }
}

/// `user1`, `uid-17`, `userID123456`: an owner's word with digits behind it.
fn is_numbered_word(segment: &str) -> bool {
    if !segment.ends_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let word = segment.trim_end_matches(|c: char| c.is_ascii_digit());
    let word = word.trim_end_matches(['-', '_']);
    let (start, end) = word.split_at_checked(word.len().saturating_sub(2)).unwrap_or((word, ""));
    let stem = if end.eq_ignore_ascii_case("id") { start.trim_end_matches(['-', '_']) } else { word };
    [Words::Owner, Words::Numbered].iter().any(|list| list.has(word) || list.has(stem))
}

fn is_uuid(segment: &str) -> bool {
    segment.len() == 36
        && segment.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_long_number(segment: &str, account: &str) -> bool {
    segment.len() >= 6 && segment.bytes().all(|b| b.is_ascii_digit()) && !is_date(segment) && segment != account
}

/// Whether digits read as a date: `YYYYMM`, `YYMMDD` or `YYYYMMDD`, with or without a time behind, the year between
/// 1990 and 2049 and a real month and day.
pub fn is_date(digits: &str) -> bool {
    let number = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let month = |m: Option<u32>| m.is_some_and(|m| (1..=12).contains(&m));
    let day = |y: u32, m: Option<u32>, d: Option<u32>| {
        let leap = y.is_multiple_of(4) && (!y.is_multiple_of(100) || y.is_multiple_of(400));
        let last = match m {
            Some(2) if leap => 29,
            Some(2) => 28,
            Some(4 | 6 | 9 | 11) => 30,
            _ => 31,
        };
        d.is_some_and(|d| (1..=last).contains(&d))
    };
    let time = |from: usize| {
        matches!(digits.len() - from, 0 | 2 | 4 | 6 | 9)
            && number(from, from + 2).is_none_or(|h| h < 24)
            && number(from + 2, from + 4).is_none_or(|m| m < 60)
            && number(from + 4, from + 6).is_none_or(|s| s < 60)
    };
    let full = number(0, 4).is_some_and(|y| (1990..=2049).contains(&y));
    let year = number(0, 4).unwrap_or(0);
    match digits.len() {
        6 => {
            let short = number(0, 2).map_or(0, |y| if y >= 90 { 1900 + y } else { 2000 + y });
            (full && month(number(4, 6)))
                || ((1990..=2049).contains(&short) && month(number(2, 4)) && day(short, number(2, 4), number(4, 6)))
        }
        8.. => full && month(number(4, 6)) && day(year, number(4, 6), number(6, 8)) && time(8),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_holes() {
        let owners = Owners { names: vec![], words: vec!["shop".into()] };
        for name in [
            "Username",
            "user",
            "userId",
            "user_id",
            "USER_NAME",
            "openId",
            "uid",
            "uin",
            "memberKey",
            "shopId",
            "current_user",
            "user_name",
            "accountUserId",
            "groupOwner",
            "userAvatar",
            "userDir",
            "user_prefix",
            "appUser",
        ] {
            assert!(owners.is_owner_name(name), "{name}");
        }
        for name in [
            "userType",
            "user_group",
            "ownerBucket",
            "userAgent",
            "userPool",
            "deviceType",
            "memberLevelId",
            "tenant-region",
            "userRoleName",
            "shopCategory",
            "user_domain",
            "userCompany",
            "ownerProjectId",
            "userDate",
            "deviceModel",
            "deviceOS",
            "userCostCenter",
        ] {
            assert!(!owners.is_owner_name(name), "{name}");
        }
        for name in ["userType", "user_group", "team", "team-id", "accessProject", "departmentName"] {
            assert!(owners.is_group_name(name), "{name}");
        }
        for name in ["user", "prefix", "teamUser", "", "id"] {
            assert!(!owners.is_group_name(name), "{name}");
        }
        for name in ["userType", "member_tier", "userRoleName", "fileType"] {
            assert!(owners.is_sort_name(name), "{name}");
        }
        for name in ["role", "roleId", "userGroup", "team", "userTypeUser", "tier"] {
            assert!(!owners.is_sort_name(name), "{name}");
        }
        let told = Owners { names: vec![], words: vec!["team".into(), "usergroup".into()] };
        assert!(!told.is_group_name("team") && told.is_group_name("usertype_role"));
        assert!(told.is_owner_name("user_team") && told.is_owner_name("userGroup"), "whoever says so knows");
        for name in ["prefix", "dir", "id", "name", "Region", "BucketName-APPID", "date", "SectionId", "size", ""] {
            assert!(!owners.is_owner_name(name), "{name}");
        }
    }

    #[test]
    fn literal_segments() {
        let owners = Owners { names: vec!["alice".into()], words: vec![] };
        let of = |segment, parent| owners.of_segment(segment, parent, "1250000000");
        assert_eq!(of("alice", None), Ownership::Certain);
        assert_eq!(of("alice_m.jpg", None), Ownership::Certain);
        assert_eq!(of("malice", None), Ownership::None);
        assert_eq!(of("alice2", None), Ownership::None);
        assert_eq!(of("bob", Some("users")), Ownership::Guessed);
        assert_eq!(of("user1", None), Ownership::Guessed);
        assert_eq!(of("userID123456", None), Ownership::Guessed);
        assert_eq!(of("123e4567-e89b-12d3-a456-426614174000", None), Ownership::Guessed);
        assert_eq!(of("100000000011", None), Ownership::Guessed);
        assert_eq!(of("1250000000", None), Ownership::None);
        assert_eq!(of("20240131", None), Ownership::None);
        assert_eq!(of("dir1", None), Ownership::None);
    }

    #[test]
    fn dates() {
        for date in ["202401", "240131", "20240131", "20240131120000", "2024013112", "19991231"] {
            assert!(is_date(date), "{date}");
        }
        for number in ["123456", "20241331", "20240230", "100000000011", "99999999", "20240131990000"] {
            assert!(!is_date(number), "{number}");
        }
    }
}
