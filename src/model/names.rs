//! What rules call by names of the site's own: a rule's field is a position in one of these lists.

use super::{Quoted, Text};

/// Where the value of such a name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The page tells it on its own: `custom.plan`.
    Page,
    /// A parameter in the query of the page's address: `query("plan")`.
    Query,
}

impl Origin {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Page, Self::Query];
}

/// The names of each origin.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// See [`Origin::Page`].
    pub page: Vec<Text>,
    /// See [`Origin::Query`].
    pub query: Vec<Text>,
}

impl Names {
    /// No name at all.
    pub const NONE: &'static Self = &Self { page: Vec::new(), query: Vec::new() };

    /// The names of an origin.
    #[must_use]
    pub fn of(&self, origin: Origin) -> &[Text] {
        match origin {
            Origin::Page => &self.page,
            Origin::Query => &self.query,
        }
    }
}

/// How a condition asks for a name: as a field where that can be, because only fields can stand in `has()`.
#[must_use]
pub fn spelled(origin: Origin, name: &str) -> String {
    let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_word = is_word && !name.starts_with(|c: char| c.is_ascii_digit());
    match origin {
        Origin::Page => format!("custom.{name}"),
        Origin::Query if is_word => format!("page.query.{name}"),
        Origin::Query => format!("query({})", Quoted(name)),
    }
}
