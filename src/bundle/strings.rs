//! Section 1: texts, see `columns.rs`, each once.

use crate::{
    bundle::{
        columns::{open_texts, pack_texts},
        parts::{OpenError, Packer, Section},
    },
    model::{Numbering, Text},
};

pub(super) fn pack(strings: &Numbering) -> Vec<u8> {
    let mut packer = Packer::default();
    pack_texts(strings.texts(), &mut packer);
    packer.finish()
}

pub(super) fn open(section: &mut Section<'_>) -> Result<Vec<Text>, OpenError> {
    let texts = open_texts(section, |text| Text::from(text))?;
    section.finish()?;
    Ok(texts)
}
