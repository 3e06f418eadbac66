//! Little-endian bytes, written and read: the only byte arithmetic of the bundle.
//!
//! A [`Reader`] never looks outside its slice and never panics: a read past the end is a [`Short`], which says where.

/// A read went past the end of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    /// Where the read began, in bytes from the start of the file.
    pub offset: usize,
    /// How many bytes it wanted.
    pub wanted: usize,
}

/// Reads a slice from its start to its end.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// A reader of `bytes`, which begin `offset` bytes into the file: errors count from the file's start.
    #[must_use]
    pub fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self { rest: bytes, offset }
    }

    /// Where the next read begins, in bytes from the start of the file.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// How many bytes are left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// Whether every byte was read.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next `count` bytes.
    ///
    /// # Errors
    /// [`Short`] when fewer are left; nothing is consumed then.
    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], Short> {
        let (head, tail) = self.rest.split_at_checked(count).ok_or(Short { offset: self.offset, wanted: count })?;
        self.rest = tail;
        self.offset = self.offset.saturating_add(count);
        Ok(head)
    }

    /// The bytes before the next byte `end`, which is passed over.
    ///
    /// # Errors
    /// [`Short`] when there is none such; nothing is consumed then.
    pub fn bytes_until(&mut self, end: u8) -> Result<&'a [u8], Short> {
        let count = self.rest.iter().position(|byte| *byte == end);
        let found =
            self.bytes(count.ok_or(Short { offset: self.offset, wanted: self.rest.len().saturating_add(1) })?)?;
        self.u8()?;
        Ok(found)
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// [`Short`] when fewer are left; nothing is consumed then.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Short> {
        let offset = self.offset;
        self.bytes(N)?.try_into().map_err(|_| Short { offset, wanted: N })
    }

    /// The next byte.
    ///
    /// # Errors
    /// [`Short`] at the end.
    pub fn u8(&mut self) -> Result<u8, Short> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    /// The next two bytes.
    ///
    /// # Errors
    /// [`Short`] at the end.
    pub fn u16(&mut self) -> Result<u16, Short> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    /// The next four bytes.
    ///
    /// # Errors
    /// [`Short`] at the end.
    pub fn u32(&mut self) -> Result<u32, Short> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// The next eight bytes.
    ///
    /// # Errors
    /// [`Short`] at the end.
    pub fn u64(&mut self) -> Result<u64, Short> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// A number of seven bits a byte, the lowest first; the top bit says that more follow.
    ///
    /// # Errors
    /// [`Short`] at the end, or where the number does not fit 32 bits.
    pub fn varint(&mut self) -> Result<u32, Short> {
        let offset = self.offset;
        let (value, is_whole) = self.varint_63()?;
        u32::try_from(value).ok().filter(|_| is_whole).ok_or(Short { offset, wanted: 5 })
    }

    /// A number of three bytes or fewer, as most are, if one comes next. A module has one copy, which is small.
    #[must_use]
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    #[cfg_attr(not(target_arch = "wasm32"), inline)]
    pub fn short_varint(&mut self) -> Option<u32> {
        let low = |byte: &u8| u32::from(byte & 0x7f);
        let (value, rest, count) = match self.rest {
            [one @ 0..0x80, rest @ ..] => (low(one), rest, 1),
            [one, two @ 0..0x80, rest @ ..] => (low(two) << 7 | low(one), rest, 2),
            [one, two, three @ 0..0x80, rest @ ..] => (low(three) << 14 | low(two) << 7 | low(one), rest, 3),
            _ => return None,
        };
        self.rest = rest;
        self.offset = self.offset.saturating_add(count);
        Some(value)
    }

    /// The first nine bytes of a number at most, and whether they are all: of most they are, and longer arithmetic is slow.
    fn varint_63(&mut self) -> Result<(u64, bool), Short> {
        let mut value = 0_u64;
        for shift in (0..63).step_by(7) {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7f).wrapping_shl(shift);
            if byte & 0x80 == 0 {
                return Ok((value, true));
            }
        }
        Ok((value, false))
    }

    /// The same of up to 128 bits.
    ///
    /// # Errors
    /// [`Short`] at the end, or where the number does not fit.
    pub fn varint_128(&mut self) -> Result<u128, Short> {
        let offset = self.offset;
        let (low, is_whole) = self.varint_63()?;
        let mut value = u128::from(low);
        if is_whole {
            return Ok(value);
        }
        for shift in (63..128).step_by(7) {
            let byte = self.u8()?;
            let bits = u128::from(byte & 0x7f);
            let placed = bits.wrapping_shl(shift);
            if placed.wrapping_shr(shift) != bits {
                break;
            }
            value |= placed;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Short { offset, wanted: 19 })
    }

    /// The next sixteen bytes.
    ///
    /// # Errors
    /// [`Short`] at the end.
    pub fn u128(&mut self) -> Result<u128, Short> {
        Ok(u128::from_le_bytes(self.array()?))
    }
}

