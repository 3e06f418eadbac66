//! `nameplate build SITE -o FILE`

use std::{
    io::{self, Write},
    path::PathBuf,
    time::Instant,
};

use nameplate::{
    bundle::{Bundle, SealKind, SecretKey, Statement, seal},
    compile::plural,
    limit::{DAY_SECONDS, SEAL_COUNTER_MAX},
    serve::clock,
};

use super::{Failure, Outcome, check::compile_folder, keys, pack_and_open, terminal, terminal::Progress, write_whole};

/// Compile a site folder into a bundle.
///
/// The same sources give the same bytes; a signature stands behind them. With errors nothing is written and an older bundle stays as it is.
///
/// Rules are settled per account as far as they can be. A class is the accounts for which the same rules remain; it
/// prints how many rules need no visit any more, and how many experiences and line items can still show for one account.
///
/// Exit code: 0 written, 1 errors in the site, 2 could not run.
#[derive(clap::Args)]
pub(super) struct Build {
    /// The site folder: it holds nameplate.yaml
    site: PathBuf,
    /// The bundle to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Sign it with the secret key in this file, see `nameplate keygen`
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,
    /// The environment that it is for; readers may insist on one
    #[arg(long, value_name = "NAME", default_value = "production", requires = "sign")]
    environment: String,
    /// A number that goes up with every bundle, as that of a build: no reader goes back. The time in Unix seconds unless given
    #[arg(long, value_name = "N", requires = "sign", value_parser = clap::value_parser!(u64).range(..=SEAL_COUNTER_MAX))]
    counter: Option<u64>,
    /// How many days it counts
    #[arg(long, value_name = "N", default_value_t = 30, requires = "sign", value_parser = clap::value_parser!(i64).range(1..=30))]
    days: i64,
}

impl Build {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let began = Instant::now();
        let key = self.sign.as_deref().map(keys::secret).transpose()?;
        let (sources, compiled) = compile_folder(&self.site, Progress::shown())?;
        terminal::diagnostics(&compiled.diagnostics, &sources);
        let Some(contents) = &compiled.contents else { return Ok(Outcome::Errors) };
        let progress = Progress::shown();
        progress.say("packing");
        let (bytes, bundle) = pack_and_open(contents)?;
        drop(progress);
        let bytes = match &key {
            Some(key) => self.seal(&bytes, &bundle, key)?,
            None => bytes,
        };
        write_whole(&self.output, &bytes)
            .map_err(|error| Failure::Because(format!("{}: {}", self.output.display(), super::words(&error))))?;
        let site = bundle.site();
        let found = compiled.specialised;
        writeln!(
            io::stdout(),
            "{}: {} bytes, {}, {}, {}, {}, {} ms\n{}, {}.{:02} % of the rules decided, at most {} for one account\nsha256 {}",
            self.output.display(),
            bytes.len(),
            plural(site.accounts.len(), "account"),
            plural(contents.networks.len(), "network"),
            plural(site.experiences.len(), "experience"),
            plural(site.line_items.len(), "line item"),
            began.elapsed().as_millis(),
            if found.classes == 1 { "1 class".to_owned() } else { format!("{} classes", found.classes) },
            found.decided_bp / 100,
            found.decided_bp % 100,
            plural(found.longest, "candidate"),
            bundle.hash(),
        )?;
        if let Some(key) = key {
            writeln!(io::stdout(), "signed with {}, for {} days", key.public().id(), self.days)?;
        }
        Ok(Outcome::Clean)
    }

    fn seal(&self, bytes: &[u8], bundle: &Bundle, key: &SecretKey) -> Result<Vec<u8>, Failure> {
        let created = clock();
        let statement = Statement {
            kind: SealKind::Bundle,
            site: bundle.site().name.to_string(),
            environment: self.environment.clone(),
            counter: self.counter.unwrap_or_else(|| u64::try_from(created).unwrap_or(0)),
            created,
            expires: created + self.days * DAY_SECONDS,
        };
        seal(bytes, &statement, key).map_err(|error| Failure::Because(format!("the bundle cannot be signed: {error}")))
    }
}
