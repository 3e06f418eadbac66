//! What the preview shows now: the last good bundle, and what is wrong with the sources since.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use tokio::sync::watch;

use crate::{
    bundle::{Bundle, pack},
    compile::{FlatDiagnostic, Sources, compile_observed, flatten},
    serve::clock,
};

/// The state of a preview, shared by its requests.
#[derive(Debug, Clone)]
pub(super) struct Live {
    site: Arc<PathBuf>,
    shown: Arc<RwLock<Arc<Shown>>>,
    generation: watch::Sender<u64>,
}

/// One state; never changed, only replaced.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    /// Grows by one with every compilation.
    pub(super) generation: u64,
    /// The last good bundle.
    pub(super) bundle: Option<Arc<GoodBundle>>,
    /// Paths on the site and the files that show them.
    pub(super) pages: Vec<(String, String)>,
    /// What the last compilation found.
    pub(super) diagnostics: Vec<FlatDiagnostic>,
    /// Why the last compilation gave no bundle, when it was not the site's fault.
    pub(super) problem: Option<String>,
    /// Whether the last compilation gave a bundle.
    pub(super) is_good: bool,
}

/// A bundle that opens.
#[derive(Debug)]
pub(super) struct GoodBundle {
    pub(super) bytes: Vec<u8>,
    pub(super) hash: String,
    pub(super) site: String,
}

impl Live {
    /// The state of a preview of `site`, before anything is compiled.
    pub(super) fn new(site: &Path) -> io::Result<Self> {
        // A folder that is not there is a typing mistake, not a site with errors.
        let site = site
            .canonicalize()
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", site.display())))?;
        Ok(Self { site: Arc::new(site), shown: Arc::default(), generation: watch::Sender::new(0) })
    }

    /// The site folder.
    pub(super) fn site(&self) -> &Path {
        &self.site
    }

    /// What is shown now.
    pub(super) fn shown(&self) -> Arc<Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells of every new generation.
    pub(super) fn generations(&self) -> watch::Receiver<u64> {
        self.generation.subscribe()
    }

    /// Compiles the sources as they are now. A site with errors leaves the last good bundle and its pages in use.
    pub(super) fn compile(&self) {
        let mut next = Shown::clone(&self.shown());
        next.generation = next.generation.wrapping_add(1);
        next.diagnostics = Vec::new();
        match bundle_of(&self.site, &mut next) {
            Ok(bundle) => {
                next.is_good = bundle.is_some();
                next.bundle = bundle.map(Arc::new).or(next.bundle);
                next.problem = None;
            }
            Err(error) => {
                next.is_good = false;
                next.problem = Some(error.to_string());
            }
        }
        let generation = next.generation;
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        self.generation.send_replace(generation);
    }
}

/// The bundle of a folder, or `None` when the site has errors; they and the pages go into `next`.
fn bundle_of(site: &Path, next: &mut Shown) -> io::Result<Option<GoodBundle>> {
    let sources = Sources::read(site)?;
    let compiled = compile_observed(&sources, Some(clock()), &|_| ());
    next.diagnostics = compiled.diagnostics.iter().map(|found| flatten(found, &sources)).collect();
    let Some(contents) = &compiled.contents else { return Ok(None) };
    next.pages = compiled.pages;
    let bytes = pack(contents);
    let bundle = Bundle::open(&bytes).map_err(io::Error::other)?;
    Ok(Some(GoodBundle { hash: bundle.hash(), site: bundle.site().name.to_string(), bytes }))
}
