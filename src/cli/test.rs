//! `nameplate test SITE`

use std::{
    io::{self, Write},
    path::PathBuf,
};

use nameplate::{
    compile::{Sources, flatten, plural},
    suite::{self, Coverage, Outcome as Tested, Part},
};
use serde_json::json;

use super::{Failure, Outcome, check::compile_folder, pack_and_open, terminal, terminal::Progress};

/// Run the site's own tests: visits in tests/*.yaml, and what each must get.
///
/// Exit code: 0 all passed, 1 some failed or the site has errors, 2 could not run, for one because there is no test.
#[derive(clap::Args)]
pub(super) struct Test {
    /// The site folder: it holds nameplate.yaml
    site: PathBuf,
    /// Run only the tests whose name holds these words
    #[arg(long, value_name = "WORDS")]
    only: Option<String>,
    /// List the segments, experiences, variants, line items and creatives that no test reaches
    #[arg(long)]
    coverage: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Test {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let progress = if self.json { Progress::hidden() } else { Progress::shown() };
        let (sources, compiled) = compile_folder(&self.site, progress)?;
        terminal::diagnostics(&compiled.diagnostics, &sources);
        let Some(contents) = &compiled.contents else { return Ok(Outcome::Errors) };
        let is_meant = |name: &str| self.only.as_ref().is_none_or(|words| name.contains(words.as_str()));
        let cases: Vec<_> = compiled.cases.iter().filter(|case| is_meant(&case.name)).collect();
        if cases.is_empty() {
            return Err(Failure::Because(match &self.only {
                Some(words) => format!("no test has `{words}` in its name"),
                None => format!("{}: there is no test; write tests/*.yaml", self.site.display()),
            }));
        }
        let (_, bundle) = pack_and_open(contents)?;
        let mut coverage = Coverage::default();
        let tested: Vec<Tested<'_>> = cases.iter().map(|case| suite::run(&bundle, case, &mut coverage)).collect();
        let missing = if self.coverage { coverage.missing(&bundle) } else { Vec::new() };
        if self.json {
            print_json(&tested, &missing, &sources)?;
        } else {
            self.print(&tested, &missing, &sources)?;
        }
        let is_clean = tested.iter().all(|one| one.failures.is_empty());
        Ok(if is_clean { Outcome::Clean } else { Outcome::Errors })
    }

    fn print(&self, tested: &[Tested<'_>], missing: &[Part], sources: &Sources) -> io::Result<()> {
        let failures: Vec<_> = tested.iter().flat_map(|one| one.failures.iter().cloned()).collect();
        terminal::diagnostics(&failures, sources);
        let mut out = io::stdout().lock();
        for one in tested.iter().filter(|one| !one.failures.is_empty()) {
            writeln!(out, "failed: {}", one.case.name)?;
        }
        let failed = tested.iter().filter(|one| !one.failures.is_empty()).count();
        writeln!(out, "{}, {} passed, {failed} failed", plural(tested.len(), "test"), tested.len() - failed)?;
        if self.coverage {
            for part in missing {
                writeln!(out, "not reached: {} {}", part.kind, part.name)?;
            }
            match missing.len() {
                0 => writeln!(out, "every part of the site is reached")?,
                1 => writeln!(out, "1 part is not reached")?,
                count => writeln!(out, "{count} parts are not reached")?,
            }
        }
        Ok(())
    }
}

fn print_json(tested: &[Tested<'_>], missing: &[Part], sources: &Sources) -> Result<(), Failure> {
    let cases: Vec<_> = tested
        .iter()
        .map(|one| {
            let failures: Vec<_> = one.failures.iter().map(|failure| flatten(failure, sources)).collect();
            json!({ "name": one.case.name, "passed": failures.is_empty(), "failures": failures })
        })
        .collect();
    let missing: Vec<_> = missing.iter().map(|part| json!({ "kind": part.kind, "name": part.name })).collect();
    let answer = json!({ "tests": cases, "notReached": missing });
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&answer)?)?;
    Ok(())
}
