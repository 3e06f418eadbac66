//! `nameplate init DIR`

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use super::{Failure, Outcome, schema, words, write_whole};

/// Make a small site folder that works, with comments: a place to start.
///
/// Exit code: 0 made; 2 could not, for one because the folder is there and is not empty. Nothing is ever overwritten.
#[derive(clap::Args)]
pub(super) struct Init {
    /// The folder to make
    folder: PathBuf,
}

macro_rules! files {
    ($($path:literal)*) => {
        /// The files of the site, by their paths in it.
        const FILES: &[(&str, &str)] = &[$(($path, include_str!(concat!("init/", $path)))),*];
    };
}

files! {
    "nameplate.yaml" "accounts.csv" "networks.csv" "experiences/banks.yaml" "experiences/returning.yaml" "ads/house.yaml"
    "tests/banks.yaml" "pages/index.html"
}

impl Init {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let folder = self.folder.display();
        let named = |error: io::Error| Failure::Because(format!("{folder}: {}", words(&error)));
        let is_empty = match fs::read_dir(&self.folder) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            Err(error) => return Err(named(error)),
        };
        if !is_empty {
            return Err(Failure::Because(format!("{folder}: the folder is not empty; expected a new one")));
        }
        for (path, text) in FILES {
            write_whole(&self.folder.join(path), text.as_bytes()).map_err(named)?;
        }
        let schemas = schema::write_all(&self.folder.join("schema"))?;
        write!(
            io::stdout(),
            "{folder}: a site of {} files, and {schemas} schemas by which editors check them. Go on with\n  nameplate check {folder}\n  nameplate test {folder}\n  nameplate preview {folder}\n\
            Your accounts go into accounts.csv; `nameplate match` then finds their networks in address databases.\n",
            FILES.len()
        )?;
        Ok(Outcome::Clean)
    }
}
