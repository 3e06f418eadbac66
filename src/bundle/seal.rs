//! The seal: who answers for a bundle, and how long. It stands behind the bundle's last byte, so that the bundle itself is the same with
//! it and without, and is checked before anything of the bundle is read.
//!
//! | size | what |
//! | --- | --- |
//! | 8 | magic `NPSEALED` |
//! | 1 | version, 1 |
//! | 1 | what is sealed: 1 a bundle, 2 a slice |
//! | 8 | the key's id: the first bytes of the SHA-256 of the public key |
//! | 8 each | counter; created and expires, Unix seconds |
//! | 32 | the bundle's checksum, bytes 12 to 44 of it |
//! | 1 + n each | site and environment: length in bytes, and the text |
//! | 64 | Ed25519 signature of all that stands before it in the seal |
//!
//! Of a bundle's bytes that the checksum does not cover there is but one right value each, so who signs the checksum signs them all.

use std::fmt;

use crate::{
    bundle::{
        Bundle, KeyId, OpenError, PublicKey, SecretKey,
        header::{claimed_checksum, split},
    },
    limit::{SEAL_COUNTER_MAX, SEAL_LIFE_SECONDS_MAX, SEAL_SKEW_SECONDS, SEAL_STALE_SECONDS, SLICE_SEAL_SECONDS},
    wire::{Reader, Short, Writer},
};

const MAGIC: &[u8; 8] = b"NPSEALED";
const VERSION: u8 = 1;
const SIGNATURE_SIZE: usize = 64;

/// What is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealKind {
    /// A whole bundle.
    Bundle = 1,
    /// The slice of one visitor.
    Slice = 2,
}

/// What whoever seals a bundle says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it is: a slice is never taken for a bundle.
    pub kind: SealKind,
    /// The site that it is for.
    pub site: String,
    /// And which copy of that: `production`, `staging`.
    pub environment: String,
    /// Counts up: no bundle replaces one with a higher counter, nor another one with the same.
    pub counter: u64,
    /// When it was sealed, Unix seconds.
    pub created: i64,
    /// The last second in which it counts, at most [`SEAL_LIFE_SECONDS_MAX`] later.
    pub expires: i64,
}

/// A seal that was checked, or what one says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// What it says.
    pub statement: Statement,
    /// Whose it is.
    pub key: KeyId,
    checksum: [u8; 32],
}

/// Why a bundle is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealError {
    /// There is no seal.
    Unsigned,
    /// What stands behind the bundle is no seal of this version, or not all of one.
    Damaged,
    /// The seal is of a key that is not trusted.
    Key(KeyId),
    /// The signature is none of what it signs.
    Signature,
    /// The seal is of another bundle.
    Checksum,
    /// A slice where a bundle is expected, or the other way around.
    Kind(SealKind),
    /// Site or environment is another: its name, what was expected, and what was found.
    Name(&'static str, String, String),
    /// It counts no more, for so many seconds.
    Expired(i64),
    /// It was sealed in so many seconds from now.
    Future(i64),
    /// The counter of the bundle in use, and that of this one.
    Counter(u64, u64),
    /// The statement cannot be made: what is wrong with it.
    Statement(&'static str),
    /// The seal is good, the bundle is none.
    Open(OpenError),
}

/// Whose bundles are taken, and which.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trust {
    /// The keys: two while one takes the other's place.
    pub keys: Vec<PublicKey>,
    /// The site, or any.
    pub site: Option<String>,
    /// The environment, or any.
    pub environment: Option<String>,
}

/// The bundle in `bytes` without the seal behind it, and the bytes of that; none where there is none.
#[must_use]
pub fn unseal(bytes: &[u8]) -> (&[u8], &[u8]) {
    split(bytes).filter(|(_, seal)| seal.starts_with(MAGIC)).unwrap_or((bytes, &[]))
}

