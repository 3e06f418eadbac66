//! What commands print, apart from their answers: diagnostics, failures, progress. Answers go to standard output, these to
//! standard error.

use std::{
    borrow::Cow,
    io::{self, IsTerminal, Write},
    time::Duration,
};

use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use nameplate::compile::{Diagnostic, Severity, Sources, Step, plural, render};

/// More would scroll the first, which is the one to mend, off the screen.
const SHOWN_MAX: usize = 50;

/// Prints why a command could not run.
pub(crate) fn failure(message: &str) {
    let _ = writeln!(io::stderr(), "error: {message}");
}

/// Prints a line that is no answer.
pub(crate) fn say(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

/// Draws what reading a site found, and counts it.
pub(crate) fn diagnostics(found: &[Diagnostic], sources: &Sources) {
    let mut out = io::stderr().lock();
    let colours = out.is_terminal();
    for diagnostic in found.iter().take(SHOWN_MAX) {
        let _ = writeln!(out, "{}\n", render(diagnostic, sources, colours));
    }
    let count = |severity| found.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if let Some(more @ 1..) = found.len().checked_sub(SHOWN_MAX) {
        let _ = writeln!(out, "{more} more are not shown\n");
    }
    if errors + warnings > 0 {
        let _ = writeln!(out, "{} and {}", plural(errors, "error"), plural(warnings, "warning"));
    }
    if let Some(first) = found.first() {
        let _ = writeln!(out, "for more: nameplate explain {}", first.code.0);
    }
}

/// A line that counts what goes on; only on a terminal.
pub(crate) fn spinner(message: &'static str) -> ProgressBar {
    line("{spinner} {msg} {human_pos} ({per_sec}, {elapsed})").with_message(message)
}

/// A bar that fills as so many bytes are read; only on a terminal.
pub(crate) fn meter(bytes: u64) -> ProgressBar {
    let bar = line("{spinner} {msg} {wide_bar} {percent} % ({elapsed}, {eta} left)");
    bar.set_length(bytes);
    bar
}

fn line(template: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// A line that says what a command is at; only on a terminal, and gone when this is.
pub(crate) struct Progress {
    line: ProgressBar,
}

impl Progress {
    pub(crate) fn shown() -> Self {
        Self { line: line("{spinner} {msg} ({elapsed})") }
    }

    /// For a command whose answer a program reads.
    pub(crate) fn hidden() -> Self {
        Self { line: ProgressBar::hidden() }
    }

    pub(crate) fn say(&self, what: impl Into<Cow<'static, str>>) {
        self.line.set_message(what);
    }

    pub(crate) fn step(&self, step: Step) {
        let count = |number: usize| HumanCount(number as u64);
        match step {
            _ if self.line.is_hidden() => {}
            Step::Checking => self.say("checking"),
            Step::Specialising { done, of } => self.say(format!("specialising {} of {} rules", count(done), count(of))),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.line.finish_and_clear();
    }
}
