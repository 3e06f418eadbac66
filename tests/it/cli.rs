//! What the commands print and how they end: 0 all is well, 1 errors in what was given, 2 could not run.

use std::{fs, path::Path};

use nameplate::{bundle::Bundle, compile::Sources};
use serde_json::{Value, json};

use crate::{
    program::{Folder, Ran, bundle_in, run, run_with},
    site,
};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs; the exit code must be this. Nothing may speak of a panic.
fn check(arguments: &[&str], code: i32) -> Ran {
    let ran = run(arguments);
    assert_eq!(ran.code, Some(code), "{arguments:?} {ran:?}");
    assert!(!ran.err.contains("panicked"), "{ran:?}");
    ran
}

#[test]
fn check_ends_with_0_when_a_site_is_clean() {
    let folder = Folder::with_site();
    let ran = check(&["check", text(folder.path())], 0);
    assert_eq!(ran.out, "Example is clean: 4 accounts, 4 networks, 1 experience, 1 line item\n");
    assert_eq!(ran.err, "8 notes: see them with `--notes`\n");
    assert!(check(&["check", "--notes", text(folder.path())], 0).err.starts_with("note[L014]: nothing reads"));
    let sample = site::sample_folder();
    assert_eq!(check(&["check", text(&sample)], 0).err, "");
}

#[test]
fn check_ends_with_0_on_warnings_and_shows_them() {
    let folder = Folder::with_site();
    folder.write("ads/offer.yaml", site::AD.replace("300x250", "728x90"));
    let ran = check(&["check", text(folder.path())], 0);
    assert!(ran.err.starts_with("warning[D003]: `box` is 728x90"), "{}", ran.err);
    assert!(ran.err.contains("0 errors and 1 warning\nfor more: nameplate explain D003\n"), "{}", ran.err);
}

#[test]
fn check_ends_with_1_on_errors_and_shows_them_on_standard_error() {
    let folder = Folder::with_site();
    folder.write("ads/offer.yaml", site::AD.replace("[side]", "[top]").replace("account.tier", "account.teir"));
    let ran = check(&["check", text(folder.path())], 1);
    assert_eq!(ran.out, "");
    assert!(ran.err.starts_with("error[R012]: unknown field `account.teir`\n --> ads/offer.yaml:2:7\n"), "{}", ran.err);
    assert!(ran.err.ends_with("2 errors and 0 warnings\nfor more: nameplate explain R012\n"), "{}", ran.err);
    assert!(!ran.err.contains('\u{1b}'), "no colours where there is no terminal");
}

#[test]
fn check_prints_json_for_programs() {
    let folder = Folder::with_site();
    let json = |code: i32| -> Value {
        let ran = check(&["check", "--json", text(folder.path())], code);
        assert_eq!(ran.err, "");
        serde_json::from_str(&ran.out).unwrap()
    };
    assert_eq!(json(0), Value::Array(Vec::new()));
    folder.write("ads/offer.yaml", site::AD.replace("[side]", "[sied]"));
    let found = &json(1)[0];
    assert_eq!(found["code"], "D001");
    assert_eq!(found["severity"], "error");
    assert_eq!(found["message"], "there is no placement `sied`");
    assert_eq!((&found["file"], &found["line"], &found["column"]), (&"ads/offer.yaml".into(), &3.into(), &14.into()));
    assert_eq!(found["help"], "a placement with a similar name exists: `side`");
    assert!(found["rendered"].as_str().unwrap().starts_with("error[D001]: "));
}

#[test]
fn a_command_that_cannot_run_ends_with_2_and_says_why() {
    let folder = Folder::new();
    let none = folder.join("none");
    let none = text(&none);
    folder.write("text.npb", "no bundle");
    let bad = folder.join("text.npb");
    let bad = text(&bad);
    for arguments in [
        &["check", none][..],
        &["build", none, "-o", bad],
        &["decide", none],
        &["inspect", none],
        &["preview", none, "--port", "0"],
    ] {
        let ran = check(arguments, 2);
        assert!(ran.err.starts_with("error: ") && ran.err.contains("none") && ran.out.is_empty(), "{ran:?}");
    }
    let folder_text = text(folder.path());
    for (arguments, expected) in [
        (&["check", bad][..], "text.npb: expected the site folder, which holds nameplate.yaml; found a file\n"),
        (
            &["preview", bad, "--port", "0"],
            "text.npb: expected the site folder, which holds nameplate.yaml; found a file\n",
        ),
        (&["preview", folder_text, "--port", "0"], ": expected the site folder; it holds no nameplate.yaml\n"),
        (&["decide", folder_text], ": expected a bundle, which `nameplate build` writes; found a folder\n"),
        (&["inspect", none], "none: no such file or directory\n"),
    ] {
        let ran = check(arguments, 2);
        assert!(ran.err.ends_with(expected), "{ran:?}");
    }
    for command in ["decide", "inspect"] {
        let ran = check(&[command, bad], 2);
        assert!(ran.err.contains("text.npb: bundle section `header` at byte 0: expected "), "{ran:?}");
    }
    for arguments in
        [&[][..], &["unknown"], &["check"], &["build", none], &["decide", bad, "--batch", "--ip", "192.0.2.1"]]
    {
        assert_eq!(check(arguments, 2).out, "");
    }
    assert_eq!(fs::read(bad).unwrap(), b"no bundle");
}

