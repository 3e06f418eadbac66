//! Columns: the values of one thing for many, one behind the other. Equal things that stand together compress, and need no mark of
//! where each begins.
//!
//! - *Texts*: count, then each in UTF-8 with a byte 0xFF, which no UTF-8 holds, behind it. None is longer than 64 KiB.
//! - *Text column*: the texts that occur, in the order in which they occur first; then a number for each cell: 0 no text, 1 the
//!   next text that did not occur before, else the position of a text + 2.
//! - *Int column*: a power of ten (1); then each cell divided by it, as an int that may be missing.

use crate::{
    bundle::parts::{OpenError, Packer, Section},
    limit::STRING_BYTE_MAX,
    model::{Numbering, Text},
};

const END_OF_TEXT: u8 = 0xff;
const NO_TEXT: u32 = 0;
const NEXT_TEXT: u32 = 1;
const KNOWN_TEXTS: u32 = 2;
/// The highest power of ten that 64 bits hold.
const POWER_MAX: u32 = 18;

pub(super) fn pack_texts(texts: &[Text], packer: &mut Packer) {
    packer.count(texts.len());
    for text in texts {
        packer.wire().bytes(text.as_bytes());
        packer.wire().u8(END_OF_TEXT);
    }
}

/// Hands each text to `take`.
pub(super) fn open_texts<T>(section: &mut Section<'_>, mut take: impl FnMut(&str) -> T) -> Result<Vec<T>, OpenError> {
    let count = section.count(usize::MAX)?;
    let mut texts = Vec::with_capacity(count.min(section.left()));
    for _ in 0..count {
        let text = section.bytes_until(END_OF_TEXT)?;
        section.require(text.len() <= STRING_BYTE_MAX, "a string within its limit")?;
        texts.push(take(section.expect(std::str::from_utf8(text).ok(), "UTF-8")?));
    }
    Ok(texts)
}

pub(super) fn pack_text_column<'a>(cells: impl Iterator<Item = Option<&'a str>>, packer: &mut Packer) {
    let mut known = Numbering::default();
    let codes: Vec<u32> = cells
        .map(|cell| {
            let Some(text) = cell else { return NO_TEXT };
            let count = known.texts().len();
            let number = known.number(text);
            if known.texts().len() > count { NEXT_TEXT } else { number.saturating_add(KNOWN_TEXTS) }
        })
        .collect();
    pack_texts(known.texts(), packer);
    codes.iter().for_each(|code| packer.varint(*code));
}

/// `count` cells, each text handed to `take` once.
pub(super) fn open_text_column<T: Clone>(
    section: &mut Section<'_>,
    count: usize,
    take: impl FnMut(&str) -> T,
) -> Result<Vec<Option<T>>, OpenError> {
    let texts = open_texts(section, take)?;
    let mut unused = texts.iter();
    let mut cells = Vec::with_capacity(count.min(section.left()));
    for _ in 0..count {
        let text = match section.varint()? {
            NO_TEXT => None,
            NEXT_TEXT => Some(unused.next()),
            code => Some(usize::try_from(code.saturating_sub(KNOWN_TEXTS)).ok().and_then(|number| texts.get(number))),
        };
        cells.push(text.map(|text| section.expect(text.cloned(), "the number of a text")).transpose()?);
    }
    section.require(unused.next().is_none(), "a cell for every text")?;
    Ok(cells)
}

pub(super) fn pack_int_column(cells: &[Option<i64>], packer: &mut Packer) {
    let values = || cells.iter().flatten().filter(|value| **value != 0);
    let divides = |power: &u32| values().all(|value| value.checked_rem(10_i64.pow(*power)) == Some(0));
    let power = if values().next().is_none() { 0 } else { (0..=POWER_MAX).rev().find(divides).unwrap_or(0) };
    packer.wire().u8(u8::try_from(power).unwrap_or(0));
    for cell in cells {
        packer.optional_int(cell.map(|value| value.checked_div(10_i64.pow(power)).unwrap_or(value)));
    }
}

pub(super) fn open_int_column(section: &mut Section<'_>, count: usize) -> Result<Vec<Option<i64>>, OpenError> {
    let power = u32::from(section.u8()?);
    section.require(power <= POWER_MAX, "a power of ten that 64 bits hold")?;
    let unit = 10_i64.pow(power);
    let mut cells = Vec::with_capacity(count.min(section.left()));
    for _ in 0..count {
        let value = section.optional_int()?.map(|value| section.expect(value.checked_mul(unit), "a number of 64 bits"));
        cells.push(value.transpose()?);
    }
    Ok(cells)
}

/// Signed numbers as unsigned ones, small for small.
pub(super) fn zigzag(value: u128) -> u128 {
    let sign = if value >> 127 == 0 { 0 } else { u128::MAX };
    value.wrapping_shl(1) ^ sign
}

pub(super) fn unzigzag(value: u128) -> u128 {
    let sign = if value & 1 == 0 { 0 } else { u128::MAX };
    (value >> 1) ^ sign
}

#[cfg(test)]
mod tests {
    use super::{open_int_column, open_text_column, pack_int_column, pack_text_column, unzigzag, zigzag};
    use crate::{
        bundle::parts::{Packer, Section},
        wire::Reader,
    };

    #[test]
    fn a_signed_number_comes_back() {
        for value in [0, 1, u128::MAX, 2, u128::MAX - 1, 1 << 127, (1 << 127) - 1] {
            assert_eq!(unzigzag(zigzag(value)), value);
        }
        assert_eq!([0, u128::MAX, 1, u128::MAX - 1].map(zigzag), [0, 1, 2, 3]);
    }

    #[test]
    fn ints_come_back() {
        let check = |cells: &[Option<i64>], bytes: usize| {
            let mut packer = Packer::default();
            pack_int_column(cells, &mut packer);
            let packed = packer.finish();
            let mut section = Section::new("test", &[], Reader::new(&packed, 0));
            assert_eq!(open_int_column(&mut section, cells.len()).unwrap(), cells);
            assert_eq!((section.finish(), packed.len()), (Ok(()), bytes), "{cells:?}");
        };
        check(&[], 1);
        check(&[None, None], 3);
        check(&[Some(0), None, Some(-1), Some(63)], 5);
        check(&[Some(5_000), Some(-63_000), Some(0)], 4);
        check(&[Some(i64::MIN), Some(i64::MAX)], 21);
        check(&[Some(1_000_000_000_000_000_000)], 2);
    }

    #[test]
    fn texts_come_back() {
        let check = |cells: &[Option<&str>]| {
            let mut packer = Packer::default();
            pack_text_column(cells.iter().copied(), &mut packer);
            let packed = packer.finish();
            let mut section = Section::new("test", &[], Reader::new(&packed, 0));
            let found = open_text_column(&mut section, cells.len(), str::to_owned).unwrap();
            assert_eq!(found.iter().map(Option::as_deref).collect::<Vec<_>>(), cells);
            assert_eq!(section.finish(), Ok(()));
        };
        check(&[]);
        check(&[None]);
        check(&[Some("a"), Some("ü"), None, Some("a"), Some(""), Some("ü"), Some("")]);
    }
}
