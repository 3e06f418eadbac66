//! The slices of a bundle that were asked for, each made once.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use axum::body::Bytes;

use crate::{
    bundle::{Bundle, Recipient, Seal, SecretKey, Statement, asked_prefixes, seal, slice, unseal},
    net::{Address, Prefix},
};

/// How many are kept. When there are more all are forgotten: those that are asked for are made again in less than it takes to say which
/// they are.
const SLICE_MAX: usize = 2_048;

/// So long, in seconds, a slice is signed once for all who get it.
const SIGNED_TOGETHER: i64 = 3_600;

/// Signs slices.
#[derive(Debug)]
pub(super) struct Signer {
    key: SecretKey,
    site: String,
    /// The seal of the bundle, if it has one.
    whole: Option<Seal>,
}

/// Slices by what they depend on.
#[derive(Debug)]
pub(super) struct Slices {
    signer: Option<Signer>,
    /// What rules ask of addresses.
    asked: Vec<Prefix>,
    kept: RwLock<HashMap<Key, Arc<Slice>>>,
}

/// Whom a slice is for, which of the prefixes asked for hold the address, if there is one, and when it was signed.
type Key = (Recipient, Option<Box<[bool]>>, Option<i64>);

/// A slice.
#[derive(Debug)]
pub(super) struct Slice {
    pub(super) bytes: Bytes,
    bundle: OnceLock<Option<Bundle>>,
}

impl Slice {
    /// The slice as the bundle that it is; opened at the first call.
    pub(super) fn bundle(&self) -> Option<&Bundle> {
        self.bundle.get_or_init(|| Bundle::open(unseal(&self.bytes).0).ok()).as_ref()
    }
}

impl Signer {
    /// For slices of `bundle`.
    pub(super) fn new(key: SecretKey, bundle: &Bundle, whole: Option<Seal>) -> Self {
        Self { key, site: bundle.site().name.to_string(), whole }
    }

    fn sign(&self, slice: Vec<u8>, created: i64) -> Vec<u8> {
        let statement = Statement::of_slice(&self.site, self.whole.as_ref().map(|whole| &whole.statement), created);
        // A site with a name so long that it cannot be signed has unsigned slices, which who insists on a signature refuses.
        seal(&slice, &statement, &self.key).unwrap_or(slice)
    }
}

impl Slices {
    /// None yet, of this bundle.
    pub(super) fn new(bundle: &Bundle, signer: Option<Signer>) -> Self {
        Self { signer, asked: asked_prefixes(bundle), kept: RwLock::default() }
    }

    /// The slice of `bundle`, the one that they were made for, for a recipient who calls from `address`, signed not long before `now`.
    pub(super) fn get(&self, bundle: &Bundle, recipient: Recipient, address: Option<Address>, now: i64) -> Arc<Slice> {
        let lies_in = |address| self.asked.iter().map(|prefix| prefix.contains(address)).collect();
        let signer = self.signer.as_ref().map(|signer| (signer, now.saturating_sub(now.rem_euclid(SIGNED_TOGETHER))));
        let key = (recipient, address.filter(|_| !self.asked.is_empty()).map(lies_in), signer.map(|(_, at)| at));
        if let Some(kept) = self.kept.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return kept.clone();
        }
        let mut bytes = slice(bundle, recipient, address);
        if let Some((signer, at)) = signer {
            bytes = signer.sign(bytes, at);
        }
        let made = Arc::new(Slice { bytes: bytes.into(), bundle: OnceLock::new() });
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= SLICE_MAX {
            kept.clear();
        }
        kept.insert(key, made.clone());
        made
    }

    /// How many are kept.
    pub(super) fn len(&self) -> usize {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).len()
    }
}
