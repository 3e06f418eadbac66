//! Section 1: texts, see `columns.rs`, each once.

use std::collections::HashMap;

use crate::{
    bundle::{
        columns::{open_texts, pack_texts},
        parts::{OpenError, Packer, Section},
    },
    model::Text,
};

/// Numbers texts in the order in which they are first asked for, so that the same site gives the same bytes.
#[derive(Default)]
pub(super) struct StringsBuilder {
    numbers: HashMap<Text, u32>,
    texts: Vec<Text>,
}

impl StringsBuilder {
    pub(super) fn number(&mut self, text: &Text) -> u32 {
        *self.numbers.entry(text.clone()).or_insert_with(|| {
            self.texts.push(text.clone());
            u32::try_from(self.texts.len().saturating_sub(1)).unwrap_or(u32::MAX)
        })
    }

    pub(super) fn pack(&self) -> Vec<u8> {
        let mut packer = Packer::default();
        pack_texts(&self.texts.iter().map(|text| &**text).collect::<Vec<_>>(), &mut packer);
        packer.finish()
    }
}

pub(super) fn open(section: &mut Section<'_>) -> Result<Vec<Text>, OpenError> {
    let texts = open_texts(section, |text| Text::from(text))?;
    section.finish()?;
    Ok(texts)
}
