//! The servers: the preview of a site's sources, and the decision server of a bundle.

mod decision;
mod files;
mod preview;
mod visit;

pub use decision::{Consent, DecisionServer, Options};
pub use preview::Preview;
pub use visit::{clock, parse_visit};
