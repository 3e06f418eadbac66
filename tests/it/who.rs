//! Who may see what: what specialising left, as `who` and `inspect --classes` list it.

use std::process::{Command, Output};

fn check(arguments: &[&str], code: i32) -> String {
    let site = concat!(env!("CARGO_MANIFEST_DIR"), "/data/site");
    let arguments = arguments.iter().map(|argument| argument.replace("SITE", site));
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_nameplate")).args(arguments).output().unwrap();
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(code), "{said}");
    if code == 0 { String::from_utf8(stdout).unwrap() } else { said }
}

#[test]
fn every_account_and_the_strangers_have_a_row() {
    let text = check(&["who", "SITE", "--slot", "pricing-cta"], 0);
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows.len(), 76);
    let row = |name: &str| *rows.iter().find(|row| row.starts_with(name)).unwrap();
    assert!(row("Siemens AG").ends_with("tier-one-pricing if page.path.startsWith(\"/pricing\"), else Default"));
    assert!(row("(strangers)").ends_with("  Default"));
}

#[test]
fn an_experience_that_is_sure_ends_the_row() {
    let text = check(&["who", "SITE", "--slot", "pricing-title"], 0);
    let siemens = text.lines().find(|row| row.starts_with("Siemens AG")).unwrap();
    assert!(siemens.ends_with("account-siemens"), "{siemens}");
}

#[test]
fn the_same_can_be_read_by_a_program() {
    let text = check(&["who", "SITE", "--slot", "pricing-cta", "--json"], 0);
    let rows: serde_json::Value = serde_json::from_str(&text).unwrap();
    let siemens = rows.as_array().unwrap().iter().find(|row| row["account"] == "siemens").unwrap();
    assert_eq!(siemens["sees"][0]["experience"], "tier-one-pricing");
    assert_eq!(siemens["sees"][0]["when"], "page.path.startsWith(\"/pricing\")");
}

#[test]
fn a_slot_that_is_none_is_refused_with_those_that_are() {
    let said = check(&["who", "SITE", "--slot", "hero"], 2);
    assert!(said.contains("there is no slot `hero`; the site has announcement, "), "{said}");
}

#[test]
fn classes_hold_every_account_once() {
    let bundle = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("who.npb");
    let bundle = bundle.to_str().unwrap();
    check(&["build", "SITE", "-o", bundle], 0);
    let classes: serde_json::Value =
        serde_json::from_str(&check(&["inspect", bundle, "--classes", "--json"], 0)).unwrap();
    let classes = classes.as_array().unwrap();
    let accounts: usize = classes.iter().map(|class| class["accounts"].as_array().unwrap().len()).sum();
    assert_eq!(accounts, 75);
    assert_eq!(classes.iter().filter(|class| class["strangers"] == true).count(), 1);
    let table = check(&["inspect", bundle, "--classes"], 0);
    assert_eq!(table.lines().count(), classes.len() + 1);
}
