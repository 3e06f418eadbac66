//! What words in the names of organisations mean: legal forms, places, tasks of a company, and what is no company at all.
//!
//! The lists lie in `words/`, one kind a file; a person can read and mend them without reading a program.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::text::{Umlaut, words};
use crate::net::country_words;

/// What a word, or a few words, in a name say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A legal form: "S.p.A."
    Form(&'static Form),
    /// A country by its two letters, or [`REGION`], or [`TOWN`].
    Place(&'static str),
    /// Nothing: "the", "and", "Group".
    Neutral,
    /// That it is a company of a group, or one that does the group's own work: "Services", "IT", "Holding".
    Firm,
    /// What the company does: "Software", "Bank", "Logistics".
    Task,
    /// That it provides connections, as many do and as a company of a large group may.
    Provider,
    /// That it bears a company's name and is not the company; what it is instead.
    Stranger(&'static str),
}

/// A place that is a part of the world.
pub(super) const REGION: &str = "*";
/// A place that is a part of a country or a town.
pub(super) const TOWN: &str = "+";

/// Letters of a long word. Shorter ones are too near each other for one to be taken for another.
const LONG: usize = 7;

/// A legal form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// The same for all ways to write it.
    pub(super) id: &'static str,
    /// The countries that have it; empty where it is used everywhere.
    pub(super) countries: Vec<&'static str>,
}

impl Form {
    /// Whether a company in `country` may have it.
    pub(super) fn is_of(&self, country: Option<&str>) -> bool {
        self.countries.is_empty() || country.is_some_and(|country| self.countries.contains(&country))
    }
}

/// All that is known of words.
pub(super) struct Lexicon {
    phrases: HashMap<String, Class>,
    /// Words of the longest phrase.
    longest: usize,
    /// The long words among them, in the order of the alphabet.
    long: Vec<(String, Class)>,
    common: HashSet<String>,
    countries: HashMap<String, &'static str>,
}

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

/// The forms live as long as the program, like the text that they are read from.
static FORMS: LazyLock<Vec<(Form, &'static str)>> = LazyLock::new(|| {
    lines(include_str!("words/legal.txt"))
        .map(|(id, rest)| {
            let (phrases, countries) = rest.split_once('@').unwrap_or((rest, ""));
            (Form { id, countries: countries.split_whitespace().collect() }, phrases)
        })
        .collect()
});

impl Lexicon {
    fn read() -> Self {
        let mut lexicon = Self {
            phrases: HashMap::new(),
            longest: 1,
            long: Vec::new(),
            common: HashSet::new(),
            countries: HashMap::new(),
        };
        // What stands first holds where a word is in two lists.
        for (form, list) in FORMS.iter() {
            lexicon.add(list, Class::Form(form));
        }
        for (country, list) in lines(include_str!("words/places.txt")) {
            lexicon.add(list, Class::Place(country));
            for name in phrases(list) {
                lexicon.countries.entry(name).or_insert(country);
            }
        }
        for (what, list) in lines(include_str!("words/strangers.txt")) {
            lexicon.add(list, if what == "provider" { Class::Provider } else { Class::Stranger(what) });
        }
        for (kind, list) in lines(include_str!("words/firm.txt")) {
            let is_neutral = ["joining", "neutral"].contains(&kind);
            lexicon.add(list, if is_neutral { Class::Neutral } else { Class::Firm });
        }
        for (_, list) in lines(include_str!("words/tasks.txt")) {
            lexicon.add(list, Class::Task);
        }
        let is_long = |phrase: &str| phrase.len() >= LONG && !phrase.contains(' ');
        let long = lexicon.phrases.iter().filter(|(phrase, _)| is_long(phrase));
        lexicon.long = long.map(|(phrase, class)| (phrase.clone(), *class)).collect();
        lexicon.long.sort_by(|(a, _), (b, _)| a.cmp(b));
        lexicon.common = lines(include_str!("words/common.txt")).flat_map(|(_, list)| phrases(list)).collect();
        lexicon
    }

    fn add(&mut self, list: &str, class: Class) {
        for phrase in phrases(list) {
            self.longest = self.longest.max(phrase.split(' ').count());
            self.phrases.entry(phrase).or_insert(class);
        }
    }

    /// The longest phrase that `words` begin with: how many words, and what it says.
    pub(super) fn first(&self, words: &[String]) -> Option<(usize, Class)> {
        (1..=self.longest.min(words.len())).rev().find_map(|count| {
            let phrase = words.get(..count)?.join(" ");
            self.phrases.get(&phrase).map(|class| (count, *class))
        })
    }

    /// The phrases of a name, each with what it says; `None` where nothing is known of a word.
    pub(super) fn parse<'a>(&self, mut words: &'a [String]) -> Vec<(&'a [String], Option<Class>)> {
        let mut parsed = Vec::new();
        while !words.is_empty() {
            let (count, class) = self.first(words).map_or((1, None), |(count, class)| (count, Some(class)));
            let (phrase, rest) = words.split_at(count);
            parsed.push((phrase, class));
            words = rest;
        }
        parsed
    }

    /// What a word that is unknown says if it is one with a letter wrong: "logistcs".
    pub(super) fn misspelt(&self, word: &str) -> Option<Class> {
        if word.len() < LONG {
            return None;
        }
        self.long.iter().find(|(known, _)| is_one_apart(known, word)).map(|(_, class)| *class)
    }

    /// Whether many bear this word as their name.
    pub(super) fn is_common(&self, word: &str) -> bool {
        self.common.contains(word) || self.phrases.contains_key(word)
    }

    /// The two letters of a country that is named or is two letters itself.
    pub(super) fn country(&self, name: &str) -> Option<String> {
        if name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Some(name.to_ascii_uppercase());
        }
        let phrase = words(name, Umlaut::Short).join(" ");
        self.countries
            .get(&phrase)
            .filter(|country| ![REGION, TOWN].contains(*country))
            .copied()
            .or_else(|| country_words(name)?.next())
            .map(str::to_owned)
    }
}

