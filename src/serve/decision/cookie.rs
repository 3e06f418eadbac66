//! The cookie that keeps a visitor's account token, as `www/edge/tokens.ts` writes it, and the one by which he has agreed to that.

use std::str::FromStr;

use axum::http::{HeaderMap, HeaderValue, header};

/// The cookie of the token, and the header in which the tag shows one.
pub(super) const TOKEN: &str = "np-token";

/// A cookie of the site's with a value that says that the visitor agrees to be remembered.
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

/// What the first cookie of a name holds.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    cookies.find_map(|(own, value)| (own == name).then_some(value))
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

    use super::{Consent, cookie};

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
}
