//! The texts of a site folder, and places in them.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use crate::compile::{
    code,
    diagnostic::{Diagnostics, Span},
};

/// The largest source file that is read, bytes.
const FILE_BYTE_MAX: u64 = 1 << 30;

/// The texts of a site folder by their path inside it, with `/` between folders.
///
/// Compiling reads nothing else, so it works where there is no file system: hand the texts in.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// In the order in which they came; a [`Span`] holds the position.
    files: Vec<File>,
    positions: BTreeMap<String, usize>,
}

/// A file as it came.
#[derive(Debug, Clone)]
struct File {
    path: String,
    bytes: Vec<u8>,
    /// Where its lines begin; looked for when somebody asks for a line.
    lines: OnceLock<Vec<usize>>,
}

/// One text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    /// Position among the sources; a [`Span`] holds it.
    pub(super) file: usize,
    pub(super) text: &'a str,
}

impl Sources {
    /// The texts of the folder `site`: its YAML, CSV and HTML files. Folders whose names begin with a dot are passed over.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be read; the message names it.
    pub fn read(site: &Path) -> io::Result<Self> {
        let mut sources = Self::default();
        sources.read_folder(site, "", &mut BTreeSet::new())?;
        Ok(sources)
    }

    /// A folder that a link leads to is read like any other, but none twice: links can lead in a ring.
    fn read_folder(&mut self, folder: &Path, prefix: &str, seen: &mut BTreeSet<PathBuf>) -> io::Result<()> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
        if !seen.insert(folder.canonicalize().map_err(named)?) {
            return Ok(());
        }
        for entry in fs::read_dir(folder).map_err(named)? {
            let entry = entry.map_err(named)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if name.starts_with('.') {
                continue;
            }
            if entry.path().is_dir() {
                self.read_folder(&entry.path(), &format!("{path}/"), seen)?;
            } else if is_source(&name) {
                self.read_file(&entry.path(), path)?;
            }
        }
        Ok(())
    }

    fn read_file(&mut self, file: &Path, path: String) -> io::Result<()> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", file.display()));
        let found = fs::metadata(file).map_err(named)?;
        if !found.is_file() {
            // Reading a pipe could wait for ever.
            return Err(named(io::Error::other("expected a file, found a pipe, socket or device")));
        }
        if found.len() > FILE_BYTE_MAX {
            return Err(named(io::Error::other("larger than 1 GiB")));
        }
        let bytes = fs::read(file).map_err(named)?;
        self.insert(path, bytes);
        Ok(())
    }

    /// Adds a text, or puts it in the place of another.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        let (path, bytes) = (path.into(), bytes.into());
        let file = File { path: path.clone(), bytes, lines: OnceLock::new() };
        match self.positions.get(&path).and_then(|position| self.files.get_mut(*position)) {
            Some(known) => *known = file,
            None => {
                self.positions.insert(path, self.files.len());
                self.files.push(file);
            }
        }
    }

    /// The paths that are there, ascending.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.positions.keys().map(String::as_str)
    }

    /// The file of a span.
    pub(super) fn file(&self, file: usize) -> Option<(&str, &[u8])> {
        self.files.get(file).map(|file| (file.path.as_str(), file.bytes.as_slice()))
    }

    /// The text of the file at `path`, as far as it is one; empty when there is none.
    pub(super) fn lossy(&self, path: &str) -> Cow<'_, str> {
        let file = self.positions.get(path).and_then(|file| self.files.get(*file));
        file.map_or(Cow::Borrowed(""), |file| String::from_utf8_lossy(&file.bytes))
    }

    /// Where the lines of a file begin, ascending; the first begins behind a byte order mark.
    pub(super) fn lines(&self, file: usize) -> &[usize] {
        self.files.get(file).map_or(&[0], |file| file.lines.get_or_init(|| line_starts(&file.bytes)))
    }

    /// The text at `path`, or `None` when there is none. A text that is not UTF-8 is reported and is `None`.
    pub(super) fn open(&self, path: &str, log: &mut Diagnostics) -> Option<Source<'_>> {
        let file = *self.positions.get(path)?;
        let File { bytes, .. } = self.files.get(file)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(Source { file, text }),
            Err(error) => {
                let start = error.valid_up_to();
                let span = Span { file, start, end: start };
                log.error(code::S002, span, "the file is not UTF-8".to_owned())
                    .label("the first byte that is not")
                    .help("save it as UTF-8; a spreadsheet calls it `CSV UTF-8`");
                None
            }
        }
    }

    /// The beginning of the file at `path`.
    pub(super) fn span_of(&self, path: &str) -> Span {
        Span { file: self.positions.get(path).copied().unwrap_or(usize::MAX), start: 0, end: 0 }
    }

    /// Whether there is a file at `path`.
    pub(super) fn contains(&self, path: &str) -> bool {
        self.positions.contains_key(path)
    }
}

/// What some programs write at the beginning of UTF-8; no editor shows it or counts it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Of these, a line has one at its end, or the two in turn.
pub(super) const LINE_ENDS: [u8; 2] = *b"\r\n";

/// Where the lines of a text begin.
pub(super) fn line_starts(bytes: &[u8]) -> Vec<usize> {
    let first = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let ends = bytes.iter().enumerate().filter(|(at, byte)| match **byte {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    std::iter::once(first).chain(ends.map(|(at, _)| at + 1)).collect()
}

fn is_source(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("yaml" | "yml" | "csv" | "html"))
}

impl<'a> Source<'a> {
    /// The whole file.
    pub(super) fn span(&self) -> Span {
        Span { file: self.file, start: 0, end: self.text.len() }
    }

    /// The text of a span; empty when it lies outside.
    pub(super) fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or("")
    }
}
