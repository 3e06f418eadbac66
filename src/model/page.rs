//! The parts of a page's URL that rules read.
//!
//! Reads what `location.href` and `Request.url` give: a URL that a browser or a server has parsed and written out again.
//! So the host is in lower case already, and splitting is all there is to do. What is no such URL has no parts.

use std::borrow::Cow;

/// The parts of a URL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page<'a> {
    /// Without port and user.
    pub host: Option<&'a str>,
    /// From the first `/` to before `?` or `#`, as written (percent escapes and all).
    pub path: Option<&'a str>,
    /// The campaign's parameters.
    pub utm: Utm<'a>,
}

/// The five parameters that every ad platform writes into its links. Decoded; an empty one is missing; the first counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Utm<'a> {
    /// `utm_source`
    pub source: Option<Cow<'a, str>>,
    /// `utm_medium`
    pub medium: Option<Cow<'a, str>>,
    /// `utm_campaign`
    pub campaign: Option<Cow<'a, str>>,
    /// `utm_term`
    pub term: Option<Cow<'a, str>>,
    /// `utm_content`
    pub content: Option<Cow<'a, str>>,
}

impl<'a> Page<'a> {
    /// The parts of `url`: all missing where it has no scheme and host, and no path either.
    #[must_use]
    pub fn parse(url: &'a str) -> Self {
        let (host, rest) = split_host(url);
        let (path, rest) = split_before(rest, |byte| matches!(byte, b'?' | b'#'));
        let query = query_in(rest);
        let path = match path {
            "" if host.is_some() => Some("/"),
            path if path.starts_with('/') => Some(path),
            _ => None,
        };
        Self { host, path, utm: if query.is_empty() { Utm::default() } else { Utm::parse(query) } }
    }

    /// A parameter in the query of `url`, decoded as a form is: of several of the name the first that is not empty; `None` where there is
    /// none such.
    #[must_use]
    pub fn parameter(url: &'a str, name: &str) -> Option<Cow<'a, str>> {
        let (_, rest) = split_before(url, |byte| matches!(byte, b'?' | b'#'));
        pairs(query_in(rest)).find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value)
    }

    /// The host of `url` alone.
    #[must_use]
    pub fn host_of(url: &'a str) -> Option<&'a str> {
        split_host(url).0
    }
}

/// Splits before the first byte of a kind, one of ASCII. A loop over bytes: URLs are too short for a searcher to pay.
fn split_before(text: &str, is_wanted: impl Fn(u8) -> bool) -> (&str, &str) {
    let place = text.bytes().position(is_wanted);
    place.and_then(|place| text.split_at_checked(place)).unwrap_or((text, ""))
}

/// The host of a URL, and what is behind it.
fn split_host(url: &str) -> (Option<&str>, &str) {
    // Nearly all begin so; of others, all before the query is searched.
    let rest = url.strip_prefix("https://").or_else(|| {
        let (before_query, _) = split_before(url, |byte| matches!(byte, b'?' | b'#'));
        let scheme = before_query.as_bytes().windows(3).position(|bytes| bytes == b"://")?;
        url.get(scheme..)?.get(3..)
    });
    rest.map_or((None, url), split_authority)
}

fn split_authority(rest: &str) -> (Option<&str>, &str) {
    let (head, behind) = split_before(rest, |byte| matches!(byte, b'/' | b'?' | b'#' | b'@' | b']' | b':'));
    if !head.is_empty() && !behind.starts_with(['@', ']', ':']) {
        return (Some(head), behind);
    }
    let (authority, path) = split_before(rest, |byte| matches!(byte, b'/' | b'?' | b'#'));
    let host = authority.rsplit('@').next().unwrap_or("");
    // In `[2001:db8::1]:443` the colon that ends the host stands after the bracket.
    let host = match host.rfind(']') {
        Some(bracket) => host.get(..=bracket).unwrap_or(host),
        None => host.split(':').next().unwrap_or(host),
    };
    (Some(host).filter(|host| !host.is_empty()), path)
}

impl<'a> Utm<'a> {
    fn parse(query: &'a str) -> Self {
        let mut utm = Self::default();
        for (name, value) in pairs(query) {
            let place = match &*name {
                "utm_source" => &mut utm.source,
                "utm_medium" => &mut utm.medium,
                "utm_campaign" => &mut utm.campaign,
                "utm_term" => &mut utm.term,
                "utm_content" => &mut utm.content,
                _ => continue,
            };
            if place.is_none() && !value.is_empty() {
                *place = Some(value);
            }
        }
        utm
    }
}

/// The query of what begins at the `?` or `#` of a URL.
fn query_in(rest: &str) -> &str {
    rest.strip_prefix('?').map_or("", |rest| split_before(rest, |byte| byte == b'#').0)
}

/// Names and values, in the order in which they stand.
fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let mut rest = query;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let (pair, behind) = split_before(rest, |byte| byte == b'&');
            rest = behind.strip_prefix('&').unwrap_or("");
            if let Some(pair) = decode(pair) {
                return Some(pair);
            }
        }
        None
    })
}

