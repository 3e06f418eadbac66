//! What is wrong with a file that was read.

use std::fmt::{self, Display, Formatter};

/// Why a file cannot be read, and in which line; the name of the file is for the caller to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// Counted from 1; `None` where it concerns the whole file.
    pub line: Option<u64>,
    /// One fact: what was expected and what was found.
    pub message: String,
}

impl ReadError {
    pub(super) fn in_line(line: u64, message: impl Into<String>) -> Self {
        Self { line: Some(line), message: message.into() }
    }
}

/// Of what a file says, so much is repeated in a message.
const QUOTED_CHAR_MAX: usize = 60;

/// The words of a file, in backticks and cut.
pub(super) fn quoted(text: &str) -> String {
    let end = text.char_indices().nth(QUOTED_CHAR_MAX).map(|(end, _)| end);
    let cut = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let clean: String = cut.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("`{clean}{}`", if end.is_some() { "…" } else { "" })
}

impl From<csv::Error> for ReadError {
    fn from(error: csv::Error) -> Self {
        let line = error.position().map(csv::Position::line);
        let message = match error.kind() {
            csv::ErrorKind::Io(error) => error.to_string(),
            csv::ErrorKind::Utf8 { .. } => "the record is not UTF-8".to_owned(),
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("the record has {len} cells; the header has {expected_len}")
            }
            _ => error.to_string(),
        };
        Self { line, message }
    }
}

impl Display for ReadError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}
