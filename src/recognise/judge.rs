//! What stands beside an account's name in a holder's, and whether the holder is the account all the same.

use super::{
    index::{GROUP, Key, Kind, Span, Strength},
    lexicon::{Class, Form, LEXICON, REGION, TOWN},
};

/// What a holder's name says beside an account's.
#[derive(Default)]
pub(super) struct Rest<'a> {
    words: &'a [String],
    forms: Vec<(&'static Form, String)>,
    /// Countries that it names.
    countries: Vec<&'static str>,
    /// Words for where the company is and what it does, in their order.
    company: Vec<String>,
    /// Whether one of them says what it does.
    has_task: bool,
    /// Whether it says "& Co": the name may be another family's.
    has_partners: bool,
    /// Whether it says of which place it is.
    is_of_place: bool,
    /// A word that says that it provides connections.
    provider: Option<String>,
    /// What it is instead of the account, and by which word.
    stranger: Option<(&'static str, String)>,
    /// A word of which nothing is known.
    unknown: Option<String>,
    /// Whether more than a task stands before the account's name.
    is_before: bool,
    /// Whether it says that it is a group: "The Root Group, Inc." is not Root, Inc.
    is_group: bool,
    /// A direction that stands there: "East Penn" is a name of its own.
    direction: Option<String>,
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Judgement {
    /// It is the account: how sure, and the words that say which part of it.
    Is(u8, Vec<String>),
    /// It may be; why that is not safe.
    Near(String),
    /// The name is in it by chance.
    Not,
}

/// Of a company of a group that is named for its country, its division or its task.
const COMPANY: u8 = 80;
/// Of one that does something else than the account's full name says: "Toyota Bank" is Toyota Motor's, "Samsung Life" is not Samsung
/// Electronics'.
const SISTER: u8 = 60;
/// What is named "BMW of Austin".
const DEALER: &str = "a dealer or a licensee";
/// Behind a company's name they say where it is.
const DIRECTIONS: [&str; 10] =
    ["north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest", "midwest"];

impl<'a> Rest<'a> {
    /// What `words` say outside `spans`.
    pub(super) fn new(words: &'a [String], spans: &[Span<'_>]) -> Self {
        let mut rest = Self { words, ..Self::default() };
        let mut at = 0;
        for span in spans {
            rest.read(at, span.start, at == 0);
            at = at.max(span.end);
        }
        rest.read(at, words.len(), false);
        rest
    }

    fn read(&mut self, start: usize, end: usize, is_before: bool) {
        let words = self.words.get(start..end).unwrap_or_default();
        let mut before = String::new();
        for (phrase, class) in LEXICON.parse(words) {
            let text = phrase.join(" ");
            self.has_partners |= before == "and" && matches!(class, Some(Class::Form(form)) if form.id == "co");
            self.is_of_place |= ["of", "for"].contains(&before.as_str()) && matches!(class, Some(Class::Place(_)));
            if before == "of" && class == Some(Class::Place(TOWN)) {
                self.stranger = Some((DEALER, format!("of {text}")));
            }
            before.clone_from(&text);
            let class = class.or_else(|| LEXICON.misspelt(&text)).or(is_initial(&text).then_some(Class::Neutral));
            // "Banco Santander" is usual, "Portland General Electric" is not General Electric.
            self.is_before |= is_before && !matches!(class, Some(Class::Form(_) | Class::Neutral | Class::Task));
            self.is_group |= class == Some(Class::Neutral) && GROUP.contains(&text.as_str());
            if is_before && DIRECTIONS.contains(&text.as_str()) {
                self.direction = Some(text.clone());
            }
            match class {
                Some(Class::Form(form)) => self.forms.push((form, text)),
                Some(Class::Neutral) => {}
                Some(Class::Place(country)) => {
                    self.countries.push(country);
                    self.company.push(text);
                }
                Some(Class::Firm) => self.company.push(text),
                Some(Class::Task) => {
                    self.has_task = true;
                    self.company.push(text);
                }
                Some(Class::Provider) => {
                    self.company.push(text.clone());
                    self.provider = self.provider.take().or(Some(text));
                }
                Some(Class::Stranger(what)) => self.stranger = self.stranger.take().or(Some((what, text))),
                None => self.unknown = self.unknown.take().or(Some(text)),
            }
        }
    }

    /// The countries that are named.
    pub(super) fn countries(&self) -> &[&'static str] {
        &self.countries
    }

    /// Whether it bears one of the account's own legal forms.
    pub(super) fn bears_form_of(&self, key: &Key) -> bool {
        self.forms.iter().any(|(form, _)| key.forms.contains(&form.id))
    }

    /// Whether the holder is the account of `key`, which is at home in `country`.
    pub(super) fn judge(&self, key: &Key, country: Option<&str>) -> Judgement {
        if let Some(doubt) = self.doubt(key) {
            return doubt;
        }
        if key.needs_form && !self.bears_form_of(key) {
            return Judgement::Near(format!("`{}` without its legal form is also another company's", key.name));
        }
        let is_home = self.bears_form_of(key) || self.forms.iter().all(|(form, _)| form.is_of(country));
        if let Some(form) = self.forms.first().filter(|_| !is_home && self.company.is_empty())
            && key.strength < Strength::Distinctive
        {
            return Judgement::Near(format!("`{}` is a legal form of another country", form.1));
        }
        if let Some(form) = self.forms.first().filter(|_| !is_home && !self.is_as_written(key)) {
            return Judgement::Near(format!(
                "it is written otherwise than `{}`, and `{}` is of another country",
                key.name, form.1
            ));
        }
        let does_else = |task: &String| self.has_task && !self.company.contains(task);
        let most = match key.rest.as_ref() {
            Some(task) if does_else(task) => SISTER,
            _ if self.company.is_empty() && is_home => u8::MAX,
            _ => COMPANY,
        };
        Judgement::Is(key.kind.confidence().min(most), self.company.clone())
    }

    /// Whether nothing stands beside the account's name but what a company of the account may have there.
    pub(super) fn is_explained(&self) -> bool {
        self.is_usual() && self.provider.is_none()
    }

    /// The same, were the account's name nobody else's.
    pub(super) fn is_usual(&self) -> bool {
        self.unknown.is_none() && self.stranger.is_none()
    }

    /// Whether it is the account's own name: a full one, or with the account's legal form and nothing else beside it.
    pub(super) fn is_own_name(&self, key: &Key) -> bool {
        let is_full = key.kind != Kind::Part && !key.is_one_word();
        let has_no_form = key.forms.is_empty() && key.strength == Strength::Distinctive;
        self.is_bare(key) && self.is_usual() && (is_full || has_no_form || self.bears_form_of(key))
    }

    /// Whether the words of the account's name are set apart where the account does it: "Logi-Tech" is another than "Logitech".
    fn is_as_written(&self, key: &Key) -> bool {
        self.words.windows(key.words.len().max(1)).any(|words| words == key.words)
    }

    /// Whether nothing stands beside the account's name but legal forms and, where it is a rare one, that it is a group.
    fn is_bare(&self, key: &Key) -> bool {
        self.company.is_empty() && !(self.is_group && key.strength == Strength::Common)
    }

    /// Whether a name of a few letters can be believed: with its own legal form, alone, or with a place. Two letters need more
    /// than three.
    fn is_safe_for_short(&self, key: &Key) -> bool {
        let is_in_country = self.countries.iter().any(|country| ![REGION, TOWN].contains(country));
        match key.letters() {
            _ if self.bears_form_of(key) => true,
            0..=2 => is_in_country && !self.has_task,
            _ => self.company.is_empty() || !self.countries.is_empty(),
        }
    }

    /// What speaks against it, by how much the account's name says.
    fn doubt(&self, key: &Key) -> Option<Judgement> {
        let near = |reason: String| Some(Judgement::Near(reason));
        let is_weak = matches!(key.strength, Strength::Common | Strength::Short);
        if !self.is_explained() && (is_weak || key.strength == Strength::Plain && self.is_before) {
            return Some(Judgement::Not);
        }
        if let Some((what, word)) = &self.stranger {
            return near(format!("`{word}` says that it is {what}"));
        }
        if let Some(word) = &self.unknown {
            return near(format!("nothing is known of `{word}` in its name"));
        }
        if let Some(word) = self.provider.as_ref().filter(|_| key.strength < Strength::Proven) {
            return near(format!("`{word}` says that it may be a provider of connections"));
        }
        if self.has_partners && key.is_one_word() {
            return near(format!("`{}` with partners may be another family's", key.name));
        }
        if self.is_of_place && key.strength == Strength::Plain {
            return near(format!("other places may have a `{}`", key.name));
        }
        if self.is_before && key.strength < Strength::Distinctive {
            return near(format!("other words stand before `{}`", key.name));
        }
        if let Some(direction) = &self.direction {
            return near(format!("`{direction}` before `{}` may make another name of it", key.name));
        }
        match key.strength {
            Strength::Common if key.kind == Kind::Part || !self.is_bare(key) || !self.bears_form_of(key) => {
                near(format!("`{}` is a word that many bear as their name", key.name))
            }
            Strength::Short if !self.is_safe_for_short(key) => {
                near(format!("`{}` is short, and others may have it", key.name))
            }
            _ => None,
        }
    }
}

/// Whether it is the first letter of a name: a digit says that there are others.
fn is_initial(text: &str) -> bool {
    text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

impl Kind {
    /// How sure a name of this kind is.
    pub(super) fn confidence(self) -> u8 {
        match self {
            Self::Own | Self::Part => 90,
            Self::Alias | Self::Subsidiary => 70,
            Self::Former => 60,
        }
    }
}