/// `bundle` with a seal behind it.
///
/// # Errors
/// [`SealError::Statement`] when no reader would take it.
pub fn seal(bundle: &[u8], statement: &Statement, key: &SecretKey) -> Result<Vec<u8>, SealError> {
    let Statement { kind, site, environment, counter, created, expires } = statement;
    let because = SealError::Statement;
    let checksum = claimed_checksum(bundle).ok_or(because("expected a bundle"))?;
    let number = |number: i64| u64::try_from(number).map_err(|_| because("expected times since 1970"));
    if expires.saturating_sub(*created) > SEAL_LIFE_SECONDS_MAX {
        return Err(because("expected it to expire within 30 days"));
    }
    if *counter > SEAL_COUNTER_MAX {
        return Err(because("expected a counter below 2^53"));
    }
    let mut out = Writer::default();
    out.bytes(MAGIC);
    out.u8(VERSION);
    out.u8(*kind as u8);
    out.bytes(&key.public().id().0);
    out.u64(*counter);
    out.u64(number(*created)?);
    out.u64(number(*expires)?);
    out.bytes(&checksum);
    for text in [site, environment] {
        let length = u8::try_from(text.len()).map_err(|_| because("expected names of at most 255 bytes"))?;
        out.u8(length);
        out.bytes(text.as_bytes());
    }
    let said = out.into_bytes();
    Ok([bundle, &said, &key.sign(&said)].concat())
}

impl Statement {
    /// What is said of a slice that is sealed now, at `created`: `whole` is what is said of its bundle, which it does not outlive.
    #[must_use]
    pub fn of_slice(site: &str, whole: Option<&Self>, created: i64) -> Self {
        let environment = whole.map_or("production", |whole| &whole.environment);
        let expires = created.saturating_add(SLICE_SEAL_SECONDS).min(whole.map_or(i64::MAX, Self::last));
        Self {
            kind: SealKind::Slice,
            site: site.to_owned(),
            environment: environment.to_owned(),
            counter: whole.map_or(0, |whole| whole.counter),
            created,
            expires,
        }
    }

    /// The last second in which it counts, Unix seconds.
    #[must_use]
    pub fn last(&self) -> i64 {
        self.created.saturating_add(SEAL_LIFE_SECONDS_MAX).min(self.expires)
    }
}

impl Trust {
    /// The bundle in `bytes`, if its seal is good at `now`, Unix seconds, and may follow the one `in_use`.
    ///
    /// # Errors
    /// Which of it is not so. Nothing of a bundle is read before its seal is good.
    pub fn open(&self, bytes: &[u8], now: i64, in_use: Option<&Seal>) -> Result<(Bundle, Seal), SealError> {
        let (bundle, seal) = self.check(bytes, SealKind::Bundle, now)?;
        if let Some(in_use) = in_use {
            seal.may_follow(in_use)?;
        }
        Ok((Bundle::open(bundle).map_err(SealError::Open)?, seal))
    }

    /// The bundle, or slice, in `bytes` without its seal, and that. What the bundle's checksum says is for [`Bundle::open`] to check.
    ///
    /// # Errors
    /// Which of it is not so.
    pub fn check<'a>(&self, bytes: &'a [u8], kind: SealKind, now: i64) -> Result<(&'a [u8], Seal), SealError> {
        let (bundle, bytes) = unseal(bytes);
        if bytes.is_empty() {
            return Err(SealError::Unsigned);
        }
        let seal = Seal::read(bytes).map_err(|_: Short| SealError::Damaged)?;
        let key = self.keys.iter().find(|key| key.id() == seal.key).ok_or(SealError::Key(seal.key))?;
        let said = bytes.split_at_checked(bytes.len().saturating_sub(SIGNATURE_SIZE));
        if !said.is_some_and(|(said, signature)| key.verifies(said, signature)) {
            return Err(SealError::Signature);
        }
        if claimed_checksum(bundle) != Some(seal.checksum) {
            return Err(SealError::Checksum);
        }
        let Statement { kind: found, site, environment, created, .. } = &seal.statement;
        if *found != kind {
            return Err(SealError::Kind(*found));
        }
        expect_name("site", self.site.as_ref(), site)?;
        expect_name("environment", self.environment.as_ref(), environment)?;
        if *created > now.saturating_add(SEAL_SKEW_SECONDS) {
            return Err(SealError::Future(created.saturating_sub(now)));
        }
        if now > seal.last() {
            return Err(SealError::Expired(now.saturating_sub(seal.last())));
        }
        Ok((bundle, seal))
    }
}

