//! `nameplate check SITE`

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use nameplate::{
    compile::{Compiled, FlatDiagnostic, Sources, compile_observed, flatten, plural},
    serve::clock,
};

use super::{Failure, Outcome, format::Printed, github, sarif, terminal, terminal::Progress};

/// Report everything that is wrong with a site folder.
///
/// Exit code: 0 clean (warnings are allowed), 1 errors, 2 could not run.
#[derive(clap::Args)]
pub(super) struct Check {
    /// The site folder: it holds nameplate.yaml
    site: PathBuf,
    /// Show notes too: what is good to know, and most often meant so
    #[arg(long)]
    notes: bool,
    #[command(flatten)]
    printed: Printed<Format>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For a program
    Json,
    /// For editors and code hosts: SARIF 2.1.0
    Sarif,
    /// For GitHub Actions: an annotation for each, at its place in a pull request
    Github,
}

impl Check {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let format = self.printed.format(Format::Json);
        let progress = if format == Format::Text { Progress::shown() } else { Progress::hidden() };
        let (sources, compiled) = compile_folder(&self.site, progress)?;
        let mut out = io::stdout().lock();
        let notes = if self.notes { compiled.notes.as_slice() } else { &[] };
        let flat = || -> Vec<FlatDiagnostic> {
            compiled.diagnostics.iter().chain(notes).map(|found| flatten(found, &sources)).collect()
        };
        match format {
            Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&flat())?)?,
            Format::Sarif => writeln!(out, "{:#}", sarif::log(&self.site, &flat()))?,
            Format::Github => github::write(&self.site, &flat(), &mut out)?,
            Format::Text => {
                terminal::diagnostics(&compiled.diagnostics, &sources);
                terminal::diagnostics(notes, &sources);
                if let Some(hidden @ 1..) = compiled.notes.len().checked_sub(notes.len()) {
                    terminal::say(&format!("{}: see them with `--notes`", plural(hidden, "note")));
                }
                summary(&compiled, &mut out)?;
            }
        }
        Ok(if compiled.contents.is_some() { Outcome::Clean } else { Outcome::Errors })
    }
}

/// What a site without errors holds.
fn summary(compiled: &Compiled, out: &mut impl Write) -> io::Result<()> {
    let Some(contents) = &compiled.contents else { return Ok(()) };
    let site = &contents.site;
    writeln!(
        out,
        "{} {}: {}, {}, {}, {}",
        site.name,
        if compiled.diagnostics.is_empty() { "is clean" } else { "compiles" },
        plural(site.accounts.len(), "account"),
        plural(contents.networks.len(), "network"),
        plural(site.experiences.len(), "experience"),
        plural(site.line_items.len(), "line item"),
    )
}

/// Compiles a folder; the line of progress is gone before anything else is printed.
pub(super) fn compile_folder(site: &Path, progress: Progress) -> Result<(Sources, Compiled), Failure> {
    super::expect_folder(site)?;
    progress.say("reading");
    let sources = Sources::read(site)?;
    let compiled = compile_observed(&sources, Some(clock()), &|step| progress.step(step));
    Ok((sources, compiled))
}
