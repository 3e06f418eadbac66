//! What a rule reads: the account and the visit, with the URLs taken apart once.

use std::borrow::Cow;

use super::{Account, Names, Page, Visit};

/// The facts of one page view.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// Whom the visitor works for, as far as known.
    pub account: Option<Account<'a>>,
    /// The page view as it was handed in.
    pub visit: &'a Visit,
    /// In the order of [`TextFact`]. Laid out, because rules read them again and again, each another one.
    texts: [Option<Cow<'a, str>>; 12],
    /// Of the names of the site, the parameters of the page's query.
    parameters: Vec<Option<Cow<'a, str>>>,
    /// The names that the site has for what is no field of ours.
    pub names: &'a Names,
}

/// A text among the facts of a page view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFact {
    /// See [`Visitor`](super::Visitor).
    Role,
    /// See [`Visitor`](super::Visitor).
    Language,
    /// The page's.
    Url,
    /// The URL's.
    Host,
    /// The URL's.
    Path,
    /// The full URL of the page before.
    Referrer,
    /// The referrer's.
    ReferrerHost,
    /// The URL's `utm_source`.
    UtmSource,
    /// The URL's `utm_medium`.
    UtmMedium,
    /// The URL's `utm_campaign`, or else the visitor's.
    UtmCampaign,
    /// The URL's `utm_term`.
    UtmTerm,
    /// The URL's `utm_content`.
    UtmContent,
}

impl<'a> Facts<'a> {
    /// The facts of `visit` by somebody of `account`.
    #[must_use]
    pub fn new(account: Option<Account<'a>>, visit: &'a Visit) -> Self {
        let Page { host, path, utm, .. } = visit.url.as_deref().map(Page::parse).unwrap_or_default();
        let [role, language, url, referrer] =
            [&visit.visitor.role, &visit.visitor.language, &visit.url, &visit.referrer].map(Option::as_deref);
        let referrer = referrer.filter(|referrer| !referrer.is_empty());
        let [role, language, url, host, path, referrer, referrer_host] =
            [role, language, url, host, path, referrer, referrer.and_then(Page::host_of)]
                .map(|text| text.map(Cow::from));
        let texts = [
            role,
            language,
            url,
            host,
            path,
            referrer,
            referrer_host,
            utm.source,
            utm.medium,
            utm.campaign.or_else(|| visit.visitor.campaign.as_deref().map(Cow::from)),
            utm.term,
            utm.content,
        ];
        Self { account, visit, texts, parameters: Vec::new(), names: Names::NONE }
    }

    /// Learns the names that a site has.
    pub fn name(&mut self, names: &'a Names) {
        let url = self.visit.url.as_deref().unwrap_or_default();
        self.parameters = names.query.iter().map(|name| Page::parameter(url, name)).collect();
        self.names = names;
    }

    /// The parameter that stands for the name at a position, or `None` where there is none.
    #[must_use]
    pub fn parameter(&self, position: usize) -> Option<&str> {
        self.parameters.get(position).and_then(Option::as_deref)
    }

    /// Learns what a token tells of the visitor, where the visit says nothing.
    pub fn tell(&mut self, role: Option<&'a str>, campaign: Option<&'a str>) {
        for (fact, text) in [(TextFact::Role, role), (TextFact::UtmCampaign, campaign)] {
            if let Some(place @ None) = self.texts.get_mut(fact as usize) {
                *place = text.map(Cow::from);
            }
        }
    }

    /// A text, or `None` where there is none such.
    #[inline]
    #[must_use]
    pub fn text(&self, fact: TextFact) -> Option<&str> {
        self.texts.get(fact as usize).and_then(Option::as_deref)
    }
}
