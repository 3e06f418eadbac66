//! The bundle in use: replaced whole when a good one comes, kept when a bad one does.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use super::slices::Slices;
use crate::bundle::{Bundle, OpenError};

/// The bundle in use, shared by requests.
#[derive(Debug)]
pub(super) struct Published {
    file: PathBuf,
    current: RwLock<Arc<Current>>,
}

/// One bundle and the slices of it; never changed, only replaced.
#[derive(Debug)]
pub(super) struct Current {
    pub(super) bundle: Bundle,
    pub(super) slices: Slices,
    pub(super) hash: String,
}

impl Published {
    pub(super) fn open(file: PathBuf) -> io::Result<Self> {
        let current = Current::read(&file)?;
        Ok(Self { file, current: RwLock::new(Arc::new(current)) })
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// The bundle in use. A request asks once, so that no answer mixes two.
    pub(super) fn current(&self) -> Arc<Current> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the file again. Says whether it holds another bundle than the one in use, which then takes its place.
    ///
    /// # Errors
    /// When it cannot be read or is no bundle: then the one in use stays.
    pub(super) fn reload(&self) -> io::Result<bool> {
        let next = Current::read(&self.file)?;
        if next.hash == self.current().hash {
            return Ok(false);
        }
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        Ok(true)
    }
}

impl Current {
    fn read(file: &Path) -> io::Result<Self> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", file.display()));
        let bytes = std::fs::read(file).map_err(named)?;
        let bundle = Bundle::open(&bytes).map_err(|error: OpenError| named(io::Error::other(error)))?;
        Ok(Self { slices: Slices::new(&bundle), hash: bundle.hash(), bundle })
    }
}
