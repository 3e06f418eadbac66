//! `nameplate slice FILE -o FILE`

use std::{
    io::{self, Write},
    path::PathBuf,
};

use nameplate::{
    bundle::{Bundle, Statement, seal, slice},
    compile::plural,
    decide::{recipient, resolve},
    limit::SLICE_BYTE_MAX,
    model::Visit,
    serve::clock,
};

use super::{Failure, Outcome, keys, open_bundle, write_whole};

/// Write the part of a bundle that one account's visitors may know, as `nameplate serve` sends it to their browsers.
///
/// It is a bundle: `nameplate inspect` lists it, and `nameplate decide --account ID` decides in it.
#[derive(clap::Args)]
pub(super) struct Slice {
    /// The bundle
    bundle: PathBuf,
    #[command(flatten)]
    whose: Whose,
    /// The slice to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Sign it with the secret key in this file, for two days
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Whose {
    /// For visitors of the account with this id
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// For a visitor who calls from this address
    #[arg(long, value_name = "ADDRESS")]
    ip: Option<String>,
    /// For visitors of no known account
    #[arg(long)]
    stranger: bool,
}

impl Slice {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let key = self.sign.as_deref().map(keys::secret).transpose()?;
        let bundle = open_bundle(&self.bundle)?;
        if let Some(id) = self.whose.account.as_ref().filter(|id| bundle.site().accounts.find(id).is_none()) {
            return Err(Failure::Because(format!("{}: there is no account `{id}`", self.bundle.display())));
        }
        let visit = Visit { account: self.whose.account, ip: self.whose.ip, now: Some(clock()), ..Visit::default() };
        let resolved = resolve(&bundle, &visit);
        let bytes = slice(&bundle, recipient(&bundle, resolved), resolved.address);
        let named = |message: String| Failure::Because(format!("{}: {message}", self.output.display()));
        let opened = Bundle::open(&bytes).map_err(|error| named(format!("the slice does not open: {error}")))?;
        let bytes = match key {
            Some(key) => seal(&bytes, &Statement::of_slice(&bundle.site().name, None, clock()), &key)
                .map_err(|error| named(format!("the slice cannot be signed: {error}")))?,
            None => bytes,
        };
        if bytes.len() > SLICE_BYTE_MAX {
            let problem = format!("the slice has {} bytes; browsers are given at most {SLICE_BYTE_MAX}", bytes.len());
            return Err(named(format!("{problem}: `nameplate check` says why")));
        }
        write_whole(&self.output, &bytes).map_err(|error| named(super::words(&error)))?;
        let site = opened.site();
        writeln!(
            io::stdout(),
            "{}: {} bytes, for {}, {}, {}",
            self.output.display(),
            bytes.len(),
            site.accounts.get(0).map_or("strangers", |account| account.name()),
            plural(site.experiences.len(), "experience"),
            plural(site.line_items.len(), "line item"),
        )?;
        Ok(Outcome::Clean)
    }
}