#[test]
fn a_taken_port_is_named() {
    let folder = Folder::with_site();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let ran = check(&["preview", text(folder.path()), "--port", &address.port().to_string()], 2);
    assert!(ran.err.starts_with(&format!("error: another program listens on {address}; ")), "{ran:?}");
}

#[test]
fn options_that_could_match_nothing_are_refused() {
    let folder = Folder::with_site();
    let bundle = bundle_in(&folder, &site::with(&[]));
    for option in [
        ["--role", "boss"],
        ["--visits", "0"],
        ["--visits", "-3"],
        ["--url", "pricing"],
        ["--now", "tomorrow"],
        ["--email-domain", "jane@alder.example"],
    ] {
        let ran = check(&["decide", &bundle, option[0], option[1]], 2);
        assert!(ran.err.starts_with(&format!("error: invalid value '{}' for '{}", option[1], option[0])), "{ran:?}");
    }
    check(&["decide", &bundle, "--role", "user", "--visits", "1", "--url", "/pricing", "--language", "de"], 0);
}

#[test]
fn a_time_is_a_date_a_date_and_time_or_seconds() {
    let folder = Folder::with_site();
    let hero = site::EXPERIENCE.replace("account.tier == 1", "'now >= date(\"2026-11-27\")'");
    let bundle = bundle_in(&folder, &site::with(&[("experiences/hero.yaml", &hero)]));
    let shows = |now: &str| check(&["decide", &bundle, "--now", now], 0).out.contains("hero");
    for (before, from) in [
        ("2026-11-26", "2026-11-27"),
        ("2026-11-26T23:59:59Z", "2026-11-27T00:00:00Z"),
        ("2026-11-27T00:59:59+01:00", "2026-11-27T01:00:00+01:00"),
        ("1795737599", "1795737600"),
    ] {
        assert_eq!((shows(before), shows(from)), (false, true), "{before} {from}");
    }
}

#[test]
fn match_needs_a_database_of_either_kind() {
    let folder = Folder::with_site();
    let ran = check(&["match", text(folder.path()), "-o", "none.csv"], 2);
    assert!(ran.err.contains("--mmdb") && ran.err.contains("--csv"), "{ran:?}");
}

#[test]
fn help_and_version_end_with_0() {
    assert!(check(&["--version"], 0).out.starts_with("nameplate "));
    for command in ["check", "build", "decide", "inspect", "preview", "serve", "slice"] {
        let ran = check(&[command, "--help"], 0);
        assert!(ran.out.contains("Usage: nameplate"), "{ran:?}");
    }
}

#[test]
fn slice_writes_a_bundle_for_one_account() {
    let folder = Folder::new();
    let bundle = bundle_in(&folder, &site::with(&[]));
    let output = folder.join("alder.npb");
    let slice = |whose: &[&str], code: i32| check(&[&["slice", &bundle, "-o", text(&output)], whose].concat(), code);
    for (whose, name, counts) in [
        (&["--account", "alder"][..], "Alder Bank AG", "1 experience, 1 line item"),
        (&["--ip", "132.186.88.7"], "Alder Bank AG", "1 experience, 1 line item"),
        (&["--account", "birch"], "Birch Chemicals", "0 experiences, 0 line items"),
        (&["--ip", "8.8.8.8"], "strangers", "0 experiences, 0 line items"),
        (&["--stranger"], "strangers", "0 experiences, 0 line items"),
    ] {
        let ran = slice(whose, 0);
        let size = fs::metadata(&output).unwrap().len();
        assert_eq!(ran.out, format!("{}: {size} bytes, for {name}, {counts}\n", text(&output)));
        check(&["inspect", text(&output)], 0);
    }
    assert!(slice(&["--account", "oak"], 2).err.ends_with("site.npb: there is no account `oak`\n"));
    assert!(slice(&[], 2).err.contains("--account <ID>|--ip <ADDRESS>|--stranger"));
    assert!(slice(&["--stranger", "--account", "alder"], 2).err.contains("cannot be used with"));
}

