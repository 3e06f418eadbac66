//! `nameplate fields`

use std::io::{self, Write};

use nameplate::rule::{FIELDS, Field};
use serde_json::json;

use super::{Failure, Outcome};

/// List every field that conditions can read: its name, its type, and what it holds.
///
/// Beside these a condition reads `custom.NAME`, for what nameplate.yaml declares under `custom`.
#[derive(clap::Args)]
pub(super) struct Fields {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Fields {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let mut out = io::stdout().lock();
        if self.json {
            let all: Vec<_> = FIELDS.iter().map(entry).collect();
            writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
            return Ok(Outcome::Clean);
        }
        let width = |text: fn(&Field) -> &str| FIELDS.iter().map(text).map(str::len).max().unwrap_or(0);
        let (names, kinds) = (width(|field| field.name), width(|field| field.kind.name()));
        for field in &FIELDS {
            writeln!(out, "{:names$}  {:kinds$}  {}", field.name, field.kind.name(), field.about)?;
        }
        Ok(Outcome::Clean)
    }
}

fn entry(field: &Field) -> serde_json::Value {
    json!({ "name": field.name, "type": field.kind.name(), "about": field.about })
}