fn expect_name(what: &'static str, expected: Option<&String>, found: &str) -> Result<(), SealError> {
    match expected.filter(|expected| *expected != found) {
        Some(expected) => Err(SealError::Name(what, expected.clone(), found.to_owned())),
        None => Ok(()),
    }
}

impl Seal {
    /// What the seal behind a bundle says of itself, which anybody may have written; `None` where there is none.
    #[must_use]
    pub fn unchecked(bytes: &[u8]) -> Option<Self> {
        Self::read(unseal(bytes).1).ok()
    }

    fn read(bytes: &[u8]) -> Result<Self, Short> {
        let mut from = Reader::new(bytes, 0);
        let wrong = |from: &Reader<'_>| Short { offset: from.offset(), wanted: 1 };
        if from.bytes(MAGIC.len())? != MAGIC || from.u8()? != VERSION {
            return Err(wrong(&from));
        }
        let kind = match from.u8()? {
            1 => SealKind::Bundle,
            2 => SealKind::Slice,
            _ => return Err(wrong(&from)),
        };
        let key = KeyId(from.array()?);
        let counter = from.u64()?;
        let mut time = || from.u64().map(|time| i64::try_from(time).unwrap_or(i64::MAX));
        let (created, expires) = (time()?, time()?);
        let checksum = from.array()?;
        let mut text = || -> Result<String, Short> {
            let length = from.u8()?;
            let bytes = from.bytes(length.into())?;
            String::from_utf8(bytes.to_vec()).map_err(|_| wrong(&from))
        };
        let (site, environment) = (text()?, text()?);
        from.bytes(SIGNATURE_SIZE)?;
        if counter > SEAL_COUNTER_MAX || !from.is_done() {
            return Err(wrong(&from));
        }
        Ok(Self { statement: Statement { kind, site, environment, counter, created, expires }, key, checksum })
    }

    /// Whether its bundle is so old that somebody should ask why.
    #[must_use]
    pub fn is_stale(&self, now: i64) -> bool {
        now > self.statement.created.saturating_add(SEAL_STALE_SECONDS)
    }

    /// The last second in which it counts, Unix seconds.
    #[must_use]
    pub fn last(&self) -> i64 {
        self.statement.last()
    }

    /// Site and environment stay, and nothing goes back.
    fn may_follow(&self, in_use: &Self) -> Result<(), SealError> {
        let (next, now) = (&self.statement, &in_use.statement);
        expect_name("site", Some(&now.site), &next.site)?;
        expect_name("environment", Some(&now.environment), &next.environment)?;
        let is_same = next.counter == now.counter && self.checksum == in_use.checksum;
        if next.counter > now.counter || is_same { Ok(()) } else { Err(SealError::Counter(now.counter, next.counter)) }
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned => f.write_str("expected a signed bundle, found no signature"),
            Self::Damaged => f.write_str("the signature is cut short, damaged, or of another version of nameplate"),
            Self::Key(id) => write!(f, "the bundle is signed with the key {id}, which is none of those given"),
            Self::Signature => {
                f.write_str("the signature is wrong: somebody changed what it says, or does not have the key")
            }
            Self::Checksum => f.write_str("the signature is of another bundle"),
            Self::Kind(SealKind::Bundle) => f.write_str("expected a slice, found a bundle"),
            Self::Kind(SealKind::Slice) => f.write_str("expected a bundle, found a slice"),
            Self::Name(what, expected, found) => {
                write!(f, "expected a bundle for the {what} `{expected}`, found `{found}`")
            }
            Self::Expired(ago) => write!(f, "the signature expired {} hours ago", ago / 3_600),
            Self::Future(left) => {
                write!(f, "the bundle will be signed in {} hours: one of two clocks is wrong", left / 3_600)
            }
            Self::Counter(in_use, found) => write!(
                f,
                "expected a counter above {in_use}, that of the bundle in use, found {found}: this bundle is an older one"
            ),
            Self::Statement(problem) => f.write_str(problem),
            Self::Open(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SealError {}
