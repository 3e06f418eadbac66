//! Reads the keys of a YAML table, and reports each that is missing, unknown or of the wrong type.

use std::ops::RangeInclusive;

use crate::{
    compile::{
        code,
        diagnostic::{Diagnostics, Span},
        source::Source,
        suggest,
        yaml::{Node, Value, Word},
    },
    limit::{NAME_CHAR_MAX, STRING_BYTE_MAX},
    model::Text,
};

/// What is written in the place of something else.
const EXAMPLES: [(&str, &str); 7] = [
    ("a schedule", "{ from: 2026-01-01, until: 2026-02-01 }"),
    ("a slot", "{ selector: h1 }"),
    ("a slot's content", "{ text: \"Hello\" }"),
    ("a test", "{ unit: account, holdout_percent: 10 }"),
    ("an image", "{ src: /images/plant.svg, alt: \"A rolling mill\" }"),
    ("a list of creatives", "- { name: box, size: 300x250, ... }"),
    ("a list of variants", "- name: one"),
];

/// What to do about a comment in the place of a value.
const UNCOMMENTED: &str =
    "put a text that begins with `#` in quotes, such as `\"#body\"`; a comment that is one goes on a line above";

/// A table whose keys are taken out one by one.
pub(super) struct Table<'a> {
    source: Source<'a>,
    /// Where it stands, for keys that are missing.
    span: Span,
    what: &'static str,
    entries: Vec<(Word, Node)>,
    asked: Vec<&'static str>,
    missed: Vec<Missed>,
    /// The keys that were asked for and have nothing but a comment behind them.
    commented: Vec<Word>,
}

/// A key that is not there. Whether that is said is decided at the end: where a key is misspelt, that is the mistake.
struct Missed {
    key: &'static str,
    span: Span,
    message: String,
    help: Option<&'static str>,
}

impl<'a> Table<'a> {
    /// The table that `node` is; `what` names it in messages ("an experience").
    pub(super) fn new(node: Node, what: &'static str, source: Source<'a>, log: &mut Diagnostics) -> Option<Self> {
        match node.value {
            Value::Table(entries) => {
                // A table's own place is its first byte: point at its first key.
                let span = entries.first().map_or(node.span, |(key, _)| key.span);
                Some(Self { source, span, what, entries, asked: Vec::new(), missed: Vec::new(), commented: Vec::new() })
            }
            // Of an empty file, the place is behind its last comment.
            Value::Null if node.span.start == source.text.len() => {
                wrong_type(what, &Value::Null, Span { start: 0, end: 0, ..node.span }, log);
                None
            }
            value => {
                wrong_type(what, &value, node.span, log);
                None
            }
        }
    }

