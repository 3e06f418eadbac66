//! `nameplate inspect FILE`

use std::{
    io::{self, Write},
    path::PathBuf,
};

use nameplate::bundle::Bundle;
use serde_json::json;

use super::{Failure, Outcome, open_bundle};

/// Print what a bundle holds: sections, counts, sizes, hash.
#[derive(clap::Args)]
pub(super) struct Inspect {
    /// The bundle
    bundle: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let bundle = open_bundle(&self.bundle)?;
        if self.json {
            print_json(&bundle)?
        } else {
            print_table(&bundle)?
        }
        Ok(Outcome::Clean)
    }
}

/// How many items a section holds; strings and settings are no items.
fn count(bundle: &Bundle, section: &str) -> Option<usize> {
    let site = bundle.site();
    Some(match section {
        "rules" => bundle.contents().rules.len(),
        "segments" => site.segments.len(),
        "accounts" => site.accounts.len(),
        "networks" => bundle.contents().networks.len(),
        "slots" => site.slots.len(),
        "placements" => site.placements.len(),
        "experiences" => site.experiences.len(),
        "line items" => site.line_items.len(),
        "classes" => bundle.contents().classes.all().len(),
        _ => return None,
    })
}

fn print_table(bundle: &Bundle) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let size = bundle.size();
    writeln!(out, "site      {}\nsize      {size} bytes\nsha256    {}\n", bundle.site().name, bundle.hash())?;
    writeln!(out, "{:<14}{:>10}{:>12}{:>12}", "section", "items", "bytes", "offset")?;
    for section in bundle.sections() {
        let count = count(bundle, section.name).map_or_else(|| "-".to_owned(), |count| count.to_string());
        writeln!(out, "{:<14}{count:>10}{:>12}{:>12}", section.name, section.length, section.offset)?;
    }
    Ok(())
}

fn print_json(bundle: &Bundle) -> Result<(), Failure> {
    let section = |section: &nameplate::bundle::SectionEntry| {
        json!({
            "id": section.id,
            "name": section.name,
            "items": count(bundle, section.name),
            "bytes": section.length,
            "offset": section.offset,
        })
    };
    let sections: Vec<_> = bundle.sections().iter().map(section).collect();
    let all = json!({
        "site": bundle.site().name,
        "bytes": bundle.size(),
        "sha256": bundle.hash(),
        "sections": sections,
    });
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&all)?)?;
    Ok(())
}
