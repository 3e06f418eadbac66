//! Magic, version, checksum and section table.

use sha2::{Digest, Sha256};

use crate::{
    bundle::parts::{OpenError, Section},
    limit::{BUNDLE_BYTE_MAX, SECTION_MAX},
    model::Text,
    wire::{Reader, Writer},
};

const MAGIC: &[u8; 8] = b"NPBUNDLE";
const MAJOR: u16 = 4;
const MINOR: u16 = 2;
/// Where the checksum stands.
const HASH_OFFSET: usize = 12;
/// Where what it covers begins. All that stands before it has but one right value.
const COVERED_OFFSET: usize = 44;
/// Where the length of the file stands.
const LENGTH_OFFSET: usize = 48;
/// Where the section table begins.
const TABLE_OFFSET: usize = 52;
const ENTRY_SIZE: usize = 12;
/// A reader that does not know the section must refuse the file.
const CRITICAL: u16 = 1;

/// A kind of section: its number in the file and its name in messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id(u16, &'static str);

pub(super) const STRINGS: Id = Id(1, "strings");
pub(super) const SITE: Id = Id(2, "site");
pub(super) const RULES: Id = Id(3, "rules");
pub(super) const SEGMENTS: Id = Id(4, "segments");
pub(super) const ACCOUNTS: Id = Id(5, "accounts");
pub(super) const NETWORKS: Id = Id(6, "networks");
pub(super) const SLOTS: Id = Id(7, "slots");
pub(super) const PLACEMENTS: Id = Id(8, "placements");
pub(super) const EXPERIENCES: Id = Id(9, "experiences");
pub(super) const LINE_ITEMS: Id = Id(10, "line items");
pub(super) const CLASSES: Id = Id(11, "classes");
pub(super) const QUERY: Id = Id(12, "query");
pub(super) const COLUMNS: Id = Id(13, "columns");
pub(super) const COOKIES: Id = Id(14, "cookies");
/// Last in a file, whatever sections come to be known.
const PADDING: Id = Id(u16::MAX, "padding");
const KNOWN: [Id; 15] = [
    STRINGS,
    SITE,
    RULES,
    SEGMENTS,
    ACCOUNTS,
    NETWORKS,
    SLOTS,
    PLACEMENTS,
    EXPERIENCES,
    LINE_ITEMS,
    CLASSES,
    QUERY,
    COLUMNS,
    COOKIES,
    PADDING,
];

/// A section of an open bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionEntry {
    /// Its number in the file.
    pub id: u16,
    /// Its name, or `unknown` for one that this version passed over.
    pub name: &'static str,
    /// Where it begins, in bytes from the start of the file.
    pub offset: usize,
    /// Its length in bytes.
    pub length: usize,
}

pub(super) struct Header<'a> {
    bytes: &'a [u8],
    pub(super) sections: Vec<SectionEntry>,
    pub(super) hash: [u8; 32],
}

/// The same file with a section behind the others that makes its length a multiple of `step`.
pub(super) fn pack_padded(mut sections: Vec<(Id, Vec<u8>)>, step: usize) -> Vec<u8> {
    sections.push((PADDING, Vec::new()));
    let body = sections.iter().map(|(_, bytes)| bytes.len());
    let length = body.fold(body_offset(sections.len()), usize::saturating_add);
    if let Some((_, padding)) = sections.last_mut() {
        padding.resize(length.next_multiple_of(step).saturating_sub(length), 0);
    }
    pack(&sections)
}

/// Where the first of so many sections begins.
fn body_offset(sections: usize) -> usize {
    TABLE_OFFSET.saturating_add(sections.saturating_mul(ENTRY_SIZE))
}

pub(super) fn pack(sections: &[(Id, Vec<u8>)]) -> Vec<u8> {
    let mut table = Writer::default();
    let mut body = Writer::default();
    let body_offset = body_offset(sections.len());
    for (id, bytes) in sections {
        table.u16(id.0);
        table.u16(if *id == PADDING { 0 } else { CRITICAL });
        table.u32(narrow(body_offset.saturating_add(body.len())));
        table.u32(narrow(bytes.len()));
        body.bytes(bytes);
    }
    let mut covered = Writer::default();
    covered.u16(MINOR);
    covered.u16(u16::try_from(sections.len()).unwrap_or(u16::MAX));
    covered.u32(narrow(body_offset.saturating_add(body.len())));
    covered.bytes(&table.into_bytes());
    covered.bytes(&body.into_bytes());
    let covered = covered.into_bytes();

    let mut file = Writer::default();
    file.bytes(MAGIC);
    file.u16(MAJOR);
    file.u16(0);
    file.bytes(&checksum(&covered));
    file.bytes(&covered);
    file.into_bytes()
}

