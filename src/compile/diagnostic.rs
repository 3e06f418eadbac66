//! What is wrong with a source, as plain data; [`render`](super::render) draws it.

use crate::compile::{code::Code, source::Sources};

/// So many names are looked through for those that authors meant, in all: who makes more mistakes than that takes is helped with the first.
/// Of the 50 that a terminal shows each may be looked for among 100,000 accounts.
const SEARCHED_MAX: usize = 5_000_000;

/// A stretch of a source, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Position of the file among the sources.
    pub file: usize,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No bundle is made.
    Error,
    /// A bundle is made; somebody should look.
    Warning,
    /// Good to know; most often it is meant so.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of mistake.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One fact: lower case, no full stop, the author's words in backticks.
    pub message: String,
    /// Where it is.
    pub span: Span,
    /// What to say at that place; may be empty.
    pub label: String,
    /// Other places that belong to it, and what to say there.
    pub related: Vec<(Span, String)>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Says something at the place itself.
    pub(super) fn label(&mut self, text: impl Into<String>) -> &mut Self {
        self.label = text.into();
        self
    }

    /// Points at another place.
    pub(super) fn related(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.related.push((span, text.into()));
        self
    }

    /// Says what to do.
    pub(super) fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// Says what to do, if there is something to say.
    pub(super) fn maybe_help(&mut self, text: Option<String>) -> &mut Self {
        self.help = text.or(self.help.take());
        self
    }
}

/// All that was found so far.
#[derive(Debug, Default)]
pub(super) struct Diagnostics {
    found: Vec<Diagnostic>,
    error_count: usize,
    searched: usize,
    /// What authors want to keep: codes, everywhere or in one file.
    allowed: Vec<(Code, Option<usize>)>,
}

impl Diagnostics {
    pub(super) fn error(&mut self, code: Code, span: Span, message: String) -> &mut Diagnostic {
        self.error_count += 1;
        self.push(Severity::Error, code, span, message)
    }

    pub(super) fn warning(&mut self, code: Code, span: Span, message: String) -> &mut Diagnostic {
        self.push(Severity::Warning, code, span, message)
    }

    pub(super) fn note(&mut self, code: Code, span: Span, message: String) -> &mut Diagnostic {
        self.push(Severity::Note, code, span, message)
    }

    /// Keeps back what is no error, of a code, everywhere or in one file.
    pub(super) fn allow(&mut self, code: Code, file: Option<usize>) {
        self.allowed.push((code, file));
    }

    fn push(&mut self, severity: Severity, code: Code, span: Span, message: String) -> &mut Diagnostic {
        let (label, related, help) = (String::new(), Vec::new(), None);
        self.found.push_mut(Diagnostic { code, severity, message, span, label, related, help })
    }

    /// Whether there is time to look for what was meant among so many names: many mistakes, each looked for among many, would take hours.
    pub(super) fn may_search(&mut self, names: usize) -> bool {
        self.searched = self.searched.saturating_add(names);
        self.searched <= SEARCHED_MAX
    }

    /// What is found among so many names, if there is time to look.
    pub(super) fn search<T>(&mut self, names: usize, find: impl FnOnce() -> Option<T>) -> Option<T> {
        self.may_search(names).then(find).flatten()
    }

    pub(super) fn has_errors(&self) -> bool {
        self.error_count() > 0
    }

    /// How many errors were found so far: who compares two counts knows whether a part was without.
    pub(super) fn error_count(&self) -> usize {
        self.error_count
    }

    /// In the order of the files' paths and of the places in them; each once.
    pub(super) fn into_sorted(mut self, sources: &Sources) -> Vec<Diagnostic> {
        let path = |span: Span| sources.file(span.file).map_or("", |(path, _)| path);
        let allowed = self.allowed;
        self.found.retain(|found| {
            let is_meant = |(code, file): &(Code, Option<usize>)| {
                *code == found.code && file.is_none_or(|file| file == found.span.file)
            };
            found.severity == Severity::Error || !allowed.iter().any(is_meant)
        });
        self.found.sort_by(|a, b| {
            (path(a.span), a.span, a.code, &a.message).cmp(&(path(b.span), b.span, b.code, &b.message))
        });
        self.found.dedup();
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostics, SEARCHED_MAX};

    #[test]
    fn what_was_meant_is_looked_for_among_so_many_names_in_all() {
        let mut log = Diagnostics::default();
        assert_eq!([SEARCHED_MAX - 1, 1, 1, 0].map(|names| log.may_search(names)), [true, true, false, false]);
    }
}
