//! Signed account tokens: whoever has one, from a login or a link in an e-mail, works for the account that it names.
//!
//! `ACCOUNT.EXPIRES.MAC`: the account's id; the last second in which it counts, Unix seconds; and as 64 hexadecimal digits the
//! HMAC-SHA-256 (RFC 2104) of `nameplate account token`, the site's name and `ACCOUNT.EXPIRES`, a line feed between them. So a token of
//! another site is none here, nor is anything else that somebody signs with the same key.
//!
//! One that says more of the visitor is `ACCOUNT.EXPIRES.ROLE.CAMPAIGN.MAC`: his role, and the campaign by which he comes. Either may be
//! empty.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    bundle::{header::checksum, key::hex},
    limit::{NAME_CHAR_MAX, TOKEN_BYTE_MAX, TOKEN_KEY_BYTE_MIN, TOKEN_LIFE_SECONDS_MAX},
};

const PURPOSE: &str = "nameplate account token";
/// Letters of the point and the digits at the end of a token.
const MAC: usize = 65;

/// What a token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Token<'a> {
    /// The id of the account that the visitor works for.
    pub account: &'a str,
    /// His role, see [`ROLES`](crate::model::ROLES).
    pub role: Option<&'a str>,
    /// The campaign by which he comes, a [`is_campaign`](Token::is_campaign).
    pub campaign: Option<&'a str>,
}

impl<'a> Token<'a> {
    /// Whether a token can hold a text as the name of a campaign: 1 to 64 of `A-Z a-z 0-9 - _`.
    #[must_use]
    pub fn is_campaign(text: &str) -> bool {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (1..=NAME_CHAR_MAX).contains(&text.len()) && text.bytes().all(is_letter)
    }

    /// What is said of the visitor: nothing, or role and campaign, each of which may be empty.
    fn parse(account: &'a str, more: Option<(&'a str, &'a str)>) -> Option<Self> {
        let (role, campaign) = more.unwrap_or_default();
        let [role, campaign] = [role, campaign].map(|text| Some(text).filter(|text| !text.is_empty()));
        let is_good = [role, campaign].into_iter().flatten().all(Self::is_campaign);
        is_good.then_some(Self { account, role, campaign })
    }
}

impl<'a> From<&'a str> for Token<'a> {
    fn from(account: &'a str) -> Self {
        Self { account, ..Self::default() }
    }
}

/// Signs account tokens and checks them. Nothing prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenKey(Box<[u8]>);

impl TokenKey {
    /// The key in a text that others cannot guess, or `None` for one that they could because it is short.
    #[must_use]
    pub fn new(secret: &[u8]) -> Option<Self> {
        (secret.len() >= TOKEN_KEY_BYTE_MIN).then(|| Self(secret.into()))
    }

    /// A token of a site that counts until `expires`, Unix seconds.
    #[must_use]
    pub fn sign<'a>(&self, site: &str, says: impl Into<Token<'a>>, expires: i64) -> String {
        let Token { account, role, campaign } = says.into();
        let mut said = format!("{account}.{expires}");
        if role.is_some() || campaign.is_some() {
            said.extend([".", role.unwrap_or(""), ".", campaign.unwrap_or("")]);
        }
        self.signed(site, &said)
    }

    /// What a token says.
    ///
    /// # Errors
    /// Why it counts for nothing, in words.
    pub fn read<'a>(&self, site: &str, token: &'a str, now: Option<i64>) -> Result<Token<'a>, &'static str> {
        let end = token.len().checked_sub(MAC).filter(|_| token.len() <= TOKEN_BYTE_MAX);
        let said = end.and_then(|end| token.get(..end)).ok_or("it is no account token")?;
        // Digests are compared: how long that takes says nothing of the right one.
        if checksum(self.signed(site, said).as_bytes()) != checksum(token.as_bytes()) {
            return Err("it is signed with another key, or for another site");
        }
        let (account, said) = said.split_once('.').unwrap_or_default();
        let (expires, more) = said.split_once('.').map_or((said, None), |(expires, more)| (expires, Some(more)));
        let more = more.map(|more| more.split_once('.').unwrap_or((more, ".")));
        let token = Token::parse(account, more).ok_or("its role or its campaign is not a name")?;
        let now = now.ok_or("the visit has no time")?;
        match expires.parse::<i64>().unwrap_or(0).saturating_sub(now) {
            ..0 => Err("it has expired"),
            TOKEN_LIFE_SECONDS_MAX.. => Err("it would count for 400 days or more"),
            _ => Ok(token),
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
    use super::{Token, TokenKey};
    use crate::limit::TOKEN_BYTE_MAX;

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
            assert_eq!(key().read(site, token, now).map(|token| token.account), expect, "{site} {token} {now:?}");
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

    #[test]
    fn a_token_may_say_more_of_the_visitor() {
        let check = |role: Option<&str>, campaign: Option<&str>, middle: &str| {
            let token = Token { account: "alder", role, campaign };
            let signed = key().sign("Example", token, NOW);
            assert!(signed.starts_with(&format!("alder.{NOW}{middle}.")) && signed.len() <= TOKEN_BYTE_MAX, "{signed}");
            assert_eq!(key().read("Example", &signed, Some(NOW)), Ok(token));
            assert_eq!(key().read("Example", &signed, Some(NOW + 1)), Err("it has expired"));
        };
        check(None, None, "");
        check(Some("champion"), None, ".champion.");
        check(None, Some("Spring_26-a"), "..Spring_26-a");
        check(Some("decision-maker"), Some("x"), ".decision-maker.x");
        check(Some("decision-maker"), Some(&"x".repeat(64)), &format!(".decision-maker.{}", "x".repeat(64)));
        // Whoever has the key signs what is no name: it counts for nothing, and nobody prints it.
        for more in [".a", ".a.b.c", ".a b.", "..\"", ".é.", &format!("..{}", "x".repeat(65))] {
            let token = key().signed("Example", &format!("alder.{NOW}{more}"));
            let expect = Err("its role or its campaign is not a name");
            assert_eq!(key().read("Example", &token, Some(NOW)), expect, "{more}");
        }
        // What was signed cannot be told apart anew.
        let token = key().sign("Example", Token { account: "alder", role: Some("user"), campaign: None }, NOW);
        let wrong = Err("it is signed with another key, or for another site");
        for forged in [token.replace("user", "champion"), token.replace(".user.", "."), token.replace("user.", ".user")]
        {
            assert_eq!(key().read("Example", &forged, Some(NOW)), wrong, "{forged}");
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
