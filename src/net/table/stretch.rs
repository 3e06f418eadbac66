//! Nested prefixes laid flat: stretches of addresses that each have one longest prefix, or none.

use crate::net::prefixes::{Bits, Column};

/// In the place of an owner, where no prefix is. Owners are positions of prefixes, far below it.
pub(super) const NOBODY: u32 = (1 << 31) - 1;

/// Hands first address and owner of each stretch to `take`: from the first address there is, ascending; neighbours differ in owner.
/// The first of `prefixes` is the owner `number`, those behind it the next.
pub(super) fn stretches<T: Bits>(prefixes: &Column<T>, number: u32, take: impl FnMut(T, u32)) {
    let mut walk = Walk { place: T::FIRST, last: T::LAST, owner: NOBODY, around: Vec::new(), take };
    for (owner, (first, length)) in (number..).zip(prefixes.iter()) {
        walk.open(first, first.last(length), owner);
    }
    while walk.close().is_some() {}
}

/// A walk over the prefixes, which come in the order of their addresses, the wider first.
struct Walk<T, F> {
    /// Stretches that begin before it are handed on.
    place: T,
    /// The end of the longest prefix that is open there, and its owner. Around all is nobody's.
    last: T,
    owner: u32,
    /// The same of those around it, the widest first.
    around: Vec<(T, u32)>,
    take: F,
}

impl<T: Bits, F: FnMut(T, u32)> Walk<T, F> {
    fn open(&mut self, first: T, last: T, owner: u32) {
        while self.last < first && self.close().is_some() {}
        if self.place < first {
            (self.take)(self.place, self.owner);
        }
        self.around.push((self.last, self.owner));
        (self.place, self.last, self.owner) = (first, last, owner);
    }

    /// Closes the longest prefix; behind it the one around it goes on. `None` behind the last address.
    fn close(&mut self) -> Option<()> {
        if self.place <= self.last {
            (self.take)(self.place, self.owner);
        }
        self.place = self.last.next()?;
        (self.last, self.owner) = self.around.pop()?;
        Some(())
    }
}
