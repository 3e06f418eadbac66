//! Diagnostics as commands to GitHub's runner, which shows each in place in a pull request.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>

use std::{
    io::{self, Write},
    path::Path,
};

use nameplate::compile::FlatDiagnostic;

/// Writes a line for each.
///
/// Files are named as seen from where the command was called, which is the root of the repository unless a step says otherwise.
pub(super) fn write(site: &Path, found: &[FlatDiagnostic], out: &mut impl Write) -> io::Result<()> {
    found.iter().try_for_each(|found| writeln!(out, "{}", annotation(site, found)))
}

fn annotation(site: &Path, found: &FlatDiagnostic) -> String {
    let level = if found.severity == "note" { "notice" } else { found.severity };
    let place = &found.place;
    let file = property(&site.join(&place.file).to_string_lossy());
    let (line, end_line) = (place.line, place.end_line);
    // GitHub refuses columns of what is longer than a line.
    let columns =
        if line == end_line { format!(",col={},endColumn={}", place.column, place.end_column) } else { String::new() };
    let label = Some(place.label.as_str()).filter(|label| !label.is_empty());
    let texts = [Some(found.message.as_str()), label, found.help.as_deref()];
    let message = data(&texts.into_iter().flatten().collect::<Vec<_>>().join("\n"));
    format!("::{level} file={file},line={line},endLine={end_line}{columns},title={}::{message}", found.code)
}

/// A text behind `::`: it ends with the line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value before it, which a comma ends, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
