//! Sets of small numbers, a bit each: 64 are worked on by one instruction.

/// A set of numbers below a bound. Sets that are put together share their bound.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Set {
    words: Vec<u64>,
}

impl Set {
    /// The set without members, with room for numbers below `bound`.
    #[must_use]
    pub fn empty(bound: usize) -> Self {
        Self { words: vec![0; bound.div_ceil(64)] }
    }

    /// The set of all numbers below `bound`.
    #[must_use]
    pub fn full(bound: usize) -> Self {
        let mut set = Self { words: vec![u64::MAX; bound.div_ceil(64)] };
        if let (Some(last), rest @ 1..) = (set.words.last_mut(), bound % 64) {
            *last = !(u64::MAX << rest);
        }
        set
    }

    /// Puts a member in.
    pub fn insert(&mut self, member: usize) {
        if let Some(word) = self.words.get_mut(member / 64) {
            *word |= 1 << (member % 64);
        }
    }

    /// Takes a member out.
    pub fn remove(&mut self, member: usize) {
        if let Some(word) = self.words.get_mut(member / 64) {
            *word &= !(1 << (member % 64));
        }
    }

    /// Leaves only what `other` holds too.
    pub fn keep(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    /// Whether it holds a number.
    #[must_use]
    pub fn contains(&self, member: usize) -> bool {
        self.words.get(member / 64).is_some_and(|word| word >> (member % 64) & 1 == 1)
    }

    /// Whether it has no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// How many words of 64 bits it takes.
    #[must_use]
    pub fn words(&self) -> usize {
        self.words.len()
    }

    /// How many members it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// What both hold.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    /// What only this one holds.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    /// Puts all members of `other` in.
    pub fn add(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// The members, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros() as usize;
                rest &= rest.checked_sub(1)?;
                Some(index.wrapping_mul(64).wrapping_add(bit))
            })
        })
    }

    fn zip(&self, other: &Self, combine: impl Fn(u64, u64) -> u64) -> Self {
        Self { words: self.words.iter().zip(&other.words).map(|(a, b)| combine(*a, *b)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::Set;

    #[test]
    fn a_set_holds_its_members_and_no_others() {
        for bound in [1, 63, 64, 65, 200] {
            let full = Set::full(bound);
            assert_eq!(full.iter().collect::<Vec<_>>(), (0..bound).collect::<Vec<_>>());
            assert_eq!(full.len(), bound);
            assert!(full.without(&full).is_empty());
            assert_eq!(full.and(&Set::empty(bound)), Set::empty(bound));
            assert!(!full.contains(bound));
        }
        let mut set = Set::empty(130);
        for member in [0, 64, 129] {
            set.insert(member);
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 64, 129]);
        assert!(set.contains(64) && !set.contains(65));
        set.remove(64);
        set.remove(65);
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 129]);
    }
}
