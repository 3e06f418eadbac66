//! What a field can hold.

use std::fmt::{self, Display, Formatter, Write};

use super::Texts;

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// A whole number, 64 bits, signed.
    Int,
    /// Text; compared byte by byte, so case counts.
    Text,
    /// A list of texts.
    List,
    /// An address; only `in_cidr` reads it, and nothing prints it.
    Address,
}

impl Kind {
    /// What it is called in a message.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "a boolean",
            Self::Int => "a whole number",
            Self::Text => "text",
            Self::List => "a list of texts",
            Self::Address => "an address",
        }
    }
}

/// The value of a field for one visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Nobody said: an empty cell, a stranger, a visit without a referrer.
    Missing,
    /// See [`Kind::Bool`].
    Bool(bool),
    /// See [`Kind::Int`].
    Int(i64),
    /// See [`Kind::Text`].
    Text(&'a str),
    /// See [`Kind::List`].
    List(Texts<'a>),
}

impl<'a> Value<'a> {
    /// Text, or missing where there is none.
    #[must_use]
    pub fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Missing, Self::Text)
    }

    /// A number, or missing where there is none.
    #[must_use]
    pub fn int(int: Option<i64>) -> Self {
        int.map_or(Self::Missing, Self::Int)
    }
}

/// A text as conditions write it: in quotes, with `\` before what would end it and for what is no letter.
///
/// Not Rust's own way: that knows every letter of Unicode that cannot be seen, in tables that a module would carry.
#[derive(Debug, Clone, Copy)]
pub struct Quoted<'a>(pub &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                c if c.is_ascii_control() => write!(f, "\\u{:04x}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

/// Items in brackets: `["a", "b"]`.
///
/// # Errors
/// Those of what is written to.
pub fn listed(f: &mut Formatter<'_>, items: impl Iterator<Item = impl Display>) -> fmt::Result {
    f.write_char('[')?;
    for (index, item) in items.enumerate() {
        let joint = if index == 0 { "" } else { ", " };
        write!(f, "{joint}{item}")?;
    }
    f.write_char(']')
}

impl Display for Value<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("not known"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Text(value) => Quoted(value).fmt(f),
            Self::List(values) => listed(f, values.iter().map(Quoted)),
        }
    }
}
