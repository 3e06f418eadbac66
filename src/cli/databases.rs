//! Address databases that a command line names.

use std::{fs, path::PathBuf};

use nameplate::net::geo::{Database, Databases, Mapping};

use super::{Failure, words};

#[derive(clap::Args)]
pub(super) struct DatabaseOptions {
    /// An address database in MaxMind's format, for visitors who are no account's; may be given again, the first that knows counts
    #[arg(long, value_name = "FILE")]
    mmdb: Vec<PathBuf>,
    /// Where a schema of your own has what: `organisation=company.name,employees=company.size`
    #[arg(long, value_name = "FIELD=PATH", default_value = "", hide_default_value = true, requires = "mmdb")]
    mmdb_fields: Mapping,
}

impl DatabaseOptions {
    pub(super) fn open(&self) -> Result<Databases, Failure> {
        let open = |file: &PathBuf| {
            let named = |message: String| Failure::Because(format!("{}: {message}", file.display()));
            let bytes = fs::read(file).map_err(|error| named(words(&error)))?;
            Database::open(bytes, &self.mmdb_fields).map_err(|error| named(error.to_string()))
        };
        self.mmdb.iter().map(open).collect::<Result<_, _>>().map(Databases)
    }
}