    /// The value of `key`, if it is there. An empty value counts as none.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Node> {
        self.take_or_null(key).filter(|node| !matches!(node.value, Value::Null))
    }

    /// The same where an empty value says something too.
    pub(super) fn take_or_null(&mut self, key: &'static str) -> Option<Node> {
        self.asked.push(key);
        let index = self.entries.iter().position(|(known, _)| known.text == key)?;
        let (word, node) = self.entries.remove(index);
        if matches!(node.value, Value::Null) && is_commented(&word, self.source) {
            self.commented.push(word);
        }
        Some(node)
    }

    /// Where the value of `key` stands, if it is there.
    pub(super) fn place(&self, key: &str) -> Option<Span> {
        self.entries.iter().find(|(known, _)| known.text == key).map(|(known, _)| known.span)
    }

    /// The value of `key`, which must be there.
    pub(super) fn require(&mut self, key: &'static str) -> Option<Node> {
        let place = self.place(key);
        let node = self.take(key);
        match place {
            _ if node.is_some() => {}
            Some(place) => self.miss(key, place, format!("`{key}` has no value"), None),
            None => self.miss(key, self.span, format!("{} needs the key `{key}`", self.what), None),
        }
        node
    }

    /// Notes that `key` is not there and must be.
    pub(super) fn miss(&mut self, key: &'static str, span: Span, message: String, help: Option<&'static str>) {
        self.missed.push(Missed { key, span, message, help });
    }

    pub(super) fn text(&mut self, key: &'static str, log: &mut Diagnostics) -> Option<Word> {
        let node = self.require(key)?;
        text(node, self.source, log)
    }

    pub(super) fn optional_text(&mut self, key: &'static str, log: &mut Diagnostics) -> Option<Word> {
        let node = self.take(key)?;
        text(node, self.source, log)
    }

    /// A name of the site: `[a-z0-9-]`, 1 to 64 characters.
    pub(super) fn name(&mut self, log: &mut Diagnostics) -> Option<Word> {
        let word = self.text("name", log)?;
        check_name(&word, log).then_some(word)
    }

    /// A whole number in `range`, or `default` when the key is not there.
    pub(super) fn int(
        &mut self,
        key: &'static str,
        range: RangeInclusive<i64>,
        default: i64,
        log: &mut Diagnostics,
    ) -> i64 {
        let node = self.take(key);
        node.and_then(|node| self.whole(key, &node, range, log)).unwrap_or(default)
    }

    /// A whole number in `range` that must be there; 0 where there was an error.
    pub(super) fn require_int(&mut self, key: &'static str, range: RangeInclusive<i64>, log: &mut Diagnostics) -> i64 {
        let node = self.require(key);
        node.and_then(|node| self.whole(key, &node, range, log)).unwrap_or(0)
    }

    pub(super) fn whole(
        &self,
        key: &str,
        node: &Node,
        range: RangeInclusive<i64>,
        log: &mut Diagnostics,
    ) -> Option<i64> {
        let (start, end) = (range.start(), range.end());
        match &node.value {
            Value::Int(value) if range.contains(value) => return Some(*value),
            Value::Int(value) => {
                log.error(code::S006, node.span, format!("`{key}` is {value}; expected {start} to {end}"));
            }
            Value::Text(_) | Value::Float => {
                let written = self.source.slice(node.span);
                let expected = format!("`{key}` is `{written}`; expected a whole number, {start} to {end}");
                log.error(code::S012, node.span, expected)
                    .maybe_help(suggest::number(written).map(|number| format!("write `{number}`")));
            }
            value => wrong_type("a whole number", value, node.span, log),
        }
        None
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, key: &'static str, log: &mut Diagnostics) -> Option<bool> {
        let node = self.take(key)?;
        match node.value {
            Value::Bool(value) => Some(value),
            value => {
                wrong_type("`true` or `false`", &value, node.span, log);
                None
            }
        }
    }

    /// The items of a list; of a single value, that one.
    pub(super) fn items(&mut self, key: &'static str) -> Vec<Node> {
        match self.take(key) {
            Some(Node { value: Value::List(items), .. }) => items,
            Some(node) => vec![node],
            None => Vec::new(),
        }
    }

    /// The items of a list that must be there and not be empty; `empty` says so when it is.
    pub(super) fn list(&mut self, key: &'static str, what: &str, empty: &str, log: &mut Diagnostics) -> Vec<Node> {
        let (items, span) = match self.require(key) {
            Some(Node { value: Value::List(items), span }) => (items, span),
            Some(node) => {
                wrong_type(what, &node.value, node.span, log);
                return Vec::new();
            }
            None => return Vec::new(),
        };
        if items.is_empty() {
            log.error(code::C002, span, empty.to_owned());
        }
        items
    }

    /// A list of texts, or a single one; `None` when there are none. What is no text is reported and left out.
    pub(super) fn texts(&mut self, key: &'static str, log: &mut Diagnostics) -> Option<Vec<Word>> {
        let items = Some(self.items(key)).filter(|items| !items.is_empty())?;
        Some(items.into_iter().filter_map(|item| text(item, self.source, log)).collect())
    }

    /// A condition. YAML reads `true` as a boolean; here it is the condition that always holds.
    pub(super) fn condition(&mut self, key: &'static str, log: &mut Diagnostics) -> Option<Word> {
        let node = self.require(key)?;
        condition(node, self.source, log)
    }

    /// The entries of a table of names, each used once (YAML sees to that); `None` when it is no table. A name that is none
    /// is reported and stays, so that the rest can be checked with it.
    pub(super) fn named(&mut self, key: &'static str, log: &mut Diagnostics) -> Option<Vec<(Word, Node)>> {
        let entries = self.entries(key, log)?;
        for (name, _) in &entries {
            check_name(name, log);
        }
        Some(entries)
    }

    /// The entries of the table under `key`, none when the key is not there; `None` when it is no table.
    pub(super) fn entries(&mut self, key: &'static str, log: &mut Diagnostics) -> Option<Vec<(Word, Node)>> {
        match self.take(key) {
            Some(Node { value: Value::Table(entries), .. }) => Some(entries),
            Some(node) => {
                wrong_type("names and what they mean", &node.value, node.span, log);
                None
            }
            None => Some(Vec::new()),
        }
    }

    /// The table under `key`, if it is there.
    pub(super) fn table(&mut self, key: &'static str, what: &'static str, log: &mut Diagnostics) -> Option<Self> {
        let node = self.take(key)?;
        Self::new(node, what, self.source, log)
    }

    /// What nobody has taken yet.
    pub(super) fn left(&self) -> impl Iterator<Item = &(Word, Node)> {
        self.entries.iter()
    }

    /// All that is left, whatever the keys.
    pub(super) fn rest(self) -> Vec<(Word, Node)> {
        self.entries
    }

    /// The file it stands in.
    pub(super) fn source(&self) -> Source<'a> {
        self.source
    }

    /// What it is called in messages.
    pub(super) fn what(&self) -> &'static str {
        self.what
    }

    /// Where it stands.
    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// Reports the keys that nobody asked for and those that are missing.
    pub(super) fn finish(mut self, log: &mut Diagnostics) {
        for (key, _) in &self.entries {
            let meant = suggest::nearest(&key.text, self.asked.iter().copied());
            self.missed.retain(|missed| Some(missed.key) != meant);
            let help = meant.map(|known| format!("did you mean `{known}`?"));
            let known = suggest::listing(self.asked.iter().copied());
            log.error(code::S010, key.span, format!("unknown key `{}` in {}", key.text, self.what))
                .help(format!("expected one of {known}"))
                .maybe_help(help);
        }
        for key in self.commented.iter().filter(|key| self.missed.iter().all(|missed| missed.key != key.text)) {
            log.warning(
                code::S016,
                key.span,
                format!("`{}` has no value: what stands behind it is a comment", key.text),
            )
            .help(UNCOMMENTED);
        }
        for missed in self.missed {
            let is_commented = self.commented.iter().any(|key| key.text == missed.key);
            log.error(code::S011, missed.span, missed.message)
                .maybe_help(missed.help.map(str::to_owned))
                .maybe_help(is_commented.then(|| UNCOMMENTED.to_owned()));
        }
    }
}

