//! Where events go: the end of a file, a line each, or nowhere.
//!
//! A task of its own writes them, so that no answer waits for a disk. It opens the file anew for every write: who moves the file away, as
//! log rotation does, gets the next events in a new one.

use std::{
    fs::{File, OpenOptions},
    io,
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{sync::mpsc, task::JoinHandle};

/// Batches that may wait for the disk. Further ones are refused.
const QUEUE_MAX: usize = 1_024;

/// Takes in events.
#[derive(Debug, Default)]
pub(super) struct Sink {
    writer: Mutex<Option<Writer>>,
    /// Batches that could not be written.
    lost: std::sync::Arc<AtomicU64>,
}

#[derive(Debug)]
struct Writer {
    batches: mpsc::Sender<String>,
    task: JoinHandle<()>,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// It will be written.
    Written,
    /// Nobody wants events.
    Dropped,
    /// Too many wait already.
    Refused,
}

impl Sink {
    /// A sink that appends to `file`. Opened at once, so that a mistake shows when the server starts.
    pub(super) fn open(file: Option<PathBuf>) -> io::Result<Self> {
        let Some(file) = file else { return Ok(Self::default()) };
        append(&file).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))?;
        let sink = Self::default();
        let (batches, waiting) = mpsc::channel(QUEUE_MAX);
        let task = tokio::spawn(write(file, waiting, sink.lost.clone()));
        *sink.writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(Writer { batches, task });
        Ok(sink)
    }

    /// Takes in lines.
    pub(super) fn take(&self, lines: String) -> Taken {
        match &*self.writer.lock().unwrap_or_else(PoisonError::into_inner) {
            None => Taken::Dropped,
            Some(writer) => writer.batches.try_send(lines).map_or(Taken::Refused, |()| Taken::Written),
        }
    }

    /// How many batches could not be written.
    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Writes what waits. What comes later is dropped.
    pub(super) async fn finish(&self) {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Writer { batches, task }) = writer {
            drop(batches);
            let _ = task.await;
        }
    }
}

fn append(file: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(file)
}

/// Begins on a line of its own, whatever a full disk or a crash has left of the one before.
fn write_lines(file: &Path, mut lines: String) -> io::Result<()> {
    let mut open = append(file)?;
    // A pipe and a device have no end to look at.
    if open.metadata()?.is_file() && is_cut(file).unwrap_or(false) {
        lines.insert(0, '\n');
    }
    open.write_all(lines.as_bytes())
}

/// Whether the last line has no end. An empty file has no last byte, which is an error.
fn is_cut(file: &Path) -> io::Result<bool> {
    let mut open = File::open(file)?;
    open.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    open.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// Writes batches, as many at once as wait, until nobody can send one any more.
async fn write(file: PathBuf, mut waiting: mpsc::Receiver<String>, lost: std::sync::Arc<AtomicU64>) {
    let mut batches = Vec::new();
    while waiting.recv_many(&mut batches, QUEUE_MAX).await > 0 {
        let (file, lines, count) = (file.clone(), batches.concat(), batches.len());
        batches.clear();
        let written = tokio::task::spawn_blocking(move || {
            write_lines(&file, lines).map_err(|error| format!("{}: {error}", file.display()))
        });
        if let Err(error) = written.await.unwrap_or_else(|error| Err(error.to_string())) {
            lost.fetch_add(u64::try_from(count).unwrap_or(u64::MAX), Ordering::Relaxed);
            let _ = writeln!(io::stderr(), "error: events are lost: {error}");
        }
    }
}
