//! HTML of variants and creatives, cleaned by `ammonia` when it is compiled.
//!
//! Tokens are set aside as marks that survive cleaning. Where a mark turns up in what `ammonia` wrote tells how its value
//! is escaped, and whether it may stand there at all. What `ammonia` writes is regular (every attribute in double quotes,
//! every bracket in text escaped), so a small scanner is enough to tell text from attributes.

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use ammonia::{Builder, UrlRelative};

use crate::{
    compile::{
        code,
        diagnostic::Diagnostics,
        link::{self, LinkPolicy},
        source::Source,
        template::{Part, Token, is_query_value, join, split},
        written::locate,
        yaml::Word,
    },
    model::{Escape, Piece, Template},
};

/// Attributes that hold a URL.
const URL_ATTRIBUTES: [&str; 3] = ["href", "src", "cite"];

/// The clean HTML of `word` for a slot, or `None` when it has errors: text, links, lists, tables and images.
pub(super) fn slot(word: &Word, source: Source<'_>, links: &LinkPolicy, log: &mut Diagnostics) -> Option<Template> {
    let help = "variants hold text, links, lists, tables and images; scripts, styles, forms and frames are removed";
    clean((&cleaner(), help), word, source, links, log)
}

/// The same for a creative, which has a frame of its own: with styles, which cannot reach the page from there.
pub(super) fn creative(word: &Word, source: Source<'_>, links: &LinkPolicy, log: &mut Diagnostics) -> Option<Template> {
    let mut cleaner = cleaner();
    cleaner.add_tags(["style"]).rm_clean_content_tags(["style"]).add_generic_attributes(["id", "style"]);
    let help = "HTML creatives hold text, images and styles; scripts, forms and frames are removed";
    clean((&cleaner, help), word, source, links, log)
}

fn clean(
    (cleaner, help): (&Builder<'_>, &'static str),
    word: &Word,
    source: Source<'_>,
    links: &LinkPolicy,
    log: &mut Diagnostics,
) -> Option<Template> {
    let parts = split(word, source, log)?;
    let mark = mark_for(&word.text);
    let mut tokens = Vec::new();
    let mut marked = String::new();
    for part in parts {
        match part {
            Part::Literal(text) => marked.push_str(text),
            Part::Token(token) => {
                // Letters around the number: no number is the beginning of another.
                marked.push_str(&format!("{mark}{}z", tokens.len()));
                tokens.push(token);
            }
        }
    }
    let clean = cleaner.clean(&marked).to_string();
    let scan = Scan { word, source, mark: &mark, tokens: &tokens };
    let is_allowed = scan.check_links(&clean, links, log) & scan.check_tokens(&clean, log);
    // Where a token was removed, that was said.
    if (0..tokens.len()).all(|index| clean.contains(&scan.mark_of(index))) {
        report_removed(word, source, (&marked, &clean), help, log);
    }
    if is_allowed { join(scan.pieces(&clean).into_iter(), word, log) } else { None }
}

/// What may stay anywhere: `ammonia`'s own list, classes, and words for assistive technology. No scripts, no styles, no forms.
fn cleaner() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .add_generic_attributes(["class", "role"])
        .add_generic_attribute_prefixes(["aria-"])
        .url_schemes(["https", "mailto", "tel"].into())
        .url_relative(UrlRelative::PassThrough);
    builder
}

/// Letters that the text does not have.
fn mark_for(text: &str) -> String {
    let mut mark = "nptoken".to_owned();
    while text.contains(&mark) {
        mark.push('q');
    }
    mark
}

/// Warns of tags and attributes that are gone, at the first of them.
fn report_removed(
    word: &Word,
    source: Source<'_>,
    (before, after): (&str, &str),
    help: &'static str,
    log: &mut Diagnostics,
) {
    let kept = names(after);
    let count = |name: &str| kept.get(name).copied().unwrap_or(0);
    let removed: Vec<String> =
        names(before).into_iter().filter(|(name, before)| count(name) < *before).map(|(name, _)| name).collect();
    if removed.is_empty() {
        return;
    }
    let lower = word.text.to_ascii_lowercase();
    // Of what is there twice and stays once, nobody can say which went.
    let gone = removed.iter().filter(|name| count(name) == 0).map(|name| name.trim_end_matches('>'));
    let first = gone.filter_map(|name| lower.find(name).map(|at| at..at + name.trim_end_matches('=').len()));
    let span = first.min_by_key(|range| range.start).map_or(word.span, |range| locate(word, range, source));
    let names: Vec<String> = removed.iter().map(|name| format!("`{name}`")).collect();
    log.warning(code::C009, span, format!("cleaning removed {} from the HTML", names.join(", "))).help(help);
}

