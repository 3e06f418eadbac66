//! A site's own tests: what passes, what fails and how it says so, and what nothing reaches.

use nameplate::{
    bundle::{Bundle, pack},
    compile::{compile, flatten},
    suite::{self, Coverage},
};
use serde_json::Value;

use crate::{
    program::{Folder, Ran, run},
    site,
};

const FILE: &str = "tests/visits.yaml";

/// What the tests of a file come to in the small site: a line for each failure, `line:column message | help`.
fn failures(text: &str) -> Vec<String> {
    let sources = site::with(&[(FILE, text)]);
    let compiled = compile(&sources);
    assert!(compiled.diagnostics.is_empty(), "{:?}", compiled.diagnostics);
    let bundle = Bundle::open(&pack(&compiled.contents.unwrap())).unwrap();
    let mut coverage = Coverage::default();
    let tested: Vec<_> = compiled.cases.iter().map(|case| suite::run(&bundle, case, &mut coverage)).collect();
    let flat = tested.iter().flat_map(|one| &one.failures).map(|failure| flatten(failure, &sources));
    flat.map(|found| {
        assert_eq!((found.code, found.place.file.as_str()), ("T003", FILE));
        format!("{}:{} {} | {}", found.place.line, found.place.column, found.message, found.help.unwrap_or_default())
    })
    .collect()
}

fn check(visit: &str, expect: &str, failed: &[&str]) {
    let text = format!("- name: one\n  visit: {visit}\n  expect: {expect}\n");
    assert_eq!(failures(&text), failed, "{text}");
}

#[test]
fn what_is_as_expected_passes() {
    check("{ account: alder }", "{ account: alder, segments: [banks], slots: { title: hero } }", &[]);
    check("{ account: alder }", "{ slots: { title: hero/one, body: Default }, placements: { side: offer/box } }", &[]);
    check(
        "{ account: birch }",
        "{ not_segments: [banks], slots: { title: Default }, placements: { side: Default } }",
        &[],
    );
    check("{}", "{ account: null, not_segments: [banks] }", &[]);
    check("{ ip: 132.186.88.9 }", "{ account: alder }", &[]);
    check("{ account: alder }", "{ slots: { title: { shows: hero, text: Hell, reason: no stronger } } }", &[]);
    check("{ account: alder }", "{ placements: { side: { shows: offer, reason: no stronger } } }", &[]);
}

#[test]
fn what_is_not_says_what_was_got_and_why() {
    check(
        "{ account: birch }",
        "{ slots: { title: hero/one } }",
        &["3:29 `title` shows Default; expected `hero/one` | `hero`: would match if account.tier == 1; it is 2"],
    );
    check(
        "{ account: alder }",
        "{ slots: { title: Default } }",
        &["3:29 `title` shows `hero/one`; expected Default | "]
            .map(|start| format!("{start}{}", reason("alder", "title")))
            .each_ref()
            .map(String::as_str),
    );
    check(
        "{ account: birch }",
        "{ placements: { side: offer } }",
        &["3:33 `side` shows Default; expected `offer` | `offer`: would match if account.tier == 1; it is 2"],
    );
    check("{ account: birch }", "{ segments: [banks] }", &["3:24 `birch` is not in the segment `banks` | "]);
    check("{}", "{ segments: [banks] }", &["3:24 a stranger is not in the segment `banks` | "]);
    check("{ account: alder }", "{ not_segments: [banks] }", &["3:28 `alder` is in the segment `banks` | "]);
    check(
        "{ account: alder }",
        "{ slots: { title: { shows: hero, text: Goodbye } } }",
        &["3:50 `title` says `Hello`; expected `Goodbye` in it | "],
    );
    check(
        "{ account: birch }",
        "{ slots: { title: { shows: Default, text: Hello } } }",
        &["3:53 `title` keeps its text; expected `Hello` in it | "],
    );
}

/// The reason that a decision gives for a place.
fn reason(account: &str, about: &str) -> String {
    let bundle = site::bundle(&site::with(&[]));
    let visit = nameplate::model::Visit { account: Some(account.to_owned()), ..Default::default() };
    let decision = nameplate::decide::decide(&bundle, &visit);
    decision.reasons.iter().find(|reason| &*reason.about == about).unwrap().text.to_string()
}

#[test]
fn a_wrong_account_says_how_it_was_found() {
    let [failure] =
        failures("- { name: a, visit: { ip: 132.186.88.9 }, expect: { account: birch } }").try_into().unwrap();
    assert!(failure.starts_with("1:62 the visitor is `alder`; expected `birch` | "), "{failure}");
    assert!(failure.contains("132.186.88.0/24"), "{failure}");
}

