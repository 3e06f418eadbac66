//! Bundles written by hand, from the description of the format in src/bundle/mod.rs and not by its code.

use sha2::{Digest, Sha256};

/// A bundle in parts.
#[derive(Clone)]
pub(crate) struct Forge {
    pub(crate) major: u16,
    pub(crate) minor: u16,
    pub(crate) reserved: u16,
    pub(crate) sections: Vec<ForgedSection>,
    /// Bytes between the table and the first section, which should be none.
    pub(crate) gap: usize,
}

/// A section and its entry in the table.
#[derive(Clone)]
pub(crate) struct ForgedSection {
    pub(crate) id: u16,
    pub(crate) flags: u16,
    pub(crate) bytes: Vec<u8>,
}

const TABLE_OFFSET: usize = 52;

impl Forge {
    /// The parts of a bundle.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let u16_at = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let section = |number: usize| {
            let entry = TABLE_OFFSET + 12 * number;
            let (offset, length) = (u32_at(entry + 4), u32_at(entry + 8));
            let bytes = bytes[offset..offset + length].to_vec();
            ForgedSection { id: u16_at(entry), flags: u16_at(entry + 2), bytes }
        };
        let sections = (0..usize::from(u16_at(46))).map(section).collect();
        Self { major: u16_at(8), reserved: u16_at(10), minor: u16_at(44), sections, gap: 0 }
    }

    /// The file, with its own length and checksum.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut table = Vec::new();
        let mut body = vec![0; self.gap];
        let start = TABLE_OFFSET + 12 * self.sections.len();
        for section in &self.sections {
            table.extend(section.id.to_le_bytes());
            table.extend(section.flags.to_le_bytes());
            table.extend(u32::try_from(start + body.len()).unwrap().to_le_bytes());
            table.extend(u32::try_from(section.bytes.len()).unwrap().to_le_bytes());
            body.extend(&section.bytes);
        }
        let count = u16::try_from(self.sections.len()).unwrap();
        let length = u32::try_from(start + body.len()).unwrap();
        let mut head = b"NPBUNDLE".to_vec();
        head.extend([self.major, self.reserved].iter().flat_map(|number| number.to_le_bytes()));
        let mut covered: Vec<u8> = [self.minor, count].iter().flat_map(|number| number.to_le_bytes()).collect();
        covered.extend(length.to_le_bytes());
        covered.extend([table, body].concat());
        let hash: [u8; 32] = Sha256::digest(&covered).into();
        [&head[..], &hash, &covered].concat()
    }

    /// Every byte of every section.
    pub(crate) fn places(&self) -> Vec<(usize, usize)> {
        let bytes = |(number, section): (usize, &ForgedSection)| (0..section.bytes.len()).map(move |at| (number, at));
        self.sections.iter().enumerate().flat_map(bytes).collect()
    }

    /// The section of this number.
    pub(crate) fn section(&mut self, id: u16) -> &mut ForgedSection {
        self.sections.iter_mut().find(|section| section.id == id).unwrap()
    }
}
