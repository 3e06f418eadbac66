//! `nameplate decide FILE`

mod batch;
mod report;

use std::{
    io::{self, Write},
    path::PathBuf,
};

use nameplate::{decide, serve::clock};

use super::{Failure, Outcome, databases::DatabaseOptions, visit::VisitOptions};

/// Decide what one page view shows; or with --batch, many.
///
/// Exit code: 0, or with --batch 1 when a line was no visit; 2 could not run.
#[derive(clap::Args)]
pub(super) struct Decide {
    /// The bundle
    bundle: PathBuf,
    #[command(flatten)]
    visit: VisitOptions,
    #[command(flatten)]
    databases: DatabaseOptions,
    /// Say what became of every candidate
    #[arg(long)]
    explain: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Read visits from standard input, one JSON object a line, and write a decision a line
    #[arg(long, conflicts_with_all = ["ip", "url", "referrer", "token", "email_domain", "account", "role", "visits", "language", "visit"])]
    batch: bool,
}

impl Decide {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let bundle = self.visit.open_bundle(&self.bundle)?;
        let databases = self.databases.open()?;
        if self.batch {
            return batch::run(&bundle, &databases, self.explain, self.visit.now.unwrap_or_else(clock));
        }
        let mut visit = self.visit.visit()?;
        decide::ask_databases(&bundle, &databases, &mut visit);
        let mut out = io::stdout().lock();
        if self.explain {
            let explanation = decide::explain(&bundle, &visit);
            match self.json {
                true => writeln!(out, "{}", serde_json::to_string_pretty(&explanation)?)?,
                false => report::explanation(&mut out, &explanation)?,
            }
        } else {
            let decision = decide::decide(&bundle, &visit);
            match self.json {
                true => writeln!(out, "{}", serde_json::to_string_pretty(&decision)?)?,
                false => report::decision(&mut out, &decision)?,
            }
        }
        Ok(Outcome::Clean)
    }
}
