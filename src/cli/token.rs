//! `nameplate token FILE --account ID --key FILE`

use std::{
    io::{self, Write},
    path::PathBuf,
};

use nameplate::{
    limit::{DAY_SECONDS, TOKEN_LIFE_SECONDS_MAX},
    serve::clock,
};

use super::{Failure, Outcome, keys, open_bundle};

/// Make a signed account token: whoever shows it, as `?np=` in a link or after a login, works for the account until it expires.
///
/// docs/tokens.md says how a program of yours makes one.
#[derive(clap::Args)]
pub(super) struct Token {
    /// The bundle: the token is for its site alone
    bundle: PathBuf,
    /// The id of the account
    #[arg(long, value_name = "ID")]
    account: String,
    /// A file with the key; `openssl rand -hex 32` makes one
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// For how many days it counts
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(i64).range(1..TOKEN_LIFE_SECONDS_MAX / DAY_SECONDS))]
    days: i64,
}

impl Token {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let key = keys::token_key(&self.key)?;
        let bundle = open_bundle(&self.bundle)?;
        if bundle.site().accounts.find(&self.account).is_none() {
            return Err(Failure::Because(format!("{}: there is no account `{}`", self.bundle.display(), self.account)));
        }
        let expires = clock().saturating_add(self.days.saturating_mul(DAY_SECONDS));
        writeln!(io::stdout(), "{}", key.sign(&bundle.site().name, &self.account, expires))?;
        Ok(Outcome::Clean)
    }
}
