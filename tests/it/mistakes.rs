//! Every mistake is reported once, at its place, with what to do about it: `tests/mistakes` holds a file for each, which says what is changed
//! in the small site (see `site.rs`) and what a terminal shows then.
//!
//! To add one, write its file without the picture, named by its code, and run `NAMEPLATE_WRITE=1 cargo test mistakes`; then look at the picture.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use nameplate::compile::{CODES, Diagnostic, Sources, compile_observed, render};

use crate::site;

/// `nameplate test` alone finds it.
const ELSEWHERE: [&str; 1] = ["T003"];

/// The time of all of them: what is over then is over.
const NOW: i64 = 1_790_000_000;

/// How a text is stored.
type Form = fn(String) -> Vec<u8>;

/// What stands in brackets behind a path.
const FORMS: [(&str, Form); 6] = [
    ("byte order mark", |text| format!("\u{feff}{text}").into_bytes()),
    ("carriage returns", |text| text.replace('\n', "\r").into_bytes()),
    ("CRLF", |text| text.replace('\n', "\r\n").into_bytes()),
    ("Latin-1", |text| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()),
    ("no line feed at the end", |text| text.trim_end().to_owned().into_bytes()),
    ("UTF-16", |text| format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes")
}

/// What a file of a mistake says.
#[derive(Default)]
pub(crate) struct Mistake {
    /// The files that are changed: each with its form and its lines, which begin with a sign as those of a patch do.
    changes: Vec<(String, String, Vec<String>)>,
    /// What a terminal shows.
    pub(crate) picture: String,
}

impl Mistake {
    fn parse(text: &str) -> Self {
        let mut mistake = Self::default();
        let mut lines = text.lines().peekable();
        let is_drawn = |line: &&str| ["error[", "warning[", "note["].iter().any(|level| line.starts_with(level));
        while let Some(heading) = lines.next_if(|line| !is_drawn(line)) {
            let (path, form) = heading.split_once(" (").unwrap_or((heading, ""));
            let mut changed = Vec::new();
            while let Some(line) = lines.next().filter(|line| !line.is_empty()) {
                changed.push(line.to_owned());
            }
            mistake.changes.push((path.to_owned(), form.trim_end_matches(')').to_owned(), changed));
        }
        mistake.picture = lines.collect::<Vec<_>>().join("\n");
        mistake
    }

    /// The small site with the mistake in it.
    fn sources(&self) -> Sources {
        let mut sources = Sources::default();
        for (path, bytes) in self.files() {
            sources.insert(path, bytes);
        }
        sources
    }

    /// Its files.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let is_gone = |file: &str| self.changes.iter().any(|(path, form, _)| path == file && form == "gone");
        for (file, text) in site::FILES.iter().filter(|(file, _)| !is_gone(file)) {
            files.insert((*file).to_owned(), text.as_bytes().to_vec());
        }
        for (path, form, lines) in self.changes.iter().filter(|(_, form, _)| form != "gone") {
            let own = site::FILES.iter().find(|(file, _)| file == path).map_or("", |(_, text)| text);
            let text = changed(own, lines);
            let store = FORMS.iter().find(|(name, _)| name == form).map(|(_, store)| store);
            assert!(store.is_some() || form.is_empty(), "no form is called `{form}`");
            files.insert(path.clone(), store.map_or(text.clone().into_bytes(), |store| store(text)));
        }
        files
    }
}

/// Every mistake, with the name of its file.
pub(crate) fn all() -> Vec<(String, Mistake)> {
    let read = |entry: fs::DirEntry| {
        let name = entry.path().file_stem().unwrap().to_string_lossy().into_owned();
        (name, Mistake::parse(&fs::read_to_string(entry.path()).unwrap()))
    };
    fs::read_dir(folder()).unwrap().map(|entry| read(entry.unwrap())).collect()
}

/// What is reported of a site; of the notes, those of the code that it is about which the small site has not of its own.
fn reported(sources: &Sources, code: &str) -> Vec<Diagnostic> {
    let compiled = compile_observed(sources, Some(NOW), &|_| ());
    let own = compile_observed(&site::with(&[]), Some(NOW), &|_| ()).notes;
    let is_new = |found: &Diagnostic| found.code.0 == code && own.iter().all(|known| known.message != found.message);
    compiled.diagnostics.into_iter().chain(compiled.notes.into_iter().filter(is_new)).collect()
}

/// A text with the lines changed that are marked so: ` ` stays, `-` goes, `+` comes (`+300` so often, with its number for `{n}`). Where
/// nothing stays or goes, the whole text is new.
fn changed(own: &str, lines: &[String]) -> String {
    let (mut old, mut new) = (String::new(), String::new());
    for line in lines {
        let (sign, text) = line.split_once(' ').unwrap_or((line, ""));
        match sign {
            "" => {
                let text = &line[2..];
                old.push_str(&format!("{text}\n"));
                new.push_str(&format!("{text}\n"));
            }
            "-" => old.push_str(&format!("{text}\n")),
            "+" => new.push_str(&format!("{text}\n")),
            _ => {
                let count: usize =
                    sign.trim_start_matches('+').parse().unwrap_or_else(|_| panic!("`{line}` has no sign"));
                new.extend((0..count).map(|n| format!("{}\n", text.replace("{n}", &n.to_string()))));
            }
        }
    }
    if old.is_empty() {
        return new;
    }
    let places = format!("\n{own}").matches(&format!("\n{old}")).count();
    assert_eq!(places, 1, "where is this?\n{old}");
    own.replacen(&old, &new, 1)
}

#[test]
fn every_mistake_is_shown_as_its_file_says() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        let mistake = Mistake::parse(&text);
        let sources = mistake.sources();
        let code = name.split('-').next().unwrap();
        let found = reported(&sources, code);
        let picture = found.iter().map(|found| render(found, &sources, false)).collect::<Vec<_>>().join("\n\n");
        let codes: Vec<&str> = found.iter().map(|found| found.code.0).collect();
        *counts.entry(code.to_owned()).or_default() += 1;
        if picture != mistake.picture && std::env::var_os("NAMEPLATE_WRITE").is_some() {
            let head = text.strip_suffix(&format!("{}\n", mistake.picture)).unwrap_or(&text);
            fs::write(&file, format!("{}\n\n{picture}\n", head.trim_end())).unwrap();
        } else if picture != mistake.picture || codes != [code] {
            wrong.push(format!("{name}\n{picture}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n\nNAMEPLATE_WRITE=1 cargo test mistakes", wrong.join("\n\n"));
    let is_shown = |code: &&str| ELSEWHERE.contains(code) || counts.get(*code).is_some_and(|count| *count > 1);
    let missing: Vec<&str> = CODES.iter().map(|code| code.0).filter(|code| !is_shown(code)).collect();
    assert!(missing.is_empty(), "these codes are not shown twice: {missing:?}");
}
