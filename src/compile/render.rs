//! Draws diagnostics for people, with `annotate-snippets`, and flattens them for programs.

use annotate_snippets::{AnnotationKind, Element, Level, Renderer, Snippet};
use serde::Serialize;

use crate::compile::{
    diagnostic::{Diagnostic, Severity, Span},
    settings,
    source::Sources,
};

/// A diagnostic as a program reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlatDiagnostic {
    /// `R012`
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// One fact.
    pub message: String,
    /// Path in the site folder.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// Characters, counted from 1.
    pub column: usize,
    /// What to do about it.
    pub help: Option<String>,
    /// The picture with the source, for people; no colours.
    pub rendered: String,
}

/// The picture of a diagnostic, with colours for a terminal or without. Ends without a line feed.
#[must_use]
pub fn render(diagnostic: &Diagnostic, sources: &Sources, colours: bool) -> String {
    let texts: Vec<(String, String)> = places(diagnostic).map(|(span, _)| text_of(sources, span)).collect();
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group =
        level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.0).elements(Vec::<Element<'_>>::new());
    for (index, ((span, label), (path, text))) in places(diagnostic).zip(&texts).enumerate() {
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let span = clamp(span, text);
        let annotation = kind.span(span.start..span.end);
        let annotation = if label.is_empty() { annotation } else { annotation.label(label) };
        group = group.element(Snippet::source(text.as_str()).path(path.as_str()).annotation(annotation));
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
    let (file, text) = text_of(sources, diagnostic.span);
    let before = text.get(..clamp(diagnostic.span, &text).start).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    FlatDiagnostic {
        code: diagnostic.code.0,
        severity: diagnostic.severity.name(),
        message: diagnostic.message.clone(),
        file,
        line: before.matches('\n').count() + 1,
        column: before.get(line_start..).unwrap_or("").chars().count() + 1,
        help: diagnostic.help.clone(),
        rendered: render(diagnostic, sources, false),
    }
}

/// The places of a diagnostic with what to say there, the main one first.
fn places(diagnostic: &Diagnostic) -> impl Iterator<Item = (Span, &str)> {
    let related = diagnostic.related.iter().map(|(span, label)| (*span, label.as_str()));
    std::iter::once((diagnostic.span, diagnostic.label.as_str())).chain(related)
}

fn text_of(sources: &Sources, span: Span) -> (String, String) {
    // A file that is not there can only be the settings: whoever names another says where.
    let (path, bytes) = sources.file(span.file).unwrap_or((settings::FILE, b""));
    (path.to_owned(), String::from_utf8_lossy(bytes).into_owned())
}

/// A span that surely lies in `text`, on the borders of characters: replacing what is not UTF-8 moves places.
fn clamp(span: Span, text: &str) -> Span {
    let start = text.floor_char_boundary(span.start);
    let end = text.ceil_char_boundary(span.end.max(start));
    Span { file: span.file, start, end }
}
