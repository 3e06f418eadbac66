//! The slices of a bundle that were asked for, each made once.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use axum::body::Bytes;

use crate::{
    bundle::{Bundle, Recipient, asked_prefixes, slice},
    net::{Address, Prefix},
};

/// How many are kept. When there are more all are forgotten: those that are asked for are made again in less than it takes to say which
/// they are.
const SLICE_MAX: usize = 2_048;

/// Slices by what they depend on.
#[derive(Debug)]
pub(super) struct Slices {
    /// What rules ask of addresses.
    asked: Vec<Prefix>,
    kept: RwLock<HashMap<Key, Arc<Slice>>>,
}

/// Whom a slice is for, and which of the prefixes asked for hold the address, if there is one.
type Key = (Recipient, Option<Box<[bool]>>);

/// A slice.
#[derive(Debug)]
pub(super) struct Slice {
    pub(super) bytes: Bytes,
    bundle: OnceLock<Option<Bundle>>,
}

impl Slice {
    /// The slice as the bundle that it is; opened at the first call.
    pub(super) fn bundle(&self) -> Option<&Bundle> {
        self.bundle.get_or_init(|| Bundle::open(&self.bytes).ok()).as_ref()
    }
}

impl Slices {
    /// None yet, of this bundle.
    pub(super) fn new(bundle: &Bundle) -> Self {
        Self { asked: asked_prefixes(bundle), kept: RwLock::default() }
    }

    /// The slice of `bundle`, the one that they were made for, for a recipient who calls from `address`.
    pub(super) fn get(&self, bundle: &Bundle, recipient: Recipient, address: Option<Address>) -> Arc<Slice> {
        let lies_in = |address| self.asked.iter().map(|prefix| prefix.contains(address)).collect();
        let key = (recipient, address.filter(|_| !self.asked.is_empty()).map(lies_in));
        if let Some(kept) = self.kept.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return kept.clone();
        }
        let made = Arc::new(Slice { bytes: slice(bundle, recipient, address).into(), bundle: OnceLock::new() });
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
