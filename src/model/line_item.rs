//! What an advertiser asked to deliver.

use super::{Creative, Text, Window};

/// One line item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineItem {
    /// Unique in the site.
    pub name: Text,
    /// Position of its program among the bundle's rules.
    pub rule: u32,
    /// 0 to 1,000; the higher one gets the placement.
    pub priority: u16,
    /// Share among line items of the same priority.
    pub weight: u32,
    /// When it may deliver.
    pub flight: Window,
    /// Positions of the placements it may fill, ascending.
    pub placements: Vec<u32>,
    /// At least one.
    pub creatives: Vec<Creative>,
}
