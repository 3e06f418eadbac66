//! `nameplate match` as its users run it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use nameplate::recognise::{Review, SharedEgress, read_ranges};
use serde_json::Value;

use super::LIST;
use crate::program::{Folder, Ran, run};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

fn run_match(folder: &Folder, more: &[&str]) -> Ran {
    let site = text(folder.path());
    run(&[&["match", &site], more].concat())
}

#[test]
fn the_samples_networks_are_found_in_an_extract_of_the_release() {
    let folder = Folder::new();
    let sample = text(&root().join("data/site"));
    let lists = ["data/extract/asn-ipv4.csv", "data/extract/asn-ipv6.csv"].map(|file| text(&root().join(file)));
    for (run_of, lists) in [("forth", [&lists[0], &lists[1]]), ("back", [&lists[1], &lists[0]])] {
        let output = folder.join(&format!("{run_of}/networks.csv"));
        let ran = run(&["match", &sample, "--csv", lists[0], lists[1], "-o", &text(&output)]);
        assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{ran:?}");
        for (found, kept) in
            [(output.clone(), "networks.csv"), (output.with_file_name("matches.review.csv"), "matches.review.csv")]
        {
            let kept = fs::read_to_string(root().join("data/site").join(kept)).unwrap();
            assert!(fs::read_to_string(&found).unwrap() == kept, "{} differs from the sample's", found.display());
        }
    }
}

#[test]
fn a_database_in_maxminds_format_gives_the_same_networks_with_their_day() {
    let folder = Folder::new();
    let output = folder.join("networks.csv");
    let (sample, tree) = (text(&root().join("data/site")), text(&root().join("data/mmdb/sample-asn.mmdb")));
    let ran = run(&["match", &sample, "--mmdb", &tree, "-o", &text(&output)]);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{ran:?}");
    let found = fs::read_to_string(&output).unwrap();
    assert!(found.starts_with("prefix,account,confidence,source,wide,seen\n"), "{}", &found[..80]);
    let from_list = fs::read_to_string(root().join("data/site/networks.csv")).unwrap();
    let without_day = found.replace(",seen\n", "\n").replace(",2026-06-17\n", "\n");
    assert_eq!(without_day.replace("(Nameplate-Sample-ASN)", "(asn)"), from_list);
}

#[test]
fn the_list_of_what_is_shared_names_systems_as_the_release_does() {
    let mut names = std::collections::HashMap::new();
    for file in ["asn-ipv4.csv", "asn-ipv6.csv"] {
        let list = fs::read(root().join("data/extract").join(file)).unwrap();
        read_ranges(&*list, |_, holder| {
            names.insert(holder.asn.unwrap(), holder.organisation.clone().unwrap());
        })
        .unwrap();
    }
    let list = SharedEgress::own();
    for (asn, shared) in list.all() {
        assert_eq!(names.get(&asn), Some(&shared.name), "AS{asn}");
    }
    let review = fs::read(root().join("data/site/matches.review.csv")).unwrap();
    for (subject, entry) in Review::read(&review).unwrap().entries() {
        let is_shared = subject.asn.is_some_and(|asn| list.get(asn).is_some());
        assert!(!is_shared, "{subject:?} {entry:?} stands in the list of what is shared");
    }
}

/// Networks that reach all others without paying for it, and the largest carriers: a visitor from there is anybody.
#[test]
fn the_list_of_what_is_shared_has_the_networks_that_everybody_comes_through() {
    const TRANSIT: [u32; 18] =
        [174, 209, 701, 1239, 1299, 2914, 3257, 3320, 3356, 3491, 5511, 6453, 6461, 6762, 6830, 6939, 7018, 12956];
    const CARRIERS: [u32; 24] = [
        2856, 3209, 3215, 3352, 4134, 4713, 4766, 4837, 5400, 6167, 7473, 7843, 7922, 8359, 9121, 9808, 12389, 12479,
        20057, 21928, 22394, 31133, 45609, 55836,
    ];
    let list = SharedEgress::own();
    let missing: Vec<u32> = TRANSIT.into_iter().chain(CARRIERS).filter(|asn| list.get(*asn).is_none()).collect();
    assert_eq!(missing, [0; 0]);
}

