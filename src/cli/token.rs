//! `nameplate token FILE --account ID --key FILE`

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::builder::PossibleValuesParser;
use nameplate::{
    bundle,
    limit::{DAY_SECONDS, TOKEN_LIFE_SECONDS_MAX},
    model::ROLES,
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
    /// The visitor's role: rules then read it as `visitor.role`
    #[arg(long, value_parser = PossibleValuesParser::new(ROLES))]
    role: Option<String>,
    /// The campaign by which he comes, 1 to 64 of A-Z a-z 0-9 - _: rules then read it as `page.utm_campaign`, where the page's address has none
    #[arg(long, value_name = "NAME", value_parser = campaign)]
    campaign: Option<String>,
    /// A file with the key; `openssl rand -hex 32` makes one
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// For how many days it counts
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(i64).range(1..=DAY_MAX))]
    days: i64,
}

/// Fewer than those for which no token counts.
const DAY_MAX: i64 = TOKEN_LIFE_SECONDS_MAX / DAY_SECONDS - 1;

impl Token {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let key = keys::token_key(&self.key)?;
        let opened = open_bundle(&self.bundle)?;
        if opened.site().accounts.find(&self.account).is_none() {
            return Err(Failure::Because(format!("{}: there is no account `{}`", self.bundle.display(), self.account)));
        }
        let expires = clock().saturating_add(self.days.saturating_mul(DAY_SECONDS));
        let says =
            bundle::Token { account: &self.account, role: self.role.as_deref(), campaign: self.campaign.as_deref() };
        writeln!(io::stdout(), "{}", key.sign(&opened.site().name, says, expires))?;
        Ok(Outcome::Clean)
    }
}

fn campaign(text: &str) -> Result<String, String> {
    let is_campaign = bundle::Token::is_campaign(text);
    is_campaign.then(|| text.to_owned()).ok_or_else(|| "expected 1 to 64 of A-Z a-z 0-9 - _".to_owned())
}
