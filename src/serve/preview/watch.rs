//! Compiles again when a file of the site changes.

use std::{io, time::Duration};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

use super::state::Live;

/// An editor that saves writes several times; this long after the last one the sources are whole.
const SETTLE: Duration = Duration::from_millis(80);

/// Watches until the watcher is dropped.
pub(super) fn watch(live: &Live) -> io::Result<RecommendedWatcher> {
    let (changed, mut changes) = mpsc::channel::<()>(1);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading a file is an event too, and compiling reads them all. A full channel means that a compilation is due.
        if event.is_ok_and(|event| !event.kind.is_access()) {
            let _ = changed.try_send(());
        }
    })
    .map_err(io::Error::other)?;
    watcher.watch(live.site(), RecursiveMode::Recursive).map_err(io::Error::other)?;
    let live = live.clone();
    tokio::spawn(async move {
        while changes.recv().await.is_some() {
            while let Ok(Some(())) = tokio::time::timeout(SETTLE, changes.recv()).await {}
            let live = live.clone();
            let _ = tokio::task::spawn_blocking(move || live.compile()).await;
        }
    });
    Ok(watcher)
}
