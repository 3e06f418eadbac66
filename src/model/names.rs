//! What rules call by names of the site's own: a rule's field is a position in one of these lists.

use super::{AccountField, Quoted, Text};

/// Where the value of such a name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The page tells it on its own: `custom.plan`.
    Page,
    /// A parameter in the query of the page's address: `query("plan")`.
    Query,
    /// A cookie of the site's: `cookie("plan")`.
    Cookie,
}

impl Origin {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Page, Self::Query, Self::Cookie];
}

/// The names of each origin.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// See [`Origin::Page`].
    pub page: Vec<Text>,
    /// See [`Origin::Query`].
    pub query: Vec<Text>,
    /// See [`Origin::Cookie`].
    pub cookies: Vec<Text>,
    /// So many of the first cookies are strictly necessary, and read whether the visitor agrees to storage or not.
    pub necessary_cookies: usize,
    /// Columns of the account list: `account.custom.arr`.
    pub columns: Vec<OwnColumn>,
}

/// A column of the account list that the site has named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnColumn {
    /// Where accounts have its values.
    pub field: AccountField,
    /// Its name, `arr`.
    pub name: Text,
    /// What its numbers stand for.
    pub measure: Measure,
}

impl OwnColumn {
    /// How a condition asks for it.
    #[must_use]
    pub fn spelled(&self) -> String {
        format!("account.custom.{}", self.name)
    }
}

/// What the whole numbers of a column stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Themselves.
    Plain,
    /// Unix seconds.
    Date,
    /// So many digits of them stand behind a point: with 2, 1250 is 12.50.
    Decimal(u8),
}

impl Measure {
    /// How a condition would write a number.
    #[must_use]
    pub fn written(self, number: i64) -> String {
        match self {
            Self::Decimal(scale) if scale > 0 => {
                let unit = 10_u64.saturating_pow(scale.into());
                let sign = if number < 0 { "-" } else { "" };
                let number = number.unsigned_abs();
                let [whole, rest] = [number.checked_div(unit), number.checked_rem(unit)].map(Option::unwrap_or_default);
                format!("{sign}{whole}.{rest:0width$}", width = usize::from(scale))
            }
            _ => number.to_string(),
        }
    }
}

impl Names {
    /// No name at all.
    pub const NONE: &'static Self =
        &Self { page: Vec::new(), query: Vec::new(), cookies: Vec::new(), necessary_cookies: 0, columns: Vec::new() };

    /// The names of an origin.
    #[must_use]
    pub fn of(&self, origin: Origin) -> &[Text] {
        match origin {
            Origin::Page => &self.page,
            Origin::Query => &self.query,
            Origin::Cookie => &self.cookies,
        }
    }

    /// Of an origin's names those at the places that are asked for, in their places; of the others nothing.
    #[must_use]
    pub fn asked(&self, origin: Origin, asked: &[(Origin, usize)]) -> Vec<Text> {
        let is_asked = |at: usize| asked.contains(&(origin, at));
        let name = |(at, name): (usize, &Text)| if is_asked(at) { name.clone() } else { Text::default() };
        let mut taken: Vec<Text> = self.of(origin).iter().enumerate().map(name).collect();
        while taken.last().is_some_and(|name| name.is_empty()) {
            taken.pop();
        }
        taken
    }

    /// The column whose values a field holds.
    #[must_use]
    pub fn column(&self, field: AccountField) -> Option<&OwnColumn> {
        self.columns.iter().find(|column| column.field == field)
    }
}

/// How a condition asks for a name: as a field where that can be, because only fields can stand in `has()`.
#[must_use]
pub fn spelled(origin: Origin, name: &str) -> String {
    let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_word = is_word && !name.starts_with(|c: char| c.is_ascii_digit());
    let (field, function) = match origin {
        // All of these are words.
        Origin::Page => ("custom", ""),
        Origin::Query => ("page.query", "query"),
        Origin::Cookie => ("visitor.cookies", "cookie"),
    };
    if is_word { format!("{field}.{name}") } else { format!("{function}({})", Quoted(name)) }
}
