//! What the sections have in common: how texts, lists, ints and positions are written and checked.

use std::fmt;

use crate::{
    bundle::columns::{unzigzag, zigzag},
    limit::PIECE_MAX,
    model::{AccountField, Escape, Kind, Numbering, Piece, Template, Text, Window},
    wire::{Reader, Short, Writer},
};

/// A text that is missing.
const NO_TEXT: u32 = 0;
/// The string behind the highest that this section named before.
const NEXT_TEXT: u32 = 1;
const KNOWN_TEXTS: u32 = 2;

/// What is wrong with the bytes of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenError {
    /// The section's name; `header` before the first.
    pub section: &'static str,
    /// Where, in bytes from the start of the file.
    pub offset: usize,
    /// What should have been there.
    pub expected: &'static str,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bundle section `{}` at byte {}: expected {}", self.section, self.offset, self.expected)
    }
}

impl std::error::Error for OpenError {}

/// An int as it is written.
fn code_of(int: i64) -> u128 {
    zigzag(i128::from(int).cast_unsigned())
}

/// The int that is written so, or `None` where it has more than 64 bits.
fn int_of(code: u128) -> Option<i64> {
    i64::try_from(unzigzag(code).cast_signed()).ok()
}

/// Writes sections and gathers their texts.
#[derive(Default)]
pub(super) struct Packer {
    pub(super) strings: Numbering,
    writer: Writer,
    /// The number behind the highest that this section named.
    next_text: u32,
}

impl Packer {
    /// The section written since the last call.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        self.next_text = 0;
        std::mem::take(&mut self.writer).into_bytes()
    }

    pub(super) fn wire(&mut self) -> &mut Writer {
        &mut self.writer
    }

    pub(super) fn text(&mut self, text: &Text) {
        let number = self.strings.number(text);
        self.varint(if number == self.next_text { NEXT_TEXT } else { number.saturating_add(KNOWN_TEXTS) });
        self.next_text = self.next_text.max(number.saturating_add(1));
    }

    pub(super) fn optional_text(&mut self, text: Option<&Text>) {
        match text {
            Some(text) => self.text(text),
            None => self.varint(NO_TEXT),
        }
    }

    pub(super) fn optional_int(&mut self, int: Option<i64>) {
        self.writer.varint_128(int.map_or(0, |int| code_of(int).saturating_add(1)));
    }

    pub(super) fn int(&mut self, int: i64) {
        self.writer.varint_128(code_of(int));
    }

    pub(super) fn varint(&mut self, value: u32) {
        self.writer.varint(value);
    }

    /// How many items follow. Lengths are bounded by `limit`, far below 32 bits.
    pub(super) fn count(&mut self, count: usize) {
        self.varint(u32::try_from(count).unwrap_or(u32::MAX));
    }

    pub(super) fn list<T>(&mut self, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        self.count(items.len());
        for one in items {
            item(self, one);
        }
    }

    /// Out of line: what writes one text is large, and stands in this loop alone.
    #[inline(never)]
    pub(super) fn texts(&mut self, texts: &[Text]) {
        self.list(texts, Self::text);
    }

    /// Positions that ascend: how many, and each less the one before and 1 (the first: itself).
    pub(super) fn ascending(&mut self, positions: impl ExactSizeIterator<Item = u32>) {
        self.count(positions.len());
        let mut next = 0;
        for position in positions {
            self.varint(position.wrapping_sub(next));
            next = position.wrapping_add(1);
        }
    }

    pub(super) fn window(&mut self, window: Window) {
        self.optional_int(window.from);
        self.optional_int(window.until);
    }

    pub(super) fn template(&mut self, template: &Template) {
        self.list(&template.pieces, |packer, piece| match piece {
            Piece::Literal(text) => {
                packer.writer.u8(0);
                packer.text(text);
            }
            Piece::Token { field, fallback, escape } => {
                packer.writer.u8(1);
                packer.writer.u8(field.code());
                packer.writer.u8(escape.code());
                packer.text(fallback);
            }
        });
    }
}

/// Reads one section.
pub(super) struct Section<'a> {
    name: &'static str,
    strings: &'a [Text],
    reader: Reader<'a>,
    /// The number behind the highest string that was named.
    next_text: u32,
}

