//! `nameplate keygen FILE`

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
};

use nameplate::bundle::SecretKey;

use super::{Failure, Outcome};

/// Make a key to sign bundles with: the secret key into FILE, the public one into FILE.pub.
///
/// The secret key is for who builds (`nameplate build --sign`) and for the decision server (`nameplate serve --sign`); only the owner of the
/// file may read it. The public key, which is printed, is for whoever takes bundles. No file is replaced.
#[derive(clap::Args)]
pub(super) struct Keygen {
    /// The file for the secret key
    file: PathBuf,
}

impl Keygen {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let mut random = [0; 32];
        getrandom::fill(&mut random)
            .map_err(|error| Failure::Because(format!("the system has no randomness: {error}")))?;
        let key = SecretKey::new(&random);
        let public = key.public();
        let mut public_file = self.file.clone().into_os_string();
        public_file.push(".pub");
        let public_file = PathBuf::from(public_file);
        write_new(&self.file, &key.reveal(), true)?;
        write_new(&public_file, &public.to_string(), false)?;
        writeln!(io::stdout(), "{public}\nid {}, in {}", public.id(), public_file.display())?;
        Ok(Outcome::Clean)
    }
}

fn write_new(file: &Path, text: &str, is_secret: bool) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if is_secret { 0o600 } else { 0o644 });
    let written = options.open(file).and_then(|mut file| writeln!(file, "{text}"));
    written.map_err(|error| Failure::Because(format!("{}: {}", file.display(), super::words(&error))))
}
