//! `nameplate who SITE --slot NAME`

use std::{
    io::{self, Write},
    path::PathBuf,
};

use nameplate::{
    bundle::{Bundle, Candidate, Class},
    model::{Account, Window},
    rule::Worded,
};
use serde_json::json;

use super::{Failure, Outcome, check::compile_folder, pack_and_open, terminal, terminal::Progress};

/// List what each account may see in a slot, and when: all that publishing the site would do there.
///
/// Reads from left to right: the first experience whose condition holds is shown. What an account can never see is not listed.
///
/// Exit code: 0 listed, 1 errors in the site, 2 could not run.
#[derive(clap::Args)]
pub(super) struct Who {
    /// The site folder: it holds nameplate.yaml
    site: PathBuf,
    /// The slot
    #[arg(long, value_name = "NAME")]
    slot: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// One experience that an account may see.
struct Sight<'a> {
    experience: &'a str,
    /// The residual; `None` when nothing is left of it.
    when: Option<String>,
    /// It has a schedule, so it comes or goes.
    is_scheduled: bool,
    /// Nothing weaker is ever shown.
    is_last: bool,
}

impl Who {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let progress = if self.json { Progress::hidden() } else { Progress::shown() };
        let (sources, compiled) = compile_folder(&self.site, progress)?;
        terminal::diagnostics(&compiled.diagnostics, &sources);
        let Some(contents) = &compiled.contents else { return Ok(Outcome::Errors) };
        let (_, bundle) = pack_and_open(contents)?;
        let Some(slot) = bundle.site().slots.iter().position(|slot| *slot.name == *self.slot) else {
            let known: Vec<&str> = bundle.site().slots.iter().map(|slot| &*slot.name).collect();
            return Err(Failure::Because(format!(
                "there is no slot `{}`; the site has {}",
                self.slot,
                known.join(", ")
            )));
        };
        let classes = &bundle.contents().classes;
        let accounts =
            bundle.site().accounts.iter().enumerate().map(|(position, account)| (Some(account), Some(position)));
        let rows = accounts.chain([(None, None)]).filter_map(|(account, position)| {
            Some((account, sights(&bundle, classes.of(position)?, slot, position.is_some())))
        });
        if self.json {
            print_json(rows)?
        } else {
            print_table(rows)?
        }
        Ok(Outcome::Clean)
    }
}

fn sights<'a>(bundle: &'a Bundle, class: Class<'_>, slot: usize, is_known: bool) -> Vec<Sight<'a>> {
    let sight = |candidate: &Candidate| {
        let position = usize::try_from(candidate.position).ok()?;
        let experience = bundle.site().experiences.get(position)?;
        let rule = Worded(&bundle.rules().program(candidate.rule)?, &bundle.site().names).to_string();
        let when = (rule != "true").then_some(rule);
        let is_last = when.is_none() && experience.shows_surely(is_known);
        let is_scheduled = experience.schedule != Window::default();
        let sight = Sight { experience: &experience.name, when, is_scheduled, is_last };
        bundle.experience_slots(position).contains(&slot).then_some(sight)
    };
    let mut sights: Vec<Sight<'_>> = class.experiences.iter().filter_map(sight).collect();
    let shown = sights.iter().position(|sight| sight.is_last).map_or(sights.len(), |last| last + 1);
    sights.truncate(shown);
    sights
}

fn print_table<'a>(rows: impl Iterator<Item = (Option<Account<'a>>, Vec<Sight<'a>>)>) -> io::Result<()> {
    const NAME_WIDTH: usize = 32;
    let mut out = io::stdout().lock();
    for (account, sights) in rows {
        let name = account.map_or("(strangers)", Account::name);
        let mut words: Vec<String> = sights.iter().map(phrase).collect();
        if sights.last().is_none_or(|last| !last.is_last) {
            words.push("Default".to_owned());
        }
        writeln!(out, "{name:<NAME_WIDTH$}  {}", words.join(", else "))?;
    }
    Ok(())
}

fn phrase(sight: &Sight<'_>) -> String {
    let while_scheduled = if sight.is_scheduled { " while scheduled" } else { "" };
    match &sight.when {
        Some(when) => format!("{}{while_scheduled} if {when}", sight.experience),
        None => format!("{}{while_scheduled}", sight.experience),
    }
}

fn print_json<'a>(rows: impl Iterator<Item = (Option<Account<'a>>, Vec<Sight<'a>>)>) -> Result<(), Failure> {
    let sight = |sight: &Sight<'_>| json!({ "experience": sight.experience, "when": sight.when, "scheduled": sight.is_scheduled });
    let rows: Vec<_> = rows
        .map(|(account, sights)| {
            let sights: Vec<_> = sights.iter().map(sight).collect();
            json!({ "account": account.map(Account::id), "sees": sights })
        })
        .collect();
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&rows)?)?;
    Ok(())
}
