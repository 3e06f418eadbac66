//! Conditions in CEL, parsed by the `cel` crate; here its syntax errors are put into our words, and every part of a
//! condition gets its place.

use std::ops::Range;

use cel::{
    IdedExpr,
    common::ast::{Expr, SourceInfo},
    parser::{ParseErrors, Parser},
};

use crate::compile::code::{self, Code};

/// A parsed condition.
pub(super) struct Condition<'a> {
    pub(super) expr: IdedExpr,
    text: &'a str,
    info: SourceInfo,
}

/// Why a condition is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub(super) code: Code,
    /// Bytes of the condition.
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<&'static str>,
}

/// The longest condition, bytes, and the deepest nesting of brackets and signs. The parser recurses for both: see
/// [`super::stack`]. A person has long lost the thread by then.
const BYTE_MAX: usize = 16_384;
const NESTING_MAX: usize = 48;

/// Parses a condition. Of several syntax errors the first is given: the others mostly follow from it.
pub(super) fn parse(text: &str) -> Result<Condition<'_>, SyntaxError> {
    check_size(text)?;
    match Parser::new().parse_with_source_info(text) {
        Ok((expr, info)) => Ok(Condition { expr, text, info }),
        Err(errors) => Err(first_error(text, &errors)),
    }
}

fn check_size(text: &str) -> Result<(), SyntaxError> {
    let too_large = |at: usize, message: String| {
        let help = Some("name a part of it as a segment");
        Err(SyntaxError { code: code::R006, range: at..at, message, help })
    };
    if text.len() > BYTE_MAX {
        return too_large(0, format!("the condition has {} bytes; at most {BYTE_MAX} fit", text.len()));
    }
    // Brackets and signs in texts count too: nobody needs so many there either.
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' | b'!' | b'-' | b'?' => depth += 1,
            b')' | b']' | b'}' | b'&' | b'|' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > NESTING_MAX {
            return too_large(at, "the condition nests too deeply".to_owned());
        }
    }
    Ok(())
}

fn first_error(text: &str, errors: &ParseErrors) -> SyntaxError {
    let first = errors.errors.iter().min_by_key(|error| error.pos);
    let Some(first) = first else {
        let message = "the condition cannot be parsed".to_owned();
        return SyntaxError { code: code::R001, range: 0..text.len(), message, help: None };
    };
    let start = offset_of(text, first.pos);
    // The parser's sentences end in a list of all that could have stood there.
    let found = first.msg.split('\'').nth(1).unwrap_or("").trim_end();
    let end = start.saturating_add(found.len()).min(text.len());
    let (message, help) = if first.msg.contains("<EOF>'") || found == "<EOF>" {
        return SyntaxError {
            code: code::R001,
            range: start..start,
            message: "the condition ends where more was expected".to_owned(),
            help: (text.matches('(').count() > text.matches(')').count()).then_some("end every bracket: `)`"),
        };
    } else if first.msg.contains("token recognition") {
        match found.chars().next() {
            Some('=') => {
                let help = match text.get(start + 1..).unwrap_or("").chars().next() {
                    Some('>') => "at least is `>=`",
                    Some('<') => "at most is `<=`",
                    _ => "compare with `==`",
                };
                ("`=` is not an operator".to_owned(), Some(help))
            }
            Some('&') => ("`&` is not an operator".to_owned(), Some("both hold: `&&`")),
            Some('|') => ("`|` is not an operator".to_owned(), Some("one holds: `||`")),
            Some('"' | '\'') | None => ("a text is not closed".to_owned(), Some("end it with the quote it began with")),
            Some('“' | '”' | '„' | '‘' | '’' | '«' | '»') => {
                (format!("`{found}` cannot stand in a condition"), Some("write straight quotes: `\"`"))
            }
            Some(_) => (format!("`{found}` cannot stand in a condition"), None),
        }
    } else if found.is_empty() {
        (format!("the condition cannot be parsed: {}", first.msg.trim_start_matches("Syntax error: ")), None)
    } else {
        let help = match found.to_ascii_lowercase().as_str() {
            "and" => Some("both hold: `&&`"),
            "or" => Some("one holds: `||`"),
            "like" => Some("ask whether it holds a text: `page.path.contains(\"/pricing\")`"),
            ">" if text.get(..start).is_some_and(|before| before.ends_with('<')) => Some("not equal is `!=`"),
            "," => Some("a list stands in brackets: `[1, 2]`"),
            ")" => Some("no bracket is open here"),
            digits if digits.starts_with('_') => Some("write a number in digits alone: `1000`"),
            _ if text.get(..start).is_some_and(|before| before.trim_end().ends_with("not")) => {
                let at = text.get(..start).map_or(start, |before| before.trim_end().len() - "not".len());
                let message = "`not` is not expected here".to_owned();
                return SyntaxError {
                    code: code::R001,
                    range: at..at + "not".len(),
                    message,
                    help: Some("the contrary: `!`"),
                };
            }
            _ => None,
        };
        (format!("`{found}` is not expected here"), help)
    };
    SyntaxError { code: code::R001, range: start..end, message, help }
}

