//! YAML as a tree in which everything knows its place.
//!
//! `serde-saphyr` parses; a tree instead of typed structs, because a typed parse stops at the first mistake and we report
//! them all.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_saphyr::{Location, Spanned, Tagged};

use crate::compile::{
    code,
    diagnostic::{Diagnostics, Span},
    source::Source,
    syntax,
};

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) value: Value,
}

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float,
    Text(String),
    List(Vec<Node>),
    Table(Vec<(Word, Node)>),
}

/// A text and its place.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) span: Span,
}

impl Node {
    /// The place of its first letter: of a table, that of its first key.
    pub(super) fn start(&self) -> Span {
        match &self.value {
            Value::Table(entries) => entries.first().map_or(self.span, |(key, _)| key.span),
            _ => self.span,
        }
    }
}

impl Value {
    /// What it is called in a message.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "a whole number",
            Self::Float => "a decimal number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Table(_) => "keys and values",
        }
    }
}

/// The tree of a YAML file, or `None` when it is none; that is reported.
pub(super) fn parse(source: Source<'_>, log: &mut Diagnostics) -> Option<Node> {
    // By YAML 1.2 `yes`, `no` and `n` are words.
    let options = serde_saphyr::options! { strict_booleans: true };
    match serde_saphyr::from_str_with_options::<Written>(source.text, options) {
        Ok(written) => {
            let errors = log.error_count();
            let node = place(written, source, log);
            (log.error_count() == errors).then_some(node)
        }
        Err(error) => {
            let location = error.location().unwrap_or(Location::UNKNOWN);
            let span = span_of(location, source);
            let text = error.without_snippet().to_string();
            // The place is drawn below the message: saying it twice, and options of a library, help nobody.
            let text = text.split(" at line ").next().unwrap_or_default();
            let text = text.split(", set DuplicateKeyPolicy").next().unwrap_or_default();
            let text = text.split("; use from_str_multiple").next().unwrap_or_default();
            syntax::report(text, span, source, log);
            None
        }
    }
}

fn place(written: Written, source: Source<'_>, log: &mut Diagnostics) -> Node {
    let span = span_of(written.defined, source);
    let Tagged(raw, tag) = written.value;
    if tag.is_some_and(|tag| !tag.starts_with(YAML_TAGS)) {
        report_tag(span, source, log);
    }
    let value = match raw {
        Raw::Null => Value::Null,
        Raw::Bool(value) => Value::Bool(value),
        Raw::Int(value) => Value::Int(value),
        Raw::Float => Value::Float,
        Raw::Text(text) => Value::Text(text),
        Raw::List(items) => Value::List(items.into_iter().map(|item| place(item, source, log)).collect()),
        Raw::Table(entries) => Value::Table(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let span = span_of(key.defined, source);
                    (Word { text: key.value, span }, place(value, source, log))
                })
                .collect(),
        ),
    };
    Node { span, value }
}

/// A tag of one's own says of which type a value is, and is no part of it: of a rule `!account.known` nothing would be left.
fn report_tag(value: Span, source: Source<'_>, log: &mut Diagnostics) {
    let before = source.text.get(..value.start).unwrap_or("").trim_end();
    let word = before.rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let start = before.get(word..).and_then(|word| word.find('!')).map_or(value.start, |mark| word + mark);
    log.error(code::S003, Span { start, ..value }, syntax::TAG.0.to_owned()).help(syntax::TAG.1);
}

fn span_of(location: Location, source: Source<'_>) -> Span {
    let number = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok());
    let span = location.span();
    let start = number(span.byte_offset()).unwrap_or_else(|| offset_of(location, source.text)).min(source.text.len());
    let end = start.saturating_add(number(span.byte_len()).unwrap_or(0)).min(source.text.len());
    Span { file: source.file, start, end }
}

/// The byte of a line and column; some syntax errors know no more.
fn offset_of(location: Location, text: &str) -> usize {
    let line = usize::try_from(location.line()).unwrap_or(usize::MAX).saturating_sub(1);
    let column = usize::try_from(location.column()).unwrap_or(usize::MAX).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    start + rest.chars().take(column).take_while(|c| *c != '\n').map(char::len_utf8).sum::<usize>()
}

/// What YAML's own tags begin with; `!!str` says what the value is without it.
const YAML_TAGS: &str = "tag:yaml.org,2002:";

/// What serde reads: a value, its tag and its place.
type Written = Spanned<Tagged<Raw>>;

enum Raw {
    Null,
    Bool(bool),
    Int(i64),
    Float,
    Text(String),
    List(Vec<Written>),
    Table(Vec<(Spanned<String>, Written)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(i64::try_from(value).map_or(Raw::Float, Raw::Int))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Float)
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut table = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            table.push(entry);
        }
        Ok(Raw::Table(table))
    }
}
