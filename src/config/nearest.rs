//! "Did you mean": the known word that a misspelled one is closest to.

/// The candidate that `word` was probably meant to be, or `None` when nothing is near. Letter case and `_` for `-` do
/// not count; of equally near candidates the first wins.
///
/// ```
/// use grantlint::config::nearest;
/// assert_eq!(nearest("wildcard-resorce", ["wildcard-action", "wildcard-resource"]), Some("wildcard-resource"));
/// assert_eq!(nearest("backup", ["wildcard-action"]), None);
/// ```
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = folded(word);
    // One slip for a short word, at most three for a long one: more would suggest words at random.
    let most = (word.len() / 4 + 1).min(3);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &folded(candidate)), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A sentence part for a help line: "did you mean `x`?", or the whole list where it is short enough to read.
pub(super) fn suggestion(word: &str, candidates: &[&str]) -> Option<String> {
    if let Some(near) = nearest(word, candidates.iter().copied()) {
        return Some(format!("did you mean `{near}`?"));
    }
    (!candidates.is_empty() && candidates.len() <= 8).then(|| format!("use one of {}", list(candidates)))
}

/// The words in backticks, with commas between.
pub(super) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn folded(word: &str) -> Vec<char> {
    // A text of any length may stand in the file, and the distance is quadratic: 64 characters tell enough.
    word.chars().take(64).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect()
}

/// Number of letters to insert, remove, replace or swap with their neighbour.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, letter) in from.iter().enumerate() {
        let mut next = Vec::with_capacity(to.len() + 1);
        next.push(at + 1);
        for (column, other) in to.iter().enumerate() {
            let cell = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let mut best = (cell(&row, column) + usize::from(letter != other))
                .min(cell(&row, column + 1) + 1)
                .min(cell(&next, column) + 1);
            let swapped = column > 0 && at > 0 && to.get(column - 1) == Some(letter) && from.get(at - 1) == Some(other);
            if swapped {
                best = best.min(cell(&before, column - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        let of = |from: &str, to: &str| distance(&folded(from), &folded(to));
        assert_eq!(of("", ""), 0);
        assert_eq!(of("abc", ""), 3);
        assert_eq!(of("glob", "globs"), 1);
        assert_eq!(of("resaon", "reason"), 1);
        assert_eq!(of("kind", "mind"), 1);
        assert_eq!(of("Owner_Words", "owner-words"), 0);
    }

    #[test]
    fn only_near_words_are_suggested() {
        assert_eq!(nearest("sesion", ["session", "identity"]), Some("session"));
        assert_eq!(nearest("id", ["session", "identity"]), None);
        assert_eq!(suggestion("user", &["session", "bucket"]).unwrap(), "use one of `session`, `bucket`");
        assert_eq!(suggestion("user", &[]), None);
    }
}
