//! The cookie that keeps a visitor's account token, as `www/edge/tokens.ts` writes it, the one by which he has agreed to something, and
//! those that rules read, as `www/src/cookies.ts` reads them.

use std::str::FromStr;

use axum::http::{HeaderMap, HeaderValue, header};

use crate::{
    limit::COOKIE_BYTE_MAX,
    model::{Custom, CustomValue, Names},
};

/// The cookie of the token, and the header in which the tag shows one.
pub(super) const TOKEN: &str = "np-token";

/// A cookie of the site's with a value that says that the visitor agrees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    name: String,
    value: String,
}

impl FromStr for Consent {
    type Err = &'static str;

    /// `NAME=VALUE`
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() && !value.is_empty() => {
                Ok(Self { name: name.to_owned(), value: value.to_owned() })
            }
            _ => Err("expected the name and the value of a cookie, such as `consent=yes`"),
        }
    }
}

impl Consent {
    /// Whether a request has the cookie with this value.
    pub(super) fn is_given(&self, headers: &HeaderMap) -> bool {
        cookie(headers, &self.name) == Some(&self.value)
    }
}

/// What the first cookie of a name holds. One of other letters than ASCII is none: a browser's script and a server make different texts of it.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).into_iter().map(HeaderValue::as_bytes);
    let all = lines.flat_map(|line| line.split(|byte| *byte == b';')).filter(|cookie| cookie.is_ascii());
    let mut cookies = all.filter_map(|cookie| std::str::from_utf8(cookie).ok()?.split_once('='));
    cookies.find_map(|(own, value)| (own.trim() == name).then_some(value.trim()))
}

/// The cookies that rules read, as far as the visitor's consent goes.
pub(super) fn told(headers: &HeaderMap, names: &Names, agrees: bool) -> Custom {
    let count = if agrees { names.cookies.len() } else { names.necessary_cookies };
    let mut told = Custom::default();
    for name in names.cookies.iter().take(count).filter(|name| !name.is_empty()) {
        let Some(value) = cookie(headers, name) else { continue };
        let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
        if (1..=COOKIE_BYTE_MAX).contains(&bare.len()) && !bare.contains('\t') {
            told.add(name, CustomValue::Text(bare.to_owned()));
        }
    }
    told
}

/// The header that keeps a good token as long as it counts.
pub(super) fn keeping(token: &str, now: i64) -> Option<HeaderValue> {
    let expires: i64 = token.split('.').nth(1)?.parse().ok()?;
    let seconds = expires.saturating_sub(now);
    let said = format!("{TOKEN}={token}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax");
    HeaderValue::from_str(&said).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{Consent, Names, cookie, told};
    use crate::model::{Kind, Value};

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        for line in ["a=1; my-consent=no;consent=yes", "b=2;  np-token=x=y ; consent=no"] {
            headers.append(header::COOKIE, HeaderValue::from_static(line));
        }
        assert_eq!(
            ["a", "consent", "np-token", "token", ""].map(|name| cookie(&headers, name)),
            [Some("1"), Some("yes"), Some("x=y"), None, None]
        );
        let given = |text: &str| text.parse::<Consent>().unwrap().is_given(&headers);
        assert_eq!(["consent=yes", "consent=no", "consent=ye", "CONSENT=yes"].map(given), [true, false, false, false]);
        assert!(["", "=", "a=", "=a", "consent"].iter().all(|text| text.parse::<Consent>().is_err()));
    }

    /// As `www/test/cookies.test.mjs` has it.
    #[test]
    fn rules_are_told_of_the_cookies_that_they_read_and_that_may_be_read() {
        let names = Names {
            cookies: ["__Host-plan".into(), "".into(), "ref".into()].into(),
            necessary_cookies: 2,
            ..Names::default()
        };
        let check = |line: &[u8], agrees: bool, expect: [Option<&str>; 3]| {
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_bytes(line).unwrap())]);
            let told = told(&headers, &names, agrees);
            let expect = expect.map(|value| value.map_or(Value::Missing, Value::Text));
            assert_eq!(["__Host-plan", "", "ref"].map(|name| told.get(name, Kind::Text)), expect, "{line:?}");
        };
        check(b"other=1; __Host-plan=pro; ref=\"a b\"", true, [Some("pro"), None, Some("a b")]);
        check(b"other=1; __Host-plan=pro; ref=\"a b\"", false, [Some("pro"), None, None]);
        check(b"__Host-plan = p=r%6f ;__Host-plan=free; =x", true, [Some("p=r%6f"), None, None]);
        check(b"__Host-plan=; __Host-plan=free;ref=\"\"", true, [None, None, None]);
        check(b"__Host-plan=\xc3\xa9; ref=a\"; __Host-plan=b\tc", true, [None, None, Some("a\"")]);
        check(b"xref=1; refx=2; ref; REF=3", true, [None, None, None]);
        let long = |count: usize| [b"ref=".to_vec(), vec![b'x'; count]].concat();
        check(&long(4_096), true, [None, None, Some("x".repeat(4_096).as_str())]);
        check(&long(4_097), true, [None, None, None]);
    }
}
