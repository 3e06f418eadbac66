//! A visit in YAML, as tests hold it: the same keys as a visit in JSON, and every mistake at its place.

use std::{fmt::Display, net::IpAddr};

use serde::{
    Deserialize, Deserializer,
    de::{
        self, IntoDeserializer,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};

use crate::{
    compile::{
        code,
        diagnostic::{Diagnostics, Span},
        suggest,
        table::{Table, wrong_type},
        window::instant,
        yaml::{Node, Value, Word},
    },
    model::Visit,
};

/// The visit that a table spells; `None` when it has a mistake, which is reported. The time may be a date.
pub(super) fn read(mut table: Table<'_>, log: &mut Diagnostics) -> Option<Visit> {
    let errors = log.error_count();
    let now = table.take("now").and_then(|node| read_now(node, log));
    check_address(&table, log);
    let span = table.span();
    let words = texts_of(&table);
    let rest = Node { span, value: Value::Table(table.rest()) };
    match Visit::deserialize(Reading(rest)) {
        Ok(visit) => {
            check_words(&visit, &words, log);
            (log.error_count() == errors).then_some(Visit { now, ..visit })
        }
        Err(problem) => {
            let (message, help) = problem.words();
            log.error(code::S012, problem.span.unwrap_or(span), message).maybe_help(help);
            None
        }
    }
}

/// Unix seconds, or a date.
fn read_now(node: Node, log: &mut Diagnostics) -> Option<i64> {
    match node.value {
        Value::Int(seconds) => Some(seconds),
        Value::Text(text) => instant(&Word { text, span: node.span }, log),
        value => {
            wrong_type("a date or Unix seconds", &value, node.span, log);
            None
        }
    }
}

/// Reports an address that is none: a test with it would be one of a stranger.
fn check_address(table: &Table<'_>, log: &mut Diagnostics) {
    let ip = table.left().find(|(key, _)| key.text == "ip").map(|(_, node)| node);
    if let Some(Node { span, value: Value::Text(text) }) = ip
        && text.parse::<IpAddr>().is_err()
    {
        log.error(code::S013, *span, format!("`{text}` is not an address"))
            .help("write an address without a length, such as `192.0.2.1` or `2001:db8::1`");
    }
}

/// Where the texts of the visitor stand, by their keys.
fn texts_of(table: &Table<'_>) -> Vec<(String, Span)> {
    let visitor = table.left().find(|(key, _)| key.text == "visitor").map(|(_, node)| &node.value);
    let Some(Value::Table(entries)) = visitor else { return Vec::new() };
    entries.iter().map(|(key, node)| (key.text.clone(), node.span)).collect()
}

/// Reports what a visit never says: a misspelt role would make a test of somebody else.
fn check_words(visit: &Visit, places: &[(String, Span)], log: &mut Diagnostics) {
    for (key, value, known) in visit.visitor.strange_words() {
        let Some((_, span)) = places.iter().find(|(place, _)| place == key) else { continue };
        log.error(code::S013, *span, format!("`{value}` is not a {key}"))
            .help(format!("expected one of {}", suggest::listing(known.iter().copied())))
            .maybe_help(suggest::nearest(value, known.iter().copied()).map(suggest::question));
    }
}

/// A node as `serde` reads it.
struct Reading(Node);

/// What `serde` had to say, and where.
#[derive(Debug)]
struct Problem {
    message: String,
    span: Option<Span>,
}

impl Problem {
    /// The innermost place is the one that counts.
    fn at(self, span: Span) -> Self {
        Self { span: self.span.or(Some(span)), ..self }
    }

    /// In our words, with what to do about it.
    fn words(&self) -> (String, Option<String>) {
        let plain = |text: &str| match text {
            "i64" => "a whole number".to_owned(),
            "a string" => "text".to_owned(),
            "a sequence" => "a list".to_owned(),
            text if text.starts_with("struct ") => "keys and values".to_owned(),
            text => text.to_owned(),
        };
        if let Some((field, known)) = self.message.split_once(", expected one of ") {
            let word = field.split('`').nth(1).unwrap_or("");
            let meant = suggest::nearest(word, known.split('`').skip(1).step_by(2)).map(suggest::question);
            return (format!("{field} in a visit"), meant.or_else(|| Some(format!("expected one of {known}"))));
        }
        match self.message.strip_prefix("invalid type: ").and_then(|rest| rest.rsplit_once(", expected ")) {
            Some((found, expected)) => {
                let found = match found {
                    "sequence" => "a list".to_owned(),
                    "map" => "keys and values".to_owned(),
                    found => found.replace("string \"", "text `").replace("integer ", "").replace('"', "`"),
                };
                (format!("expected {}, found {found}", plain(expected)), None)
            }
            None => (self.message.clone(), None),
        }
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl de::Error for Problem {
    fn custom<T: Display>(message: T) -> Self {
        Self { message: message.to_string(), span: None }
    }
}

impl<'de> IntoDeserializer<'de, Problem> for Reading {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Reading {
    type Error = Problem;

    fn deserialize_any<V: de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        let span = self.0.span;
        let read = match self.0.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Int(value) => visitor.visit_i64(value),
            Value::Float => Err(de::Error::custom("decimal numbers are not supported")),
            Value::Text(text) => visitor.visit_string(text),
            Value::List(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Reading))),
            Value::Table(entries) => visitor.visit_map(MapDeserializer::new(entries.into_iter().map(entry))),
        };
        read.map_err(|problem| problem.at(span))
    }

    fn deserialize_option<V: de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    /// By keys alone: `serde` would take a list, too, for the values in the order of the type.
    fn deserialize_struct<V: de::Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match self.0.value {
            Value::List(_) => {
                let message = format!("invalid type: sequence, expected struct {name}");
                Err(Problem { message, span: Some(self.0.span) })
            }
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct seq tuple
        tuple_struct map enum identifier ignored_any
    }
}

/// A key knows its place as a value does.
fn entry((key, value): (Word, Node)) -> (Reading, Reading) {
    (Reading(Node { span: key.span, value: Value::Text(key.text) }), Reading(value))
}
