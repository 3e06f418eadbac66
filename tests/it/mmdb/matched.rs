//! What `nameplate match` finds in databases of other schemas than that of autonomous systems.

use std::fs;

use super::write::{Database, U32, U64, Value, text};
use crate::program::{Folder, Ran, run};

const SETTINGS: &str = "site: Example
hosts: [www.example.com]
accounts: { file: accounts.csv, columns: { id: id, name: name } }
";
const REVIEW: &str = "decision,account,asn,organisation,domain,prefix,confidence,reason
accept,alder,,Alder AG,,,80,by name
accept,birch,,,birch.example,,70,by domain
";

fn database(kind: &str, networks: &[(&str, Value)]) -> Vec<u8> {
    let mut database = Database::new(6, 28, networks);
    database.metadata.retain(|(key, _)| !["database_type", "build_epoch"].contains(key));
    // 17 June 2026, 19:00 UTC
    database.metadata.extend([("database_type", text(kind)), ("build_epoch", Value::Uint(U64, 1_781_722_800))]);
    database.bytes()
}

fn map(entries: &[(&'static str, Value)]) -> Value {
    Value::Map(entries.to_vec())
}

fn ran(settings: &str, databases: &[Vec<u8>]) -> (Ran, String) {
    let folder = Folder::new();
    folder.write("nameplate.yaml", settings);
    folder.write("accounts.csv", "id,name\nalder,Invented 7391\nbirch,Invented 7392\n");
    folder.write("matches.review.csv", REVIEW);
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let mut files = Vec::new();
    for (number, bytes) in databases.iter().enumerate() {
        let name = format!("{number}.mmdb");
        folder.write(&name, bytes);
        files.push(path(&name));
    }
    let site = folder.path().to_str().unwrap();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let ran = run(&[&["match", site, "-o", &path("networks.csv"), "--mmdb"], &files[..]].concat());
    let networks = fs::read_to_string(folder.join("networks.csv")).unwrap_or_default();
    (ran, networks)
}

#[test]
fn organisations_and_domains_are_found_and_relays_are_cut_out() {
    let customer = |organisation: &str| {
        map(&[
            ("autonomous_system_number", Value::Uint(U32, 3_320)),
            ("isp", text("Deutsche Telekom")),
            ("organization", text(organisation)),
        ])
    };
    let traits =
        |domain: &str, user: &str| map(&[("traits", map(&[("domain", text(domain)), ("user_type", text(user))]))]);
    let isp = database(
        "GeoIP2-ISP",
        // The second is the provider's own customers: its system is on the list of what many share.
        &[("132.186.0.0/22", customer("Alder AG")), ("132.186.4.0/22", customer("Deutsche Telekom"))],
    );
    let enterprise = database(
        "GeoIP2-Enterprise",
        &[
            ("132.186.8.0/24", traits("birch.example", "business")),
            ("132.186.9.0/24", traits("cedar.example", "residential")),
        ],
    );
    let anonymous =
        database("GeoIP2-Anonymous-IP", &[("132.186.2.0/24", map(&[("is_anonymous_vpn", Value::Bool(true))]))]);
    let (ran, networks) = ran(SETTINGS, &[isp, enterprise, anonymous]);
    assert_eq!((ran.code, &*ran.err), (Some(0), ""), "{ran:?}");
    let expect = "prefix,account,confidence,source,seen
132.186.0.0/23,alder,80,\"Alder AG, accepted by hand (GeoIP2-ISP)\",2026-06-17
132.186.3.0/24,alder,80,\"Alder AG, accepted by hand (GeoIP2-ISP)\",2026-06-17
132.186.8.0/24,birch,70,\"birch.example, accepted by hand (GeoIP2-Enterprise)\",2026-06-17
";
    assert_eq!(networks, expect);
}

#[test]
fn a_schema_that_nobody_knows_is_mapped_in_the_settings() {
    let record = map(&[("owner", map(&[("company", text("Alder AG"))])), ("site", text("birch.example"))]);
    let bytes = database("Own", &[("132.186.0.0/24", record)]);
    let mapped = format!("{SETTINGS}databases: {{ organisation: [owner.legal, owner.company] }}\n");
    let (found, networks) = ran(&mapped, std::slice::from_ref(&bytes));
    assert_eq!((found.code, &*found.err), (Some(0), ""), "{found:?}");
    assert!(networks.contains("132.186.0.0/24,alder,80,"), "{networks}");
    let (found, networks) = ran(SETTINGS, std::slice::from_ref(&bytes));
    assert_eq!((found.code, &*networks), (Some(0), "prefix,account,confidence,source\n"), "{found:?}");
    let wrong = format!("{SETTINGS}databases: {{ organization: owner.company }}\n");
    let (found, _) = ran(&wrong, &[bytes]);
    assert_eq!(found.code, Some(2), "{found:?}");
    assert!(found.err.contains("nameplate.yaml: databases: expected one of asn, organisation"), "{}", found.err);
}

#[test]
fn a_file_that_is_no_database_is_named() {
    let (found, networks) = ran(SETTINGS, &[b"no database".to_vec()]);
    assert_eq!((found.code, &*networks), (Some(2), ""), "{found:?}");
    assert!(found.err.contains("0.mmdb: no address database in MaxMind's format"), "{}", found.err);
    let mut bytes = database("Own", &[("132.186.0.0/24", map(&[("a", text("b"))]))]);
    bytes[0] = 0xff;
    let (found, _) = ran(SETTINGS, &[bytes]);
    assert!(found.code == Some(2) && found.err.contains("0.mmdb: "), "{found:?}");
}
