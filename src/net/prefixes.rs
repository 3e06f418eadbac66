//! Many prefixes, in columns: an IPv4 prefix takes 5 bytes so, an IPv6 prefix 17, where a [`Prefix`] takes 32.

use super::Prefix;

/// An address as a number.
pub(super) trait Bits: Copy + Ord {
    /// The first address there is.
    const FIRST: Self;
    /// The last.
    const LAST: Self;

    /// The last address of the prefix of this length that begins here.
    #[must_use]
    fn last(self, length: u8) -> Self;

    /// The next address, or `None` after the last.
    #[must_use]
    fn next(self) -> Option<Self>;
}

macro_rules! bits {
    ($number:ty) => {
        impl Bits for $number {
            const FIRST: Self = Self::MIN;
            const LAST: Self = Self::MAX;

            fn last(self, length: u8) -> Self {
                // A shift by the full width, for the longest, is no shift at all in Rust: hence `checked`.
                self | Self::MAX.checked_shr(length.into()).unwrap_or(0)
            }

            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }
        }
    };
}

bits!(u32);
bits!(u128);

/// The prefixes of one family: as many first addresses as lengths.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column<T> {
    /// The first addresses, host bits zero.
    pub bits: Vec<T>,
    /// The lengths in bits.
    pub lengths: Vec<u8>,
}

impl<T: Copy> Column<T> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bits.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bits.is_empty()
    }

    /// First address and length of each.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (T, u8)> + Clone {
        self.bits.iter().copied().zip(self.lengths.iter().copied())
    }

    fn get(&self, position: usize) -> Option<(T, u8)> {
        self.bits.get(position).copied().zip(self.lengths.get(position).copied())
    }

    fn push(&mut self, bits: T, length: u8) {
        self.bits.push(bits);
        self.lengths.push(length);
    }
}

/// Prefixes that ascend, IPv4 first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prefixes {
    /// Those of IPv4.
    pub v4: Column<u32>,
    /// Those of IPv6, whose positions follow.
    pub v6: Column<u128>,
}

impl Prefixes {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.v4.len().saturating_add(self.v6.len())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// The prefix at a position.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<Prefix> {
        match position.checked_sub(self.v4.len()) {
            None => self.v4.get(position).map(v4),
            Some(position) => self.v6.get(position).map(v6),
        }
    }

    /// Adds one that stands behind all others.
    pub fn push(&mut self, prefix: Prefix) {
        match prefix {
            Prefix::V4 { bits, length } => self.v4.push(bits, length),
            Prefix::V6 { bits, length } => self.v6.push(bits, length),
        }
    }

    /// All, ascending.
    pub fn iter(&self) -> impl Iterator<Item = Prefix> {
        self.v4.iter().map(v4).chain(self.v6.iter().map(v6))
    }
}

fn v4((bits, length): (u32, u8)) -> Prefix {
    Prefix::V4 { bits, length }
}

fn v6((bits, length): (u128, u8)) -> Prefix {
    Prefix::V6 { bits, length }
}

/// Of prefixes that ascend.
impl FromIterator<Prefix> for Prefixes {
    fn from_iter<I: IntoIterator<Item = Prefix>>(prefixes: I) -> Self {
        let mut all = Self::default();
        prefixes.into_iter().for_each(|prefix| all.push(prefix));
        all
    }
}
