//! `nameplate inspect FILE`

use std::{
    io::{self, Write},
    path::PathBuf,
};

use nameplate::bundle::{Bundle, Class};
use serde_json::json;

use super::{Failure, Outcome, open_bundle};

/// Print what a bundle holds: sections, counts, sizes, hash.
#[derive(clap::Args)]
pub(super) struct Inspect {
    /// The bundle
    bundle: PathBuf,
    /// List the classes: which accounts share what is left of the rules
    #[arg(long)]
    classes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let bundle = open_bundle(&self.bundle)?;
        match (self.classes, self.json) {
            (false, false) => print_table(&bundle)?,
            (false, true) => print_json(&bundle)?,
            (true, false) => print_classes(&bundle)?,
            (true, true) => print_classes_json(&bundle)?,
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
        "classes" => bundle.contents().classes.iter().len(),
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

/// A class, and who is in it: the names of accounts, and whether strangers are.
fn members(bundle: &Bundle) -> impl Iterator<Item = (Class<'_>, Vec<&str>, bool)> {
    let classes = &bundle.contents().classes;
    (0_u32..).zip(classes.iter()).map(move |(number, class)| {
        let accounts = bundle.site().accounts.iter().zip(classes.of_accounts());
        let names = accounts.filter(|(_, of)| **of == number).map(|(account, _)| account.name()).collect();
        (class, names, classes.of_strangers() == Some(number))
    })
}

fn print_classes(bundle: &Bundle) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{:>6}{:>12}{:>12}  accounts", "class", "experiences", "line items")?;
    for (number, (class, mut names, has_strangers)) in members(bundle).enumerate() {
        if has_strangers {
            names.push("(strangers)");
        }
        let (experiences, line_items) = (class.experiences.len(), class.line_items.len());
        writeln!(out, "{number:>6}{experiences:>12}{line_items:>12}  {}", names.join(", "))?;
    }
    Ok(())
}

fn print_classes_json(bundle: &Bundle) -> Result<(), Failure> {
    let class = |(class, names, has_strangers): (Class<'_>, Vec<&str>, bool)| {
        let (experiences, line_items) = (class.experiences.len(), class.line_items.len());
        json!({ "accounts": names, "strangers": has_strangers, "experiences": experiences, "lineItems": line_items })
    };
    let classes: Vec<_> = members(bundle).map(class).collect();
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&classes)?)?;
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