/// A length as the file writes it. Bundles are held below [`BUNDLE_BYTE_MAX`] by the compiler, far below 32 bits.
fn narrow(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The SHA-256 of some bytes. Its code is long, and stands in the module once.
#[inline(never)]
pub(super) fn checksum(covered: &[u8]) -> [u8; 32] {
    Sha256::digest(covered).into()
}

/// The bundle at the start of `bytes`, by the length that it says it has, and what stands behind it.
#[cfg(feature = "edge")]
pub(super) fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = Reader::new(bytes.get(LENGTH_OFFSET..)?, LENGTH_OFFSET).u32().ok()?;
    bytes.split_at_checked(usize::try_from(length).ok()?)
}

/// The checksum that a bundle gives itself; whether it is right is for [`open`] to say.
#[cfg(feature = "edge")]
pub(super) fn claimed_checksum(bundle: &[u8]) -> Option<[u8; 32]> {
    bundle.get(HASH_OFFSET..COVERED_OFFSET)?.try_into().ok()
}

/// Checks in this order: what it is, which version, whether it is whole, and only then what it says. `digest` is the checksum of what
/// it covers, where a host has computed it.
pub(super) fn open(bytes: &[u8], digest: Option<[u8; 32]>) -> Result<Header<'_>, OpenError> {
    let mut head = Section::new("header", &[], Reader::new(bytes, 0));
    let magic = head.bytes(8)?;
    let at = |offset, expected| OpenError { section: "header", offset, expected };
    if magic != MAGIC {
        return Err(at(0, "the magic `NPBUNDLE`: this is no bundle"));
    }
    if head.u16()? != MAJOR {
        return Err(at(8, "major version 4: this bundle was built by another version of nameplate"));
    }
    let zero = head.u16()?;
    let hash = head.bytes(32)?;
    let _minor = head.u16()?;
    let count = usize::from(head.u16()?);
    let length = head.u32()?;
    if bytes.len() > BUNDLE_BYTE_MAX {
        return Err(at(LENGTH_OFFSET, "a bundle within the size limit"));
    }
    if u32::try_from(bytes.len()) != Ok(length) {
        return Err(at(LENGTH_OFFSET, "as many bytes as the header says: the file is cut short or has grown"));
    }
    let covered = bytes.get(COVERED_OFFSET..).unwrap_or_default();
    let hash = Some(digest.unwrap_or_else(|| checksum(covered))).filter(|sum| sum == hash);
    let hash = hash.ok_or_else(|| at(HASH_OFFSET, "the checksum of the file: it was changed or damaged"))?;
    if zero != 0 {
        return Err(at(10, "zero"));
    }
    if count > SECTION_MAX {
        return Err(at(46, "at most 64 sections"));
    }
    let sections = open_table(&mut head, count, bytes.len())?;
    Ok(Header { bytes, sections, hash })
}

fn open_table(head: &mut Section<'_>, count: usize, length: usize) -> Result<Vec<SectionEntry>, OpenError> {
    let mut sections: Vec<SectionEntry> = Vec::new();
    let mut next = body_offset(count);
    for _ in 0..count {
        let id = head.u16()?;
        let flags = head.u16()?;
        let offset = usize::try_from(head.u32()?).unwrap_or(usize::MAX);
        let size = usize::try_from(head.u32()?).unwrap_or(usize::MAX);
        head.require(sections.last().is_none_or(|last| last.id < id), "sections ascending by id")?;
        head.require(offset == next, "sections without gaps")?;
        let name = KNOWN.iter().find(|known| known.0 == id).map(|known| known.1);
        head.require(name.is_some() || flags & CRITICAL == 0, "no critical section that this version does not know")?;
        next = next.saturating_add(size);
        head.require(next <= length, "a section inside the file")?;
        sections.push(SectionEntry { id, name: name.unwrap_or("unknown"), offset, length: size });
    }
    head.require(next == length, "the last section to end with the file")?;
    Ok(sections)
}

impl<'a> Header<'a> {
    /// Whether there is a section of `id`, for those that not every bundle has.
    pub(super) fn has(&self, Id(number, _): Id) -> bool {
        self.sections.iter().any(|entry| entry.id == number)
    }

    /// The section of `id`, to be read from its start.
    pub(super) fn section<'s>(&self, id: Id, strings: &'s [Text]) -> Result<Section<'s>, OpenError>
    where
        'a: 's,
    {
        let Id(number, name) = id;
        let missing = OpenError { section: name, offset: TABLE_OFFSET, expected: "this section in the section table" };
        let entry = self.sections.iter().find(|entry| entry.id == number).ok_or(missing.clone())?;
        let end = entry.offset.saturating_add(entry.length);
        let bytes = self.bytes.get(entry.offset..end).ok_or(missing)?;
        Ok(Section::new(name, strings, Reader::new(bytes, entry.offset)))
    }
}