/// The names of tags (`<b>`) and attributes (`class=`) in HTML and how often they stand there; an approximation, for a
/// warning.
fn names(html: &str) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    let mut add = |name: String| *names.entry(name).or_default() += 1;
    for tag in html.split('<').skip(1) {
        let inside = tag.split('>').next().unwrap_or("");
        let name: String = inside.chars().take_while(char::is_ascii_alphanumeric).collect();
        if name.is_empty() {
            continue;
        }
        add(format!("<{}>", name.to_ascii_lowercase()));
        // A name is what stands before a `=`, behind white space; what is in quotes is no name.
        for (index, outside) in inside.split(['"', '\'']).enumerate() {
            if index % 2 == 0 {
                let attributes = outside.split_whitespace().filter_map(|word| word.split_once('='));
                attributes.for_each(|(name, _)| add(format!("{}=", name.to_ascii_lowercase())));
            }
        }
    }
    names
}

/// A stretch of clean HTML.
#[derive(Debug, PartialEq, Eq)]
struct Stretch<'a> {
    kind: StretchKind<'a>,
    range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StretchKind<'a> {
    /// Between tags.
    Text,
    /// Inside a tag, outside of quotes.
    Tag,
    /// Between the quotes of this attribute.
    Value(&'a str),
    /// Between `<style>` and `</style>`, as it stands.
    Style,
}

/// Clean HTML in stretches, in one pass. In text a `<` opens a tag, in a tag a `"` opens a value, in a value only the next
/// `"` closes it, in a style only its end tag does: `ammonia` writes nothing else.
fn stretches(clean: &str) -> Vec<Stretch<'_>> {
    let mut stretches = Vec::new();
    let mut kind = StretchKind::Text;
    let mut start = 0;
    let mut tag = "";
    for (at, byte) in clean.bytes().enumerate() {
        let next = match (kind, byte) {
            (StretchKind::Style, b'<') if !clean.get(at..).is_some_and(|rest| rest.starts_with("</style")) => continue,
            (StretchKind::Text | StretchKind::Style, b'<') => {
                let rest = clean.get(at + 1..).unwrap_or("");
                tag = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
                StretchKind::Tag
            }
            (StretchKind::Tag, b'>') if tag == "style" => StretchKind::Style,
            (StretchKind::Tag, b'>') => StretchKind::Text,
            (StretchKind::Tag, b'"') => {
                let before = clean.get(start..at).unwrap_or("").trim_end_matches('=');
                StretchKind::Value(before.rsplit(char::is_whitespace).next().unwrap_or(""))
            }
            (StretchKind::Value(_), b'"') => StretchKind::Tag,
            _ => continue,
        };
        stretches.push(Stretch { kind, range: start..at });
        (kind, start) = (next, at + 1);
    }
    stretches.push(Stretch { kind, range: start..clean.len() });
    stretches
}

struct Scan<'a> {
    word: &'a Word,
    source: Source<'a>,
    mark: &'a str,
    tokens: &'a [Token],
}

impl Scan<'_> {
    /// Every URL in the HTML must be one that the site allows; the marks in it count as letters.
    fn check_links(&self, clean: &str, links: &LinkPolicy, log: &mut Diagnostics) -> bool {
        let mut is_allowed = true;
        for stretch in stretches(clean) {
            let text = clean.get(stretch.range).unwrap_or("");
            let is_href = matches!(stretch.kind, StretchKind::Value("href"));
            let urls = match stretch.kind {
                StretchKind::Value(name) if URL_ATTRIBUTES.contains(&name) => vec![unescape(text)],
                StretchKind::Value("style") => style_urls(&unescape(text)),
                StretchKind::Style => style_urls(text),
                _ => continue,
            };
            for value in urls {
                // Where a token is misplaced, what it makes of the URL follows from that.
                if value.match_indices(self.mark).any(|(at, _)| !is_query_value(value.get(..at).unwrap_or(""))) {
                    continue;
                }
                let checked = if is_href { links.check_href(&value) } else { links.check(&value) };
                let Err(reason) = checked else { continue };
                let written = self.unmark(&value);
                let is_value = |start: usize| {
                    self.word.text.get(..start).is_some_and(|head| head.ends_with(['"', '\'', '=', '(']))
                };
                let mut places = self.word.text.match_indices(&written).map(|(start, _)| start);
                let place = places.find(|start| is_value(*start)).map(|start| start..start + written.len());
                let span = place.map_or(self.word.span, |range| locate(self.word, range, self.source));
                link::refuse(&written, &reason, span, log);
                is_allowed = false;
            }
        }
        is_allowed
    }

    fn check_tokens(&self, clean: &str, log: &mut Diagnostics) -> bool {
        let stretches = stretches(clean);
        let mut is_allowed = true;
        for (index, token) in self.tokens.iter().enumerate() {
            let mark = self.mark_of(index);
            let escapes = clean.match_indices(&mark).map(|(at, _)| escape_at(clean, &stretches, at));
            let problem = match escapes.collect::<Result<Vec<Escape>, _>>() {
                Ok(found) if !found.is_empty() && !is_bare(&self.word.text, token.range.start) => continue,
                Ok(found) if !found.is_empty() => "a token may not stand in an attribute without quotes",
                Ok(_) => "cleaning removes the place where this token stands",
                Err(problem) => problem,
            };
            log.error(code::C005, locate(self.word, token.range.clone(), self.source), problem.to_owned())
                .help("tokens stand in text, in quoted attributes, and in URLs behind `?name=`");
            is_allowed = false;
        }
        is_allowed
    }

    fn pieces(&self, clean: &str) -> Vec<Piece> {
        let stretches = stretches(clean);
        let mut pieces = Vec::new();
        let mut rest = clean;
        while let Some((before, after)) = rest.split_once(self.mark) {
            pieces.push(Piece::Literal(before.into()));
            let at = clean.len() - after.len() - self.mark.len();
            let number = after.split('z').next().and_then(|number| number.parse::<usize>().ok());
            let token = number.and_then(|number| self.tokens.get(number));
            if let Some((token, escape)) = token.zip(escape_at(clean, &stretches, at).ok()) {
                pieces.push(token.piece(escape));
            }
            rest = after.split_once('z').map_or("", |(_, rest)| rest);
        }
        pieces.push(Piece::Literal(rest.into()));
        pieces
    }

    /// What stands for a token.
    fn mark_of(&self, index: usize) -> String {
        format!("{}{index}z", self.mark)
    }

    /// The tokens as their author wrote them.
    fn unmark(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (index, token) in self.tokens.iter().enumerate() {
            let written = self.word.text.get(token.range.clone()).unwrap_or("");
            text = text.replace(&self.mark_of(index), written);
        }
        text
    }
}

