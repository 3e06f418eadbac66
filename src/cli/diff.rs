//! `nameplate diff OLD NEW`

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use nameplate::{
    bundle::Bundle,
    compile::{flatten, plural},
    diff::{self, Cause, PlaceChange, PlaceKind, Turn},
    model::Text,
};
use serde::Serialize;

use super::{
    Failure, Outcome, check::compile_folder, format::Printed, open_bundle, pack_and_open, terminal, terminal::Progress,
};

/// What publishing NEW in the place of OLD would change: how many accounts see something else, where, and by which rule.
///
/// Each is a bundle or a site folder; of two folders it also compares what `nameplate check` says. Exact: it compares what the rules leave for
/// every account, not some visits.
///
/// Exit code: 0 compared, whatever it found; 1 errors in a site; 2 could not run.
#[derive(clap::Args)]
pub(super) struct Diff {
    /// What is published
    old: PathBuf,
    /// What would be
    new: PathBuf,
    #[command(flatten)]
    printed: Printed<Format>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For a pull request
    Markdown,
    /// For a program
    Json,
}

/// The changes and what only the command knows.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    diff: diff::Diff,
    /// What checking says now and did not before.
    warnings: Vec<String>,
    /// What it said and does not any more.
    mended: Vec<String>,
}

/// A side and what checking says of it; of a bundle, nothing is known.
struct Side {
    bundle: Bundle,
    said: Option<BTreeSet<String>>,
}

impl Diff {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let (Some(old), Some(new)) = (read(&self.old)?, read(&self.new)?) else { return Ok(Outcome::Errors) };
        let diff = diff::diff(&old.bundle, &new.bundle);
        let (warnings, mended) = match (&old.said, &new.said) {
            (Some(old), Some(new)) => (new.difference(old).cloned().collect(), old.difference(new).cloned().collect()),
            _ => (Vec::new(), Vec::new()),
        };
        let report = Report { diff, warnings, mended };
        let mut out = io::stdout().lock();
        match self.printed.format(Format::Json) {
            Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?,
            Format::Text => out.write_all(report.text().as_bytes())?,
            Format::Markdown => out.write_all(report.markdown().as_bytes())?,
        }
        Ok(Outcome::Clean)
    }
}

/// A side, or `None` for a site with errors, which are shown.
fn read(path: &Path) -> Result<Option<Side>, Failure> {
    if !path.is_dir() {
        return Ok(Some(Side { bundle: open_bundle(path)?, said: None }));
    }
    let (sources, compiled) = compile_folder(path, Progress::shown())?;
    let Some(contents) = &compiled.contents else {
        terminal::diagnostics(&compiled.diagnostics, &sources);
        return Ok(None);
    };
    let (_, bundle) = pack_and_open(contents)?;
    // Without lines: what moves in its file is no other mistake.
    let said = compiled.diagnostics.iter().chain(&compiled.notes).map(|found| {
        let flat = flatten(found, &sources);
        format!("{}: {} {}", flat.place.file, flat.code, flat.message)
    });
    Ok(Some(Side { bundle, said: Some(said.collect()) }))
}

impl Report {
    /// What changes, in one sentence.
    fn headline(&self) -> String {
        let diff = &self.diff;
        let strangers = if diff.strangers { "strangers do too" } else { "strangers do not" };
        match (diff.changed, diff.strangers) {
            (0, false) => format!("nobody sees anything else ({})", plural(diff.accounts, "account")),
            (0, true) => {
                format!("strangers see something else; none of {} does", plural(diff.accounts, "account"))
            }
            (changed, _) => {
                format!("{changed} of {} see something else; {strangers}", plural(diff.accounts, "account"))
            }
        }
    }

