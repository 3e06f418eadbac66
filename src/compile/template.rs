//! Texts with tokens: `{{account.name | your team}}`.

use std::ops::Range;

use crate::{
    compile::{code, diagnostic::Diagnostics, link, source::Source, suggest, written::locate, yaml::Word},
    limit::{PIECE_MAX, STRING_BYTE_MAX},
    model::{AccountField, Escape, Kind, Piece, Template, Text},
};

/// A part of a text.
pub(super) enum Part<'a> {
    Literal(&'a str),
    Token(Token),
}

/// A token before it is known where it stands.
pub(super) struct Token {
    pub(super) field: AccountField,
    pub(super) fallback: Text,
    /// Bytes of the text, for messages.
    pub(super) range: Range<usize>,
}

impl Token {
    pub(super) fn piece(&self, escape: Escape) -> Piece {
        Piece::Token { field: self.field, fallback: self.fallback.clone(), escape }
    }
}

/// The parts of a text, or `None` when a token in it cannot be read; every such token is reported.
pub(super) fn split<'a>(word: &'a Word, source: Source<'_>, log: &mut Diagnostics) -> Option<Vec<Part<'a>>> {
    let mut parts = Vec::new();
    let mut is_whole = true;
    let mut rest = word.text.as_str();
    while let Some((before, after)) = rest.split_once("{{") {
        warn_of_lookalikes(word, before, word.text.len() - rest.len(), source, log);
        parts.push(Part::Literal(before));
        let start = word.text.len() - after.len() - 2;
        let Some((inner, behind)) = after.split_once("}}") else {
            let span = locate(word, start..word.text.len(), source);
            log.error(code::C004, span, "the token is not closed".to_owned()).help("end it with `}}`");
            return None;
        };
        let range = start..word.text.len() - behind.len();
        match read_token(inner) {
            Ok((field, fallback)) => parts.push(Part::Token(Token { field, fallback: fallback.into(), range })),
            Err((message, help)) => {
                log.error(code::C004, locate(word, range, source), message).help(help);
                is_whole = false;
            }
        }
        rest = behind;
    }
    warn_of_lookalikes(word, rest, word.text.len() - rest.len(), source, log);
    parts.push(Part::Literal(rest));
    is_whole.then_some(parts)
}

/// Warns of what is written as other programs write their tokens: visitors would read it as it stands.
fn warn_of_lookalikes(word: &Word, literal: &str, offset: usize, source: Source<'_>, log: &mut Diagnostics) {
    const OPENING: [char; 4] = ['{', '[', '%', '$'];
    const CLOSING: [char; 3] = ['}', ']', '%'];
    for (at, _) in literal.match_indices("account.") {
        let (before, behind) = literal.split_at_checked(at).unwrap_or((literal, ""));
        let start = before.trim_end().trim_end_matches(OPENING).len();
        let Some(inside) = behind.find(CLOSING).filter(|_| start < before.trim_end().len()) else { continue };
        let signs = behind.get(inside..).map_or(0, |rest| rest.len() - rest.trim_start_matches(CLOSING).len());
        let range = start..at + inside + signs;
        let written = literal.get(range.clone()).unwrap_or("");
        let inside = behind.get(..inside).unwrap_or("").trim();
        let meant = if inside.contains('|') { inside.to_owned() } else { format!("{inside} | your team") };
        let span = locate(word, range.start + offset..range.end + offset, source);
        log.warning(code::C011, span, format!("`{written}` is no token: visitors read it as it stands"))
            .help(format!("write `{{{{{meant}}}}}`, with two braces and a fallback"));
    }
}

