//! `nameplate build SITE -o FILE`

use std::{
    io::{self, Write},
    path::PathBuf,
    time::Instant,
};

use nameplate::bundle::{Bundle, Contents, pack};

use super::{Failure, Outcome, check::compile_folder, terminal, terminal::Progress, write_whole};

/// Compile a site folder into a bundle.
///
/// The same sources give the same bytes. With errors nothing is written and an older bundle stays as it is.
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
}

impl Build {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let began = Instant::now();
        let (sources, compiled) = compile_folder(&self.site, Progress::shown())?;
        terminal::diagnostics(&compiled, &sources);
        let Some(contents) = &compiled.contents else { return Ok(Outcome::Errors) };
        let (bytes, bundle) = pack_and_open(contents)?;
        write_whole(&self.output, &bytes)
            .map_err(|error| Failure::Because(format!("{}: {}", self.output.display(), super::words(&error))))?;
        let site = bundle.site();
        let found = compiled.specialised;
        writeln!(
            io::stdout(),
            "{}: {} bytes, {}, {}, {}, {}, {} ms\n{}, {}.{:02} % of the rules decided, at most {} for one account\nsha256 {}",
            self.output.display(),
            bytes.len(),
            terminal::plural(site.accounts.len(), "account"),
            terminal::plural(contents.networks.len(), "network"),
            terminal::plural(site.experiences.len(), "experience"),
            terminal::plural(site.line_items.len(), "line item"),
            began.elapsed().as_millis(),
            if found.classes == 1 { "1 class".to_owned() } else { format!("{} classes", found.classes) },
            found.decided_bp / 100,
            found.decided_bp % 100,
            terminal::plural(found.longest, "candidate"),
            bundle.hash(),
        )?;
        Ok(Outcome::Clean)
    }
}

/// What is published must open: better to fail here than at the edge.
fn pack_and_open(contents: &Contents) -> Result<(Vec<u8>, Bundle), Failure> {
    let progress = Progress::shown();
    progress.say("packing");
    let bytes = pack(contents);
    match Bundle::open(&bytes) {
        Ok(bundle) => Ok((bytes, bundle)),
        Err(error) => Err(Failure::Because(format!("the bundle does not open: {error}"))),
    }
}
