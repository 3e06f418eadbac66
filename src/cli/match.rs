//! `nameplate match SITE --mmdb FILE... -o networks.csv`

mod databases;
mod report;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use nameplate::{
    compile::{Roster, Sources, read_roster},
    model::{Account, AccountField},
    net::geo::Mapping,
    recognise::{Matcher, ReadError, Review, SharedEgress, Survey, Target},
};

use self::databases::Databases;
use super::{Failure, Outcome, terminal, words, write_whole};

/// What people decide, beside the networks.
const REVIEW: &str = "matches.review.csv";

/// Find the networks of a site's accounts in address databases.
///
/// Writes them to the file that is named, and to matches.review.csv beside it what was close, for a person to accept or refuse: the next
/// run keeps and heeds that. While there is no such file, the site's own counts. What many companies share (clouds, carriers,
/// relays) becomes nobody's. See docs/match.md.
///
/// Exit code: 0 written, 1 errors in the site, 2 could not run.
#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("databases").required(true).multiple(true)))]
pub(super) struct Match {
    /// The site folder: it holds nameplate.yaml
    site: PathBuf,
    /// Databases in MaxMind's format
    #[arg(long, value_name = "FILE", num_args = 1.., group = "databases")]
    mmdb: Vec<PathBuf>,
    /// Lists of start,end,asn,organisation
    #[arg(long, value_name = "FILE", num_args = 1.., group = "databases")]
    csv: Vec<PathBuf>,
    /// The networks to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The day that the lists are of, such as 2026-06-17: they do not say it themselves
    #[arg(long, value_name = "DATE", requires = "csv", value_parser = past_day)]
    date: Option<Date>,
    /// Write the shared prefixes that would be an account's
    #[arg(long, value_name = "FILE")]
    shared: Option<PathBuf>,
    /// A list of shared systems, in the place of the program's own: asn,usage,name,reason,source
    #[arg(long, value_name = "FILE")]
    shared_egress: Option<PathBuf>,
    /// Print a summary as JSON
    #[arg(long)]
    json: bool,
}

impl Match {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        super::expect_folder(&self.site)?;
        let sources = Sources::read(&self.site)?;
        let roster = read_roster(&sources);
        terminal::diagnostics(&roster.diagnostics, &sources);
        let Some(targets) = targets(&roster) else { return Ok(Outcome::Errors) };
        let list = match &self.shared_egress {
            Some(file) => read_with(file, SharedEgress::read)?,
            None => SharedEgress::own(),
        };
        let written = self.output.with_file_name(REVIEW);
        let review = match [&written, &self.site.join(REVIEW)].into_iter().find(|file| file.exists()) {
            Some(file) => read_with(file, Review::read)?,
            None => Review::default(),
        };
        let mut mapping = Mapping::default();
        for (field, path) in &roster.databases {
            let wrong = |error| in_file(&self.site.join("nameplate.yaml"), format!("databases: {error}"));
            mapping.add(field, path).map_err(wrong)?;
        }
        let databases = Databases::new(&self, &mapping)?;
        let (all, organisations) = databases.look()?;
        if let Some(empty) = all.iter().find(|read| read.ranges == 0) {
            return Err(Failure::Because(format!("{}: expected ranges, found none", empty.file)));
        }
        let matcher = Matcher::new(&targets).learn(organisations.iter().map(String::as_str));
        let mut survey = Survey::new(&targets, &matcher, review, &list);
        databases.read_into(&mut survey, &all)?;
        drop(databases);
        let idle = survey.idle();
        let found = survey.resolve();
        write(&written, &found.review.write())?;
        if let Some(file) = &self.shared {
            write(file, &found.shared_csv())?;
        }
        write(&self.output, &found.networks_csv(&targets))?;
        let report = report::Report { databases: &all, targets: &targets, found: &found, idle: &idle };
        if self.json {
            report.print_json()?
        } else {
            report.print(&self.output, &written)?
        }
        Ok(Outcome::Clean)
    }
}

/// A day that has begun somewhere: what is of a later one would never grow old.
fn past_day(text: &str) -> Result<Date, String> {
    let day: Date = text.parse().map_err(|_| "expected a day, such as `2026-06-17`".to_owned())?;
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    match today.tomorrow() {
        Ok(last) if day > last => Err(format!("expected a day that is past; it is {today}")),
        _ => Ok(day),
    }
}

/// Whom to look for; `None` when the site has errors.
fn targets(roster: &Roster) -> Option<Vec<Target>> {
    let accounts = roster.accounts.as_ref()?;
    let target = |(account, held): (Account<'_>, &nameplate::compile::Holdings)| {
        let text = |field| account.text(field).map(str::to_owned);
        Target {
            id: account.id().to_owned(),
            name: account.name().to_owned(),
            short_name: text(AccountField::ShortName),
            domains: account.list(AccountField::Domains).iter().map(str::to_owned).collect(),
            aliases: held.aliases.clone(),
            former_names: held.former_names.clone(),
            subsidiaries: held.subsidiaries.clone(),
            asns: held.asns.clone(),
            prefixes: held.prefixes.clone(),
            parent: text(AccountField::Parent),
            country: text(AccountField::Country),
        }
    };
    Some(accounts.iter().zip(&roster.holdings).map(target).collect())
}

fn read_with<T>(file: &Path, read: impl Fn(&[u8]) -> Result<T, ReadError>) -> Result<T, Failure> {
    let bytes = fs::read(file).map_err(|error| in_file(file, words(&error)))?;
    read(&bytes).map_err(|error| in_file(file, error))
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_whole(file, bytes).map_err(|error: io::Error| in_file(file, words(&error)))
}

/// What is wrong, after the name of the file.
fn in_file(file: &Path, problem: impl std::fmt::Display) -> Failure {
    Failure::Because(format!("{}: {problem}", file.display()))
}