fn read_token(inner: &str) -> Result<(AccountField, &str), (String, String)> {
    let example = "write `{{account.name | your team}}`: a field, and the text for those who have no value";
    let (name, fallback) = match inner.split_once('|') {
        Some((name, fallback)) => (name.trim(), fallback.trim()),
        None => (inner.trim(), ""),
    };
    let field = name.strip_prefix("account.").and_then(|name| {
        AccountField::ALL.into_iter().find(|field| field.name() == name && field.kind() != Kind::List)
    });
    let Some(field) = field else {
        if name.is_empty() {
            return Err(("the token is empty".to_owned(), example.to_owned()));
        }
        let is_list = AccountField::ALL.iter().any(|field| name.strip_prefix("account.") == Some(field.name()));
        if is_list {
            return Err((format!("`{name}` is a list, which cannot stand in a token"), example.to_owned()));
        }
        let names = AccountField::ALL.into_iter().filter(|field| field.kind() != Kind::List);
        let names: Vec<String> = names.map(|field| format!("account.{}", field.name())).collect();
        let known = || names.iter().map(String::as_str);
        let whole = format!("account.{name}");
        let help = match name.split_once([',', ':', '?', ';']) {
            _ if known().any(|known| known == whole) => Some(suggest::question(&whole)),
            Some((field, rest)) if known().any(|known| known == field.trim()) => {
                let fallback = Some(rest.trim()).filter(|rest| !rest.is_empty()).unwrap_or("your team");
                Some(format!("the fallback stands behind a `|`: `{{{{{} | {fallback}}}}}`", field.trim()))
            }
            _ => suggest::sentence("a field", name, known()),
        };
        let help = help.unwrap_or_else(|| format!("a token holds one of {}", suggest::listing(known())));
        return Err((format!("`{name}` cannot stand in a token"), help));
    };
    if fallback.contains("{{") {
        return Err((format!("the token `{name}` has another token inside"), "end it with `}}`".to_owned()));
    }
    if let Some(rest) = fallback.strip_prefix('|') {
        let help = format!("write `{{{{{name} | {}}}}}`", rest.trim());
        return Err((format!("the token `{name}` has two `|`"), help));
    }
    if fallback.is_empty() {
        return Err((format!("the token `{name}` has no fallback"), example.to_owned()));
    }
    Ok((field, fallback))
}

/// Plain text, in which every token may stand.
pub(super) fn plain(word: &Word, source: Source<'_>, log: &mut Diagnostics) -> Option<Template> {
    let parts = split(word, source, log)?;
    let pieces = parts.into_iter().map(|part| match part {
        Part::Literal(text) => Piece::Literal(text.into()),
        Part::Token(token) => token.piece(Escape::Text),
    });
    join(pieces, word, log)
}

/// A URL, in which tokens may stand only as values of its query. `check` says why it is refused.
pub(super) fn url(
    word: &Word,
    source: Source<'_>,
    check: impl Fn(&str) -> Result<(), String>,
    log: &mut Diagnostics,
) -> Option<Template> {
    let parts = split(word, source, log)?;
    let mut sample = String::new();
    let mut is_allowed = true;
    let mut pieces = Vec::new();
    for part in parts {
        match part {
            Part::Literal(text) => {
                sample.push_str(text);
                pieces.push(Piece::Literal(text.into()));
            }
            Part::Token(token) => {
                if !is_query_value(&sample) {
                    let span = locate(word, token.range.clone(), source);
                    log.error(code::C005, span, "a token in a URL may only be a value of its query".to_owned())
                        .help("write `/pricing?company={{account.id | none}}`");
                    is_allowed = false;
                }
                sample.push('x');
                pieces.push(token.piece(Escape::Query));
            }
        }
    }
    // Where a token is misplaced, what it makes of the URL follows from that.
    if !is_allowed {
        return None;
    }
    if let Err(reason) = check(&sample) {
        link::refuse(&word.text, &reason, word.span, log);
        return None;
    }
    join(pieces.into_iter(), word, log)
}

/// Whether what follows `before` in a URL is a value of its query.
pub(super) fn is_query_value(before: &str) -> bool {
    let Some((_, query)) = before.split_once('?') else { return false };
    let last = query.rsplit('&').next().unwrap_or("");
    !query.contains('#') && last.contains('=')
}

/// A template of pieces, without the empty ones; `None` when it is larger than a bundle holds, which is reported.
pub(super) fn join(pieces: impl Iterator<Item = Piece>, word: &Word, log: &mut Diagnostics) -> Option<Template> {
    let is_something = |piece: &Piece| !matches!(piece, Piece::Literal(text) if text.is_empty());
    let pieces: Vec<Piece> = pieces.filter(is_something).collect();
    let is_long = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.len() > STRING_BYTE_MAX);
    if pieces.len() > PIECE_MAX || pieces.iter().any(is_long) {
        let (pieces, bytes) = (pieces.len(), word.text.len());
        log.error(code::S009, word.start(), format!("the text has {bytes} bytes in {pieces} pieces around its tokens"))
            .help(format!("at most {PIECE_MAX} pieces of {STRING_BYTE_MAX} bytes fit"));
        return None;
    }
    Some(Template { pieces })
}
