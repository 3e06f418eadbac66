//! Keys in files, for the commands that sign and those that check.

use std::{fs, io, path::Path, path::PathBuf, str::FromStr};

use nameplate::{
    bundle::{KeyError, PublicKey, SecretKey, TokenKey, Trust},
    limit::TOKEN_KEY_BYTE_MIN,
};

use super::{Failure, terminal};

/// Whose bundles are taken.
#[derive(clap::Args)]
pub(super) struct Verify {
    /// Take only bundles signed with this key: the file that `nameplate keygen` wrote, ending `.pub`; twice while one key takes the
    /// other's place
    #[arg(long, value_name = "PUBLIC")]
    verify: Vec<PathBuf>,
    /// The site that they must be for
    #[arg(long, value_name = "NAME", requires = "verify")]
    site: Option<String>,
    /// The environment that they must be for
    #[arg(long, value_name = "NAME", requires = "verify")]
    environment: Option<String>,
}

impl Verify {
    /// `None` where nothing was asked for.
    pub(super) fn trust(self) -> Result<Option<Trust>, Failure> {
        let keys = self.verify.iter().map(|file| read::<PublicKey>(file)).collect::<Result<Vec<_>, _>>()?;
        Ok((!keys.is_empty()).then_some(Trust { keys, site: self.site, environment: self.environment }))
    }
}

/// The secret key in a file that not everybody can read.
pub(super) fn secret(file: &Path) -> Result<SecretKey, Failure> {
    let key = read(file)?;
    problem(file).map_or(Ok(key), |problem| Err(Failure::Because(problem)))
}

/// What is wrong with who can read the file of a key. A group may: that is how a secret comes to a process in a container that is not its
/// owner.
#[cfg(unix)]
fn problem(file: &Path) -> Option<String> {
    let is_open = fs::metadata(file).is_ok_and(|found| std::os::unix::fs::MetadataExt::mode(&found) & 0o007 != 0);
    is_open.then(|| format!("{}: everybody on this machine can read this key; `chmod 600` mends that", file.display()))
}

#[cfg(not(unix))]
fn problem(_: &Path) -> Option<String> {
    None
}

/// A key that is a text: that of a server's own programs, or of account tokens. Other programs write its file, and some can do so only for
/// everybody to read: that is said, and no reason not to serve.
pub(super) fn text(file: &Path) -> Result<String, Failure> {
    let named = |message: String| Failure::Because(format!("{}: {message}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| named(super::words(&error)))?;
    let key = text.trim();
    let is_good = key.len() >= TOKEN_KEY_BYTE_MIN && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_good {
        return Err(named(format!(
            "expected a key, at least {TOKEN_KEY_BYTE_MIN} letters, digits or signs; `openssl rand -hex 32` makes one"
        )));
    }
    if let Some(problem) = problem(file) {
        terminal::say(&format!("warning: {problem}"));
    }
    Ok(key.to_owned())
}

/// The key in a file that account tokens are signed with.
pub(super) fn token_key(file: &Path) -> Result<TokenKey, Failure> {
    let short = || Failure::Because(format!("{}: expected a longer key", file.display()));
    TokenKey::new(text(file)?.as_bytes()).ok_or_else(short)
}

fn read<K: FromStr<Err = KeyError>>(file: &Path) -> Result<K, Failure> {
    let named = |message: String| Failure::Because(format!("{}: {message}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| {
        // What is no text may be anything; it is not repeated.
        named(if error.kind() == io::ErrorKind::InvalidData {
            "expected a key".to_owned()
        } else {
            super::words(&error)
        })
    })?;
    text.trim().parse().map_err(|error: KeyError| named(error.to_string()))
}
