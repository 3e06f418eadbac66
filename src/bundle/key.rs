//! Keys of seals: Ed25519, written as `np-public-` or `np-secret-` and 64 hexadecimal digits, so that neither is taken for the other
//! and whoever searches for lost secrets finds them.

use std::{
    fmt::{self, Write as _},
    str::FromStr,
};

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

const PUBLIC: &str = "np-public-";
const SECRET: &str = "np-secret-";

/// Whom a seal is of: the first bytes of the SHA-256 of the public key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyId(pub(super) [u8; KeyId::SIZE]);

/// Checks what the [`SecretKey`] that belongs to it has signed.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// Signs. Nothing prints it but [`SecretKey::reveal`].
#[derive(Clone)]
pub struct SecretKey(SigningKey);

/// A text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyError {
    /// It is none of our keys.
    NotPublic,
    /// The same.
    NotSecret,
    /// It is one of the other kind.
    Secret,
    /// The same.
    Public,
    /// No point of the curve, or one that would take forged signatures.
    Weak,
}

impl KeyId {
    pub(super) const SIZE: usize = 8;
}

impl PublicKey {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let digest: [u8; 32] = Sha256::digest(self.0.as_bytes()).into();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        KeyId([a, b, c, d, e, f, g, h])
    }

    /// The key in 32 bytes, or `None` for what is no point of the curve, and for the few points that take forged signatures.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        VerifyingKey::from_bytes(bytes).ok().filter(|key| !key.is_weak()).map(Self)
    }

    /// Whether `signature`, 64 bytes, is one of `message` by this key. Strictly: there is one right signature in one right form.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

impl SecretKey {
    /// The key of 32 random bytes.
    #[must_use]
    pub fn new(random: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(random))
    }

    /// The key that checks what this one signs.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// How it is written. For the one file that keeps it.
    #[must_use]
    pub fn reveal(&self) -> String {
        hex(SECRET, self.0.as_bytes())
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.starts_with(SECRET) {
            return Err(KeyError::Secret);
        }
        let bytes = text.strip_prefix(PUBLIC).and_then(read_hex).ok_or(KeyError::NotPublic)?;
        Self::from_bytes(&bytes).ok_or(KeyError::Weak)
    }
}

impl FromStr for SecretKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.starts_with(PUBLIC) {
            return Err(KeyError::Public);
        }
        let bytes = text.strip_prefix(SECRET).and_then(read_hex).ok_or(KeyError::NotSecret)?;
        Ok(Self::new(&bytes))
    }
}

pub(super) fn hex(head: &str, bytes: &[u8]) -> String {
    bytes.iter().fold(head.to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // Writing to a string cannot fail.
        text
    })
}

fn read_hex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks_exact(2);
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = if pairs.remainder().is_empty() { pairs.map(byte).collect() } else { None };
    bytes?.try_into().ok()
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex("", &self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(PUBLIC, self.0.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotPublic => "expected a public key, `np-public-` and 64 hexadecimal digits",
            Self::NotSecret => "expected a secret key, `np-secret-` and 64 hexadecimal digits",
            Self::Secret => "expected a public key, found the secret one; the public one is in the file ending `.pub`",
            Self::Public => "expected a secret key, found a public one",
            Self::Weak => "expected a public key, found one that nobody can sign for",
        })
    }
}

impl std::error::Error for KeyError {}

#[cfg(test)]
mod tests {
    use super::{KeyError, PublicKey, SecretKey};

    #[test]
    fn a_key_is_written_and_read_and_no_other_text_is_one() {
        let secret = SecretKey::new(&[7; 32]);
        let (public, kept) = (secret.public().to_string(), secret.reveal());
        assert_eq!(public.parse(), Ok(secret.public()));
        assert_eq!(kept.parse::<SecretKey>().unwrap().public(), secret.public());
        let check = |text: &str, expect: KeyError| assert_eq!(text.parse::<PublicKey>(), Err(expect), "{text}");
        check(&kept, KeyError::Secret);
        check(public.strip_suffix(|_: char| true).unwrap(), KeyError::NotPublic);
        check(&public.replace("np-public-", "np-public-g"), KeyError::NotPublic);
        check(&format!("{public}00"), KeyError::NotPublic);
        check(&public.replace("np-", ""), KeyError::NotPublic);
        check("", KeyError::NotPublic);
        // Points of small order, and no point at all.
        check(&format!("np-public-01{}", "00".repeat(31)), KeyError::Weak);
        check(&format!("np-public-{}", "00".repeat(32)), KeyError::Weak);
        check(&format!("np-public-02{}", "00".repeat(31)), KeyError::Weak);
        assert_eq!(public.parse::<SecretKey>().unwrap_err(), KeyError::Public);
        assert_eq!("np-secret-7".parse::<SecretKey>().unwrap_err(), KeyError::NotSecret);
    }

    #[test]
    fn nothing_prints_a_secret_by_chance() {
        let secret = SecretKey::new(&[7; 32]);
        assert!(!format!("{secret:?}").contains("07"));
    }
}