const ACCOUNTS: &str = "id,name,Numbers,Prefixes,Parent
alder,Alder Invented 7391 AG,AS64500;64502,,
birch,Birch Invented 7391 Ltd,,132.186.9.0/24; 2a00:1450::/32,alder
";

const SETTINGS: &str = "site: Example
hosts: [www.example.com]
accounts: { file: accounts.csv, columns: { id: id, name: name, asns: Numbers, prefixes: Prefixes, parent: Parent } }
networks: networks.csv
";

fn folder_with_numbers() -> Folder {
    let folder = Folder::new();
    for (file, text) in [("nameplate.yaml", SETTINGS), ("accounts.csv", ACCOUNTS), ("list.csv", LIST)] {
        folder.write(file, text);
    }
    folder
}

#[test]
fn numbers_and_prefixes_stand_in_the_account_list() {
    let folder = folder_with_numbers();
    let (list, output) = (text(&folder.join("list.csv")), text(&folder.join("networks.csv")));
    let ran = run_match(&folder, &["--csv", &list, "-o", &output, "--json"]);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{ran:?}");
    let summary: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(summary["prefixes"]["ipv4"], 4, "{summary}");
    assert_eq!(
        summary["databases"][0],
        serde_json::json!({ "file": "list.csv", "name": "list", "seen": null, "ranges": 5 })
    );
    assert_eq!(summary["without_network"], Value::Array(Vec::new()));
    let networks = fs::read_to_string(&output).unwrap();
    assert!(networks.contains("132.186.9.0/24,birch,100,132.186.9.0/24 is listed\n"), "{networks}");
    assert!(folder.join("matches.review.csv").exists());
    let ran = run(&["check", &text(folder.path())]);
    assert_eq!(ran.code, Some(0), "what it writes, the compiler takes: {ran:?}");
}

#[test]
fn what_was_written_and_changes_nothing_is_reported() {
    let folder = folder_with_numbers();
    folder.write("accounts.csv", ACCOUNTS.replace("64502", "64999").replace("132.186.9.0/24", "10.0.0.0/8"));
    folder.write(
        "matches.review.csv",
        "decision,account,asn,organisation,domain,prefix,confidence,ranges,reason\n\
         refuse,alder,64998,,,,,,\naccept,aldr,64501,,,,,,\nrefuse,aldr,,,,9.9.9.0/24,,,\n",
    );
    let (list, output) = (text(&folder.join("list.csv")), text(&folder.join("networks.csv")));
    let arguments = ["--csv", &list, "-o", &output];
    let ran = run_match(&folder, &arguments);
    for line in [
        "1 decided, and in no database: alder AS64998\n",
        "2 decided, and of no account of the site: aldr 9.9.9.0/24, aldr AS64501\n",
        "1 listed, and in no database: alder AS64999\n",
        "1 listed, and reserved: birch 10.0.0.0/8\n",
    ] {
        assert!(ran.code == Some(0) && ran.out.contains(line), "{line} {ran:?}");
    }
    let ran = run_match(&folder, &[&arguments[..], &["--json"]].concat());
    let summary: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(summary["ineffective"]["asns"], serde_json::json!(["alder AS64999"]));
}

#[test]
fn a_list_of_nothing_and_a_day_to_come_are_refused() {
    let folder = folder_with_numbers();
    folder.write("empty.csv", "");
    folder.write("networks.csv", "kept");
    let (list, empty, output) = ("list.csv", "empty.csv", text(&folder.join("networks.csv")));
    for (list, date, why) in [
        (empty, "2026-01-01", "empty.csv: expected ranges, found none"),
        (list, "2999-01-01", "expected a day that is past"),
        (list, "yesterday", "expected a day, such as `2026-06-17`"),
    ] {
        let ran = run_match(&folder, &["--csv", &text(&folder.join(list)), "-o", &output, "--date", date]);
        assert!(ran.code == Some(2) && ran.err.contains(why), "{ran:?}");
        assert_eq!(fs::read_to_string(&output).unwrap(), "kept");
    }
}