impl<'a> Section<'a> {
    pub(super) fn new(name: &'static str, strings: &'a [Text], reader: Reader<'a>) -> Self {
        Self { name, strings, reader, next_text: 0 }
    }

    /// Where the next read begins, in bytes from the start of the file.
    pub(super) fn offset(&self) -> usize {
        self.reader.offset()
    }

    /// An error at the next byte.
    pub(super) fn error(&self, expected: &'static str) -> OpenError {
        OpenError { section: self.name, offset: self.reader.offset(), expected }
    }

    /// The value, or an error just behind it.
    pub(super) fn expect<T>(&self, value: Option<T>, expected: &'static str) -> Result<T, OpenError> {
        value.ok_or_else(|| self.error(expected))
    }

    pub(super) fn require(&self, holds: bool, expected: &'static str) -> Result<(), OpenError> {
        self.expect(holds.then_some(()), expected)
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.reader.left()
    }

    /// That nothing is left.
    pub(super) fn finish(&self) -> Result<(), OpenError> {
        self.require(self.reader.is_done(), "the section's end")
    }

    fn read<T>(&mut self, read: impl FnOnce(&mut Reader<'a>) -> Result<T, Short>) -> Result<T, OpenError> {
        let section = self.name;
        read(&mut self.reader).map_err(|short| OpenError { section, offset: short.offset, expected: "more bytes" })
    }

    pub(super) fn u8(&mut self) -> Result<u8, OpenError> {
        self.read(Reader::u8)
    }

    pub(super) fn u16(&mut self) -> Result<u16, OpenError> {
        self.read(Reader::u16)
    }

    pub(super) fn u32(&mut self) -> Result<u32, OpenError> {
        self.read(Reader::u32)
    }

    pub(super) fn u128(&mut self) -> Result<u128, OpenError> {
        self.read(Reader::u128)
    }

    pub(super) fn bytes(&mut self, count: u32) -> Result<&'a [u8], OpenError> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.read(|reader| reader.bytes(count))
    }

