//! How a command prints its answer.

use clap::ValueEnum;

/// `--format`, of which every command has its own, and `--json`, which all have.
#[derive(clap::Args)]
pub(super) struct Printed<F: ValueEnum + Send + Sync + 'static> {
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: F,
    /// Print JSON, as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl<F: ValueEnum + Send + Sync + 'static> Printed<F> {
    /// What was asked for; `json` is what JSON is among the command's own.
    pub(super) fn format(self, json: F) -> F {
        if self.json { json } else { self.format }
    }
}
