//! What a rule reads: the account and the visit, with the URLs taken apart once.

use super::{Account, Page, Visit};

/// The facts of one page view.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// Whom the visitor works for, as far as known.
    pub account: Option<Account<'a>>,
    /// The page view as it was handed in.
    pub visit: &'a Visit,
    /// The parts of its URL.
    pub page: Page<'a>,
    /// The host of the referrer.
    pub referrer_host: Option<&'a str>,
}

impl<'a> Facts<'a> {
    /// The facts of `visit` by somebody of `account`.
    #[must_use]
    pub fn new(account: Option<Account<'a>>, visit: &'a Visit) -> Self {
        let page = visit.url.as_deref().map(Page::parse).unwrap_or_default();
        Self { account, visit, page, referrer_host: visit.referrer.as_deref().and_then(Page::host_of) }
    }
}
