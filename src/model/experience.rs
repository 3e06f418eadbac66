//! Variants for slots that belong together, and when they show.

use super::{Account, Template, Text, Window};

/// One experience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Experience {
    /// Unique in the site.
    pub name: Text,
    /// Position of its program among the bundle's rules.
    pub rule: u32,
    /// 0 to 1,000; the higher one gets the slot.
    pub priority: u16,
    /// When it may show.
    pub schedule: Window,
    /// How visitors are spread over the variants.
    pub test: Test,
    /// At least one.
    pub variants: Vec<Variant>,
}

/// How visitors are spread over the variants of an experience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Test {
    /// Who always gets the same variant.
    pub unit: Unit,
    /// The share kept on Default, in basis points (hundredths of a percent), 0 to 10,000.
    pub holdout_bp: u16,
}

/// Who always gets the same variant. An account's people talk to each other, so the account is the usual unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Unit {
    /// Everybody of one account.
    Account = 0,
    /// One visitor.
    Visitor = 1,
}

impl Unit {
    /// Its name in sources and decisions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Visitor => "visitor",
        }
    }

    /// The number in a bundle.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The unit of a number, or `None` when there is none such.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::Account, Self::Visitor].get(usize::from(code)).copied()
    }
}

/// One content for an experience's slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Unique in its experience.
    pub name: Text,
    /// Share among the variants.
    pub weight: u32,
    /// What it puts where, ascending by slot. A slot that only its sisters name stays on Default: that is a control.
    pub contents: Vec<SlotContent>,
}

/// What a variant does to one slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotContent {
    /// Position of the slot.
    pub slot: u32,
    /// In the order of the source; at least one.
    pub changes: Vec<Change>,
}

/// One change to the elements of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Replaces what is inside by text.
    Text(Template),
    /// Replaces what is inside by HTML, cleaned when it was compiled.
    Html(Template),
    /// Sets an attribute.
    Attribute(Text, Template),
    /// Adds a class name, or removes it.
    Class(Text, bool),
    /// Shows what the page hides by `hidden`, or hides.
    Visible(bool),
    /// Inserts HTML before each element, cleaned when it was compiled.
    Before(Template),
    /// The same behind it.
    After(Template),
    /// Goes to another page; stands alone, in [`Slot::REDIRECT`](super::Slot::REDIRECT).
    Redirect(Template),
}

impl Change {
    /// What it puts there, if that may differ from account to account.
    #[must_use]
    pub fn template(&self) -> Option<&Template> {
        match self {
            Self::Text(template)
            | Self::Html(template)
            | Self::Attribute(_, template)
            | Self::Before(template)
            | Self::After(template)
            | Self::Redirect(template) => Some(template),
            Self::Class(..) | Self::Visible(_) => None,
        }
    }

    /// The same with the values of `account`, or a stranger's, in the places of its tokens.
    #[must_use]
    pub fn filled(&self, account: Option<Account<'_>>) -> Self {
        let mut change = self.clone();
        match &mut change {
            Self::Text(template)
            | Self::Html(template)
            | Self::Attribute(_, template)
            | Self::Before(template)
            | Self::After(template)
            | Self::Redirect(template) => *template = template.filled(account),
            Self::Class(..) | Self::Visible(_) => {}
        }
        change
    }
}

impl Experience {
    /// Whether it takes its slots whenever its rule holds: it has no schedule, and nobody is missing to draw for.
    #[must_use]
    pub fn shows_surely(&self, is_known_account: bool) -> bool {
        let is_drawn = self.variants.len() > 1 || self.test.holdout_bp > 0;
        let can_draw = self.test.unit == Unit::Account && is_known_account;
        let has_weight = self.variants.iter().any(|variant| variant.weight > 0);
        self.schedule == Window::default() && (!is_drawn || (can_draw && has_weight))
    }

    /// The slots that any of its variants names, ascending, each once.
    #[must_use]
    pub fn slots(&self) -> Vec<u32> {
        let mut slots = Vec::new();
        for content in self.variants.iter().flat_map(|variant| &variant.contents) {
            // There are few, in order within each variant: a sort's code would be larger than the rest of this file's.
            if let Err(place) = slots.binary_search(&content.slot) {
                slots.insert(place, content.slot);
            }
        }
        slots
    }
}
