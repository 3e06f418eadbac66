//! The names of accounts, so that those in a holder's name are found without going through the accounts.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    Target,
    judge::Rest,
    lexicon::{Class, LEXICON},
    similar::Similar,
    text::{Umlaut, words},
};

/// A name of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// Position of the account.
    pub(super) target: usize,
    /// As the account states it.
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) strength: Strength,
    /// As it is compared.
    pub(super) words: Vec<String>,
    /// The legal forms of the account's full name.
    pub(super) forms: Vec<&'static str>,
    /// What the account does, where its full name says that behind this name: "electronics" of "Samsung".
    pub(super) rest: Option<String>,
    /// Whether the form belongs to the name, which without it is also another company's: "Merck KGaA".
    pub(super) needs_form: bool,
}

/// Whose name it is. The nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The account's own.
    Own,
    /// A part of the account's own: "Delta" of Delta Air Lines.
    Part,
    Alias,
    Subsidiary,
    Former,
}

/// How much a name says. What says less is believed less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// One word that many bear: "Delta".
    Common,
    /// Up to three letters: "UBS".
    Short,
    /// Common words that few put together: "Home Depot".
    Plain,
    /// A word that is nobody else's: "Novartis".
    Distinctive,
    /// Such a word, and a database shows it.
    Proven,
}

/// In which names of a database the names of accounts stand.
#[derive(Default)]
pub(super) struct Census {
    /// The organisations in whose names there is one.
    known: HashSet<String>,
    /// By the letters of the account's name.
    counts: HashMap<String, Count>,
}

/// In how many names a name stands.
#[derive(Default)]
struct Count {
    seen: usize,
    /// With nothing beside it but what a company of the account may have there.
    explained: usize,
    /// The same, and what a large group may have.
    usual: usize,
    /// Positions of the accounts whose own name a database has: else the others may be another company's.
    owners: HashSet<usize>,
}

/// A name of an account in a holder's name: the words from `start` to before `end`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) key: &'a Key,
}

/// All names of all accounts, by their letters without spaces: so "JPMorgan" is "JP Morgan".
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    keys: HashMap<String, Vec<Key>>,
    longest: usize,
    /// The letters of names that are nobody else's.
    similar: Similar,
}

impl Index {
    pub(super) fn new(targets: &[Target]) -> Self {
        let mut index = Self::default();
        for (position, target) in targets.iter().enumerate() {
            index.add_target(position, target);
        }
        let is_rare = |keys: &[Key]| keys.iter().any(|key| key.strength == Strength::Distinctive);
        index.keys.iter().filter(|(_, keys)| is_rare(keys)).for_each(|(letters, _)| index.similar.add(letters));
        index
    }

    fn add_target(&mut self, position: usize, target: &Target) {
        let forms = Stem::new(&target.name, Umlaut::Short).forms;
        for umlaut in [Umlaut::Short, Umlaut::Long] {
            let own = Stem::new(&target.name, umlaut);
            let mut add = |name: &str, kind: Kind| {
                let stem = Stem::new(name, umlaut);
                let is_part = kind == Kind::Own && stem.words != own.words;
                let kind = if is_part { Kind::Part } else { kind };
                let needs_form = kind == Kind::Own && target.short_name.as_ref().is_some_and(|short| bears_form(short));
                for words in stem.variants() {
                    let strength = Strength::of(&words);
                    let key = Key {
                        target: position,
                        name: name.to_owned(),
                        kind,
                        strength,
                        words: words.clone(),
                        forms: forms.clone(),
                        needs_form,
                        rest: own.behind(&words).filter(|_| kind == Kind::Part),
                    };
                    self.insert(words.concat(), key);
                }
            };
            add(&target.name, Kind::Own);
            target.short_name.iter().for_each(|name| add(name, Kind::Own));
            target.aliases.iter().for_each(|name| add(name, Kind::Alias));
            target.subsidiaries.iter().for_each(|name| add(name, Kind::Subsidiary));
            target.former_names.iter().for_each(|name| add(name, Kind::Former));
        }
    }

    /// Believes those names more that a census shows to be one company's.
    pub(super) fn prove(&mut self, census: &Census) {
        for (letters, keys) in &mut self.keys {
            let Some(count) = census.counts.get(letters) else { continue };
            // A word of the dictionary that two accounts bear is not one company's: "Vertex".
            let is_one = keys.iter().all(|key| Some(key.target) == keys.first().map(|first| first.target));
            for key in keys.iter_mut().filter(|key| is_one || key.strength != Strength::Common) {
                key.strength = key.strength.proven(count, count.owners.contains(&key.target));
            }
        }
    }