#[test]
fn build_writes_a_bundle_that_opens() {
    let folder = Folder::with_site();
    let output = folder.join("out/deep/site.npb");
    let ran = check(&["build", text(folder.path()), "-o", text(&output)], 0);
    let bytes = fs::read(&output).unwrap();
    assert_eq!(bytes, site::bytes(&Sources::read(folder.path()).unwrap()));
    let hash = Bundle::open(&bytes).unwrap().hash();
    assert!(ran.out.ends_with(&format!("sha256 {hash}\n")), "{}", ran.out);
    let left: Vec<_> = fs::read_dir(output.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn build_with_errors_writes_nothing_and_keeps_an_older_bundle() {
    let folder = Folder::with_site();
    folder.write("ads/offer.yaml", site::AD.replace("[side]", "[top]"));
    let output = folder.join("site.npb");
    let ran = check(&["build", text(folder.path()), "-o", text(&output)], 1);
    assert!(ran.out.is_empty() && ran.err.contains("error[D001]"), "{ran:?}");
    assert!(!output.exists());
    fs::write(&output, "older").unwrap();
    check(&["build", text(folder.path()), "-o", text(&output)], 1);
    assert_eq!(fs::read(&output).unwrap(), b"older");
}

#[test]
fn build_into_what_cannot_be_written_ends_with_2() {
    let folder = Folder::with_site();
    for output in ["ads", "nameplate.yaml/site.npb", "/"] {
        let output = folder.join(output);
        check(&["build", text(folder.path()), "-o", text(&output)], 2);
    }
    assert_eq!(fs::read_to_string(folder.join("nameplate.yaml")).unwrap(), site::SETTINGS);
    assert!(folder.join("ads/offer.yaml").exists());
}

#[test]
fn inspect_lists_every_section() {
    let folder = Folder::new();
    let bundle = bundle_in(&folder, &site::with(&[]));
    let ran = check(&["inspect", &bundle, "--json"], 0);
    let json: Value = serde_json::from_str(&ran.out).unwrap();
    let size = fs::metadata(&bundle).unwrap().len();
    assert_eq!((&json["site"], &json["bytes"]), (&"Example".into(), &size.into()));
    let sections = json["sections"].as_array().unwrap();
    let items: Vec<_> = sections.iter().map(|one| (one["name"].as_str().unwrap(), one["items"].as_u64())).collect();
    let expect = [
        ("strings", None),
        ("site", None),
        ("rules", Some(3)),
        ("segments", Some(1)),
        ("accounts", Some(4)),
        ("networks", Some(4)),
        ("slots", Some(2)),
        ("placements", Some(1)),
        ("experiences", Some(1)),
        ("line items", Some(1)),
        ("classes", Some(2)),
    ];
    assert_eq!(items, expect);
    let body: u64 = sections.iter().map(|one| one["bytes"].as_u64().unwrap()).sum();
    assert_eq!(body + 52 + 12 * 11, size);
    let ran = check(&["inspect", &bundle], 0);
    let hash = Bundle::open(&fs::read(&bundle).unwrap()).unwrap().hash();
    assert!(ran.out.contains(&hash) && ran.out.contains("line items"), "{}", ran.out);
}

#[test]
fn decide_names_the_account_of_a_real_address() {
    let folder = Folder::new();
    let bundle = bundle_in(&folder, &site::sample());
    // AS15465 is SIEMENS AG; 139.23.204.0/22 is one of its prefixes in the sample's list.
    let ran =
        check(&["decide", &bundle, "--ip", "139.23.205.7", "--url", "https://www.tidewater.example/", "--json"], 0);
    let json: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&json["account"]["id"], &json["account"]["shortName"]), (&"siemens".into(), &"Siemens".into()));
    assert_eq!(json["match"]["kind"], "address");
    assert_eq!(json["match"]["prefix"], "139.23.204.0/22");
    assert_eq!(json["match"]["source"], "AS15465, organisation `SIEMENS AG` (asn)");
    assert_eq!(json["match"]["confidence"], 90);
    assert!(json["slots"].as_array().unwrap().iter().any(|slot| slot["experience"] == "account-siemens"));
    assert!(!ran.out.contains("205.7"), "the address itself is in no answer");
    let ran = check(&["decide", &bundle, "--ip", "139.23.205.7"], 0);
    assert!(ran.out.starts_with("Siemens AG (siemens, tier 1"), "{}", ran.out);
    let why = "139.23.204.0/22, known from AS15465, organisation `SIEMENS AG` (asn); confidence 90 of 100, very high";
    assert!(ran.out.contains(why), "{}", ran.out);
}

