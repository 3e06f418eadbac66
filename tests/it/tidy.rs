//! The house rules that a compiler does not see: floors, file sizes, one word per thing, no traces of a machine.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A module uses only floors below its own; see the map in src/lib.rs.
const FLOORS: [(&str, u8); 19] = [
    ("limit", 0),
    ("wire", 0),
    ("bucket", 0),
    ("search", 0),
    ("set", 0),
    ("model", 1),
    ("net", 2),
    ("rule", 3),
    ("bundle", 4),
    ("compile", 5),
    ("recognise", 5),
    ("decide", 5),
    ("rewrite", 5),
    ("serve", 6),
    ("suite", 6),
    ("diff", 6),
    ("wasm", 6),
    ("main", 7),
    ("cli", 7),
];

const LINES_MAX: usize = 500;
const LINES_MEDIAN_MAX: usize = 250;

/// Words that mean what the glossary has another word for.
const SYNONYMS: [(&str, &str); 14] = [
    ("netblock", "prefix"),
    ("subnet", "prefix"),
    ("ip range", "prefix"),
    ("ad unit", "placement"),
    ("ad slot", "placement"),
    ("adslot", "placement"),
    ("banner position", "placement"),
    ("audience", "segment"),
    ("control group", "holdout"),
    ("original page", "Default"),
    ("original content", "Default"),
    ("lifecycle phase", "stage"),
    ("buyer persona", "role"),
    ("page view event", "exposure"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files below `folder` with one of these endings; what was built or installed is passed over.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_ours = !["node_modules", "dist", "pkg", "target", ".git"].contains(&name.as_str());
            if path.is_dir() && is_ours {
                folders.push(path);
            } else if path.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// The source without comments: they may speak of any floor.
fn code(path: &Path) -> String {
    text(path).lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The module of a source file: the first part of its path in src.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    inside.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The modules that follow `crate::` or `nameplate::`, also in braces.
fn used_modules(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for start in ["crate::", "nameplate::"] {
        for (at, _) in code.match_indices(start) {
            let rest = &code[at + start.len()..];
            match rest.strip_prefix('{') {
                Some(group) => used.extend(first_words(group)),
                None => used.extend(word(rest)),
            }
        }
    }
    used
}

fn word(text: &str) -> Option<String> {
    let word: String = text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

/// The first word of every item of a group of imports.
fn first_words(group: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut depth = 0;
    let mut item = String::new();
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => words.extend(word(&std::mem::take(&mut item))),
            _ if depth == 0 => item.push(c),
            _ => {}
        }
    }
    words.extend(word(&item));
    words
}

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(known, _)| *known == module).map(|(_, floor)| *floor)
}

/// What a file of `module` with this code does wrong.
fn floor_mistakes(module: &str, code: &str) -> Vec<String> {
    let own = floor(module).unwrap_or_else(|| panic!("`{module}` stands on no floor: add it to FLOORS"));
    let is_wrong = |used: &String| used != module && floor(used).is_some_and(|floor| floor >= own);
    used_modules(code).into_iter().filter(is_wrong).collect()
}

#[test]
fn modules_use_only_floors_below_their_own() {
    for path in files("src", &[".rs"]) {
        let module = module(&path);
        if module != "lib" {
            assert_eq!(floor_mistakes(&module, &code(&path)), Vec::<String>::new(), "{}", path.display());
        }
    }
}

#[test]
fn the_floor_test_sees_imports_beside_and_above() {
    let check = |module: &str, code: &str, expect: &[&str]| assert_eq!(floor_mistakes(module, code), expect, "{code}");
    check("model", "use crate::bundle::Bundle;", &["bundle"]);
    check(
        "decide",
        "use crate::{\n    model::{Visit, Decision},\n    compile::{self, x},\n    rule,\n};",
        &["compile"],
    );
    check("compile", "let x = crate::decide::decide(a);", &["decide"]);
    check("cli", "use nameplate::{decide, model::Visit};", &[]);
    check("wire", "use crate::bucket::bucket;", &["bucket"]);
    check("rule", "use crate::rule::Field; use crate::model::Kind;", &[]);
}

#[test]
fn imports_are_named_and_short() {
    for path in files("src", &[".rs"]) {
        let code = code(&path);
        assert!(!code.contains("super::super"), "{} uses `super::super`", path.display());
        assert!(!code.contains("::*;"), "{} imports a glob", path.display());
    }
}

#[test]
fn files_are_small() {
    for (folder, ending) in [("src", ".rs"), ("www", ".ts"), ("tests", ".rs"), ("tests", ".mjs")] {
        let mut sizes: Vec<(usize, PathBuf)> = files(folder, &[ending])
            .into_iter()
            .filter(|path| !path.ends_with("types.ts")) // Made from the Rust types.
            .map(|path| (text(&path).lines().count(), path))
            .collect();
        sizes.sort();
        for (lines, path) in &sizes {
            assert!(*lines <= LINES_MAX, "{} has {lines} lines", path.display());
        }
        let median = sizes[sizes.len() / 2].0;
        assert!(median <= LINES_MEDIAN_MAX, "the median of {folder}/**{ending} is {median} lines");
    }
}

#[test]
fn one_word_per_thing() {
    let mut texts = files("src", &[".rs"]);
    texts.extend(files("www", &[".ts", ".html", ".md"]));
    texts.extend(files("data", &[".md", ".yaml"]));
    texts.extend(files(".", &["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]));
    for path in texts {
        let lower = text(&path).to_lowercase();
        for (synonym, term) in SYNONYMS {
            let found = lower.match_indices(synonym).any(|(at, _)| {
                let is_edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
                is_edge(lower[..at].chars().next_back()) && is_edge(lower[at + synonym.len()..].chars().next())
            });
            assert!(!found, "{} says `{synonym}`; the glossary says {term}", path.display());
        }
    }
}

#[test]
fn no_file_names_a_registrys_host_or_a_folder_of_a_machine() {
    // Put together here, or this file would name them.
    let hosts =
        [("registry.", "npmjs"), ("index.", "crates"), ("pypi", ".org"), ("deb.", "debian"), ("static.", "rust-lang")];
    let folders = [("/ro", "ot/"), ("/wo", "rk/")];
    let banned: Vec<String> = hosts.iter().chain(&folders).map(|(a, b)| format!("{a}{b}")).collect();
    for path in
        files(".", &[".rs", ".ts", ".mjs", ".md", ".toml", ".json", ".yaml", ".sh", "Makefile", "setup", "wasm", "run"])
    {
        let text = text(&path);
        for word in &banned {
            assert!(!text.contains(word.as_str()), "{} holds `{word}`", path.display());
        }
    }
}

#[test]
fn every_dependency_states_its_reason() {
    let manifest = text(&root().join("Cargo.toml"));
    let mut is_dependency = false;
    let mut before = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_dependency = line.contains("dependencies");
        } else if is_dependency && line.contains(" = ") {
            assert!(before.starts_with('#'), "no reason above `{line}`");
        }
        before = line;
    }
}
