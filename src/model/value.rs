//! What a field can hold.

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

impl std::fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => f.write_str("not known"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Text(value) => write!(f, "{value:?}"),
            Self::List(values) => f.debug_list().entries(values.iter()).finish(),
        }
    }
}
