//! Reads the databases that a match is given, with a bar that shows how far it is.
//!
//! Each is read twice: which names are one company's alone can be told only when all are known.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::BufReader,
    ops::RangeInclusive,
    path::Path,
};

use indicatif::ProgressBar;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use nameplate::{
    net::{
        Holder,
        geo::{self, About, Mapping},
    },
    recognise::{Database, Range, Survey, read_ranges},
};

use super::{Failure, Match, in_file};
use crate::cli::{terminal, words};

/// So many organisations are learned from: among fewer no name is proved to be one company's, more would fill the memory.
const LEARNED: RangeInclusive<usize> = 10_000..=4_000_000;
/// The longest name of a database that a source repeats, bytes.
const KIND_BYTE_MAX: usize = 60;

/// The databases that a match is given.
pub(super) struct Databases<'a> {
    mapping: &'a Mapping,
    files: Vec<(&'a Path, Format)>,
    bar: ProgressBar,
}

#[derive(Clone, Copy)]
enum Format {
    List { seen: Option<Date> },
    Tree,
}

/// What was read of a database.
pub(super) struct Read {
    /// The name of the file.
    pub(super) file: String,
    pub(super) database: Database,
    /// How many ranges it has.
    pub(super) ranges: u64,
}

impl<'a> Databases<'a> {
    /// All must be there.
    pub(super) fn new(asked: &'a Match, mapping: &'a Mapping) -> Result<Self, Failure> {
        let lists = asked.csv.iter().map(|file| (file.as_path(), Format::List { seen: asked.date }));
        let files: Vec<_> = lists.chain(asked.mmdb.iter().map(|file| (file.as_path(), Format::Tree))).collect();
        let mut total = 0;
        for (file, _) in &files {
            total += expect_file(file)?;
        }
        let bar = if asked.json { ProgressBar::hidden() } else { terminal::meter(2 * total) };
        Ok(Self { mapping, files, bar })
    }

    /// Goes through them once: what they are, and the organisations in them that a matcher should learn from.
    pub(super) fn look(&self) -> Result<(Vec<Read>, Vec<String>), Failure> {
        let mut names = HashSet::new();
        let mut look = |_, holder: &Holder| {
            let new = holder.organisation.as_ref().filter(|name| !names.contains(*name));
            names.extend(new.filter(|_| names.len() < *LEARNED.end()).cloned());
        };
        let read = |(file, format): &(&Path, Format)| self.each(file, *format, &mut look);
        let all = self.files.iter().map(read).collect::<Result<_, _>>()?;
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort_unstable();
        Ok((all, if LEARNED.contains(&names.len()) { names } else { Vec::new() }))
    }

    /// Goes through them again, into a survey.
    pub(super) fn read_into(&self, survey: &mut Survey<'_>, all: &[Read]) -> Result<(), Failure> {
        for ((file, format), read) in self.files.iter().zip(all) {
            let mut pass = survey.pass(read.database.clone());
            self.each(file, *format, &mut |range, holder| pass.record(range, holder))?;
            pass.finish();
        }
        Ok(())
    }

    fn each(&self, file: &Path, format: Format, found: &mut impl FnMut(Range, &Holder)) -> Result<Read, Failure> {
        self.bar.set_message(file_name(file));
        let (database, ranges) = match format {
            Format::List { seen } => {
                (Database { label: label(file), seen, may_overlap: true }, self.each_of_list(file, found)?)
            }
            Format::Tree => self.each_of_tree(file, found)?,
        };
        Ok(Read { file: file_name(file), database, ranges })
    }

    fn each_of_list(&self, file: &Path, found: &mut impl FnMut(Range, &Holder)) -> Result<u64, Failure> {
        let opened = File::open(file).map_err(|error| in_file(file, words(&error)))?;
        read_ranges(BufReader::new(self.bar.wrap_read(opened)), found).map_err(|error| in_file(file, error))
    }

    fn each_of_tree(&self, file: &Path, found: &mut impl FnMut(Range, &Holder)) -> Result<(Database, u64), Failure> {
        let bytes = fs::read(file).map_err(|error| in_file(file, words(&error)))?;
        let tree = geo::Database::open(bytes, self.mapping).map_err(|error| in_file(file, error))?;
        let (about, began, bytes) = (tree.about(), self.bar.position(), tree.byte_count() as u64);
        let nodes = u64::from(about.node_count.max(1));
        let mut ranges = 0;
        for entry in tree.networks() {
            let (prefix, record) = entry.map_err(|error| in_file(file, format!("after {ranges} prefixes: {error}")))?;
            found(Range::of(prefix), &record.holder);
            ranges += 1;
            // It has about as many prefixes as nodes.
            if ranges % 4_096 == 0 {
                self.bar.set_position(began + bytes * ranges.min(nodes) / nodes);
            }
        }
        self.bar.set_position(began + bytes);
        let built = i64::try_from(about.built).ok().and_then(|built| Timestamp::from_second(built).ok());
        let seen = built.map(|built| built.to_zoned(TimeZone::UTC).date());
        Ok((Database { label: kind(about, file), seen, may_overlap: false }, ranges))
    }
}

impl Drop for Databases<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// What a database calls itself, without what it is compatible with; where that is nothing or a whole text, the name of its file.
fn kind(about: &About, file: &Path) -> String {
    let kind = about.kind.split(" (").next().unwrap_or_default();
    let is_name = (1..=KIND_BYTE_MAX).contains(&kind.len()) && !kind.contains(char::is_control);
    if is_name { kind.to_owned() } else { label(file) }
}

/// Bytes of a file; what is none is refused, as reading a pipe could wait for ever.
fn expect_file(file: &Path) -> Result<u64, Failure> {
    let found = fs::metadata(file).map_err(|error| in_file(file, words(&error)))?;
    if !found.is_file() {
        return Err(in_file(file, "expected a file, found a folder, pipe, socket or device"));
    }
    Ok(found.len())
}

fn file_name(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The name of a file without its ending and the family of its addresses: `asn` of asn-ipv4.csv.
fn label(file: &Path) -> String {
    let name = file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let family = ["-ipv4", "-ipv6", "_ipv4", "_ipv6"].into_iter().find_map(|family| name.strip_suffix(family));
    family.unwrap_or(&name).to_owned()
}
