//! The program knows of visitors what databases say: for one visit, for many, and for programs that ask the server.

use serde_json::{Value as Json, json};

use super::write::{Database, U16, Value, text};
use crate::{
    program::{Folder, run, run_with},
    server::{KEY, Server},
    site,
};

/// Greets who works for a large company, and who comes from a country.
const EXPERIENCES: [(&str, &str); 2] = [
    (
        "experiences/large.yaml",
        "name: large
when: account.employees > 1000
priority: 600
variants: [{ name: one, slots: { title: { text: 'Hello, {{account.name | you}}' } } }]
",
    ),
    (
        "experiences/british.yaml",
        "name: british
when: custom.country == 'GB' && custom.asn == 64496
priority: 500
variants: [{ name: one, slots: { body: { text: 'Good afternoon' } } }]
",
    ),
];

const VISITOR: &str = "8.8.8.8";
/// In alder's, but shared.
const SHARED_PREFIX: &str = "132.186.88.0/26";
const SHARED: &str = "132.186.88.7";

fn written(record: Vec<(&'static str, Value)>) -> Vec<u8> {
    let record = Value::Map(record);
    Database::new(6, 24, &[("8.8.0.0/16", record.clone()), (SHARED_PREFIX, record)]).bytes()
}

/// The bundle, companies and countries in a database each, and the options that name them.
fn folder() -> (Folder, Vec<u8>, Vec<String>) {
    let folder = Folder::new();
    let settings = format!("{}custom: {{ country: text, asn: number }}\n", site::SETTINGS);
    let shared = ("shared.csv", "prefix,kind,source\n132.186.88.0/26,proxy,a gateway\n");
    let files = [&[("nameplate.yaml", settings.as_str()), shared], &EXPERIENCES[..]].concat();
    let bundle = site::bytes(&site::with(&files));
    folder.write("site.npb", &bundle);
    let company = [("name", text("Elm Bank")), ("type", text("business")), ("size", Value::Uint(U16, 5_000))];
    folder.write("companies.mmdb", written(company.to_vec()));
    let country = [("country_code", text("GB")), ("asn", text("AS64496")), ("name", text("nobody"))];
    folder.write("countries.mmdb", written(country.to_vec()));
    let path = |file: &str| folder.join(file).to_str().unwrap().to_owned();
    let options = [
        "--mmdb".to_owned(),
        path("companies.mmdb"),
        "--mmdb".to_owned(),
        path("countries.mmdb"),
        "--mmdb-fields".to_owned(),
        "employees=size".to_owned(),
    ];
    (folder, bundle, options.to_vec())
}

/// What a visitor is shown whom the databases know.
fn check_known(decision: &Json) {
    assert_eq!(decision["match"]["kind"], "described", "{decision}");
    assert_eq!(decision["account"]["name"], "Elm Bank");
    let shown = |slot: usize| decision["slots"][slot]["changes"][0]["value"].as_str();
    assert_eq!((shown(0), shown(1)), (Some("Hello, Elm Bank"), Some("Good afternoon")), "{decision}");
}

#[test]
fn a_visitor_whom_no_list_knows_is_decided_for_by_what_databases_say() {
    let (folder, _, options) = folder();
    let bundle = folder.join("site.npb").to_str().unwrap().to_owned();
    let decide = |more: &[&str]| {
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let ran = run(&[&["decide", &bundle, "--json"], more, &options].concat());
        assert_eq!(ran.code, Some(0), "{ran:?}");
        serde_json::from_str::<Json>(&ran.out).unwrap()
    };
    check_known(&decide(&["--ip", VISITOR]));
    for stranger in ["9.9.9.9", "::8.8.8.8"] {
        assert_eq!(decide(&["--ip", stranger])["slots"], json!([]), "{stranger}");
    }
    assert_eq!(decide(&["--ip", VISITOR, "--account", "birch"])["account"]["id"], "birch");
    // What the site calls shared makes nobody a company's; the country stays.
    let decision = decide(&["--ip", SHARED]);
    assert_eq!((&decision["match"]["outcome"], &decision["account"]), (&json!("shared"), &Json::Null), "{decision}");
    assert_eq!(decision["slots"][0]["experience"], "british");
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let input = format!("{{\"ip\":\"{VISITOR}\"}}\n{{\"ip\":\"{VISITOR}\",\"attributes\":{{\"name\":\"Oak\"}}}}\n");
    let ran = run_with(&[&["decide", &bundle, "--batch"], &options[..]].concat(), input.into_bytes());
    let decisions: Vec<Json> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    check_known(&decisions[0]);
    assert_eq!(decisions[1]["account"]["name"], "Oak");
}

#[test]
fn the_server_asks_databases_for_who_shows_its_key() {
    let (_folder, bundle, options) = folder();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let server = Server::start_with(&bundle, &options);
    let key = format!("Bearer {KEY}");
    let from = ("X-Forwarded-For", VISITOR);
    let ask = |headers: &[(&str, &str)], body: &str| -> Json {
        serde_json::from_slice(&server.post("/np/decide", headers, body).body).unwrap()
    };
    check_known(&ask(&[("Authorization", &key)], &json!({ "ip": VISITOR }).to_string()));
    check_known(&ask(&[("Authorization", &key), from], "{}"));
    // Pages hear no more than their slice holds, and who objects is nobody.
    assert_eq!(ask(&[from], "{}")["match"]["kind"], "none");
    assert_eq!(ask(&[("Authorization", &key), from, ("Sec-GPC", "1")], "{}")["match"]["kind"], "none");
}

#[test]
fn a_database_that_is_none_is_named() {
    let (folder, _, _) = folder();
    folder.write("text", "no database");
    let [bundle, none, text, good] =
        ["site.npb", "none", "text", "countries.mmdb"].map(|file| folder.join(file).to_str().unwrap().to_owned());
    for (options, expect) in [
        (&["--mmdb", &none][..], "none: no such file or directory\n"),
        (
            &["--mmdb", &text],
            "text: no address database in MaxMind's format: expected its metadata in the last 131072 bytes, found none\n",
        ),
    ] {
        for command in ["decide", "serve"] {
            let ran = run(&[&[command, &bundle], options].concat());
            assert_eq!((ran.code, ran.err.ends_with(expect)), (Some(2), true), "{ran:?}");
        }
    }
    let ran = run(&["decide", &bundle, "--mmdb", &good, "--mmdb-fields", "size=size"]);
    assert!(ran.err.contains("expected one of asn, organisation"), "{ran:?}");
}