/// Writes what a [`Reader`] reads.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// What was written so far.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// How many bytes were written so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing was written yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Appends `bytes` as they are. Out of line: most of what packs a bundle is calls of it.
    #[inline(never)]
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends one byte.
    pub fn u8(&mut self, value: u8) {
        self.bytes(&[value]);
    }

    /// Appends two bytes.
    pub fn u16(&mut self, value: u16) {
        self.bytes(&value.to_le_bytes());
    }

    /// Appends four bytes.
    pub fn u32(&mut self, value: u32) {
        self.bytes(&value.to_le_bytes());
    }

    /// Appends eight bytes.
    pub fn u64(&mut self, value: u64) {
        self.bytes(&value.to_le_bytes());
    }

    /// Appends a number of seven bits a byte.
    pub fn varint(&mut self, value: u32) {
        self.varint_128(value.into());
    }

    /// Appends a number of seven bits a byte.
    pub fn varint_128(&mut self, mut value: u128) {
        while value >= 0x80 {
            let [low, ..] = value.to_le_bytes();
            self.u8(low | 0x80);
            value >>= 7;
        }
        let [low, ..] = value.to_le_bytes();
        self.u8(low);
    }

    /// Appends sixteen bytes.
    pub fn u128(&mut self, value: u128) {
        self.bytes(&value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, Short, Writer};

    #[test]
    fn what_is_written_is_read() {
        let mut writer = Writer::default();
        writer.u8(1);
        writer.u16(0x0203);
        writer.u32(0x0405_0607);
        writer.u64(8);
        writer.u128(9);
        writer.bytes(b"ten");
        let bytes = writer.into_bytes();
        let mut reader = Reader::new(&bytes, 0);
        assert_eq!(reader.u8(), Ok(1));
        assert_eq!(reader.u16(), Ok(0x0203));
        assert_eq!(reader.u32(), Ok(0x0405_0607));
        assert_eq!(reader.u64(), Ok(8));
        assert_eq!(reader.u128(), Ok(9));
        assert_eq!(reader.bytes(3), Ok(&b"ten"[..]));
        assert!(reader.is_done());
    }

    #[test]
    fn small_numbers_take_few_bytes() {
        for (value, length) in [(0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3), (1 << 28, 5), (u32::MAX, 5)] {
            let mut writer = Writer::default();
            writer.varint(value);
            let bytes = writer.into_bytes();
            assert_eq!(bytes.len(), length, "{value}");
            assert_eq!(Reader::new(&bytes, 0).varint(), Ok(value));
            assert_eq!(Reader::new(&bytes, 0).short_varint(), (length <= 3).then_some(value));
        }
        assert!(Reader::new(&[0x80], 0).varint().is_err());
        assert_eq!([&[][..], &[0x80], &[0x80, 0x80]].map(|short| Reader::new(short, 0).short_varint()), [None; 3]);
        assert!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x1f], 0).varint().is_err());
        assert!(Reader::new(&[0x80; 30], 0).varint().is_err());
        for value in [u128::MAX, 1 << 127, 1 << 126, (1 << 126) - 1] {
            let mut writer = Writer::default();
            writer.varint_128(value);
            assert_eq!(Reader::new(&writer.into_bytes(), 0).varint_128(), Ok(value));
        }
        let over = [&[0xff; 18][..], &[0x07]].concat();
        assert!(Reader::new(&over, 0).varint_128().is_err());
    }

    #[test]
    fn a_read_past_the_end_says_where_and_consumes_nothing() {
        let mut reader = Reader::new(&[1, 2, 3], 100);
        assert_eq!(reader.u8(), Ok(1));
        assert_eq!(reader.u32(), Err(Short { offset: 101, wanted: 4 }));
        assert_eq!(reader.u16(), Ok(0x0302));
        assert_eq!(reader.bytes(usize::MAX), Err(Short { offset: 103, wanted: usize::MAX }));
    }
}
