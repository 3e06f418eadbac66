//! The nouns of a decision, as plain data: what a site says ([`Account`], [`Slot`], [`Experience`], [`LineItem`] ...),
//! what one page view brings ([`Visit`]) and what comes out ([`Decision`]).
//!
//! Names inside a site are resolved to positions (`u32`) in the list they name: the compiler does it once, `open` checks
//! it once, and nothing at run time looks a name up.

mod account;
mod accounts;
mod attributes;
mod creative;
mod custom;
mod decision;
mod experience;
mod explanation;
mod facts;
mod grade;
mod line_item;
mod names;
mod numbering;
mod page;
mod segment;
mod site;
mod slot;
mod template;
#[cfg(test)]
mod typescript;
mod value;
mod visit;
mod window;

pub use account::{Account, AccountField, STAGES};
pub use accounts::{Accounts, Cell, Column, Row, Span, Texts};
pub use attributes::Attributes;
pub use creative::{Creative, Size};
pub use custom::{Custom, CustomValue};
pub use decision::{
    AccountView, Ad, AppliedChange, Decision, Exposure, Match, MatchKind, MatchOutcome, Reason, SlotChange,
};
pub use experience::{Change, Experience, SlotContent, Test, Unit, Variant};
pub use explanation::{Candidate, CandidateKind, Explanation, NearMiss, Outcome, Signal, SignalVerdict, Wish};
pub use facts::{Facts, TextFact};
pub use grade::Grade;
pub use line_item::LineItem;
pub use names::{Measure, Names, Origin, OwnColumn, spelled};
pub use numbering::Numbering;
pub use page::{Page, Utm};
pub use segment::Segment;
pub use site::{AccountEntry, PlacementEntry, Site, SiteIndex, SlotEntry, Targeting};
pub use slot::{Placement, Slot};
pub use template::{Escape, Piece, Template};
pub use value::{Kind, Quoted, Value, listed};
pub use visit::{DEVICES, ROLES, VISIBILITIES, Visit, Visitor};
pub use window::Window;

/// Text of a site. Shared, because the same words stand in many accounts and are handed out with every decision.
pub type Text = std::sync::Arc<str>;