/// Whether the byte `at` of HTML, as its author wrote it, is inside a tag and outside of quotes. Cleaning puts quotes there; but who left them
/// out takes a value for a part of the tag, and the next program that reads the source may do so too.
fn is_bare(html: &str, at: usize) -> bool {
    let before = html.get(..at).unwrap_or("");
    let mut in_tag = false;
    let mut quote = None;
    for (place, c) in before.char_indices() {
        let follows = |pattern: fn(char) -> bool| before.get(place + 1..).is_some_and(|rest| rest.starts_with(pattern));
        match (in_tag, quote, c) {
            (false, _, '<') => in_tag = follows(|c| c.is_ascii_alphabetic()),
            (true, None, '>') => in_tag = false,
            (true, None, '"' | '\'') if before.get(..place).is_some_and(|tag| tag.trim_end().ends_with('=')) => {
                quote = Some(c)
            }
            (true, Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    in_tag && quote.is_none()
}

/// How a value at the byte `at` is made safe, or why none may stand there.
fn escape_at(clean: &str, stretches: &[Stretch<'_>], at: usize) -> Result<Escape, &'static str> {
    const IN_URL: &str = "a token in a URL may only be a value of its query";
    const IN_STYLE: &str = "a token may not stand in a style";
    let stretch = stretches.get(stretches.partition_point(|stretch| stretch.range.end <= at)).ok_or(IN_URL)?;
    match stretch.kind {
        StretchKind::Text => Ok(Escape::Html),
        StretchKind::Value(name) if URL_ATTRIBUTES.contains(&name) => {
            let before = clean.get(stretch.range.start..at).unwrap_or("");
            is_query_value(&unescape(before)).then_some(Escape::Query).ok_or(IN_URL)
        }
        StretchKind::Style | StretchKind::Value("style") => Err(IN_STYLE),
        StretchKind::Value(_) => Ok(Escape::Html),
        StretchKind::Tag => Err(IN_URL),
    }
}

/// What a style loads, by `url(...)` and by `@import "..."`. It finds mistakes, not attacks: an address in CSS escapes passes, into a frame
/// in which it can do no harm.
fn style_urls(style: &str) -> Vec<Cow<'static, str>> {
    let lower = style.to_ascii_lowercase();
    let behind = |word: &'static str| lower.match_indices(word).filter_map(move |(at, _)| style.get(at + word.len()..));
    let unquoted = |text: &'_ str| text.trim().trim_matches(['"', '\'']).to_owned();
    let loaded = behind("url(").map(|rest| unquoted(rest.split(')').next().unwrap_or("")));
    let quoted = behind("@import").filter(|rest| rest.trim_start().starts_with(['"', '\'']));
    let imported = quoted.map(|rest| unquoted(rest.split(';').next().unwrap_or("")));
    loaded.chain(imported).map(Cow::Owned).collect()
}

/// The references that `ammonia` writes in attributes.
fn unescape(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return value.into();
    }
    value
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
        .into()
}

#[cfg(test)]
mod tests {
    use super::{StretchKind, stretches};

    #[test]
    fn text_is_told_from_tags_and_values() {
        let html = r#"a "b" = <p class="x>" title="< y = &quot;">t<br>"u"</p>"#;
        let found: Vec<_> = stretches(html)
            .into_iter()
            .filter(|stretch| stretch.kind != StretchKind::Tag)
            .map(|stretch| (stretch.kind, html.get(stretch.range).unwrap()))
            .collect();
        let expect = [
            (StretchKind::Text, "a \"b\" = "),
            (StretchKind::Value("class"), "x>"),
            (StretchKind::Value("title"), "< y = &quot;"),
            (StretchKind::Text, "t"),
            (StretchKind::Text, "\"u\""),
            (StretchKind::Text, ""),
        ];
        assert_eq!(found, expect);
    }
}