/// Whether one letter more, less or other makes one word of the other. Most words differ at once: no table of distances is needed.
fn is_one_apart(a: &str, b: &str) -> bool {
    let same: usize = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let rest = |word| str::get(word, same..).unwrap_or_default();
    let after = |rest: &str| rest.chars().next().map_or(0, char::len_utf8);
    let (a, b) = (rest(a), rest(b));
    let (a_after, b_after) = (a.get(after(a)..), b.get(after(b)..));
    a != b && (a_after == b_after || a_after == Some(b) || b_after == Some(a))
}

/// The lines of a list: a head, and what stands behind its colon.
fn lines(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "))
}

/// The phrases of a line as names are compared.
fn phrases(list: &str) -> impl Iterator<Item = String> {
    list.split(',').map(|phrase| words(phrase, Umlaut::Short).join(" ")).filter(|phrase| !phrase.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Class, FORMS, LEXICON, is_one_apart, words};
    use crate::recognise::text::Umlaut;

    fn classes(name: &str) -> String {
        let words = words(name, Umlaut::Short);
        let said = |class| match class {
            Some(Class::Form(form)) => form.id.to_owned(),
            Some(Class::Place(place)) => place.to_owned(),
            Some(Class::Neutral) => "-".to_owned(),
            Some(Class::Firm) => "firm".to_owned(),
            Some(Class::Task) => "task".to_owned(),
            Some(Class::Provider) => "provider".to_owned(),
            Some(Class::Stranger(what)) => what.to_owned(),
            None => "?".to_owned(),
        };
        LEXICON.parse(&words).into_iter().map(|(_, class)| said(class)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_one_letter_apart_where_their_distance_is_one() {
        let words = [
            "",
            "a",
            "b",
            "ab",
            "ba",
            "abc",
            "abd",
            "abcd",
            "acbd",
            "é",
            "éa",
            "aé",
            "logistics",
            "logistcs",
            "logisticss",
        ];
        for (a, b) in words.iter().flat_map(|a| words.iter().map(move |b| (a, b))) {
            assert_eq!(is_one_apart(a, b), strsim::levenshtein(a, b) == 1, "{a} {b}");
        }
    }

    #[test]
    fn legal_forms_of_many_countries_are_known_however_they_are_written() {
        let check = |name: &str, expect: &str| assert_eq!(classes(name), expect, "{name}");
        check("Inc.", "inc");
        check("Incorporated", "inc");
        check("GmbH & Co. KG", "gmbhcokg");
        check("AG & Co. KGaA", "kgaa");
        check("S.A.", "sa");
        check("S/A", "sa");
        check("S.p.A.", "spa");
        check("S.r.l.", "srl");
        check("S.A. de C.V.", "sadecv");
        check("S. de R.L. de C.V.", "srldecv");
        check("Sp. z o.o.", "spzoo");
        check("Sp.z.o.o.", "spzoo");
        check("spol. s r.o.", "sro");
        check("A.Ş.", "as");
        check("Ltd. Şti.", "ltdsti");
        check("Co.,Ltd.", "co ltd");
        check("(Pty) Ltd", "ptyltd");
        check("Pte. Ltd.", "pteltd");
        check("Sdn Bhd", "bhd");
        check("Kabushiki Kaisha", "kk");
        check("Gesellschaft mit beschränkter Haftung", "gmbh");
        check("PT Tbk", "pt pt");
        check("Nyrt.", "zrt");
        check("d.o.o.", "doo");
        check("B.V.", "bv");
        check("gGmbH", "ggmbh");
        check("Oyj", "oy");
        check("A/S", "as");
        let written: usize = FORMS.iter().map(|(_, phrases)| phrases.split(',').count()).sum();
        assert!(written >= 150, "{written}");
    }

    #[test]
    fn other_words_are_known_by_what_they_say() {
        let check = |name: &str, expect: &str| assert_eq!(classes(name), expect, "{name}");
        check("The Group of Hong Kong", "- - - HK");
        check("IT Services", "firm firm");
        check("Software Europe", "task *");
        check("Federal Credit Union", "a credit union");
        check("Zwiebel", "?");
    }

    #[test]
    fn a_long_word_may_have_one_letter_wrong() {
        let check = |word: &str, expect: Option<Class>| assert_eq!(LEXICON.misspelt(word), expect, "{word}");
        check("logistcs", Some(Class::Task));
        check("developement", Some(Class::Task));
        check("lreland", Some(Class::Place("IE")));
        check("bonk", None);
        check("healthineers", None);
    }

    #[test]
    fn a_country_is_known_by_name_and_by_letters() {
        let check = |name: &str, expect: Option<&str>| assert_eq!(LEXICON.country(name).as_deref(), expect, "{name}");
        check("Switzerland", Some("CH"));
        check("United States", Some("US"));
        check("de", Some("DE"));
        check("Deutschland", Some("DE"));
        check("Atlantis", None);
        check("Europe", None);
    }
}
