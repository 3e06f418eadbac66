//! `nameplate inspect FILE`

use std::{
    fmt::Display,
    io::{self, Write},
    path::PathBuf,
};

use nameplate::{
    bundle::{Bundle, Class, Seal, Statement, unseal},
    serve::clock,
};
use serde_json::{Value, json};

use super::{Failure, Outcome, keys::Verify, read_bundle, terminal};

/// Print what a bundle holds: sections, counts, sizes, hash, signature.
///
/// Exit code: 0 all is well, 1 it is not signed as `--verify` asks, 2 could not run.
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
    #[command(flatten)]
    verify: Verify,
}

impl Inspect {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let bytes = read_bundle(&self.bundle)?;
        let named = |error: &dyn Display| format!("{}: {error}", self.bundle.display());
        let (bundle, seal, is_checked) = match self.verify.trust()? {
            Some(trust) => match trust.open(&bytes, clock(), None) {
                Ok((bundle, seal)) => (bundle, Some(seal), true),
                Err(error) => {
                    terminal::failure(&named(&error));
                    return Ok(Outcome::Errors);
                }
            },
            None => {
                let bundle = Bundle::open(unseal(&bytes).0).map_err(|error| Failure::Because(named(&error)))?;
                (bundle, Seal::unchecked(&bytes), false)
            }
        };
        match (self.classes, self.json) {
            (false, false) => {
                print_table(&bundle)?;
                seal.map_or(Ok(()), |seal| print_seal(&seal, is_checked))?;
            }
            (false, true) => print_json(&bundle, seal.as_ref(), is_checked)?,
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

fn print_seal(seal: &Seal, is_checked: bool) -> io::Result<()> {
    let Statement { site, environment, counter, created, expires, .. } = &seal.statement;
    let checked = if is_checked { "verified" } else { "not verified: see --verify" };
    let stale = if seal.is_stale(clock()) { ", stale: older than 7 days" } else { "" };
    writeln!(
        io::stdout(),
        "\nsigned    with {}, {checked}\n          for {site}, {environment}, counter {counter}\n          from {} until {}{stale}",
        seal.key,
        date(*created),
        date(*expires),
    )
}

/// In UTC.
fn date(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}

fn seal_json(seal: &Seal, is_checked: bool) -> Value {
    let Statement { site, environment, counter, created, expires, .. } = &seal.statement;
    json!({
        "key": seal.key.to_string(),
        "verified": is_checked,
        "site": site,
        "environment": environment,
        "counter": counter,
        "created": created,
        "expires": expires,
    })
}

fn print_json(bundle: &Bundle, seal: Option<&Seal>, is_checked: bool) -> Result<(), Failure> {
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
        "signature": seal.map(|seal| seal_json(seal, is_checked)),
        "sections": sections,
    });
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&all)?)?;
    Ok(())
}
