//! Nested prefixes laid flat.

/// An unsigned number as wide as an address.
pub(super) trait Bits: Copy + Ord {
    /// The next address, or `None` after the last.
    fn next(self) -> Option<Self>;
}

impl Bits for u32 {
    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }
}

impl Bits for u128 {
    fn next(self) -> Option<Self> {
        self.checked_add(1)
    }
}

/// Addresses from `start` on, up to the next stretch, have this longest prefix, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch<T> {
    pub(super) start: T,
    pub(super) owner: Option<u32>,
}

/// The stretches of prefixes, given as first address, last address and owner; ascending, neighbours differ in owner.
///
/// Walks the prefixes, which come in the order of their addresses, the wider first, with those that are open on a stack.
pub(super) fn stretches<T: Bits>(ranges: Vec<(T, T, u32)>) -> Vec<Stretch<T>> {
    let mut flat = Flat { stretches: Vec::with_capacity(ranges.len().saturating_mul(2)), open: Vec::new() };
    for (first, last, owner) in ranges {
        flat.close_before(Some(first));
        flat.begin(first, Some(owner));
        flat.open.push((last, owner));
    }
    flat.close_before(None);
    flat.stretches
}

struct Flat<T> {
    stretches: Vec<Stretch<T>>,
    /// Last address and owner of the prefixes that hold the place we are at, the longest at the end.
    open: Vec<(T, u32)>,
}

impl<T: Bits> Flat<T> {
    /// Closes the open prefixes that end before `place`, or all of them; after each the one around it goes on.
    fn close_before(&mut self, place: Option<T>) {
        while let Some((last, _)) = self.open.pop_if(|(last, _)| place.is_none_or(|place| *last < place)) {
            if let Some(after) = last.next() {
                self.begin(after, self.open.last().map(|(_, owner)| *owner));
            }
        }
    }

    /// From `start` on the addresses are `owner`'s. A stretch that turns out to have no addresses is overwritten.
    fn begin(&mut self, start: T, owner: Option<u32>) {
        self.stretches.pop_if(|last| last.start == start);
        if self.stretches.last().map_or(owner.is_some(), |last| last.owner != owner) {
            self.stretches.push(Stretch { start, owner });
        }
    }
}
