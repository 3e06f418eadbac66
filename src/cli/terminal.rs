//! What commands print, apart from their answers: diagnostics, failures, progress. Answers go to standard output, these to
//! standard error.

use std::{
    io::{self, IsTerminal, Write},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use nameplate::compile::{Compiled, Severity, Sources, render};

/// More would scroll the first, which is the one to mend, off the screen.
const SHOWN_MAX: usize = 50;

/// Prints why a command could not run.
pub(crate) fn failure(message: &str) {
    let _ = writeln!(io::stderr(), "error: {message}");
}

/// Draws what compiling found, and counts it.
pub(crate) fn diagnostics(compiled: &Compiled, sources: &Sources) {
    let mut out = io::stderr().lock();
    let colours = out.is_terminal();
    for diagnostic in compiled.diagnostics.iter().take(SHOWN_MAX) {
        let _ = writeln!(out, "{}\n", render(diagnostic, sources, colours));
    }
    let count = |severity| compiled.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if let Some(more @ 1..) = compiled.diagnostics.len().checked_sub(SHOWN_MAX) {
        let _ = writeln!(out, "{more} more are not shown\n");
    }
    if errors + warnings > 0 {
        let _ = writeln!(out, "{} and {}", plural(errors, "error"), plural(warnings, "warning"));
    }
}

/// `1 error`, `2 errors`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A line that shows that something goes on; only on a terminal.
pub(crate) fn spinner(message: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(message);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {human_pos} ({per_sec}, {elapsed})") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
