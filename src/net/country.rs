//! What countries are called.

const COUNTRIES: &str = include_str!("countries.txt");

/// The two letters of a country and all its names, by its letters or one of its names; nothing where there is none such.
pub fn country_words(text: &str) -> Option<impl Iterator<Item = &'static str> + use<>> {
    let wanted = text.trim().to_lowercase();
    let lines = COUNTRIES.lines().filter(|line| !line.starts_with('#'));
    let mut countries = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(code, names)| std::iter::once(code).chain(names.split(", ")));
    countries.find(|words| words.clone().any(|word| word.to_lowercase() == wanted))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{COUNTRIES, country_words};

    #[test]
    fn a_country_is_known_by_its_letters_and_by_its_names() {
        let code = |text: &str| country_words(text).and_then(|mut words| words.next()).unwrap_or("");
        for (text, expect) in [
            ("DE", "DE"),
            ("de", "DE"),
            ("Germany", "DE"),
            (" GERMANY ", "DE"),
            ("Deutschland", "DE"),
            ("USA", "US"),
            ("United States of America", "US"),
            ("österreich", "AT"),
            ("Viet Nam", "VN"),
            ("Georgia", "GE"),
            ("", ""),
            ("Atlantis", ""),
            ("ZZ", ""),
        ] {
            assert_eq!(code(text), expect, "{text}");
        }
        assert_eq!(country_words("france").unwrap().collect::<Vec<_>>(), ["FR", "France"]);
    }

    #[test]
    fn no_name_is_two_countries() {
        let mut seen = BTreeSet::new();
        for line in COUNTRIES.lines().filter(|line| !line.starts_with('#')) {
            let (code, names) = line.split_once(": ").unwrap();
            for word in std::iter::once(code).chain(names.split(", ")) {
                assert!(!word.is_empty() && seen.insert(word.to_lowercase()), "{word}");
            }
        }
    }
}
