//! `nameplate check --format sarif`: what editors and code hosts read. That it keeps to the standard's types, `www/test/sarif.test.mjs` holds.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    program::{Folder, PROGRAM},
    site,
};

/// The site's folder; in a URI, its blank and its letter are written otherwise.
const SITE: &str = "our sité";

/// What `check` prints as SARIF of a site with mistakes, and how it ends.
fn log(folder: &Folder) -> (Option<i32>, String) {
    let mut command = std::process::Command::new(PROGRAM);
    let output = command.args(["check", SITE, "--format", "sarif"]).current_dir(folder.path()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn folder(changes: &[(&str, String)]) -> Folder {
    let folder = Folder::new();
    for (file, text) in site::FILES {
        folder.write(&format!("{SITE}/{file}"), text);
    }
    changes.iter().for_each(|(file, text)| folder.write(&format!("{SITE}/{file}"), text));
    folder
}

#[test]
fn sarif_tells_of_every_mistake_with_its_rule_its_place_and_what_belongs_to_it() {
    let folder = folder(&[
        ("accounts.csv", format!("\u{feff}{}birch,Second,,,,,,,,,\n", site::ACCOUNTS)),
        ("ads/offer.yaml", site::AD.replace("300x250", "728x90")),
        (
            "experiences/hero.yaml",
            site::EXPERIENCE.replace("account.tier ==", "account.teir ==").replace("Hello", "'😀 {{account.name}}'"),
        ),
    ]);
    let (code, printed) = log(&folder);
    assert_eq!(code, Some(1));
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check.sarif");
    if std::env::var_os("NAMEPLATE_WRITE").is_some() {
        fs::write(&golden, &printed).unwrap();
    }
    let is_same = printed == fs::read_to_string(&golden).unwrap();
    assert!(is_same, "{} is another: NAMEPLATE_WRITE=1 cargo test sarif", golden.display());

    let log: Value = serde_json::from_str(&printed).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 4);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
}

#[test]
fn sarif_of_a_clean_site_is_a_run_without_results() {
    let (code, printed) = log(&folder(&[]));
    assert_eq!(code, Some(0));
    let log: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&log["version"], &log["runs"][0]["results"]), (&"2.1.0".into(), &Value::Array(Vec::new())));
}
