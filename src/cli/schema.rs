//! `nameplate schema`

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use nameplate::compile::{FileSchema, schemas};

use super::{Failure, Outcome, words, write_whole};

/// Print the JSON Schema of a kind of YAML file, by which editors complete and check it, or write those of all kinds into a folder.
///
/// An editor with the YAML language server uses the one that a comment in the file's first line names, relative to the file:
/// `# yaml-language-server: $schema=../schema/experience.json`. What `nameplate init` makes has comments and schemas; write the
/// schemas anew when there is a new version of the program.
///
/// Exit code: 0 done, 2 could not.
#[derive(clap::Args)]
pub(super) struct Schema {
    /// The kind of file; without it, all kinds and the files they are about
    name: Option<String>,
    /// Write all of them into this folder, which is made if need be
    #[arg(long, value_name = "DIR", conflicts_with = "name")]
    to: Option<PathBuf>,
}

impl Schema {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let mut out = io::stdout().lock();
        match (self.name, self.to) {
            (Some(name), _) => write!(out, "{}", find(&name)?.json)?,
            (None, Some(folder)) => {
                let count = write_all(&folder)?;
                writeln!(out, "{}: {count} schemas", folder.display())?;
            }
            (None, None) => {
                for FileSchema { name, files, .. } in schemas() {
                    writeln!(out, "{name:10}  {files}")?;
                }
            }
        }
        Ok(Outcome::Clean)
    }
}

/// Writes all schemas into a folder, and says how many.
pub(super) fn write_all(folder: &Path) -> Result<usize, Failure> {
    let all = schemas();
    for FileSchema { name, json, .. } in &all {
        let file = folder.join(format!("{name}.json"));
        write_whole(&file, json.as_bytes())
            .map_err(|error| Failure::Because(format!("{}: {}", file.display(), words(&error))))?;
    }
    Ok(all.len())
}

fn find(name: &str) -> Result<FileSchema, Failure> {
    let all = schemas();
    let known = all.each_ref().map(|schema| format!("`{}`", schema.name)).join(", ");
    let found = all.into_iter().find(|schema| schema.name == name);
    found.ok_or_else(|| Failure::Because(format!("there is no schema `{name}`; expected one of {known}")))
}
