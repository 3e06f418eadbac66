//! What a file holds, and where its author says what of it.

use crate::compile::{diagnostic::Span, yaml::Word};

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
}
