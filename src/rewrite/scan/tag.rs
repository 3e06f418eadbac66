//! A tag, as it stands in the buffer.

use std::ops::Range;

use crate::rewrite::name::Name;

/// A whole tag; its ranges count from its start.
#[derive(Debug)]
pub(in crate::rewrite) struct Tag {
    /// Where its `<` is in the buffer.
    pub(in crate::rewrite) start: usize,
    /// Behind its `>`.
    pub(in crate::rewrite) length: usize,
    pub(in crate::rewrite) is_end: bool,
    pub(in crate::rewrite) is_self_closing: bool,
    pub(in crate::rewrite) name: Name,
    pub(in crate::rewrite) name_end: usize,
    /// In their order; none of a tag that is too long to be held.
    pub(in crate::rewrite) attributes: Vec<Attribute>,
    /// What their names begin with, a bit for each [`letter`].
    pub(in crate::rewrite) letters: u32,
    pub(in crate::rewrite) is_too_long: bool,
}

#[derive(Debug, Clone)]
pub(in crate::rewrite) struct Attribute {
    pub(in crate::rewrite) name: Range<usize>,
    /// Empty where there is none.
    pub(in crate::rewrite) value: Range<usize>,
}

impl Tag {
    /// Its name as it is written.
    pub(in crate::rewrite) fn name_in<'a>(&self, buffer: &'a [u8]) -> &'a [u8] {
        let start = self.start.saturating_add(if self.is_end { 2 } else { 1 });
        buffer.get(start..self.start.saturating_add(self.name_end)).unwrap_or_default()
    }

    /// An attribute with its value and the quotes around it.
    pub(in crate::rewrite) fn whole(&self, buffer: &[u8], attribute: &Attribute) -> Range<usize> {
        let before = attribute.value.start.saturating_sub(1)..attribute.value.start;
        let is_quoted = before.start >= attribute.name.end && matches!(self.text(buffer, &before), b"\"" | b"'");
        attribute.name.start..attribute.value.end.saturating_add(usize::from(is_quoted))
    }

    /// What stands in one of its ranges.
    pub(in crate::rewrite) fn text<'a>(&self, buffer: &'a [u8], range: &Range<usize>) -> &'a [u8] {
        let at = |offset: usize| self.start.saturating_add(offset);
        buffer.get(at(range.start)..at(range.end)).unwrap_or_default()
    }
}

/// The bit of a letter; 32 characters further it is the same, as it is in upper case.
pub(in crate::rewrite) fn letter(letter: u8) -> u32 {
    1_u32.wrapping_shl(letter.into())
}
