//! Which pages' scripts may read answers: those of the site's own hosts, and of the very host that was asked.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::model::Site;

/// Whose script asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// No script, or one of a page of the same origin, of which browsers do not always speak.
    Unsaid,
    /// A page of the site.
    Own(HeaderValue),
    /// Any other page.
    Foreign,
}

impl Origin {
    pub(super) fn of(headers: &HeaderMap, site: &Site) -> Self {
        let Some(origin) = headers.get(header::ORIGIN) else { return Self::Unsaid };
        let authority = origin.to_str().ok().and_then(|text| {
            text.strip_prefix("https://")
                .or_else(|| text.strip_prefix("http://"))
                .filter(|authority| !authority.is_empty())
        });
        let Some(authority) = authority else { return Self::Foreign };
        let is_asked =
            headers.get(header::HOST).is_some_and(|host| host.as_bytes().eq_ignore_ascii_case(authority.as_bytes()));
        // A port is no other site: it is where somebody tries out a page.
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        };
        let is_own = site.hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
        if is_asked || is_own { Self::Own(origin.clone()) } else { Self::Foreign }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, header};

    use super::Origin;
    use crate::model::Site;

    #[test]
    fn only_pages_of_the_site_are_its_own() {
        let site = Site { hosts: vec!["www.example.com".into(), "example.com".into()], ..Site::default() };
        let check = |origin: &'static str, expect: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "np.example.net:8080".parse().unwrap());
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            let expect = if expect { Origin::Own(origin.parse().unwrap()) } else { Origin::Foreign };
            assert_eq!(Origin::of(&headers, &site), expect, "{origin}");
        };
        for origin in [
            "https://www.example.com",
            "https://example.com",
            "http://WWW.example.com",
            "https://www.example.com:8443",
            "https://np.example.net:8080",
        ] {
            check(origin, true);
        }
        for origin in [
            "",
            "null",
            "https://",
            "https://evil.example.org",
            "https://www.example.com.evil.example.org",
            "https://evilexample.com",
            "https://evil.example.org:443",
            "https://www.example.com@evil.example.org",
            "https://www.example.com:x",
            "ftp://www.example.com",
            "www.example.com",
            "https://np.example.net",
            "https://a.www.example.com",
        ] {
            check(origin, false);
        }
        assert_eq!(Origin::of(&HeaderMap::new(), &site), Origin::Unsaid);
    }
}