    /// All that is no change of a place, a line each.
    fn notes(&self) -> Vec<String> {
        let diff = &self.diff;
        let found = &diff.recognition;
        let mut notes = Vec::new();
        let mut note = |what: &str, ids: &[Text]| {
            if !ids.is_empty() {
                notes.push(format!("{what}: {}", listing(ids)));
            }
        };
        note("new accounts", &diff.added);
        note("accounts that are gone", &diff.removed);
        note("held out from now on", &diff.holdout.0);
        note("held out no more", &diff.holdout.1);
        note("recognised by address from now on", &found.gained);
        note("recognised by address no more", &found.lost);
        if found.more + found.fewer > 0 {
            notes.push(format!("prefixes: {} more, {} fewer", found.more, found.fewer));
        }
        for moved in found.moved.iter().take(SHOWN) {
            notes.push(format!("{} finds {} in the place of {}", moved.prefix, moved.to, moved.from));
        }
        if let Some(more @ 1..) = found.moved.len().checked_sub(SHOWN) {
            notes.push(format!("{more} more prefixes find another account"));
        }
        if diff.is_redrawn {
            notes.push("the salt is another one: every test and every share of ads is drawn anew".to_owned());
        }
        notes.extend(self.warnings.iter().map(|said| format!("warns now: {said}")));
        notes.extend(self.mended.iter().map(|said| format!("warns no more: {said}")));
        notes
    }

    /// The changes; those that the same accounts see for the same reason stand together.
    fn alike(&self) -> Vec<Vec<&PlaceChange>> {
        let mut all: Vec<Vec<&PlaceChange>> = Vec::new();
        for change in &self.diff.places {
            let is_alike = |other: &PlaceChange| {
                other.kind == change.kind
                    && other.causes == change.causes
                    && (&other.accounts, other.strangers) == (&change.accounts, change.strangers)
            };
            match all.iter_mut().find(|alike| alike.first().is_some_and(|first| is_alike(first))) {
                Some(alike) => alike.push(change),
                None => all.push(vec![change]),
            }
        }
        all
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n", self.headline());
        for alike in self.alike() {
            let Some(change) = alike.first() else { continue };
            let _ = writeln!(text, "\n{}: {}", places(&alike), seers(change));
            for cause in &change.causes {
                let _ = writeln!(text, "  {}", phrase(cause));
            }
        }
        let notes = self.notes();
        if !notes.is_empty() {
            let _ = writeln!(text);
        }
        for note in notes {
            let _ = writeln!(text, "{note}");
        }
        text
    }

    fn markdown(&self) -> String {
        let mut text = format!("**{}**\n", capitalised(&self.headline()));
        if !self.diff.places.is_empty() {
            text.push_str("\n| where | who | by |\n| --- | --- | --- |\n");
        }
        for alike in self.alike() {
            let Some(change) = alike.first() else { continue };
            let causes: Vec<String> = change.causes.iter().map(|cause| cell(&phrase(cause))).collect();
            let _ = writeln!(text, "| {} | {} | {} |", places(&alike), cell(&seers(change)), causes.join("<br>"));
        }
        let notes = self.notes();
        if !notes.is_empty() {
            text.push('\n');
        }
        for note in notes {
            let _ = writeln!(text, "- {}", cell(&note));
        }
        text
    }
}

/// So many names are listed before the rest is only counted.
const SHOWN: usize = 8;

fn listing(ids: &[Text]) -> String {
    let shown: Vec<&str> = ids.iter().take(SHOWN).map(|id| &**id).collect();
    match ids.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn seers(change: &PlaceChange) -> String {
    let accounts = plural(change.accounts.len(), "account");
    match (change.accounts.len(), change.strangers) {
        (0, _) => "strangers".to_owned(),
        (_, false) => format!("{accounts} ({})", listing(&change.accounts)),
        (_, true) => format!("{accounts} ({}) and strangers", listing(&change.accounts)),
    }
}

/// `slot title`, `slots title, body`.
fn places(alike: &[&PlaceChange]) -> String {
    let names: Vec<&str> = alike.iter().map(|change| change.place.as_str()).collect();
    let kind = match alike.first().map(|change| change.kind) {
        Some(PlaceKind::Placement) => "placement",
        _ => "slot",
    };
    format!("{kind}{} {}", if names.len() == 1 { "" } else { "s" }, names.join(", "))
}

fn phrase(cause: &Cause) -> String {
    let condition = |when: &str| if when == "true" { String::new() } else { format!(", if {when}") };
    match &cause.turn {
        Turn::New { when } => format!("+ {}{}", cause.name, condition(when)),
        Turn::Gone { when } => format!("- {}{}", cause.name, condition(when)),
        Turn::Changed { what } => format!("~ {}: {}", cause.name, what.join(", ")),
    }
}

/// What must not end a cell of a table, or begin HTML.
fn cell(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('|', "\\|")
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
