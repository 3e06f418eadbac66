//! `nameplate fields`

use std::io::{self, Write};

use nameplate::rule::{FIELDS, Field, Note};
use serde_json::json;

use super::{Failure, Outcome};

/// List every field that conditions can read: its name, type and unit, where its value comes from, and what it holds.
///
/// A private field is kept from browsers: no slice holds its value, unless a token shows it or `targeting` names it. Beside
/// these a condition reads `custom.NAME`, for what nameplate.yaml declares under `custom`, `query("NAME")`, for a parameter of
/// the page's query, and `cookie("NAME")`, for what it declares under `cookies`, which is private.
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
        let rows: Vec<[&str; 6]> =
            [["field", "type", "unit", "from", "private", "holds"]].into_iter().chain(FIELDS.iter().map(row)).collect();
        let widths: [usize; 6] = std::array::from_fn(|column| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.len()).max().unwrap_or(0)
        });
        for row in rows {
            let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            writeln!(out, "{}", cells.join("  ").trim_end())?;
        }
        Ok(Outcome::Clean)
    }
}

fn row(field: &Field) -> [&str; 6] {
    let Note { about, unit, source, is_private } = field.note;
    [field.name, field.kind.name(), unit, source, if is_private { "yes" } else { "no" }, about]
}

fn entry(field: &Field) -> serde_json::Value {
    let Note { about, unit, source, is_private } = field.note;
    json!({
        "name": field.name,
        "type": field.kind.name(),
        "unit": unit,
        "source": source,
        "private": is_private,
        "about": about,
    })
}
