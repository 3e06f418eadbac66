//! What atoms came to in one decision.

use std::cell::Cell;

use super::Truth;

/// A bundle may have a million atoms, and a decision asks some fifty: so a place serves many atoms, and keeps the one that was
/// asked last. Rules number the atoms that most of them share first, and those never meet in a place.
const PLACES: usize = 256;

/// What atoms came to, by their numbers. Small enough to be cleared for every decision. Keeps all kinds of atoms: looking one up
/// costs no more than to compare a number again, and less than to test a text.
#[derive(Debug)]
pub struct Memo {
    /// 0, or the atom's number + 1 and its truth.
    places: [Cell<u32>; PLACES],
}

impl Default for Memo {
    fn default() -> Self {
        Self { places: [const { Cell::new(0) }; PLACES] }
    }
}

impl Memo {
    /// Forgets what was found, for another decision.
    pub fn clear(&self) {
        self.places.iter().for_each(|place| place.set(0));
    }

    /// What an atom came to; `find` finds out what nobody has asked.
    #[inline]
    pub(super) fn of(&self, atom: u32, find: impl FnOnce() -> Truth) -> Truth {
        // Numbers of atoms are bounded by the bytes of a bundle, far below 30 bits.
        let known = atom.wrapping_add(1) << 2;
        let place = usize::try_from(atom).unwrap_or(0) % PLACES;
        let Some(place) = self.places.get(place) else { return find() };
        let kept = place.get();
        if kept & !3 == known {
            return match kept & 3 {
                0 => Truth::No,
                1 => Truth::Yes,
                _ => Truth::Unknown,
            };
        }
        let found = find();
        place.set(known | found as u32);
        found
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{Memo, PLACES};
    use crate::rule::Truth::{self, No, Unknown, Yes};

    fn check(memo: &Memo, atom: usize, comes_to: Truth, expect_found: bool) {
        let found = Cell::new(false);
        let find = || {
            found.set(true);
            comes_to
        };
        assert_eq!(memo.of(u32::try_from(atom).unwrap(), find), comes_to, "{atom}");
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
