//! What the words in a path say of whose it is.
//!
//! The lists are data in `rules/catalog/names.txt`: a name and a colon, and the words of it, a list on each line.

use std::sync::LazyLock;

/// A list of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// A placeholder so called is one owner's.
    Owner,
    /// With digits behind it a directory's name is a user's, beside those of owners.
    Numbered,
    /// They only qualify another word.
    Qualifier,
    /// As the last word of a name it is of a kind or a group that many share.
    Kind,
    /// Of these, the ones of which a name of several words is a sort of things, and nobody's.
    Sort,
    /// Directories behind which the next one is an owner's.
    Parent,
    /// A placeholder so called is a part of a path that owns nothing.
    Part,
    /// Directories that are nobody's.
    Folder,
}

impl Words {
    /// Every list, by its name in the file.
    const ALL: [(&'static str, Self); 8] = [
        ("owner", Self::Owner),
        ("numbered", Self::Numbered),
        ("qualifier", Self::Qualifier),
        ("kind", Self::Kind),
        ("sort", Self::Sort),
        ("parent", Self::Parent),
        ("part", Self::Part),
        ("folder", Self::Folder),
    ];

    /// The words of the list, in small letters.
    pub fn all(self) -> &'static [&'static str] {
        self.list().map_or(&[], |list| &list.words)
    }

    /// Whether the list has a word, in any letter case. O(words of this length).
    pub fn has(self, word: &str) -> bool {
        let of_length = self.list().and_then(|list| list.by_length.get(word.len()));
        of_length.is_some_and(|words| words.iter().any(|known| known.eq_ignore_ascii_case(word)))
    }

    fn list(self) -> Option<&'static List> {
        static LISTS: LazyLock<Vec<List>> = LazyLock::new(|| {
            let lines = include_str!("../../rules/catalog/names.txt").lines();
            let lists: Vec<_> =
                lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": ")).collect();
            let words = |name: &str| lists.iter().find(|(own, _)| *own == name).map_or("", |(_, words)| *words);
            Words::ALL.iter().map(|(name, _)| List::of(words(name))).collect()
        });
        LISTS.get(self as usize)
    }
}

/// A list as it was read.
#[derive(Debug)]
struct List {
    /// In the order of the file.
    words: Vec<&'static str>,
    /// The same ones, apart by their length in bytes.
    by_length: Vec<Vec<&'static str>>,
}

impl List {
    fn of(line: &'static str) -> Self {
        let words: Vec<&str> = line.split(' ').collect();
        let longest = words.iter().map(|word| word.len()).max().unwrap_or(0);
        let of_length = |length| words.iter().copied().filter(|word| word.len() == length).collect();
        let by_length = (0..=longest).map(of_length).collect();
        Self { words, by_length }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_of_the_file_is_there() {
        let lines = include_str!("../../rules/catalog/names.txt").lines();
        let mut lists = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert!(
            lists.all(|line| line.split_once(": ").is_some_and(|(name, _)| Words::ALL.iter().any(|own| own.0 == name)))
        );
        for (at, (name, list)) in Words::ALL.into_iter().enumerate() {
            assert!(list as usize == at && !list.all().is_empty(), "{name}");
            let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
            assert!(list.all().iter().all(is_word), "{name}: {:?}", list.all());
        }
        assert!(Words::Kind.has("Type") && !Words::Owner.has("users") && Words::Part.all().len() == 20);
    }
}