#[test]
fn dates_count_as_the_time_of_a_visit() {
    let scheduled = site::EXPERIENCE.replace("priority: 500", "priority: 500\nschedule: { from: 2026-03-01 }");
    let tests = "
- { name: before, visit: { account: alder, now: 2026-02-28 }, expect: { slots: { title: Default } } }
- { name: after, visit: { account: alder, now: 2026-03-01T00:00:00Z }, expect: { slots: { title: hero } } }
- { name: seconds, visit: { account: alder, now: 1772323200 }, expect: { slots: { title: hero } } }
";
    let sources = site::with(&[("experiences/hero.yaml", &scheduled), (FILE, tests)]);
    let compiled = compile(&sources);
    let bundle = Bundle::open(&pack(&compiled.contents.unwrap())).unwrap();
    let mut coverage = Coverage::default();
    for case in &compiled.cases {
        assert!(suite::run(&bundle, case, &mut coverage).failures.is_empty(), "{}", case.name);
    }
    assert_eq!(compiled.cases.len(), 3);
}

fn test(folder: &Folder, more: &[&str], code: i32) -> Ran {
    let ran = run(&[&["test", folder.path().to_str().unwrap()], more].concat());
    assert_eq!(ran.code, Some(code), "{ran:?}");
    ran
}

const PASSES: &str = "- { name: alder reads hello, visit: { account: alder }, expect: { slots: { title: hero } } }\n";
const FAILS: &str = "- { name: birch too, visit: { account: birch }, expect: { slots: { title: hero } } }\n";

#[test]
fn the_command_says_how_many_passed() {
    let folder = Folder::with_site();
    assert!(test(&folder, &[], 2).err.contains("there is no test; write tests/*.yaml"));
    folder.write(FILE, PASSES);
    assert_eq!(test(&folder, &[], 0).out, "1 test, 1 passed, 0 failed\n");
    folder.write(FILE, format!("{PASSES}{FAILS}"));
    let ran = test(&folder, &[], 1);
    assert_eq!(ran.out, "failed: birch too\n2 tests, 1 passed, 1 failed\n");
    assert!(ran.err.starts_with("error[T003]: `title` shows Default; expected `hero`"), "{}", ran.err);
    assert!(ran.err.contains("of this test"), "{}", ran.err);
    assert_eq!(test(&folder, &["--only", "alder"], 0).out, "1 test, 1 passed, 0 failed\n");
    assert!(test(&folder, &["--only", "oak"], 2).err.contains("no test has `oak` in its name"));
}

#[test]
fn the_command_lists_what_nothing_reaches() {
    let folder = Folder::with_site();
    folder.write(FILE, FAILS);
    let out = test(&folder, &["--coverage"], 1).out;
    let expect = "not reached: segment banks\nnot reached: experience hero\nnot reached: line item offer\n3 parts are not reached\n";
    assert!(out.ends_with(expect), "{out}");
    folder.write(FILE, PASSES);
    let out = test(&folder, &["--coverage"], 0).out;
    assert!(out.ends_with("every part of the site is reached\n"), "{out}");
}

#[test]
fn the_command_answers_programs() {
    let folder = Folder::with_site();
    folder.write(FILE, FAILS);
    let json: Value = serde_json::from_str(&test(&folder, &["--json", "--coverage"], 1).out).unwrap();
    assert_eq!(json["tests"][0]["passed"], false);
    assert_eq!(json["tests"][0]["failures"][0]["code"], "T003");
    assert_eq!(json["tests"][0]["failures"][0]["line"], 1);
    assert_eq!(json["notReached"][0], serde_json::json!({ "kind": "segment", "name": "banks" }));
}

#[test]
fn the_sample_sites_tests_pass_and_reach_all_of_it() {
    let sources = site::sample();
    let compiled = compile(&sources);
    let bundle = Bundle::open(&pack(&compiled.contents.unwrap())).unwrap();
    let mut coverage = Coverage::default();
    for case in &compiled.cases {
        let failures = suite::run(&bundle, case, &mut coverage).failures;
        let rendered: Vec<String> = failures.iter().map(|failure| flatten(failure, &sources).rendered).collect();
        assert!(failures.is_empty(), "{}", rendered.join("\n"));
    }
    assert!(compiled.cases.len() >= 40, "{}", compiled.cases.len());
    assert_eq!(coverage.missing(&bundle), []);
}
