//! What YAML's parser says of a file that it cannot read, in our words and at the author's place: it names what it wanted, where it noticed
//! that, which is often a line too late.

use crate::compile::{
    code,
    diagnostic::{Diagnostics, Span},
    source::Source,
};

/// What the parser says in part, what that means, and what to do about it.
const SAID: [(&str, &str, &str); 11] = [
    (
        "mapping values",
        "a key stands where none may",
        "the keys of a table begin in the same column; a text that holds a colon and a space stands in quotes",
    ),
    (
        "',' or '}'",
        "a `{` begins a table, and here it neither goes on nor ends",
        "put a text in quotes that holds a colon and a space, a comma or a bracket",
    ),
    (
        "',' or ']'",
        "a `[` begins a list, and here it neither goes on nor ends",
        "put a text in quotes that holds a colon and a space, a comma or a bracket",
    ),
    ("simple key", "a key has no value", "a key and its value are separated by a colon and a space: `priority: 500`"),
    (
        "expected key",
        "something stands where a key belongs",
        "the keys of a table begin in the same column; behind the end of a value stands nothing",
    ),
    (
        "only valid inside a block",
        "`-` begins an item only in a list of one item a line",
        "in brackets, separate the items by commas: `[side, top]`",
    ),
    ("unclosed quote", "a text in quotes has no end", "end every text with the quote it began with"),
    (
        "unknown escape",
        "in double quotes, a letter stands behind a backslash that YAML knows nothing of",
        "write the backslash twice, or put the text in single quotes",
    ),
    (
        "trailing content",
        "something stands behind the end of a text in quotes",
        "the items of a list are separated by commas; a text with double quotes in it stands in single ones",
    ),
    (
        "unknown anchor",
        "what begins with `*` is an alias of YAML, and nothing here has that name",
        "put a text that begins with `*` in quotes",
    ),
    ("multiple YAML documents", "the file holds two documents, one behind the other", "take the line `---` out"),
];

/// What a mark in front of a value means, and what to do about it.
pub(super) const TAG: (&str, &str) = (
    "what begins with `!` is a YAML tag, and nothing here takes one",
    "put a rule that begins with `!` in quotes: `when: '!account.known'`",
);

/// Reports what the parser said of the place `span`.
pub(super) fn report(said: &str, span: Span, source: Source<'_>, log: &mut Diagnostics) {
    if let Some(key) = said.strip_prefix("duplicate mapping key: ") {
        let diagnostic = log.error(code::S004, span, format!("the key `{key}` stands twice"));
        if let Some(first) = first_of(key, span, source) {
            diagnostic.related(first, "the first");
        }
        return;
    }
    let (span, message, help) = meaning(said, span, source);
    log.error(code::S003, span, message).maybe_help(help);
}

fn meaning(said: &str, span: Span, source: Source<'_>) -> (Span, String, Option<String>) {
    let say = |span: Span, message: &str, help: &str| (span, message.to_owned(), Some(help.to_owned()));
    let at = |start: usize, end: usize| Span { start, end, ..span };
    let before = source.text.get(..span.start).unwrap_or("");
    let found = source.text.get(span.start..).and_then(|rest| rest.chars().next());
    if let Some(tab) = lines(source.text).find(|(_, line)| line.starts_with('\t')).map(|(start, _)| start) {
        return say(at(tab, tab + 1), "a line is indented with a tab", "YAML is indented with spaces, never with tabs");
    }
    if let (true, Some(quote)) = (said.contains("multiline quoted"), open_quote(before)) {
        let help = "end every text with the quote it began with";
        return say(at(quote, quote + 1), "a text in quotes has no end", help);
    }
    if let Some(comment) = swallowed(before) {
        let help = "put a text with a `#` in it in quotes: `\"#body\"`";
        return say(at(comment, comment + 1), "what stands behind a blank and `#` is a comment", help);
    }
    if let Some(mark) = tagged(before, found) {
        return say(at(mark, mark + 1), TAG.0, TAG.1);
    }
    if let Some(bracket) = said.strip_prefix("unclosed bracket '").and_then(|rest| rest.chars().next()) {
        let closing = if bracket == '{' { '}' } else { ']' };
        return (span, format!("`{bracket}` is not closed"), Some(format!("end it with `{closing}`")));
    }
    if before.ends_with('{') && found == Some('{') {
        return say(span, "`{{` begins a table in a table", "put a text that begins with `{{` in quotes");
    }
    if let (true, Some(found)) = (said.contains("unexpected character"), found) {
        return (span, format!("no text begins with `{found}`"), Some("put the text in quotes".to_owned()));
    }
    if let Some((_, message, help)) = SAID.iter().find(|(part, ..)| said.contains(part)) {
        let line = lines(before).filter(|(_, line)| line.starts_with("---")).last();
        let span = line.filter(|_| said.contains("documents")).map_or(span, |(start, _)| at(start, start + 3));
        return say(span, message, help);
    }
    let help = "what belongs together begins in the same column: the items of a list, the keys of a table";
    (span, format!("bad YAML: {said}"), said.contains("expected").then(|| help.to_owned()))
}

/// Where the last value of a text begins with a mark that makes YAML take its first word for a tag.
fn tagged(text: &str, next: Option<char>) -> Option<usize> {
    if next == Some('!') && text.ends_with([' ', '[']) {
        return Some(text.len());
    }
    let (start, line) = lines(text).last()?;
    let at = [": !", "- !"].into_iter().filter_map(|before| line.find(before)).min()? + 2;
    Some(start + at)
}

/// The lines of a text with their places.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        start += line.len();
        (start - line.len(), line.trim_end())
    })
}

/// Where a value begins with a quote that has no end in its line; of several, the last.
fn open_quote(text: &str) -> Option<usize> {
    let open = lines(text).filter_map(|(start, line)| {
        let at = [": \"", ": '", "- \"", "- '"].into_iter().filter_map(|before| line.find(before)).min()? + 2;
        let quote = line.get(at..)?.chars().next()?;
        (line.matches(quote).count() % 2 == 1).then_some(start + at)
    });
    open.last()
}

/// Where a comment swallows the end of what a bracket began; of several, the last.
fn swallowed(text: &str) -> Option<usize> {
    let found = lines(text).filter_map(|(start, line)| {
        let at = line.find(" #")?;
        let head = line.get(..at)?;
        let is_open = head.matches(['{', '[']).count() > head.matches(['}', ']']).count();
        (is_open && line.ends_with(['}', ']'])).then_some(start + at + 1)
    });
    found.last()
}

/// The key of this name that stands before the place, in the same column.
fn first_of(key: &str, second: Span, source: Source<'_>) -> Option<Span> {
    let before = source.text.get(..second.start)?;
    let indentation = before.len() - before.rfind('\n').map_or(0, |feed| feed + 1);
    let first = lines(before).filter_map(|(start, line)| {
        let written = line.get(indentation..)?;
        let bare = written.trim_start_matches(['"', '\'']);
        let is_same = line.get(..indentation)?.trim().is_empty()
            && bare.strip_prefix(key)?.trim_start_matches(['"', '\'']).starts_with(':');
        let start = start + indentation + (written.len() - bare.len());
        is_same.then_some(Span { start, end: start + key.len(), ..second })
    });
    first.last()
}
