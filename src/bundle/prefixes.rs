//! A family's prefixes: count; the lengths in bits (1 each); the gaps.
//!
//! Prefixes ascend by address, then length. A gap is counted in prefixes of the own length: from the address behind the prefix
//! before, cut to that length, to the own address. It is signed, because a prefix may lie in the one before: 0, -1, 1, -2 ... are
//! written as 0, 1, 2, 3.

use crate::{
    bundle::{
        columns::{unzigzag, zigzag},
        parts::{OpenError, Packer, Section},
    },
    net::Column,
};

const NO_PREFIX: &str = "a prefix without host bits";

/// A number that holds the addresses of a family and what lies between them; it wraps. Of 64 bits for IPv4, because 128 are slow.
pub(super) trait Number: Copy + Ord + From<u8> {
    /// Bits of an address.
    const WIDTH: u8;
    /// An address.
    type Bits: Copy;

    fn bits(self) -> Self::Bits;
    /// The gap that is written so, or `None` for one wider than the family.
    fn gap(code: u128) -> Option<Self>;
    fn plus(self, other: Self) -> Self;
    /// Shifted by up to the width: all bits out, then.
    fn up(self, count: u8) -> Self;
    fn down(self, count: u8) -> Self;
}

impl Number for u64 {
    const WIDTH: u8 = 32;
    type Bits = u32;

    #[expect(clippy::cast_possible_truncation, reason = "an address has 32 bits")]
    fn bits(self) -> u32 {
        self as u32
    }

    fn gap(code: u128) -> Option<Self> {
        let code = Self::try_from(code).ok()?;
        Some((code >> 1) ^ (code & 1).wrapping_neg())
    }

    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    fn up(self, count: u8) -> Self {
        self.wrapping_shl(count.into())
    }

    fn down(self, count: u8) -> Self {
        self.wrapping_shr(count.into())
    }
}

impl Number for u128 {
    const WIDTH: u8 = 128;
    type Bits = Self;

    fn bits(self) -> Self {
        self
    }

    fn gap(code: u128) -> Option<Self> {
        Some(unzigzag(code))
    }

    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    fn up(self, count: u8) -> Self {
        self.checked_shl(count.into()).unwrap_or(0)
    }

    fn down(self, count: u8) -> Self {
        self.checked_shr(count.into()).unwrap_or(0)
    }
}

/// The prefixes of a family whose addresses have `width` bits.
pub(super) fn pack_column(width: u8, prefixes: impl ExactSizeIterator<Item = (u128, u8)> + Clone, packer: &mut Packer) {
    packer.count(prefixes.len());
    prefixes.clone().for_each(|(_, length)| packer.wire().u8(length));
    let mut behind = 0_u128;
    for (bits, length) in prefixes {
        let shift = width.saturating_sub(length);
        packer.wire().varint_128(zigzag(bits.down(shift).wrapping_sub(behind.down(shift))));
        // Behind the last address comes the first: wrapping here and in `open_column` gives the same.
        behind = bits.plus(1.up(shift));
    }
}

/// At most `max` prefixes.
pub(super) fn open_column<N: Number>(section: &mut Section<'_>, max: usize) -> Result<Column<N::Bits>, OpenError> {
    let count = section.count(max)?;
    let lengths = section.bytes(u32::try_from(count).unwrap_or(u32::MAX))?;
    let mut bits = Vec::with_capacity(lengths.len());
    let mut behind = N::from(0);
    // The least that may come next.
    let mut least = (N::from(0), 0);
    section.varints(lengths.iter().copied(), |length, code| {
        let shift = N::WIDTH.checked_sub(length).ok_or(NO_PREFIX)?;
        let number = behind.down(shift).plus(N::gap(code).ok_or(NO_PREFIX)?);
        // Of a length there are as many prefixes as its bits can number.
        if number.down(length) != N::from(0) {
            return Err(NO_PREFIX);
        }
        let first = number.up(shift);
        if (first, length) < least {
            return Err("prefixes ascending, each once");
        }
        least = (first, length.saturating_add(1));
        behind = first.plus(N::from(1).up(shift));
        bits.push(first.bits());
        Ok(())
    })?;
    Ok(Column { bits, lengths: lengths.to_vec() })
}
