//! Every mistake is reported once, at its place, with what to do about it.

mod accounts;
mod ads;
mod content;
mod limits;
mod networks;
mod rules;
mod sources;
mod tests;

use std::collections::BTreeSet;

use nameplate::compile::{CODES, compile, flatten};

use crate::site;

/// A file of the small site, words in it, what to write instead (where there are no words: the whole file), and all that
/// must be reported then.
pub(crate) type Case = (&'static str, &'static str, &'static str, &'static str);

/// What compiling the site with these files reports: `R012 file:line:column message`, and the help below it.
pub(crate) fn reported(files: &[(&str, &[u8])]) -> String {
    let mut sources = site::with(&[]);
    for (path, bytes) in files {
        sources.insert(*path, *bytes);
    }
    let compiled = compile(&sources);
    let flat: Vec<_> = compiled.diagnostics.iter().map(|found| flatten(found, &sources)).collect();
    assert_eq!(compiled.contents.is_none(), flat.iter().any(|found| found.severity == "error"));
    let line = |found: &nameplate::compile::FlatDiagnostic| {
        let severity = if found.severity == "error" { "" } else { "warning " };
        let help = found.help.as_ref().map(|help| format!("\n  {help}")).unwrap_or_default();
        let place = format!("{}:{}:{}", found.place.file, found.place.line, found.place.column);
        format!("{severity}{} {place} {}{help}", found.code, found.message)
    };
    flat.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn check((file, words, instead, expect): Case) {
    let text = match words {
        "" => instead.to_owned(),
        words => {
            let (_, own) = site::FILES.iter().find(|(path, _)| *path == file).unwrap();
            assert!(own.contains(words), "{file} has no `{words}`");
            own.replacen(words, instead, 1)
        }
    };
    assert_eq!(reported(&[(file, text.as_bytes())]), expect, "\n{file}: {instead:.300}");
}

fn check_all(cases: &[Case]) {
    cases.iter().copied().for_each(check);
}

#[test]
fn the_small_site_is_without_mistakes() {
    assert_eq!(reported(&[]), "");
}

#[test]
fn a_mistake_in_the_account_list_is_one_error() {
    check_all(accounts::CASES);
}

#[test]
fn a_mistake_in_the_network_list_is_one_error() {
    check_all(networks::CASES);
}

#[test]
fn a_mistake_in_a_condition_is_one_error() {
    check_all(rules::CASES);
}

#[test]
fn a_mistake_in_a_slots_content_is_one_error() {
    check_all(content::CASES);
}

#[test]
fn a_mistake_in_a_line_item_is_one_error() {
    check_all(ads::CASES);
}

#[test]
fn a_mistake_in_a_file_name_number_or_date_is_one_error() {
    check_all(sources::CASES);
}

#[test]
fn a_mistake_in_a_test_is_one_error() {
    check_all(tests::CASES);
}

#[test]
fn a_file_that_is_not_utf_8_says_where() {
    let check = |file: &str, bytes: &[u8], expect: &str| {
        let help = "\n  save it as UTF-8; a spreadsheet calls it `CSV UTF-8`";
        assert_eq!(reported(&[(file, bytes)]), format!("{expect} the file is not UTF-8{help}"));
    };
    check("accounts.csv", b"Id,Name\nalder,Gr\xfcn\n", "S002 accounts.csv:2:9");
    check("networks.csv", b"\xff\xfeprefix", "S002 networks.csv:1:1");
    check("experiences/hero.yaml", b"name: h\xc3\xa9\nabout: \xe9\n", "S002 experiences/hero.yaml:2:8");
    check("nameplate.yaml", b"site: \xc3", "S002 nameplate.yaml:1:7");
}

#[test]
fn a_folder_without_settings_says_which_file_it_needs() {
    let mut sources = nameplate::compile::Sources::default();
    let check = |sources: &nameplate::compile::Sources| {
        let compiled = compile(sources);
        let [found] = compiled.diagnostics.as_slice() else { panic!("{:?}", compiled.diagnostics) };
        let flat = flatten(found, sources);
        assert_eq!(
            (flat.code, flat.place.file.as_str(), flat.place.line, flat.place.column),
            ("S001", "nameplate.yaml", 1, 1)
        );
        assert_eq!(flat.message, "the folder has no `nameplate.yaml`");
    };
    check(&sources);
    sources.insert("accounts.csv", site::ACCOUNTS);
    check(&sources);
}

#[test]
fn every_code_is_covered_by_a_case() {
    let all =
        [accounts::CASES, ads::CASES, content::CASES, networks::CASES, rules::CASES, sources::CASES, tests::CASES]
            .concat();
    let lines = all.iter().flat_map(|(_, _, _, expect)| expect.lines()).filter(|line| !line.starts_with(' '));
    let mut covered: BTreeSet<&str> =
        lines.map(|line| line.trim_start_matches("warning ").split(' ').next().unwrap()).collect();
    // `a_file_that_is_not_utf_8_says_where`, limits.rs, shared.rs, suite.rs
    covered.extend(["S002", "R006", "S009", "S015", "N011", "T003"]);
    // Those of lint.rs have a test of their own.
    let codes: BTreeSet<&str> = CODES.iter().map(|code| code.0).filter(|code| !code.starts_with('L')).collect();
    assert_eq!(covered, codes);
}
