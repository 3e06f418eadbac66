//! Which URLs content may link to and load from.

use url::{Position, Url};

use crate::compile::{
    code, contact,
    diagnostic::{Diagnostics, Span},
};

/// The hosts a site trusts. Everything else is refused: an allow-list can be read, a deny-list can be got round.
pub(super) struct LinkPolicy {
    /// The site's first host, which relative URLs belong to.
    base: Option<Url>,
    hosts: Vec<String>,
    takes_all: bool,
}

/// Whether `text` is a host as URLs write it, with a port or without.
pub(super) fn is_host(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let parsed = Url::parse(&format!("https://{text}/"));
    parsed.is_ok_and(|url| url[Position::BeforeHost..Position::AfterPort] == text)
}

/// The host of a text that is more than one, in the letters of URLs: `https://www.example.com/` has `www.example.com`.
pub(super) fn host_in(text: &str) -> Option<String> {
    let text = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let parsed = Url::parse(&text).ok()?;
    let host = parsed[Position::BeforeHost..Position::AfterPort].to_owned();
    Some(host).filter(|host| is_host(host) && host.contains('.'))
}

/// Reports a URL that is refused.
pub(super) fn refuse(url: &str, reason: &str, span: Span, log: &mut Diagnostics) {
    let help = match url.strip_prefix("http://") {
        _ if reason.contains("link_hosts") => {
            Some("correct the host, or list it under `link_hosts` if you trust it".to_owned())
        }
        rest => rest.map(|rest| format!("write `https://{rest}`")),
    };
    log.error(code::C006, span, format!("the URL `{url}` is not allowed: {reason}")).maybe_help(help);
}

impl LinkPolicy {
    /// `hosts` are the site's own, `link_hosts` the others. Without any host of its own, which is an error elsewhere, every
    /// host passes: one mistake is enough.
    pub(super) fn new<'a>(hosts: impl Iterator<Item = &'a str>, link_hosts: &[String]) -> Self {
        let mut hosts: Vec<String> = hosts.filter(|host| is_host(host)).map(str::to_ascii_lowercase).collect();
        let base = hosts.first().map_or("site.invalid", |host| host);
        let base = Url::parse(&format!("https://{base}/")).ok();
        let takes_all = hosts.is_empty();
        hosts.extend(link_hosts.iter().map(|host| host.to_ascii_lowercase()));
        Self { base, hosts, takes_all }
    }

    /// Why a link to `url` is refused, or nothing: one may also open a mail program or a telephone.
    pub(super) fn check_href(&self, url: &str) -> Result<(), String> {
        contact::check(url).unwrap_or_else(|| self.check(url))
    }

    /// Why `url` is refused where a page loads from or goes by itself, or nothing. Read as a browser reads it: `//host`, `https:host` and `\\host` are all found out.
    pub(super) fn check(&self, url: &str) -> Result<(), String> {
        // Browsers drop or fold some of these: what they make of the rest is not what the author sees.
        if url.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err("it holds white space, a control character or a backslash".to_owned());
        }
        if url.is_empty() {
            return Err("it is empty".to_owned());
        }
        // `https:x` is a path on an https page and the host `x` on any other.
        let (scheme, behind) = url.split_once(':').unwrap_or(("", ""));
        if scheme.eq_ignore_ascii_case("https") && !behind.starts_with("//") {
            return Err("it has no `//` behind its scheme".to_owned());
        }
        // To a browser it is a path: the page's own folder with a page of that name in it.
        let first = url.split(['/', '?', '#']).next().unwrap_or("");
        if self.hosts.iter().any(|host| host == first) {
            return Err("it is a host without `https://` before it".to_owned());
        }
        let parsed = Url::options().base_url(self.base.as_ref()).parse(url);
        let parsed = parsed.map_err(|error| format!("it cannot be read: {error}"))?;
        if parsed.scheme() != "https" {
            return Err(format!("its scheme is `{}`; only `https` is allowed", parsed.scheme()));
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err("it carries a user name".to_owned());
        }
        // With a port, the host is another.
        let host = &parsed[Position::BeforeHost..Position::AfterPort];
        if !self.takes_all && !self.hosts.iter().any(|known| known == host) {
            return Err(format!("its host `{host}` is neither in `hosts` nor in `link_hosts` of nameplate.yaml"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{LinkPolicy, is_host};

    #[test]
    fn a_host_is_written_as_urls_write_it() {
        for good in ["www.example.com", "WWW.example.com", "localhost:8080", "xn--mnchen-3ya.example", "[2001:db8::1]"]
        {
            assert!(is_host(good), "{good}");
        }
        for bad in
            ["", "https://www.example.com", "www.example.com/", "a b", "münchen.example", "user@a", "a:443", "a?b"]
        {
            assert!(!is_host(bad), "{bad}");
        }
    }

    #[test]
    fn only_https_to_known_hosts_passes() {
        let policy = LinkPolicy::new(["www.example.com"].into_iter(), &["cdn.example.net".to_owned()]);
        let check = |url: &str, expect: bool| assert_eq!(policy.check(url).is_ok(), expect, "{url}");
        for good in [
            "/pricing",
            "pricing?x=1#y",
            "#top",
            "?a=b",
            "https://www.example.com",
            "https://cdn.example.net/a.png",
            "HTTPS://WWW.EXAMPLE.COM/",
            "/a?b=https:c",
        ] {
            check(good, true);
        }
        for bad in [
            "",
            "//evil.example.org/",
            "http://www.example.com/",
            "https://evil.example.org/",
            "https://www.example.com.evil.example.org/",
            "https://www.example.com@evil.example.org/",
            "https://user@www.example.com/",
            "https://www.example.com:8443/",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            " javascript:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,x",
            "blob:https://www.example.com/x",
            "\\\\evil.example.org\\x",
            "/\\evil.example.org",
            "https://",
            "https:/pricing",
            "https:evil.example.org",
            "///evil.example.org",
            "mailto:x@example.com",
            "tel:112",
        ] {
            check(bad, false);
        }
        for (url, expect) in [
            ("mailto:x@example.com", true),
            ("tel:112", true),
            ("/tel:1", true),
            ("sms:112", false),
            ("mailto:", false),
        ] {
            assert_eq!(policy.check_href(url).is_ok(), expect, "{url}");
        }
    }
}
