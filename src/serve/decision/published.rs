//! The bundle in use: replaced whole when a good one comes, kept when a bad one does.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use super::slices::{Signer, Slices};
use crate::{
    bundle::{Bundle, Seal, SecretKey, TokenKey, Trust, unseal},
    serve::clock,
};

/// Where bundles come from, and what is asked of them.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) file: PathBuf,
    /// Whose bundles are used; without it anybody's.
    pub(super) trust: Option<Trust>,
    /// Signs the slices.
    pub(super) key: Option<SecretKey>,
    /// Checks account tokens.
    pub(super) token_key: Option<TokenKey>,
}

/// The bundle in use, shared by requests.
#[derive(Debug)]
pub(super) struct Published {
    source: Source,
    current: RwLock<Arc<Current>>,
}

/// One bundle and the slices of it; never changed, only replaced.
#[derive(Debug)]
pub(super) struct Current {
    pub(super) bundle: Bundle,
    pub(super) slices: Slices,
    pub(super) hash: String,
    /// Checked; none where nobody asked for it.
    pub(super) seal: Option<Seal>,
}

impl Published {
    pub(super) fn open(source: Source) -> io::Result<Self> {
        let current = Current::read(&source, None)?;
        Ok(Self { source, current: RwLock::new(Arc::new(current)) })
    }

    pub(super) fn file(&self) -> &Path {
        &self.source.file
    }

    /// The bundle in use. A request asks once, so that no answer mixes two.
    pub(super) fn current(&self) -> Arc<Current> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the file again. Says whether it holds another bundle than the one in use, or one that was signed again, which then takes its
    /// place.
    ///
    /// # Errors
    /// When it cannot be read, is no bundle, or is not signed as it must be: then the one in use stays.
    pub(super) fn reload(&self) -> io::Result<bool> {
        let current = self.current();
        let next = Current::read(&self.source, current.seal.as_ref())?;
        if (&next.hash, &next.seal) == (&current.hash, &current.seal) {
            return Ok(false);
        }
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        Ok(true)
    }
}

impl Current {
    fn read(source: &Source, in_use: Option<&Seal>) -> io::Result<Self> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", source.file.display()));
        let bytes = std::fs::read(&source.file).map_err(named)?;
        let (mut bundle, seal) = match &source.trust {
            Some(trust) => {
                let opened = trust.open(&bytes, clock(), in_use);
                opened.map(|(bundle, seal)| (bundle, Some(seal))).map_err(|error| named(io::Error::other(error)))?
            }
            None => (Bundle::open(unseal(&bytes).0).map_err(|error| named(io::Error::other(error)))?, None),
        };
        bundle.set_token_key(source.token_key.clone());
        let signer = source.key.clone().map(|key| Signer::new(key, &bundle, seal.clone()));
        Ok(Self { slices: Slices::new(&bundle, signer), hash: bundle.hash(), bundle, seal })
    }

    /// Whether its signature counts no more: nobody has answered for it for too long.
    pub(super) fn is_expired(&self, now: i64) -> bool {
        self.seal.as_ref().is_some_and(|seal| now > seal.last())
    }
}
