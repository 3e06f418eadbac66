//! Every code has a page, and its examples do what it says.

use std::{collections::BTreeSet, fs, path::Path};

use nameplate::compile::{CODES, Code, Sources, compile_observed, flatten};
use serde_json::Value;

use crate::{program::run, site};

/// What no compiler reports of a text, or only of one that is too long to show, or of two files.
const WITHOUT_EXAMPLE: [&str; 9] = ["A006", "A007", "L008", "L016", "L017", "S002", "S009", "S015", "T003"];

/// An example: the file it belongs into, and the whole keys or rows of it.
struct Example {
    file: String,
    text: String,
}

/// The examples of a page: what stands indented below `Wrong, in ...` and `Right`, which is in the same file unless it says another.
fn examples(code: Code) -> Vec<(bool, Example)> {
    let mut found: Vec<(bool, Example)> = Vec::new();
    for line in code.page().lines() {
        if let Some(text) = line.strip_prefix("    ") {
            let (_, example) =
                found.last_mut().unwrap_or_else(|| panic!("{}: of what is `{text}` an example?", code.0));
            example.text.push_str(&format!("{text}\n"));
        } else if line.ends_with(':') && (line.starts_with("Wrong") || line.starts_with("Right")) {
            let named = line.split('`').nth(1).map(str::to_owned);
            let file = named.or_else(|| found.last().map(|(_, example)| example.file.clone())).unwrap();
            found.push((line.starts_with("Right"), Example { file, text: String::new() }));
        }
    }
    found
}

/// What a file holds: its keys with what stands below them, or its rows.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        match parts.last_mut().filter(|_| line.starts_with(' ')) {
            Some(part) => part.push_str(line),
            None => parts.push(line.to_owned()),
        }
    }
    parts
}

/// The key or the first cell.
fn name(part: &str) -> &str {
    part.split([':', ',']).next().unwrap()
}

/// The small site with the parts of an example in the place of its own of the same name, or behind them.
fn with(example: &Example) -> Sources {
    let own = site::FILES.iter().find(|(file, _)| *file == example.file).map_or("", |(_, text)| text);
    let mut whole = parts(own);
    let mut taken = BTreeSet::new();
    for part in parts(&example.text) {
        let place = (0..whole.len()).find(|at| name(&whole[*at]) == name(&part) && !taken.contains(at));
        taken.insert(place.unwrap_or(whole.len()));
        match place {
            Some(place) => whole[place] = part,
            None => whole.push(part),
        }
    }
    site::with(&[(&example.file, &whole.concat())])
}

#[test]
fn every_code_has_one_page_under_its_title_in_order() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes.md")).unwrap();
    let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let expect: Vec<String> = CODES.iter().map(|code| format!("{}: {}", code.0, code.1)).collect();
    assert_eq!(headings, expect);
    for code in CODES {
        let words = code.page().split_whitespace().count();
        assert!((20..200).contains(&words), "the page of {} has {words} words", code.0);
    }
}

#[test]
fn every_wrong_example_reports_its_code_alone_and_every_right_one_nothing() {
    let mut wrong = Vec::new();
    for code in CODES {
        let examples = examples(*code);
        let sides: Vec<bool> = examples.iter().map(|(is_right, _)| *is_right).collect();
        let expect: &[bool] = if WITHOUT_EXAMPLE.contains(&code.0) { &[] } else { &[false, true] };
        assert_eq!(sides, expect, "{} has an example of each", code.0);
        for (is_right, example) in &examples {
            let sources = with(example);
            let compiled = compile_observed(&sources, Some(1_790_000_000), &|_| ());
            // Of the notes, which the small site has some of, only those that the page is about.
            let notes = compiled.notes.into_iter().filter(|found| found.code == *code);
            let found: Vec<_> = compiled.diagnostics.into_iter().chain(notes).collect();
            let codes: BTreeSet<&str> = found.iter().map(|found| found.code.0).collect();
            let drawn: Vec<String> = found.iter().map(|found| flatten(found, &sources).rendered).collect();
            let expect = if *is_right { BTreeSet::new() } else { BTreeSet::from([code.0]) };
            if codes != expect {
                wrong.push(format!("{}, expected {expect:?}\n{}\n{}", code.0, example.text, drawn.join("\n")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn explain_prints_a_page_or_all_titles_and_knows_a_near_miss() {
    let explain = |arguments: &[&str], code: i32| {
        let ran = run(&[&["explain"], arguments].concat());
        assert_eq!(ran.code, Some(code), "{arguments:?} {ran:?}");
        ran
    };
    let page = explain(&["r012"], 0).out;
    assert!(page.starts_with("R012: the field does not exist\n\nThe condition reads a field "), "{page}");
    assert!(page.ends_with("\nRight:\n\n    when: account.tier == 1\n"), "{page}");
    let last = explain(&[CODES.last().unwrap().0], 0).out;
    assert!(last.lines().count() > 2, "{last}");

    let all = explain(&[], 0).out;
    assert_eq!(all.lines().count(), CODES.len());
    assert!(all.starts_with("A001  a row of the account list is malformed\n"), "{all}");

    let json: Value = serde_json::from_str(&explain(&["R012", "--json"], 0).out).unwrap();
    assert_eq!((json["code"].as_str(), json["title"].as_str()), (Some("R012"), Some("the field does not exist")));
    assert!(page.ends_with(&format!("{}\n", json["page"].as_str().unwrap())));
    let json: Value = serde_json::from_str(&explain(&["--json"], 0).out).unwrap();
    assert_eq!(json.as_array().unwrap().len(), CODES.len());

    assert_eq!(explain(&["R014"], 2).err, "error: there is no code `R014`; did you mean `R010`?\n");
    assert_eq!(explain(&["none"], 2).err, "error: there is no code `none`; `nameplate explain` lists them\n");
}