#[test]
fn what_is_shared_goes_into_a_list_that_the_compiler_takes() {
    let folder = folder_with_numbers();
    folder.write("nameplate.yaml", format!("{SETTINGS}shared: shared.csv\n"));
    folder.write("accounts.csv", ACCOUNTS.replace("64502", "16509").replace("132.186.9.0/24", "132.186.20.128/25"));
    folder.write("list.csv", format!("{LIST}132.186.20.0,132.186.20.255,16509,\"Amazon.com, Inc.\"\n"));
    let path = |file: &str| text(&folder.join(file));
    let more = [
        "--csv",
        &path("list.csv"),
        "-o",
        &path("networks.csv"),
        "--shared",
        &path("shared.csv"),
        "--date",
        "2026-06-17",
    ];
    let ran = run_match(&folder, &more);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{ran:?}");
    assert!(ran.out.starts_with("list.csv of 2026-06-17: 6 ranges\n"), "{}", ran.out);
    let shared = fs::read_to_string(folder.join("shared.csv")).unwrap();
    assert!(shared.starts_with("prefix,kind,source\n132.186.20.0/25,hosting,\"AS16509 Amazon.com, Inc.: "), "{shared}");
    let networks = fs::read_to_string(folder.join("networks.csv")).unwrap();
    assert!(networks.starts_with("prefix,account,confidence,source,seen\n132.186.0.0/23,alder,"), "{networks}");
    assert!(networks.contains("(list)\",2026-06-17\n") || networks.contains("(list),2026-06-17\n"), "{networks}");
    assert!(networks.contains("132.186.20.128/25,birch,"), "{networks}");
    let ran = run(&["check", &text(folder.path())]);
    assert!(ran.code == Some(0) && !ran.err.contains("N0"), "{ran:?}");
}

#[test]
fn a_cell_that_is_no_number_prefix_or_account_is_an_error_of_the_site() {
    let folder = folder_with_numbers();
    let accounts = ACCOUNTS
        .replace("AS64500;64502", "AS64500;ASX")
        .replace("132.186.9.0/24;", "132.186.9.1/24;")
        .replace(",alder\n", ",aldre\n");
    folder.write("accounts.csv", accounts);
    let (list, output) = (text(&folder.join("list.csv")), text(&folder.join("out.csv")));
    let ran = run_match(&folder, &["--csv", &list, "-o", &output]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    for message in [
        "`ASX` is not an autonomous system",
        "`132.186.9.1/24` is not a prefix",
        "`parent` is `aldre`; there is no such account",
    ] {
        assert!(ran.err.contains(message), "{message}: {}", ran.err);
    }
    assert!(ran.err.contains("an account with a similar name exists: `alder`"), "{}", ran.err);
    assert!(!folder.join("out.csv").exists());
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_its_line_and_nothing_is_overwritten() {
    let folder = folder_with_numbers();
    folder.write("out.csv", "as it was");
    folder.write("bad.csv", "132.186.0.0,132.186.0.255,64500,Alder AG\n132.186.1.0,x,64500,Alder AG\n");
    folder.write("matches.review.csv", "decision,account,asn,reason\nperhaps,alder,64500,\n");
    let (list, bad, output) =
        (text(&folder.join("list.csv")), text(&folder.join("bad.csv")), text(&folder.join("out.csv")));
    let fails = |more: &[&str], expect: &str| {
        let ran = run_match(&folder, &[more, &["-o", &output]].concat());
        assert_eq!((ran.code, &*ran.out), (Some(2), ""), "{ran:?}");
        assert!(ran.err.starts_with("error: ") && ran.err.contains(expect), "{ran:?}");
        assert_eq!(fs::read_to_string(folder.join("out.csv")).unwrap(), "as it was");
    };
    fails(
        &["--csv", &list],
        "matches.review.csv: line 2: the decision is `perhaps`; expected `accept`, `refuse` or nothing",
    );
    fs::remove_file(folder.join("matches.review.csv")).unwrap();
    fails(&["--csv", &list, &bad], "bad.csv: line 2: the last address is `x`; expected one such as `192.0.2.0`");
    fails(&["--csv", &text(&folder.join("none.csv"))], "none.csv: no such file or directory");
    fails(&["--csv", &text(folder.path())], "expected a file, found a folder, pipe, socket or device");
    fails(&["--csv", &list, "--shared-egress", &bad], "bad.csv: line 1: the header has no column `asn`");
    let ran = run_match(&folder, &["-o", &output]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
}
