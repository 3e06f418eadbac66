//! The command line: one file a subcommand.
//!
//! Every command ends with 0 when all is well, 1 when it found errors in what it was given, 2 when it could not run.

mod build;
mod check;
mod databases;
mod decide;
mod diff;
mod explain;
mod fields;
mod format;
mod github;
mod init;
mod inspect;
mod keygen;
mod keys;
mod r#match;
mod preview;
mod rewrite;
mod sarif;
mod schema;
mod serve;
mod slice;
mod terminal;
mod test;
mod token;
mod visit;
mod who;

use std::{ffi::OsString, fs, io, path::Path, process::ExitCode};

use clap::{Parser, Subcommand};
use nameplate::bundle::{Bundle, Contents, pack, unseal};

/// Tells a web page which target account its visitor works for, and what to show it.
#[derive(Parser)]
#[command(version, max_term_width = 100, after_help = START)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// What to do first.
const START: &str = "\
Make a site folder with `nameplate init SITE`, or write one as docs/site-folder.md says, then:
  nameplate check SITE               everything that is wrong with it
  nameplate explain CODE             what a code that `check` printed means
  nameplate match SITE ...           its accounts' networks, from address databases
  nameplate test SITE                whether visits get what its tests say
  nameplate preview SITE             its pages as any account sees them
  nameplate build SITE -o FILE       the bundle that servers and `nameplate decide` read
  nameplate serve FILE               decisions for browsers and programs";

#[derive(Subcommand)]
enum Command {
    Init(init::Init),
    Check(check::Check),
    Explain(explain::Explain),
    Test(test::Test),
    Build(build::Build),
    Diff(diff::Diff),
    Decide(decide::Decide),
    Fields(fields::Fields),
    Inspect(inspect::Inspect),
    Keygen(keygen::Keygen),
    Schema(schema::Schema),
    Who(who::Who),
    Match(r#match::Match),
    Preview(preview::Preview),
    Serve(serve::Serve),
    Slice(slice::Slice),
    Token(token::Token),
    Rewrite(rewrite::Rewrite),
}

/// How a command ended.
enum Outcome {
    /// All is well: 0.
    Clean,
    /// It found errors in what it was given: 1.
    Errors,
}

/// Why a command could not run.
enum Failure {
    /// In words for the person who called it.
    Because(String),
    /// Whoever reads our answer has had enough, as `head` does: nothing to complain of.
    ReaderGone,
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Because(words(&error)),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Because(error.to_string())
    }
}

/// Runs the command that was called.
pub(crate) fn run() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Init(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Test(command) => command.run(),
        Command::Build(command) => command.run(),
        Command::Diff(command) => command.run(),
        Command::Decide(command) => command.run(),
        Command::Fields(command) => command.run(),
        Command::Inspect(command) => command.run(),
        Command::Keygen(command) => command.run(),
        Command::Schema(command) => command.run(),
        Command::Who(command) => command.run(),
        Command::Match(command) => command.run(),
        Command::Preview(command) => command.run(),
        Command::Serve(command) => command.run(),
        Command::Slice(command) => command.run(),
        Command::Token(command) => command.run(),
        Command::Rewrite(command) => command.run(),
    };
    match result {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Errors) => ExitCode::from(1),
        Err(Failure::ReaderGone) => ExitCode::SUCCESS,
        Err(Failure::Because(message)) => {
            terminal::failure(&message);
            ExitCode::from(2)
        }
    }
}

/// The bundle in a file, whoever signed it or not.
fn open_bundle(file: &Path) -> Result<Bundle, Failure> {
    let bytes = read_bundle(file)?;
    Bundle::open(unseal(&bytes).0).map_err(|error| Failure::Because(format!("{}: {error}", file.display())))
}

/// The bundle of what was compiled, and its bytes. What is published must open: better to fail here than at the edge.
fn pack_and_open(contents: &Contents) -> Result<(Vec<u8>, Bundle), Failure> {
    let bytes = pack(contents);
    match Bundle::open(&bytes) {
        Ok(bundle) => Ok((bytes, bundle)),
        Err(error) => Err(Failure::Because(format!("the bundle does not open: {error}"))),
    }
}

fn read_bundle(file: &Path) -> Result<Vec<u8>, Failure> {
    expect_bundle(file)?;
    fs::read(file).map_err(|error| Failure::Because(format!("{}: {}", file.display(), words(&error))))
}

/// Refuses what cannot be a bundle: a folder, for one the site's.
fn expect_bundle(file: &Path) -> Result<(), Failure> {
    if file.is_dir() {
        let problem = "expected a bundle, which `nameplate build` writes; found a folder";
        return Err(Failure::Because(format!("{}: {problem}", file.display())));
    }
    Ok(())
}

/// Refuses what cannot be a site folder: a file, for one its `nameplate.yaml`.
fn expect_folder(site: &Path) -> Result<(), Failure> {
    if site.is_file() {
        let problem = "expected the site folder, which holds nameplate.yaml; found a file";
        return Err(Failure::Because(format!("{}: {problem}", site.display())));
    }
    Ok(())
}

/// Writes a file beside its place and moves it there: who reads it meanwhile sees the old one or the new one, whole.
fn write_whole(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut name = file.file_name().map(OsString::from).ok_or(io::ErrorKind::InvalidFilename)?;
    name.push(format!(".{}.part", std::process::id()));
    let part = file.with_file_name(name);
    fs::write(&part, bytes).and_then(|()| fs::rename(&part, file)).inspect_err(|_| {
        let _ = fs::remove_file(&part);
    })
}

/// An error of the system as our own messages are: `no such file or directory`, without its number.
fn words(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split_once(" (os error").map_or(&*text, |(words, _)| words);
    match text.rsplit_once(": ") {
        Some((name, words)) => format!("{name}: {}", lower_first(words)),
        None => lower_first(text),
    }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}
