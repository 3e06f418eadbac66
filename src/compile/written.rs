//! A YAML text as it is written in its file, with quotes, escapes and indentation.
//!
//! The parser tells where a text begins and ends, not which of its letters stands where; a message about a part of a text
//! needs just that.

use std::{iter::Peekable, ops::Range, str::CharIndices};

use crate::compile::{diagnostic::Span, source::Source, yaml::Word};

/// The place of `range` of a text's characters (bytes of `word.text`) in the file.
///
/// The text and what is written are walked side by side. What is written and not in the text (indentation, the line feeds
/// of folded lines) is passed over.
pub(super) fn locate(word: &Word, range: Range<usize>, source: Source<'_>) -> Span {
    let mut letters = Letters::new(source.slice(word.span));
    let mut start = None;
    let mut end = word.span.end;
    for (offset, wanted) in word.text.char_indices() {
        let is_same = |found: char| found == wanted || (wanted == ' ' && found == '\n');
        let Some(letter) = letters.find(|letter| is_same(letter.value)) else { break };
        if offset >= range.start && start.is_none() {
            start = Some(word.span.start + letter.range.start);
        }
        if offset < range.end {
            end = word.span.start + letter.range.end;
        }
    }
    match start {
        Some(start) if !range.is_empty() => Span { start, end: end.max(start), ..word.span },
        Some(start) => Span { start, end: start, ..word.span },
        None => Span { start: end, end, ..word.span },
    }
}

/// A letter of a text, and the bytes that stand for it.
struct Letter {
    value: char,
    range: Range<usize>,
}

/// The letters of a text as it is written.
struct Letters<'a> {
    rest: Peekable<CharIndices<'a>>,
    quote: Option<char>,
}

impl<'a> Letters<'a> {
    fn new(written: &'a str) -> Self {
        let mut rest = written.char_indices().peekable();
        let quote = written.chars().next().filter(|first| matches!(first, '"' | '\''));
        if quote.is_some() {
            rest.next();
        } else if written.starts_with(['|', '>']) {
            // Behind the sign of a block stand its options and perhaps a comment.
            rest.find(|(_, found)| *found == '\n');
        }
        Self { rest, quote }
    }

    /// The value of the escape whose backslash was just read; `None` for one that continues the line.
    fn escape(&mut self) -> Option<char> {
        let (_, sign) = self.rest.next()?;
        match sign {
            'x' => char::from_u32(self.hexadecimal(2)),
            'u' => match self.hexadecimal(4) {
                // JSON writes what is beyond 0xFFFF as two halves.
                high @ 0xd800..0xdc00 => {
                    self.rest.next_if(|(_, found)| *found == '\\')?;
                    self.rest.next_if(|(_, found)| *found == 'u')?;
                    let low = self.hexadecimal(4).wrapping_sub(0xdc00);
                    char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low & 0x3ff))
                }
                value => char::from_u32(value),
            },
            'U' => char::from_u32(self.hexadecimal(8)),
            '0' => Some('\0'),
            'a' => Some('\x07'),
            'b' => Some('\x08'),
            't' | '\t' => Some('\t'),
            'n' => Some('\n'),
            'v' => Some('\x0b'),
            'f' => Some('\x0c'),
            'r' => Some('\r'),
            'e' => Some('\x1b'),
            'N' => Some('\u{85}'),
            '_' => Some('\u{a0}'),
            'L' => Some('\u{2028}'),
            'P' => Some('\u{2029}'),
            '\n' | '\r' => None,
            other => Some(other),
        }
    }

    fn hexadecimal(&mut self, count: usize) -> u32 {
        let mut value = 0_u32;
        for _ in 0..count {
            let Some((_, digit)) = self.rest.next_if(|(_, found)| found.is_ascii_hexdigit()) else { break };
            value = (value << 4) | digit.to_digit(16).unwrap_or(0);
        }
        value
    }
}

impl Iterator for Letters<'_> {
    type Item = Letter;

    fn next(&mut self) -> Option<Letter> {
        loop {
            let (start, found) = self.rest.next()?;
            let value = match (self.quote, found) {
                (Some('"'), '\\') => self.escape(),
                (Some('\''), '\'') => {
                    // Two of them are one; a single one ends the text.
                    self.rest.next_if(|(_, found)| *found == '\'').map(|_| '\'')
                }
                _ => Some(found),
            };
            if let Some(value) = value {
                let end = self.rest.peek().map_or(start + found.len_utf8(), |(next, _)| *next);
                return Some(Letter { value, range: start..end });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::locate;
    use crate::compile::{diagnostic::Span, source::Source, yaml::Word};

    /// `text` is what YAML makes of `written`; `part` of it must be found where `expect` is written.
    fn check(written: &str, text: &str, part: &str, expect: &str) {
        let source = Source { file: 0, text: written };
        let word = Word { text: text.to_owned(), span: Span { file: 0, start: 0, end: written.len() } };
        let start = text.find(part).unwrap();
        let span = locate(&word, start..start + part.len(), source);
        let end = written.rfind(expect).unwrap();
        assert_eq!((span.start, source.slice(span)), (end, expect), "{written}");
    }

    #[test]
    fn every_style_of_text_is_followed() {
        check("a bad b", "a bad b", "bad", "bad");
        check("'it''s bad'", "it's bad", "bad", "bad");
        check("'''bad'''", "'bad'", "'bad'", "''bad''");
        check("\"\\\"a\\\" bad\"", "\"a\" bad", "bad", "bad");
        check(r#""\u00e9\t\x41\n bad""#, "é\tA\n bad", "bad", "bad");
        check(r#""é \ud83d\ude00 bad""#, "é 😀 bad", "bad", "bad");
        check(r#""\U0001F600 bad""#, "😀 bad", "😀", r"\U0001F600");
        check("\"a\\\n   bad\"", "abad", "bad", "bad");
        check("\"a\n\n   bad b\"", "a\nbad b", "bad b", "bad b");
        check(">- # - bad\n  - x\n  - bad\n", "- x - bad", "bad", "bad");
        check("|\n  a\n    bad\n", "a\n  bad\n", "bad", "bad");
        check("a\n  bad\n  b", "a bad b", "bad b", "bad\n  b");
    }
}
