//! Looks whether the bundle's file changed.
//!
//! By asking for its size and time again and again, not by the system's notifications: those are of a folder's entry, and miss what is
//! behind a link, which is how Kubernetes replaces files, or on another machine. A look costs two microseconds.

use std::{
    fs, io,
    io::Write as _,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use tokio::time;

use super::Shared;

/// How often to look.
const PAUSE: Duration = Duration::from_millis(250);
/// A file that is the same this long after a change is whole.
const SETTLE: Duration = Duration::from_millis(50);

/// What tells one version of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    /// Files that are moved into the place of others may have their times.
    number: u64,
}

impl Stamp {
    fn of(file: &Path) -> Option<Self> {
        let metadata = fs::metadata(file).ok()?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&metadata);
        #[cfg(not(unix))]
        let number = 0;
        Some(Self { modified: metadata.modified().ok(), length: metadata.len(), number })
    }
}

/// Puts every good version of the bundle's file in use, and says of a bad one that it is. Never ends.
pub(super) async fn watch(shared: Arc<Shared>) {
    // Not of the version that is in use: it may have changed since that was read.
    let mut seen = None;
    loop {
        let stamp = Stamp::of(shared.published.file());
        if stamp == seen {
            time::sleep(PAUSE).await;
            continue;
        }
        time::sleep(SETTLE).await;
        if Stamp::of(shared.published.file()) != stamp {
            continue;
        }
        let is_first = seen.is_none() && stamp.is_some();
        seen = stamp;
        let reading = shared.clone();
        let read = tokio::task::spawn_blocking(move || reading.published.reload()).await;
        report(&shared, read.unwrap_or_else(|error| Err(io::Error::other(error))), is_first);
    }
}

/// Says what came of reading the file again: on standard error, and in the metrics.
fn report(shared: &Shared, read: io::Result<bool>, is_first: bool) {
    let mut err = io::stderr().lock();
    // Nobody may be there to read it.
    let _ = match &read {
        Ok(true) => writeln!(err, "bundle {} is in use", shared.published.current().hash),
        Ok(false) if is_first => Ok(()),
        Ok(false) => writeln!(err, "bundle {} stays in use: the file holds the same", shared.published.current().hash),
        Err(error) => writeln!(err, "error: {error}\nbundle {} stays in use", shared.published.current().hash),
    };
    shared.metrics.reloaded(read.is_ok());
}