    /// An account has a name once; where it has two uses, the nearest counts.
    fn insert(&mut self, letters: String, key: Key) {
        self.longest = self.longest.max(letters.len());
        let keys = self.keys.entry(letters).or_default();
        match keys.iter_mut().find(|known| known.target == key.target) {
            Some(known) if key.kind < known.kind => *known = key,
            Some(_) => {}
            None => keys.push(key),
        }
    }

    /// Counts the names of accounts in an organisation's name, unless that was counted.
    pub(super) fn count(&self, words: &[String], census: &mut Census) {
        let all = self.all_spans(words);
        if all.is_empty() || !census.known.insert(words.join(" ")) {
            return;
        }
        let letters_of = |span: &Span<'_>| words.get(span.start..span.end).unwrap_or_default().concat();
        let mut names: BTreeMap<String, Vec<Span<'_>>> = BTreeMap::new();
        for span in outermost(&all) {
            names.entry(letters_of(&span)).or_default().push(span);
        }
        for (letters, spans) in &names {
            let rest = Rest::new(words, spans);
            let count = census.counts.entry(letters.clone()).or_default();
            count.seen += 1;
            count.explained += usize::from(rest.is_explained());
            count.usual += usize::from(rest.is_usual());
            for whole in spans.iter().filter(|span| rest.is_own_name(span.key)) {
                // "Visa International Service Association", where that is Visa's, speaks of "Visa" too; "Vail Resorts" not of "Vail".
                let is_named = |span: &&Span<'_>| {
                    span.key.target == whole.key.target && (span.key.kind == Kind::Own || span.len() == whole.len())
                };
                for span in all.iter().filter(is_named) {
                    census.counts.entry(letters_of(span)).or_default().owners.insert(span.key.target);
                }
            }
        }
    }

    /// The names of accounts in these words, but for those inside a longer one.
    pub(super) fn spans(&self, words: &[String]) -> Vec<Span<'_>> {
        outermost(&self.all_spans(words))
    }

    /// The names that are nearly the whole of this one without its legal form.
    pub(super) fn similar(&self, name: &str) -> impl Iterator<Item = &Key> {
        let letters = Stem::new(name, Umlaut::Short).words.concat();
        self.similar.find(&letters).into_iter().filter_map(|known| self.keys.get(known)).flatten()
    }

    fn all_spans(&self, words: &[String]) -> Vec<Span<'_>> {
        /// With fewer letters, words may be joined to a name by chance: "en el" is not Enel.
        const JOINED_MIN: usize = 6;
        let mut spans: Vec<Span<'_>> = Vec::new();
        for start in 0..words.len() {
            let mut letters = String::new();
            for (offset, word) in words.iter().skip(start).enumerate() {
                letters.push_str(word);
                if letters.len() > self.longest {
                    break;
                }
                let end = start + offset + 1;
                let found = words.get(start..end).unwrap_or_default();
                let keys = self.keys.get(&letters).into_iter().flatten();
                let is_same = |key: &&Key| letters.len() >= JOINED_MIN || key.words == found;
                spans.extend(keys.filter(is_same).map(|key| Span { start, end, key }));
            }
        }
        spans
    }
}

/// Those that are not inside a longer one.
fn outermost<'a>(spans: &[Span<'a>]) -> Vec<Span<'a>> {
    let is_inside = |inner: &Span<'_>, outer: &Span<'_>| {
        outer.start <= inner.start && inner.end <= outer.end && outer.len() > inner.len()
    };
    spans.iter().filter(|inner| !spans.iter().any(|outer| is_inside(inner, outer))).copied().collect()
}

impl Key {
    /// How many letters its name has.
    pub(super) fn letters(&self) -> usize {
        self.words.iter().map(|word| word.chars().count()).sum()
    }

    pub(super) fn is_one_word(&self) -> bool {
        self.words.len() == 1
    }
}

impl Span<'_> {
    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }
}

