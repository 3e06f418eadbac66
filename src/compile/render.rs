//! Draws diagnostics for people, with `annotate-snippets`, and flattens them for programs.

use std::{borrow::Cow, ops::Range};

use annotate_snippets::{AnnotationKind, Element, Level, Renderer, Snippet};
use serde::Serialize;

use crate::compile::{
    diagnostic::{Diagnostic, Severity, Span},
    settings,
    source::{LINE_ENDS, Sources, line_starts},
};

/// A diagnostic as a program reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlatDiagnostic {
    /// `R012`
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// One fact.
    pub message: String,
    /// Where it is, and what to say there.
    #[serde(flatten)]
    pub place: Place,
    /// Other places that belong to it, and what to say there.
    pub related: Vec<Place>,
    /// What to do about it.
    pub help: Option<String>,
    /// The picture with the source, for people; no colours.
    pub rendered: String,
}

/// A stretch of a source, as editors count. Columns are characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Path in the site folder.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1.
    pub column: usize,
    /// The line it ends in.
    pub end_line: usize,
    /// The column behind its end.
    pub end_column: usize,
    /// What to say there; may be empty.
    pub label: String,
}

/// The picture of a diagnostic, with colours for a terminal or without. Ends without a line feed.
#[must_use]
pub fn render(diagnostic: &Diagnostic, sources: &Sources, colours: bool) -> String {
    let pieces: Vec<(Piece<'_>, &str)> =
        places(diagnostic).map(|(span, label)| (Piece::of(span, sources), label)).collect();
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group =
        level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.0).elements(Vec::<Element<'_>>::new());
    for (index, (piece, label)) in pieces.iter().enumerate() {
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let annotation = kind.span(piece.marked.clone());
        let annotation = if label.is_empty() { annotation } else { annotation.label(*label) };
        let snippet = Snippet::source(&*piece.text).line_start(piece.line).path(piece.path);
        group = group.element(snippet.annotation(annotation));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}

/// The diagnostic for a program.
#[must_use]
pub fn flatten(diagnostic: &Diagnostic, sources: &Sources) -> FlatDiagnostic {
    let place = |(span, label): (Span, &str)| Piece::of(span, sources).place(label);
    FlatDiagnostic {
        code: diagnostic.code.0,
        severity: diagnostic.severity.name(),
        message: diagnostic.message.clone(),
        place: place((diagnostic.span, &diagnostic.label)),
        related: places(diagnostic).skip(1).map(place).collect(),
        help: diagnostic.help.clone(),
        rendered: render(diagnostic, sources, false),
    }
}

/// The places of a diagnostic with what to say there, the main one first.
fn places(diagnostic: &Diagnostic) -> impl Iterator<Item = (Span, &str)> {
    let related = diagnostic.related.iter().map(|(span, label)| (*span, label.as_str()));
    std::iter::once((diagnostic.span, diagnostic.label.as_str())).chain(related)
}

/// A stretch of a text and the whole lines that it is in: of a list of a million rows, no other is looked at.
struct Piece<'a> {
    path: &'a str,
    /// The lines.
    text: Cow<'a, str>,
    /// The stretch, bytes of them.
    marked: Range<usize>,
    /// The first of them, counted from 1.
    line: usize,
}

impl<'a> Piece<'a> {
    fn of(span: Span, sources: &'a Sources) -> Self {
        // A file that is not there can only be the settings: whoever names another says where.
        let (path, bytes) = sources.file(span.file).unwrap_or((settings::FILE, b""));
        let starts = sources.lines(span.file);
        let line = starts.partition_point(|start| *start <= span.start).max(1);
        let first = starts.get(line - 1).copied().unwrap_or(0);
        let start = span.start.clamp(first, bytes.len());
        let end = span.end.clamp(start, bytes.len());
        // A block of YAML ends behind its last line feed: the line below is none of its.
        let marked = bytes.get(start..end).unwrap_or(&[]);
        let end = start + marked.iter().rposition(|byte| !LINE_ENDS.contains(byte)).map_or(0, |at| at + 1);
        let behind = bytes.get(end..).unwrap_or(&[]);
        let last = end + behind.iter().position(|byte| LINE_ENDS.contains(byte)).unwrap_or(behind.len());
        let text = String::from_utf8_lossy(bytes.get(first..last).unwrap_or(&[]));
        // On the borders of characters: replacing what is not UTF-8 moves places.
        let marked = text.floor_char_boundary(start - first)..text.ceil_char_boundary(end - first);
        Self { path, text, marked, line }
    }

    fn place(&self, label: &str) -> Place {
        let column = |line_start: usize, at: usize| self.text.get(line_start..at).unwrap_or("").chars().count() + 1;
        let inside = self.text.get(self.marked.clone()).unwrap_or("").as_bytes();
        let last_line =
            inside.iter().rposition(|byte| LINE_ENDS.contains(byte)).map_or(0, |at| self.marked.start + at + 1);
        Place {
            file: self.path.to_owned(),
            line: self.line,
            column: column(0, self.marked.start),
            end_line: self.line + line_starts(inside).len() - 1,
            end_column: column(last_line, self.marked.end),
            label: label.to_owned(),
        }
    }
}
