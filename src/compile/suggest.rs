//! Finds what was probably meant.

use crate::compile::table::is_name;

/// The name among `known` that looks most like `word`, if one looks like it at all.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Of letters in common place; less is not a typing mistake but another word.
    const ALIKE: f64 = 0.8;
    let lower = word.to_lowercase();
    let score = |known: &str| alike(&lower, &known.to_lowercase());
    let scored = known.into_iter().map(|known| (score(known), known)).filter(|(score, _)| *score >= ALIKE);
    // The first of equals, so that the answer does not depend on how they are gone through.
    scored.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, known)| known)
}

/// How much two names have in common. What stands before a dot in both says nothing: every `account.` would be alike.
fn alike(word: &str, known: &str) -> f64 {
    match (word.rsplit_once('.'), known.rsplit_once('.')) {
        (Some((root, name)), Some((known_root, known_name))) if root == known_root => {
            strsim::jaro_winkler(name, known_name)
        }
        _ => strsim::jaro_winkler(word, known),
    }
}

/// The sentence that names it: ``a slot with a similar name exists: `hero-title` ``.
pub(super) fn sentence<'a>(what: &str, word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, known).map(|known| format!("{what} with a similar name exists: `{known}`"))
}

/// The question that names what was probably meant.
pub(super) fn question(meant: &str) -> String {
    format!("did you mean `{meant}`?")
}

/// The name that a text becomes in lower case, with a `-` for what parts its words.
pub(super) fn name(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let words = lower.split([' ', '_', '.', '-', '/']).filter(|word| !word.is_empty());
    Some(words.collect::<Vec<_>>().join("-")).filter(|name| is_name(name))
}

/// The whole number that a text holds beside blanks, quotes, a percent sign or a currency's.
pub(super) fn number(text: &str) -> Option<i64> {
    let bare = text.trim_matches(|c: char| c.is_whitespace() || "%$€£\"'".contains(c));
    bare.split([' ', '\u{a0}', '_', '\'']).collect::<String>().parse().ok()
}

/// Names for a sentence: all of a few, else the first few and how many more.
pub(super) fn listing<'a>(known: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let known: Vec<&str> = known.into_iter().collect();
    let shown: Vec<String> = known.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match known.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{name, nearest, number};

    #[test]
    fn a_typing_mistake_finds_its_name_and_another_word_does_not() {
        let known = ["account.tier", "account.stage", "visitor.visits"];
        let check = |word: &str, expect: Option<&str>| assert_eq!(nearest(word, known), expect, "{word}");
        check("account.teir", Some("account.tier"));
        check("Account.Stage", Some("account.stage"));
        check("visits", Some("visitor.visits"));
        check("colour", None);
        check("", None);
        check("account.foo", None);
        check("accounts.tier", Some("account.tier"));
    }

    #[test]
    fn a_name_and_a_number_are_found_in_what_people_write() {
        let check = |text: &str, expect: Option<&str>| assert_eq!(name(text).as_deref(), expect, "{text}");
        check("Hero page", Some("hero-page"));
        check("hero_page", Some("hero-page"));
        check("Alder Bank AG", Some("alder-bank-ag"));
        check("über", None);
        check("", None);
        let check = |text: &str, expect: Option<i64>| assert_eq!(number(text), expect, "{text}");
        check("10%", Some(10));
        check("10 %", Some(10));
        check("€1200", Some(1_200));
        check("\"500\"", Some(500));
        check("1 000", Some(1_000));
        check("-1", Some(-1));
        check("1.5", None);
        check("high", None);
        check("", None);
    }
}