    /// The bytes before the next byte `end`, which is passed over.
    pub(super) fn bytes_until(&mut self, end: u8) -> Result<&'a [u8], OpenError> {
        self.read(|reader| reader.bytes_until(end))
    }

    /// A number up to `max`.
    pub(super) fn up_to(&mut self, max: u16, expected: &'static str) -> Result<u16, OpenError> {
        let value = u16::try_from(self.varint()?).ok().filter(|value| *value <= max);
        self.expect(value, expected)
    }

    /// A byte 0 or 1.
    pub(super) fn flag(&mut self, expected: &'static str) -> Result<bool, OpenError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.error(expected)),
        }
    }

    pub(super) fn weight(&mut self) -> Result<u32, OpenError> {
        let weight = self.varint()?;
        self.require(weight <= crate::limit::WEIGHT_MAX, "a weight within its limit")?;
        Ok(weight)
    }

    /// A position below `count`.
    pub(super) fn position(&mut self, count: usize, expected: &'static str) -> Result<u32, OpenError> {
        let position = self.varint()?;
        self.require(usize::try_from(position).is_ok_and(|position| position < count), expected)?;
        Ok(position)
    }

    /// Positions below `count`, ascending, each once.
    pub(super) fn positions(&mut self, count: usize, expected: &'static str) -> Result<Vec<u32>, OpenError> {
        let positions = self.list(count, |section| section.position(count, expected))?;
        self.require(positions.is_sorted_by(|a, b| a < b), expected)?;
        Ok(positions)
    }

    pub(super) fn text(&mut self) -> Result<Text, OpenError> {
        let text = self.optional_text()?;
        self.expect(text, "a text")
    }

    pub(super) fn optional_text(&mut self) -> Result<Option<Text>, OpenError> {
        let number = match self.varint()? {
            NO_TEXT => return Ok(None),
            NEXT_TEXT => self.next_text,
            code => code.saturating_sub(KNOWN_TEXTS),
        };
        self.next_text = self.next_text.max(number.saturating_add(1));
        let text = usize::try_from(number).ok().and_then(|number| self.strings.get(number)).cloned();
        self.expect(text, "the number of a string").map(Some)
    }

    pub(super) fn optional_int(&mut self) -> Result<Option<i64>, OpenError> {
        let code = self.varint_128()?;
        let int = code.checked_sub(1).map(int_of);
        int.map(|int| self.expect(int, "a number of 64 bits")).transpose()
    }

    pub(super) fn int(&mut self) -> Result<i64, OpenError> {
        let code = self.varint_128()?;
        self.expect(int_of(code), "a number of 64 bits")
    }

    pub(super) fn varint(&mut self) -> Result<u32, OpenError> {
        self.read_varint(Reader::varint)
    }

    pub(super) fn varint_128(&mut self) -> Result<u128, OpenError> {
        self.read_varint(Reader::varint_128)
    }

    /// Hands a varint for each of `items` to `take`, which says what should have been there in the place of one that it refuses. For
    /// columns that are long: short numbers are read where this stands, by a reader that stays in the processor's registers.
    #[inline(always)]
    pub(super) fn varints<T>(
        &mut self,
        items: impl Iterator<Item = T>,
        mut take: impl FnMut(T, u128) -> Result<(), &'static str>,
    ) -> Result<(), OpenError> {
        let mut reader = self.reader.clone();
        for item in items {
            let code = match reader.short_varint() {
                Some(code) => code.into(),
                None => {
                    self.reader = reader;
                    let code = self.varint_128()?;
                    reader = self.reader.clone();
                    code
                }
            };
            if let Err(expected) = take(item, code) {
                self.reader = reader;
                return Err(self.error(expected));
            }
        }
        self.reader = reader;
        Ok(())
    }

    fn read_varint<T>(&mut self, read: fn(&mut Reader<'a>) -> Result<T, Short>) -> Result<T, OpenError> {
        let section = self.name;
        read(&mut self.reader).map_err(|short| {
            let expected = if short.wanted == 1 { "more bytes" } else { "a varint within its limit" };
            OpenError { section, offset: short.offset, expected }
        })
    }

    /// How many items follow, at most `max`.
    pub(super) fn count(&mut self, max: usize) -> Result<usize, OpenError> {
        let count = usize::try_from(self.varint()?).ok().filter(|count| *count <= max);
        self.expect(count, "a count within its limit")
    }

    /// A list of at most `max` items. Grows item by item, so that a false count costs no memory.
    pub(super) fn list<T>(
        &mut self,
        max: usize,
        mut item: impl FnMut(&mut Self) -> Result<T, OpenError>,
    ) -> Result<Vec<T>, OpenError> {
        // A loop: of each `collect` into a `Result` a module would carry a copy.
        let mut items = Vec::new();
        for _ in 0..self.count(max)? {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// At most `max` positions that ascend.
    pub(super) fn ascending(&mut self, max: usize) -> Result<Vec<u32>, OpenError> {
        let mut next = 0_u32;
        (0..self.count(max)?)
            .map(|_| {
                let position = next.checked_add(self.varint()?);
                let position =
                    self.expect(position.filter(|position| *position < u32::MAX), "an ascending position")?;
                next = position.saturating_add(1);
                Ok(position)
            })
            .collect()
    }

    pub(super) fn window(&mut self) -> Result<Window, OpenError> {
        Ok(Window { from: self.optional_int()?, until: self.optional_int()? })
    }

    pub(super) fn template(&mut self) -> Result<Template, OpenError> {
        let pieces = self.list(PIECE_MAX, |section| match section.u8()? {
            0 => Ok(Piece::Literal(section.text()?)),
            1 => {
                let field = AccountField::from_code(section.u8()?)
                    .filter(|field| field.kind() != Kind::List && !field.is_own());
                let field = section.expect(field, "an account field that is no list")?;
                let escape = Escape::from_code(section.u8()?);
                let escape = section.expect(escape, "an escape's code")?;
                Ok(Piece::Token { field, fallback: section.text()?, escape })
            }
            _ => Err(section.error("0 or 1, a literal or a token")),
        })?;
        Ok(Template { pieces })
    }
}
