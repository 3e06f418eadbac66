//! What a file holds, and where its author says what of it.

use crate::compile::{
    diagnostic::Span,
    lint::{Limited, Written},
    yaml::Word,
};

/// An experience or a line item, and its places.
pub(super) struct Placed<T> {
    pub(super) item: T,
    pub(super) name: Word,
    /// Its condition.
    pub(super) when: Span,
    /// Its schedule or flight, if it has one.
    pub(super) window: Option<Span>,
    /// Its test, if it has one.
    pub(super) test: Option<Span>,
    /// Its texts in slots that have a limit; none of a variant that is paused.
    pub(super) texts: Vec<Limited>,
    /// The names of its variants; a line item has none.
    pub(super) variants: Vec<Span>,
}

impl<T> Placed<T> {
    /// What it is, and where it is written.
    pub(super) fn part(self) -> (T, Written) {
        let Self { item, name, when, window, test, texts, variants } = self;
        (item, Written { name: name.span, when, window, test, texts, variants })
    }
}
