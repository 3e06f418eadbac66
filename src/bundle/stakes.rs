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

/// The same of a line item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdStake {
    /// The bits of the placements that it wants, as of slots.
    pub placements: u64,
    /// Its priority.
    pub priority: u16,
    /// It shows everybody the same.
    pub is_literal: bool,
}

impl AdStake {
    pub(super) fn of(line_item: &LineItem, placements: &[usize]) -> Self {
        let mut templates = line_item.creatives.iter().flat_map(|creative| creative.templates());
        Self {
            placements: placements.iter().fold(0, |bits, placement| bits | Stake::bit(*placement)),
            priority: line_item.priority,
            is_literal: templates.all(Template::is_literal),
        }
    }
}
