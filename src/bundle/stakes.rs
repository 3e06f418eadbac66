//! What decides on most candidates before their rules do, in few bytes side by side: the whole of an experience or a line item lies in
//! many places of the memory.

use crate::model::{Change, Experience, LineItem, Template, Window};

/// How far slots are apart that share a bit.
pub const SHARING: usize = 64;

/// What an experience wants, and what need not be asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stake {
    /// The bits of the slots that it wants.
    pub slots: u64,
    /// It has no schedule.
    pub is_always: bool,
    /// It has one variant, which everybody is shown in every slot.
    pub is_single: bool,
    /// It shows everybody the same.
    pub is_literal: bool,
}

impl Stake {
    pub(super) fn of(experience: &Experience, slots: &[usize]) -> Self {
        let contents = experience.variants.iter().flat_map(|variant| &variant.contents);
        let mut templates = contents.flat_map(|content| &content.changes).filter_map(Change::template);
        Self {
            slots: slots.iter().fold(0, |bits, slot| bits | Self::bit(*slot)),
            is_always: experience.schedule == Window::default(),
            is_single: experience.variants.len() == 1 && experience.test.holdout_bp == 0,
            is_literal: templates.all(Template::is_literal),
        }
    }

    /// The bit of the slot at a position; slots share one whose positions are [`SHARING`] apart.
    #[must_use]
    pub fn bit(slot: usize) -> u64 {
        1 << (slot % SHARING)
    }
}

/// Whether everybody who is shown a line item is shown the same.
pub(super) fn is_literal(line_item: &LineItem) -> bool {
    line_item.creatives.iter().all(|creative| creative.templates().all(Template::is_literal))
}