/// The byte of a line and a column, both counted from 1, columns in characters.
fn offset_of(text: &str, (line, column): (isize, isize)) -> usize {
    let number = |value: isize| usize::try_from(value).unwrap_or(0).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(number(line)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    start + rest.chars().take(number(column)).map(char::len_utf8).sum::<usize>()
}

impl Condition<'_> {
    /// Where a part is, in bytes of the condition. The parser keeps the place of one token of each part; the rest follows
    /// from the parts inside.
    pub(super) fn range(&self, part: &IdedExpr) -> Range<usize> {
        let token = self.info.offset_for(part.id);
        let number = |value: u32| usize::try_from(value).unwrap_or(usize::MAX);
        let token = token.map_or(0..0, |(start, last)| number(start)..number(last).saturating_add(1));
        match &part.expr {
            Expr::Select(select) => {
                let operand = self.range(&select.operand);
                let from = if select.test { operand.end } else { token.end };
                let field = self.text.get(from..).and_then(|rest| rest.find(select.field.as_str()));
                operand.start..field.map_or(token.end, |field| from + field + select.field.len())
            }
            Expr::Call(call) => {
                let inner = call.target.iter().map(|target| &**target).chain(&call.args).map(|part| self.range(part));
                let whole = inner.fold(token, |whole, part| whole.start.min(part.start)..whole.end.max(part.end));
                // A function's token is its opening bracket: take its name and its closing bracket in.
                let is_function = call.func_name.starts_with(|c: char| c.is_ascii_alphabetic());
                if is_function { self.around_brackets(whole, &call.func_name) } else { whole }
            }
            Expr::List(list) => {
                let last = list.elements.iter().map(|part| self.range(part).end).fold(token.end, usize::max);
                let end = self.text.get(last..).and_then(|rest| rest.find(']')).map_or(last, |found| last + found + 1);
                token.start..end
            }
            Expr::Comprehension(comprehension) => self.range(&comprehension.iter_range).start..token.end,
            _ => token,
        }
    }

    fn around_brackets(&self, inner: Range<usize>, name: &str) -> Range<usize> {
        let before = self.text.get(..inner.start).unwrap_or("");
        let start = if before.ends_with(name) { inner.start - name.len() } else { inner.start };
        let after = self.text.get(inner.end..).unwrap_or("");
        start..if after.starts_with(')') { inner.end + 1 } else { inner.end }
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTE_MAX, NESTING_MAX, parse};

    #[test]
    fn syntax_errors_say_where_and_what() {
        let check = |text: &str, at: usize, message: &str, help: Option<&str>| {
            let error = parse(text).err().unwrap();
            assert_eq!((error.range.start, error.message.as_str(), error.help), (at, message, help), "{text}");
        };
        check("account.tier ==", 15, "the condition ends where more was expected", None);
        check("", 0, "the condition ends where more was expected", None);
        check("account.tier = 1", 13, "`=` is not an operator", Some("compare with `==`"));
        check("account.known & true", 14, "`&` is not an operator", Some("both hold: `&&`"));
        check("account.known and true", 14, "`and` is not expected here", Some("both hold: `&&`"));
        check("account.name == \"x", 16, "a text is not closed", Some("end it with the quote it began with"));
        check("account.known && && true", 17, "`&&` is not expected here", None);
        check("é", 0, "`é` cannot stand in a condition", None);
        check("true &&\n  )", 10, "`)` is not expected here", Some("no bracket is open here"));
    }

    #[test]
    fn no_condition_overflows_the_stack() {
        let check = |text: &str| crate::compile::stack::with_room(|| parse(text).is_ok());
        for piece in
            ["(", "[", "{", "!", "-", "has(", "f(", "a.", "a?a:", "a&&", "a||", "1+", "a[", "[a,", "a==", "\"", "a in "]
        {
            for text in [piece.repeat(100_000), piece.repeat(BYTE_MAX / piece.len()), piece.repeat(NESTING_MAX)] {
                assert!(!check(&text), "{piece}");
                check(&format!("{}a", text.get(..text.len().min(BYTE_MAX - 1)).unwrap()));
            }
        }
    }

    #[test]
    fn a_part_knows_its_place() {
        let check = |text: &str, expect: &str| {
            let condition = parse(text).ok().unwrap();
            assert_eq!(text.get(condition.range(&condition.expr)), Some(expect));
        };
        check("  account.tier == 1 ", "account.tier == 1");
        check(" has(account . tier) ", "account . tier");
        check("in_segment(\"é\") && true", "in_segment(\"é\") && true");
        check(" in_segment(\"é\") ", "in_segment(\"é\")");
        check("page.path.startsWith( \"/a\" )", "page.path.startsWith( \"/a\"");
        check("account.industry in [\"a\", \"b\" ]", "account.industry in [\"a\", \"b\" ]");
    }
}