/// Deutsche Telekom's customers and a public resolver: everybody, so nobody.
#[test]
fn decide_names_nobody_for_the_address_of_an_internet_provider() {
    let folder = Folder::new();
    let bundle = bundle_in(&folder, &site::sample());
    for ip in ["93.192.0.1", "84.128.0.1", "8.8.8.8", "2003::1"] {
        let ran = check(&["decide", &bundle, "--ip", ip, "--json"], 0);
        let json: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!((&json["account"], &json["match"]["kind"]), (&Value::Null, &"none".into()), "{ip}");
    }
    assert!(check(&["decide", &bundle, "--ip", "8.8.8.8"], 0).out.starts_with("nobody we know\n"));
}

#[test]
fn decide_reads_a_visit_and_options_overwrite_it() {
    let folder = Folder::new();
    let bundle = bundle_in(&folder, &site::with(&[]));
    folder.write("visit.json", r#"{"account": "alder", "visitor": {"visits": 3}}"#);
    let file = folder.join("visit.json");
    let account = |ran: &Ran| serde_json::from_str::<Value>(&ran.out).unwrap()["account"]["id"].clone();
    assert_eq!(account(&check(&["decide", &bundle, "--visit", text(&file), "--json"], 0)), "alder");
    assert_eq!(
        account(&check(&["decide", &bundle, "--visit", text(&file), "--account", "birch", "--json"], 0)),
        "birch"
    );
    let ran = run_with(&["decide", &bundle, "--visit", "-", "--json"], br#"{"ip": "134.244.29.1"}"#.to_vec());
    assert_eq!((ran.code, account(&ran)), (Some(0), "birch".into()));
}

#[test]
fn decide_refuses_what_is_no_visit() {
    let folder = Folder::new();
    let bundle = bundle_in(&folder, &site::with(&[]));
    for wrong in [
        "",
        "{",
        "[]",
        "null",
        "1",
        r#"{"adress": "x"}"#,
        r#"{"visitor": {"role": 1}}"#,
        r#"{"visitor": {"role": "boss"}}"#,
        r#"{"visitor": {"rle": "x"}}"#,
        r#"{"now": 1.5}"#,
        "{} {}",
    ] {
        let ran = run_with(&["decide", &bundle, "--visit", "-"], wrong.as_bytes().to_vec());
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{wrong} {ran:?}");
        assert!(ran.err.starts_with("error: -: "), "{wrong} {ran:?}");
    }
    check(&["decide", &bundle, "--visit", "/none"], 2);
}

#[test]
fn what_is_wrong_with_a_visit_is_said_in_words() {
    let folder = Folder::new();
    let bundle = bundle_in(&folder, &site::with(&[]));
    for (wrong, said) in [
        (r#"{"now": "today"}"#, "not a visit: expected a whole number, found a string at line 1 column 15"),
        (r#"{"now": 1.5}"#, "not a visit: expected a whole number, found a decimal number at line 1 column 11"),
        (r#"{"visitor": [1]}"#, "expected a string, found a whole number at line 1 column 14"),
        (r#"{"url": {}}"#, "not a visit: expected a string, found an object at line 1 column 8"),
        (r#"{"visitor": {"role": "boss"}}"#, "expected a role, one of champion, decision-maker, "),
        (r#"{"visitor": {"device": "dekstop"}}"#, "expected a device, one of phone, tablet, desktop"),
        (r#"{"visitor": {"visibility": "seen"}}"#, "expected a visibility, one of visible, hidden"),
    ] {
        let ran = run_with(&["decide", &bundle, "--visit", "-"], wrong.as_bytes().to_vec());
        assert!(ran.code == Some(2) && ran.err.contains(said), "{wrong} {ran:?}");
    }
}

/// What stands in a wrong place may be an address.
#[test]
fn an_error_repeats_no_value_of_a_visit() {
    let folder = Folder::new();
    let bundle = bundle_in(&folder, &site::with(&[]));
    for wrong in [
        r#"{"now": "132.186.88.77"}"#,
        r#"{"visitor": "132.186.88.77"}"#,
        r#"{"visitor": {"visits": "132.186.88.77\", expected"}}"#,
        r#"{"ip": ["132.186.88.77"]}"#,
        r#"{"ip": 2226804813}"#,
        r#""132.186.88.77""#,
    ] {
        let ran = run_with(&["decide", &bundle, "--visit", "-"], wrong.as_bytes().to_vec());
        assert!(
            ran.code == Some(2) && !ran.err.contains("88.77") && !ran.err.contains("2226804813"),
            "{wrong} {ran:?}"
        );
        let ran = run_with(&["decide", &bundle, "--batch"], wrong.as_bytes().to_vec());
        assert!(
            ran.code == Some(1) && !ran.out.contains("88.77") && !ran.out.contains("2226804813"),
            "{wrong} {ran:?}"
        );
    }
}

#[test]
fn explain_lists_the_candidates() {
    let folder = Folder::new();
    let bundle = bundle_in(&folder, &site::with(&[]));
    let ran = check(&["decide", &bundle, "--account", "birch", "--explain", "--json"], 0);
    let json: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["decision"]["account"]["id"], "birch");
    assert_eq!(json["candidates"][0]["name"], "hero");
    assert_eq!(json["candidates"][0]["outcome"], "no-match");
    let ran = check(&["decide", &bundle, "--account", "birch", "--explain"], 0);
    assert!(ran.out.contains("would match if account.tier == 1; it is 2"), "{}", ran.out);
}

#[test]
fn rewrite_puts_a_visits_slots_into_the_page_and_leaves_a_strangers_as_it_is() {
    let folder = Folder::with_site();
    let bundle = bundle_in(&folder, &site::with(&[]));
    let tag = "<script async src=\"/np/tag.js\"></script>";
    let page = format!("<!doctype html><head><title>T</title>{tag}</head><body><h1>Title</h1><p>Text</p>");
    let rewrite = |options: &[&str]| {
        let arguments = [&["rewrite", &bundle], options].concat();
        let ran = run_with(&arguments, page.clone().into());
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
        ran.out
    };
    assert_eq!(rewrite(&[]), page);
    let known = rewrite(&["--account", "alder", "--slice"]);
    assert!(known.contains(">Hello<"), "{known}");
    assert!(known.contains(&format!("</script>{tag}")) && known.ends_with("<p>Text</p>"), "{known}");
    assert!(!rewrite(&["--account", "alder"]).contains("np-slice"));
    check(&["rewrite", "no-such-file.npb"], 2);
}

#[test]
fn init_makes_a_site_that_is_clean_and_whose_tests_reach_all_of_it() {
    let folder = Folder::new();
    let site = folder.join("new/site");
    let site = text(&site);
    let out = check(&["init", site], 0).out;
    assert!(out.contains(&format!("\n  nameplate preview {site}\n")) && out.contains("`nameplate match`"), "{out}");
    let ran = check(&["check", site], 0);
    assert_eq!(
        (ran.out.as_str(), ran.err.as_str()),
        ("Example is clean: 2 accounts, 0 networks, 2 experiences, 1 line item\n", "1 note: see them with `--notes`\n")
    );
    assert_eq!(
        check(&["test", site, "--coverage"], 0).out,
        "3 tests, 3 passed, 0 failed\nevery part of the site is reached\n"
    );
    assert_eq!(check(&["init", site], 2).err, format!("error: {site}: the folder is not empty; expected a new one\n"));
    check(&["init", text(&folder.join("new/site/nameplate.yaml"))], 2);
}

#[test]
fn fields_lists_what_conditions_can_read() {
    let out = check(&["fields"], 0).out;
    assert_eq!(out.lines().count(), 1 + nameplate::rule::FIELDS.len());
    let revenue: Vec<&str> = out.lines().filter(|line| line.starts_with("account.revenue ")).collect();
    let words = ["account.revenue", "a whole number", "US dollars", "accounts.csv", "yes", "revenue a year"];
    let shown: Vec<&str> = revenue[0].split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    assert_eq!((revenue.len(), shown.as_slice()), (1, words.as_slice()), "{out}");
    let json: Value = serde_json::from_str(&check(&["fields", "--json"], 0).out).unwrap();
    let tier = json.as_array().unwrap().iter().find(|field| field["name"] == "account.tier").unwrap();
    let expected = json!({
        "name": "account.tier", "type": "a whole number", "unit": "", "source": "accounts.csv", "private": true,
        "about": "1 one-to-one, 2 one-to-few, 3 one-to-many",
    });
    assert_eq!(*tier, expected);
}
