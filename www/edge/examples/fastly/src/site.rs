//! The bundle, out of the KV store. One that is missing, broken or too long costs no page: it stays as its author wrote it.

use std::{
    cell::OnceCell,
    io::{self, Read},
};

use fastly::KVStore;
use nameplate::bundle::{Bundle, unseal};

/// The names of the KV store and its entry in fastly.toml.
const STORE: &str = "site";
const ENTRY: &str = "site.npb";
/// Fastly ends an instance after 50 ms of CPU, with the page that it is at; to open 100 KB takes 2 to 4.
const BUNDLE_BYTE_MAX: usize = 1 << 20;

/// Opened when the first page is asked for: most requests are for none.
#[derive(Default)]
pub struct Site {
    bundle: OnceCell<Option<Bundle>>,
}

impl Site {
    /// What to decide with, as far as it can be had.
    pub fn bundle(&self) -> Option<&Bundle> {
        let open = || open().inspect_err(|error| eprintln!("{STORE}/{ENTRY}: {error}")).ok();
        self.bundle.get_or_init(open).as_ref()
    }
}

fn open() -> Result<Bundle, Box<dyn std::error::Error>> {
    let store = KVStore::open(STORE)?.ok_or("there is no such store")?;
    let bytes = read(store.lookup(ENTRY)?.take_body())?;
    // No signature is asked for: only who has a token of the account writes there. `Trust::open` would ask.
    Ok(Bundle::open(unseal(&bytes).0)?)
}

fn read(body: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    body.take(BUNDLE_BYTE_MAX as u64 + 1).read_to_end(&mut bytes)?;
    match bytes.len() <= BUNDLE_BYTE_MAX {
        true => Ok(bytes),
        false => Err(io::Error::other(format!("expected at most {BUNDLE_BYTE_MAX} bytes"))),
    }
}