/// Whether nothing but a comment stands behind a key in its line.
fn is_commented(key: &Word, source: Source<'_>) -> bool {
    let rest = source.text.get(key.span.end..).and_then(|rest| rest.lines().next()).unwrap_or("");
    rest.trim_start_matches([':', '"', '\'']).trim_start().starts_with('#')
}

/// The text of a scalar. A number counts as the text it was written as; `true`, `false` and nothing do not, because YAML
/// reads them as something that the author may not have meant.
pub(super) fn text(node: Node, source: Source<'_>, log: &mut Diagnostics) -> Option<Word> {
    let span = node.span;
    match node.value {
        Value::Text(text) if text.len() > STRING_BYTE_MAX => {
            let message = format!("the text has {} bytes; at most {STRING_BYTE_MAX} fit", text.len());
            log.error(code::S009, Span { end: span.start, ..span }, message);
            None
        }
        Value::Text(text) => Some(Word { text, span }),
        Value::Int(_) | Value::Float => Some(Word { text: source.slice(span).to_owned(), span }),
        value => {
            wrong_type("text", &value, span, log);
            None
        }
    }
}

/// The text of a condition, see [`Table::condition`].
pub(super) fn condition(node: Node, source: Source<'_>, log: &mut Diagnostics) -> Option<Word> {
    match node.value {
        Value::Bool(_) => Some(Word { text: source.slice(node.span).to_owned(), span: node.span }),
        _ => text(node, source, log),
    }
}

pub(super) fn wrong_type(expected: &str, found: &Value, span: Span, log: &mut Diagnostics) {
    let example = EXAMPLES.iter().find(|(known, _)| *known == expected);
    let help = match (expected, found) {
        ("text", Value::Bool(_)) => Some("put it in quotes to make it text".to_owned()),
        _ => example.map(|(_, example)| format!("write `{example}`")),
    };
    log.error(code::S012, span, format!("expected {expected}, found {}", found.kind())).maybe_help(help);
}

/// Whether `word` can be a name; if not, that is reported.
pub(super) fn check_name(word: &Word, log: &mut Diagnostics) -> bool {
    let is_name = is_name(&word.text);
    if !is_name {
        log.error(code::S005, word.span, format!("`{}` is not a name", word.text))
            .help(format!("a name has 1 to {NAME_CHAR_MAX} characters: lower-case letters a to z, digits and `-`"))
            .maybe_help(suggest::name(&word.text).map(|name| suggest::question(&name)));
    }
    is_name
}

/// Whether `text` can be a name.
pub(super) fn is_name(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=NAME_CHAR_MAX).contains(&text.len()) && text.bytes().all(is_allowed)
}

/// Reports names that stand twice, at the later place.
pub(super) fn check_unique<'a>(what: &str, words: impl Iterator<Item = &'a Word>, log: &mut Diagnostics) {
    let mut seen: std::collections::BTreeMap<&str, Span> = std::collections::BTreeMap::new();
    for word in words {
        match seen.get(word.text.as_str()) {
            Some(first) => {
                log.error(code::S004, word.span, format!("there is another {what} `{}`", word.text))
                    .related(*first, "the first");
            }
            None => {
                seen.insert(&word.text, word.span);
            }
        }
    }
}

impl Word {
    /// Its first byte: a very long text is not drawn whole.
    pub(super) fn start(&self) -> Span {
        Span { end: self.span.start, ..self.span }
    }

    /// The text, shared.
    pub(super) fn shared(&self) -> Text {
        self.text.as_str().into()
    }
}