impl Strength {
    /// What it is worth once a database has been counted; `has_own` says whether the account's own name is in it.
    fn proven(self, count: &Count, has_own: bool) -> Self {
        /// Of fewer names nothing can be said.
        const SEEN_MIN: usize = 3;
        /// So many companies only a large group names for itself, also where its own name is in no database.
        const GROUP_MIN: usize = 8;
        let (is_nobody_elses, is_most_often_one) =
            (count.explained * 4 >= count.seen * 3, count.usual * 2 >= count.seen);
        let is_group = count.seen >= GROUP_MIN && self != Self::Common;
        match self {
            _ if count.seen < SEEN_MIN || !has_own && !is_group => self,
            Self::Common | Self::Short if is_nobody_elses => Self::Plain,
            Self::Distinctive if is_most_often_one => Self::Proven,
            _ => self,
        }
    }

    fn of(words: &[String]) -> Self {
        let is_common = words.iter().all(|word| LEXICON.is_common(word));
        match words {
            [_] if is_common => Self::Common,
            _ if words.iter().filter(|word| *word != "and").map(|word| word.chars().count()).sum::<usize>() <= 3 => {
                Self::Short
            }
            _ if is_common => Self::Plain,
            _ => Self::Distinctive,
        }
    }
}

/// A name without its legal form.
struct Stem {
    words: Vec<String>,
    forms: Vec<&'static str>,
}

/// Words at the end of a group's name, which its companies leave out.
pub(super) const GROUP: [&str; 5] = ["group", "holding", "holdings", "groep", "groupe"];
/// Legal forms that stand before the name.
const LEADING: [&str; 9] = ["ab", "as", "pt", "ooo", "oao", "jsc", "llc", "uab", "ead"];

impl Stem {
    fn new(name: &str, umlaut: Umlaut) -> Self {
        let words = words(name, umlaut);
        let mut phrases = LEXICON.parse(&words);
        let mut forms = Vec::new();
        if let [(_, Some(Class::Form(form))), _, ..] = phrases.as_slice()
            && LEADING.contains(&form.id)
        {
            forms.push(form.id);
            phrases.remove(0);
        }
        if let [(the, Some(Class::Neutral)), _, ..] = phrases.as_slice()
            && the.concat() == "the"
        {
            phrases.remove(0);
        }
        while let [_, .., (_, Some(Class::Form(form)))] = phrases.as_slice() {
            // "& Co" says that there are others: it belongs to the name.
            let is_and = |phrase: &(&[String], Option<Class>)| phrase.0.concat() == "and";
            if phrases.len().checked_sub(2).and_then(|at| phrases.get(at)).is_some_and(is_and) {
                break;
            }
            forms.push(form.id);
            phrases.pop();
        }
        let words = phrases.iter().flat_map(|(phrase, _)| phrase.iter().cloned()).collect();
        Self { words, forms }
    }

    /// What follows `words` where they are the beginning of the name, and says what the company does: "Health", "Resorts".
    fn behind(&self, words: &[String]) -> Option<String> {
        let (phrase, class) = LEXICON.parse(self.words.strip_prefix(words)?).into_iter().next()?;
        let is_said = !matches!(class, Some(Class::Form(_) | Class::Place(_) | Class::Neutral | Class::Firm));
        is_said.then(|| phrase.join(" "))
    }

    /// The ways in which the name is written.
    fn variants(&self) -> Vec<Vec<String>> {
        let mut variants = vec![self.words.clone()];
        if let [first @ .., and, company] = self.words.as_slice()
            && and == "and"
            && ["co", "company"].contains(&company.as_str())
        {
            let other = if company == "co" { "company" } else { "co" };
            variants.push(first.iter().chain([and]).cloned().chain([other.to_owned()]).collect());
            if first.len() > 1 {
                variants.push(first.to_vec());
            }
        }
        // "Roche Holding" is also "Roche", but "Southern Holding" is not "Southern".
        let mut phrases = LEXICON.parse(&self.words);
        while let [_, .., (phrase, _)] = phrases.as_slice()
            && GROUP.contains(&phrase.concat().as_str())
        {
            phrases.pop();
        }
        let short: Vec<String> = phrases.iter().flat_map(|(phrase, _)| phrase.iter().cloned()).collect();
        if short.len() < self.words.len() && Strength::of(&short) >= Strength::Plain {
            variants.push(short);
        }
        variants.retain(|words| !words.is_empty());
        variants
    }
}

/// Whether a name ends in a legal form.
fn bears_form(name: &str) -> bool {
    !Stem::new(name, Umlaut::Short).forms.is_empty()
}
