//! The known word that was probably meant.

use smallvec::SmallVec;

/// The letters of a word, folded; nearly every word here is shorter than this.
type Letters = SmallVec<[char; 64]>;

/// One row of the table of distances.
type Row = SmallVec<[usize; 64]>;

/// The word within `most` edits of `text`, the nearest first, in the order of `words` among equals.
pub fn nearest<'w>(text: &str, words: impl IntoIterator<Item = &'w str>, most: usize) -> Option<&'w str> {
    let is_ascii = text.is_ascii();
    let own = kinds_of(text);
    let text = letters(text);
    let mut best: Option<(usize, &str)> = None;
    for word in words {
        // Only a nearer word than the best so far is of use.
        let Some(most) = best.map_or(Some(most), |(edits, _)| edits.checked_sub(1)) else { break };
        // A letter has one to four bytes.
        if word.len() + most < text.len() || word.len() > (text.len() + most) * 4 {
            continue;
        }
        if is_ascii && word.len() > text.len() + most && word.is_ascii() {
            continue;
        }
        let kinds = kinds_of(word);
        // An edit removes at most one kind of letter and brings in at most one.
        if (own & !kinds).count_ones().max((kinds & !own).count_ones()) as usize > most {
            continue;
        }
        if let Some(edits) = distance(&text, &letters(word), most) {
            best = Some((edits, word));
        }
    }
    best.map(|(_, word)| word)
}

fn letters(text: &str) -> Letters {
    if text.is_ascii() {
        return text.bytes().map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Which letters a text has, folded, a bit for each; some letters share one.
fn kinds_of(text: &str) -> u64 {
    let bit = |letter: u32| 1 << (letter % 64);
    if text.is_ascii() {
        return text.bytes().fold(0, |kinds, byte| kinds | bit(u32::from(byte.to_ascii_lowercase())));
    }
    letters(text).iter().fold(0, |kinds, letter| kinds | bit(u32::from(*letter)))
}

/// Edits (insert, delete, replace, swap of neighbours) that turn one text into the other, if there are at most `most`;
/// a change of letter case alone costs nothing. O(a x most): cells further than that from the diagonal cost more.
fn distance(a: &[char], b: &[char], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let far = most + 1;
    let mut before: Row = SmallVec::new();
    let mut above: Row = (0..=b.len()).collect();
    let mut row: Row = SmallVec::from_elem(far, b.len() + 1);
    let at = |row: &Row, index: usize| row.get(index).copied().unwrap_or(far);
    for (i, x) in a.iter().enumerate() {
        row.clear();
        row.resize(b.len() + 1, far);
        let (from, to) = (i.saturating_sub(most), (i + most + 1).min(b.len()));
        let mut left = if from == 0 { i + 1 } else { far };
        if let Some(first) = row.get_mut(0).filter(|_| from == 0) {
            *first = left;
        }
        let mut smallest = left;
        for (j, y) in b.iter().enumerate().take(to).skip(from) {
            let mut cost = (at(&above, j) + usize::from(x != y)).min(at(&above, j + 1) + 1).min(left + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            if let Some(slot) = row.get_mut(j + 1) {
                *slot = cost;
            }
            smallest = smallest.min(cost);
            left = cost;
        }
        // A swap reaches back two rows, at no more than one edit beyond them.
        if smallest > most && above.iter().all(|edits| *edits > most) {
            return None;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    above.last().copied().filter(|edits| *edits <= most)
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
