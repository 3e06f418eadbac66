//! Text with the account's own values in it.

use super::{Account, AccountField, Text, Value};
use crate::limit::TOKEN_CHAR_MAX;

/// Text in pieces; an empty list is the empty text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// In the order of the text.
    pub pieces: Vec<Piece>,
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text as it stands.
    Literal(Text),
    /// `{{account.field | fallback}}`
    Token {
        /// Whose value to put in; never a list.
        field: AccountField,
        /// What to put in for a stranger, or where the CRM has nothing.
        fallback: Text,
        /// How the value, or the fallback, is made safe for its place.
        escape: Escape,
    },
}

/// How a token's value is made safe. The compiler knows the place, so a visitor's data is never parsed at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Escape {
    /// For `textContent` and for attributes set as values.
    Text = 0,
    /// For HTML text and quoted attributes: `& < > " '` as character references.
    Html = 1,
    /// For a value in a URL's query: all but letters, digits and `-._~` as percent escapes.
    Query = 2,
}

impl Escape {
    /// The number in a bundle.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The escape of a number, or `None` when there is none such.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::Text, Self::Html, Self::Query].get(usize::from(code)).copied()
    }
}

impl Template {
    /// The fields that its tokens read, in their order.
    pub fn fields(&self) -> impl Iterator<Item = AccountField> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Token { field, .. } => Some(*field),
            Piece::Literal(_) => None,
        })
    }

    /// The text for somebody of `account`, or for a stranger.
    #[must_use]
    pub fn render(&self, account: Option<Account<'_>>) -> String {
        let mut text = String::new();
        self.pieces.iter().for_each(|piece| piece.render(account, &mut text));
        text
    }

    /// The same with the values of `account`, or a stranger's, in the places of its tokens: everybody gets that text.
    #[must_use]
    pub fn filled(&self, account: Option<Account<'_>>) -> Self {
        let fill = |piece: &Piece| match piece {
            Piece::Literal(literal) => Piece::Literal(literal.clone()),
            token @ Piece::Token { .. } => {
                let mut text = String::new();
                token.render(account, &mut text);
                Piece::Literal(text.into())
            }
        };
        Self { pieces: self.pieces.iter().map(fill).collect() }
    }

    /// Whether everybody gets the same text.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Literal(_)))
    }
}

impl Piece {
    fn render(&self, account: Option<Account<'_>>, text: &mut String) {
        match self {
            Self::Literal(literal) => text.push_str(literal),
            Self::Token { field, fallback, escape } => {
                let value = match account.map_or(Value::Missing, |account| account.get(*field)) {
                    Value::Int(number) => number.to_string(),
                    Value::Text(value) if !value.is_empty() => value.chars().take(TOKEN_CHAR_MAX).collect(),
                    _ => fallback.to_string(),
                };
                push_escaped(text, &value, *escape);
            }
        }
    }
}

fn push_escaped(text: &mut String, value: &str, escape: Escape) {
    match escape {
        Escape::Text => text.push_str(value),
        Escape::Html => value.chars().for_each(|c| match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&#39;"),
            _ => text.push(c),
        }),
        Escape::Query => value.bytes().for_each(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(char::from(byte)),
            _ => {
                text.push('%');
                for nibble in [byte >> 4, byte & 15] {
                    text.extend(char::from_digit(nibble.into(), 16).map(|digit| digit.to_ascii_uppercase()));
                }
            }
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{Escape, push_escaped};

    #[test]
    fn a_value_is_made_safe_for_its_place() {
        let check = |value: &str, escape: Escape, expect: &str| {
            let mut text = String::new();
            push_escaped(&mut text, value, escape);
            assert_eq!(text, expect);
        };
        check("A&B <i> \"x\" 'y'", Escape::Text, "A&B <i> \"x\" 'y'");
        check("A&B <i> \"x\" 'y'", Escape::Html, "A&amp;B &lt;i&gt; &quot;x&quot; &#39;y&#39;");
        check("A&B=ü/~", Escape::Query, "A%26B%3D%C3%BC%2F~");
    }
}
