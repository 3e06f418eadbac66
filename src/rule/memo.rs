//! What atoms came to in one decision.

use std::cell::Cell;

use super::Truth;

/// A bundle may have a million atoms, and a decision asks some fifty: so a place serves many atoms, and keeps the one that was
/// asked last. Rules number the atoms that most of them share first, and those never meet in a place.
const PLACES: usize = 256;

/// That an atom comes to a truth, in one number: its own + 1, and in the two lowest bits the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Note(u32);

impl Note {
    /// Is no atom's.
    const NONE: Self = Self(0);

    pub(super) fn new(atom: u32, truth: Truth) -> Self {
        // Numbers of atoms are bounded by the bytes of a bundle, far below 30 bits.
        Self(atom.wrapping_add(1) << 2).with(truth)
    }

    pub(super) fn atom(self) -> u32 {
        (self.0 >> 2).wrapping_sub(1)
    }

    /// Whether it says what its atom came to.
    pub(super) fn is_so(self, truth: Truth) -> bool {
        self == self.with(truth)
    }

    fn with(self, truth: Truth) -> Self {
        Self(self.0 & !3 | truth as u32)
    }

    /// Whether both are of one atom, whatever they say of it.
    fn is_of(self, other: Self) -> bool {
        self.0 ^ other.0 < 4
    }
}

/// What atoms came to, by their numbers. Small enough to be cleared for every decision. Keeps all kinds of atoms: looking one up
/// costs no more than to compare a number again, and less than to test a text.
#[derive(Debug)]
pub struct Memo {
    places: [Cell<Note>; PLACES],
}

impl Default for Memo {
    fn default() -> Self {
        Self { places: [const { Cell::new(Note::NONE) }; PLACES] }
    }
}

impl Memo {
    /// Forgets what was found, for another decision.
    pub fn clear(&self) {
        self.places.iter().for_each(|place| place.set(Note::NONE));
    }

    /// Whether an atom came to what is asked; `find` finds out what nobody has asked.
    #[inline]
    pub(super) fn has(&self, asked: Note, find: impl FnOnce(u32) -> Truth) -> bool {
        let place = usize::try_from(asked.0 >> 2).unwrap_or(0) % PLACES;
        let Some(place) = self.places.get(place) else { return asked.is_so(find(asked.atom())) };
        if !place.get().is_of(asked) {
            place.set(asked.with(find(asked.atom())));
        }
        place.get() == asked
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{Memo, Note, PLACES};
    use crate::rule::Truth::{self, No, Unknown, Yes};

    fn check(memo: &Memo, atom: usize, comes_to: Truth, expect_found: bool) {
        let found = Cell::new(false);
        let number = u32::try_from(atom).unwrap();
        let find = |asked| {
            assert_eq!(asked, number);
            found.set(true);
            comes_to
        };
        for asked in [No, Yes, Unknown] {
            assert_eq!(memo.has(Note::new(number, asked), find), asked == comes_to, "{atom}");
        }
        assert_eq!(found.get(), expect_found, "{atom}");
    }

    #[test]
    fn an_atom_is_found_out_once() {
        let memo = Memo::default();
        for is_first in [true, false] {
            check(&memo, 0, No, is_first);
            check(&memo, 1, Yes, is_first);
            check(&memo, PLACES - 1, Unknown, is_first);
        }
    }

    #[test]
    fn an_atom_is_never_taken_for_another_of_its_place() {
        let memo = Memo::default();
        check(&memo, 7, Yes, true);
        check(&memo, 7 + PLACES, No, true);
        check(&memo, 7 + PLACES, No, false);
        check(&memo, 7, Yes, true);
    }
}
