//! `nameplate check SITE`

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use nameplate::compile::{Compiled, Sources, compile_observed, flatten};

use super::{Failure, Outcome, terminal, terminal::Progress};

/// Report everything that is wrong with a site folder.
///
/// Exit code: 0 clean (warnings are allowed), 1 errors, 2 could not run.
#[derive(clap::Args)]
pub(super) struct Check {
    /// The site folder: it holds nameplate.yaml
    site: PathBuf,
    /// Print the diagnostics as JSON on standard output
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let progress = if self.json { Progress::hidden() } else { Progress::shown() };
        let (sources, compiled) = compile_folder(&self.site, progress)?;
        if self.json {
            let flat: Vec<_> = compiled.diagnostics.iter().map(|found| flatten(found, &sources)).collect();
            writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&flat)?)?;
        } else {
            terminal::diagnostics(&compiled.diagnostics, &sources);
        }
        match &compiled.contents {
            Some(contents) => {
                if !self.json {
                    let site = &contents.site;
                    writeln!(
                        io::stdout(),
                        "{} {}: {}, {}, {}, {}",
                        site.name,
                        if compiled.diagnostics.is_empty() { "is clean" } else { "compiles" },
                        terminal::plural(site.accounts.len(), "account"),
                        terminal::plural(contents.networks.len(), "network"),
                        terminal::plural(site.experiences.len(), "experience"),
                        terminal::plural(site.line_items.len(), "line item"),
                    )?;
                }
                Ok(Outcome::Clean)
            }
            None => Ok(Outcome::Errors),
        }
    }
}

/// Compiles a folder; the line of progress is gone before anything else is printed.
pub(super) fn compile_folder(site: &Path, progress: Progress) -> Result<(Sources, Compiled), Failure> {
    super::expect_folder(site)?;
    progress.say("reading");
    let sources = Sources::read(site)?;
    let compiled = compile_observed(&sources, &|step| progress.step(step));
    Ok((sources, compiled))
}
