//! The known word that was probably meant.

/// The word within `most` edits of `text`, the nearest first, in the order of `words` among equals.
pub fn nearest<'w>(text: &str, words: impl IntoIterator<Item = &'w str>, most: usize) -> Option<&'w str> {
    words
        .into_iter()
        .filter(|word| word.len().abs_diff(text.len()) <= most * 4)
        .map(|word| (distance(text, word), word))
        .filter(|(edits, _)| *edits <= most)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, word)| word)
}

/// Edits (insert, delete, replace, swap of neighbours) that turn one text into the other; a change of letter case
/// alone costs nothing. O(a x b).
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let mut cost = (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_wins() {
        let words = ["GetObject", "PutObject", "GetBucket"];
        assert_eq!(nearest("GetObjects", words, 2), Some("GetObject"));
        assert_eq!(nearest("PutObjetc", words, 2), Some("PutObject"));
        assert_eq!(nearest("putobject", words, 0), Some("PutObject"));
        assert_eq!(nearest("Nothing", words, 2), None);
    }
}
