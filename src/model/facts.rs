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
    /// The parts of the referrer.
    pub referrer: Page<'a>,
}

impl<'a> Facts<'a> {
    /// The facts of `visit` by somebody of `account`.
    #[must_use]
    pub fn new(account: Option<Account<'a>>, visit: &'a Visit) -> Self {
        let parse = |url: &'a Option<String>| url.as_deref().map(Page::parse).unwrap_or_default();
        Self { account, visit, page: parse(&visit.url), referrer: parse(&visit.referrer) }
    }

    /// The same page view by somebody of another account, or of none.
    #[must_use]
    pub fn with_account(&self, account: Option<Account<'a>>) -> Self {
        Self { account, ..self.clone() }
    }
}
