//! Signed account tokens: whoever has one, from a login or a link in an e-mail, works for the account that it names.
//!
//! `ACCOUNT.EXPIRES.MAC`: the account's id; the last second in which it counts, Unix seconds; and as 64 hexadecimal digits the
//! HMAC-SHA-256 (RFC 2104) of `nameplate account token`, the site's name and `ACCOUNT.EXPIRES`, a line feed between them. So a token of
//! another site is none here, nor is anything else that somebody signs with the same key.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    bundle::{header::checksum, key::hex},
    limit::{TOKEN_BYTE_MAX, TOKEN_KEY_BYTE_MIN, TOKEN_LIFE_SECONDS_MAX},
};

const PURPOSE: &str = "nameplate account token";
/// Letters of the point and the digits at the end of a token.
const MAC: usize = 65;

/// Signs account tokens and checks them. Nothing prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenKey(Box<[u8]>);

impl TokenKey {
    /// The key in a text that others cannot guess, or `None` for one that they could because it is short.
    #[must_use]
    pub fn new(secret: &[u8]) -> Option<Self> {
        (secret.len() >= TOKEN_KEY_BYTE_MIN).then(|| Self(secret.into()))
    }

    /// A token for an account of a site that counts until `expires`, Unix seconds.
    #[must_use]
    pub fn sign(&self, site: &str, account: &str, expires: i64) -> String {
        self.signed(site, &format!("{account}.{expires}"))
    }

    /// The account that a token names.
    ///
    /// # Errors
    /// Why it counts for nothing, in words.
    pub fn account<'a>(&self, site: &str, token: &'a str, now: Option<i64>) -> Result<&'a str, &'static str> {
        let end = token.len().checked_sub(MAC).filter(|_| token.len() <= TOKEN_BYTE_MAX);
        let said = end.and_then(|end| token.get(..end)).ok_or("it is no account token")?;
        // Digests are compared: how long that takes says nothing of the right one.
        if checksum(self.signed(site, said).as_bytes()) != checksum(token.as_bytes()) {
            return Err("it is signed with another key, or for another site");
        }
        let (account, expires) = said.split_once('.').unwrap_or_default();
        let now = now.ok_or("the visit has no time")?;
        match expires.parse::<i64>().unwrap_or(0).saturating_sub(now) {
            ..0 => Err("it has expired"),
            TOKEN_LIFE_SECONDS_MAX.. => Err("it would count for 400 days or more"),
            _ => Ok(account),
        }
    }

    fn signed(&self, site: &str, said: &str) -> String {
        let mac = self.mac(&format!("{PURPOSE}\n{site}\n{said}"));
        mac.map_or_else(String::new, |mac| hex(&format!("{said}."), &mac))
    }

    fn mac(&self, message: &str) -> Option<[u8; 32]> {
        // A key may have any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(message.as_bytes());
        Some(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::TokenKey;

    const NOW: i64 = 1_795_424_400;

    fn key() -> TokenKey {
        TokenKey::new(b"a text that nobody guesses").unwrap()
    }

    /// RFC 4231, cases 1, 2 and 6: a key of 20 bytes, of 4, and of 131, which is more than a block.
    #[test]
    fn it_is_hmac_sha_256() {
        let check = |key: &[u8], message: &str, expect: &str| {
            let mac = TokenKey(key.into()).mac(message).unwrap();
            assert_eq!(mac.map(|byte| format!("{byte:02x}")).concat(), expect);
        };
        check(&[0x0b; 20], "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        let jefe = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        check(b"Jefe", "what do ya want for nothing?", jefe);
        let long = "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54";
        check(&[0xaa; 131], "Test Using Larger Than Block-Size Key - Hash Key First", long);
    }

    #[test]
    fn a_token_counts_for_its_site_until_it_expires() {
        let token = key().sign("Example", "alder", NOW + 60);
        let check = |site: &str, token: &str, now: Option<i64>, expect: Result<&str, &str>| {
            assert_eq!(key().account(site, token, now), expect, "{site} {token} {now:?}");
        };
        check("Example", &token, Some(NOW), Ok("alder"));
        check("Example", &token, Some(NOW + 60), Ok("alder"));
        check("Example", &token, Some(NOW + 61), Err("it has expired"));
        check("Example", &token, Some(i64::MAX), Err("it has expired"));
        check("Example", &token, Some(i64::MIN), Err("it would count for 400 days or more"));
        check("Example", &token, None, Err("the visit has no time"));
        let wrong = Err("it is signed with another key, or for another site");
        check("Other", &token, Some(NOW), wrong);
        check("Example", &token.replace("alder", "birch"), Some(NOW), wrong);
        check("Example", &token.replace("179542", "179543"), Some(NOW), wrong);
        check("Example", &token.to_uppercase(), Some(NOW), wrong);
        check("Example", &format!("{token}0"), Some(NOW), wrong);
        check("Example", token.strip_suffix(|_: char| true).unwrap(), Some(NOW), wrong);
        let other = TokenKey::new(b"another text that nobody guesses").unwrap();
        check("Example", &other.sign("Example", "alder", NOW + 60), Some(NOW), wrong);
        for text in ["", ".", "alder", "alder.1", "\u{e9}", &"a.1.".repeat(100), &"é".repeat(33), &"0".repeat(64)] {
            check("Example", text, Some(NOW), Err("it is no account token"));
        }
        for text in ["alder.1.", "alder.", "", "alder.x.", &NOW.to_string()] {
            check("Example", &format!("{text}{}", "0".repeat(65)), Some(NOW), wrong);
        }
        // Whoever has the key signs what is no time: it counts for nothing, either.
        for expires in ["", "x", "-1", "99999999999999999999"] {
            let token = key().signed("Example", &format!("alder.{expires}"));
            check("Example", &token, Some(NOW), Err("it has expired"));
        }
    }

    /// Where names end is part of what is signed.
    #[test]
    fn no_token_is_that_of_other_words() {
        let tokens = [("a", "b"), ("a\nb", "c"), ("a", "b\nc")].map(|(site, account)| key().sign(site, account, NOW));
        assert!(tokens.iter().enumerate().all(|(at, token)| !tokens[..at].contains(token)));
        assert_eq!(TokenKey::new(b"fifteen letters"), None);
        assert!(!format!("{:?}", key()).contains("nobody"));
    }
}
