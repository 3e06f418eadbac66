//! The command line: one file a subcommand.
//!
//! Every command ends with 0 when all is well, 1 when it found errors in what it was given, 2 when it could not run.

mod build;
mod check;
mod decide;
mod inspect;
mod preview;
mod terminal;
mod who;

use std::{io, path::Path, process::ExitCode};

use clap::{Parser, Subcommand};
use nameplate::bundle::Bundle;

/// Tells a web page which target account its visitor works for, and what to show it.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Check),
    Build(build::Build),
    Decide(decide::Decide),
    Inspect(inspect::Inspect),
    Who(who::Who),
    Preview(preview::Preview),
}

/// How a command ended.
enum Outcome {
    /// All is well: 0.
    Clean,
    /// It found errors in what it was given: 1.
    Errors,
}

/// Why a command could not run.
enum Failure {
    /// In words for the person who called it.
    Because(String),
    /// Whoever reads our answer has had enough, as `head` does: nothing to complain of.
    ReaderGone,
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Because(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Because(error.to_string())
    }
}

/// Runs the command that was called.
pub(crate) fn run() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Check(command) => command.run(),
        Command::Build(command) => command.run(),
        Command::Decide(command) => command.run(),
        Command::Inspect(command) => command.run(),
        Command::Who(command) => command.run(),
        Command::Preview(command) => command.run(),
    };
    match result {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Errors) => ExitCode::from(1),
        Err(Failure::ReaderGone) => ExitCode::SUCCESS,
        Err(Failure::Because(message)) => {
            terminal::failure(&message);
            ExitCode::from(2)
        }
    }
}

fn open_bundle(file: &Path) -> Result<Bundle, Failure> {
    let named = |message: String| Failure::Because(format!("{}: {message}", file.display()));
    let bytes = std::fs::read(file).map_err(|error| named(error.to_string()))?;
    Bundle::open(&bytes).map_err(|error| named(error.to_string()))
}
