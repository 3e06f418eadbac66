//! Names that are an account's but for one letter: the last and least that a name can say.

use std::collections::{BTreeSet, HashMap};

/// Shorter names are often another company's with one letter changed.
const LETTER_MIN: usize = 8;

/// Names by what is left of them without one letter: two that have that in common differ in one letter, or in where it stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Similar {
    names: HashMap<String, Vec<String>>,
}

impl Similar {
    /// Adds a name, as its letters.
    pub(super) fn add(&mut self, letters: &str) {
        for left in shortened(letters) {
            self.names.entry(left).or_default().push(letters.to_owned());
        }
    }

    /// The names that were added and are like this one.
    pub(super) fn find(&self, letters: &str) -> BTreeSet<&str> {
        shortened(letters).filter_map(|left| self.names.get(&left)).flatten().map(String::as_str).collect()
    }
}

/// The letters without each but the first, which is seldom wrong; and all of them. None of a short name, nor of one with a digit, which tells
/// companies apart.
fn shortened(letters: &str) -> impl Iterator<Item = String> {
    let is_told = letters.chars().count() >= LETTER_MIN && letters.chars().all(char::is_alphabetic);
    let without = letters.char_indices().skip(1).map(|(at, letter)| {
        let (before, after) = (letters.get(..at), letters.get(at + letter.len_utf8()..));
        [before, after].map(Option::unwrap_or_default).concat()
    });
    std::iter::once(letters.to_owned()).chain(without).filter(move |_| is_told)
}

#[cfg(test)]
mod tests {
    use super::Similar;

    #[test]
    fn names_are_similar_that_differ_in_one_letter() {
        let mut similar = Similar::default();
        for name in ["birkenfeldt", "birkenfeld", "alder", "quarter1st", "müllerhof"] {
            similar.add(name);
        }
        let check = |name: &str, expect: &[&str]| {
            assert_eq!(similar.find(name).into_iter().collect::<Vec<_>>(), expect, "{name}");
        };
        check("birkenfeldt", &["birkenfeld", "birkenfeldt"]);
        check("birkenfel", &["birkenfeld"]);
        check("brikenfeldt", &["birkenfeldt"]);
        check("birkenfaldt", &["birkenfeldt"]);
        check("birkenfeldtt", &["birkenfeldt"]);
        check("mullerhof", &["müllerhof"]);
        check("kirkenfeldt", &[]);
        check("brkinfaldt", &[]);
        check("aldar", &[]);
        check("quarter2st", &[]);
        check("", &[]);
    }
}
