//! Section 1: a list of (length (4), bytes), each string once and at most 64 KiB of UTF-8.

use std::collections::HashMap;

use crate::{
    bundle::parts::{OpenError, Section},
    limit::STRING_BYTE_MAX,
    model::Text,
    wire::Writer,
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
        let mut writer = Writer::default();
        let narrow = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        writer.u32(narrow(self.texts.len()));
        for text in &self.texts {
            writer.u32(narrow(text.len()));
            writer.bytes(text.as_bytes());
        }
        writer.into_bytes()
    }
}

pub(super) fn open(section: &mut Section<'_>) -> Result<Vec<Text>, OpenError> {
    let texts = section.list(usize::MAX, |section| {
        let length = section.u32()?;
        section.require(usize::try_from(length).is_ok_and(|n| n <= STRING_BYTE_MAX), "a string within its limit")?;
        let text = std::str::from_utf8(section.bytes(length)?).ok();
        section.expect(text, "UTF-8").map(Text::from)
    })?;
    section.finish()?;
    Ok(texts)
}
