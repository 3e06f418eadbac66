//! Texts, each once, by numbers.

use std::collections::HashMap;

use super::Text;
use crate::bucket::Keys;

/// Numbers texts in the order in which they are first asked for, so that the same site gives the same bytes.
#[derive(Debug, Default)]
pub struct Numbering {
    numbers: HashMap<Text, u32, Keys>,
    texts: Vec<Text>,
}

impl Numbering {
    /// The number of a text: how many were there before it.
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        // What is numbered is bounded by a bundle's bytes, far below 32 bits.
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let text = Text::from(text);
        self.texts.push(text.clone());
        self.numbers.insert(text, number);
        number
    }

    /// All, in the order of their numbers.
    #[must_use]
    pub fn texts(&self) -> &[Text] {
        &self.texts
    }
}