/// A name and its value. Few are encoded, and to look for that costs less than to decode what is not.
fn decode(pair: &str) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
    if pair.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return form_urlencoded::parse(pair.as_bytes()).next();
    }
    let (name, value) = split_before(pair, |byte| byte == b'=');
    Some((name.into(), value.strip_prefix('=').unwrap_or("").into()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, prop_assert_eq, proptest};

    use super::Page;

    proptest! {
        /// Queries of letters that mean something there, and of some that do not.
        #[test]
        fn a_parameter_is_what_a_form_has_under_its_name(
            query in prop::collection::vec(prop::sample::select(vec!["a", "b", "ab", "=", "&", "%", "%61", "%C3%A9", "%f", "+", "?", "/", "é", "#"]), 0..16),
            name in prop::sample::select(vec!["a", "b", "ab", "é", " ", "?"]),
        ) {
            let query = query.concat();
            let before_anchor = query.split('#').next().unwrap_or_default();
            let mut form = form_urlencoded::parse(before_anchor.as_bytes());
            let expect = form.find(|(known, value)| known == name && !value.is_empty());
            for place in ["https://www.example.com/x", "https://www.example.com", "/x", ""] {
                let url = format!("{place}?{query}");
                let found = Page::parameter(&url, name).map(String::from);
                prop_assert_eq!(found.as_deref(), expect.as_ref().map(|(_, value)| &**value), "{}", url);
            }
        }
    }

    #[test]
    fn a_url_falls_into_host_and_path() {
        let check = |url: &str, host: Option<&str>, path: Option<&str>| {
            let page = Page::parse(url);
            assert_eq!(Page::host_of(url), host, "{url}");
            assert_eq!((page.host, page.path), (host, path), "{url}");
        };
        check("https://www.example.com/pricing?a=/b#c?d", Some("www.example.com"), Some("/pricing"));
        check("https://www.example.com", Some("www.example.com"), Some("/"));
        check("https://www.example.com?x=1", Some("www.example.com"), Some("/"));
        check("https://user:pass@example.com:8443/a%20b", Some("example.com"), Some("/a%20b"));
        check("http://[2001:db8::1]:80/x", Some("[2001:db8::1]"), Some("/x"));
        check("/only/a/path?x", None, Some("/only/a/path"));
        check("", None, None);
        check("about:blank", None, None);
        check("file:///tmp/x", None, Some("/tmp/x"));
        check("://", None, None);
        check("https://www.example.com#/b?c", Some("www.example.com"), Some("/"));
        check("https://example.com:8443/a@b:c", Some("example.com"), Some("/a@b:c"));
        check("https://é/ü", Some("é"), Some("/ü"));
        check("http://www.example.com/b?c=https://x", Some("www.example.com"), Some("/b"));
        check("https://?x=1", None, None);
        check("/only/a/path?x=https://a/b", None, Some("/only/a/path"));
        check("https://a?user@b:8/c", Some("a"), Some("/"));
    }

    #[test]
    fn campaign_parameters_are_decoded_and_the_first_counts() {
        let page = Page::parse(
            "https://a/?utm_source=News+letter%21&utm_source=x&utm_medium=&utm_medium=mail&other=1#utm_term=no",
        );
        assert_eq!(page.utm.source.as_deref(), Some("News letter!"));
        assert_eq!(page.utm.medium.as_deref(), Some("mail"));
        assert_eq!(page.utm.term, None);
    }

    #[test]
    fn campaign_parameters_are_what_a_form_makes_of_a_query() {
        let query = "&&a=b&utm_source&utm_source==x&utm%5Fmedium=m+&utm_campaign=%C3%A9%FF&utm_term=a=b&=c&utm_content=d&utm_content=e&";
        let form: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let first = |wanted: &str| {
            let found = form.iter().find(|(name, value)| name == wanted && !value.is_empty());
            found.map(|(_, value)| value.to_string())
        };
        let url = format!("https://a/?{query}");
        let utm = Page::parse(&url).utm;
        for (name, value) in [
            ("utm_source", utm.source),
            ("utm_medium", utm.medium),
            ("utm_campaign", utm.campaign),
            ("utm_term", utm.term),
            ("utm_content", utm.content),
        ] {
            assert!(value.is_some(), "{name}");
            assert_eq!(value.map(String::from), first(name), "{name}");
        }
    }
}
