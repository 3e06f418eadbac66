//! What is larger than a bundle holds is reported by the compiler, not only refused at `open`.

use super::reported;
use crate::{
    program::run,
    server::{ALDER, BIRCH, Server},
    site,
};

fn check((file, words, instead, expect): (&str, &str, &str, &str)) {
    let (_, own) = site::FILES.iter().find(|(path, _)| *path == file).unwrap();
    assert!(own.contains(words), "{file} has no `{words}`");
    let text = own.replacen(words, instead, 1);
    assert_eq!(reported(&[(file, text.as_bytes())]), expect);
}

fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(", ")
}

const HERO: &str = "experiences/hero.yaml";

#[test]
fn a_condition_that_is_too_large_is_r006() {
    let check_condition = |condition: &str, place: &str, message: &str| {
        let help = "name a part of it as a segment";
        let expect = format!("R006 {HERO}:2:{place} {message}\n  {help}");
        check((HERO, "account.tier == 1", condition, &expect));
    };
    check_condition(&["true"; 2_700].join("&&"), "7", "the condition is too long");
    check_condition(
        &vec!["account.tier == 1"; 1_000].join("||"),
        "7",
        "the condition has 18998 bytes; at most 16384 fit",
    );
    check_condition(
        &format!("account.tier in [{}]", list(4_097, |_| "1".to_owned())),
        "7",
        "the condition is too long",
    );
    check_condition(&format!("{}true{}", "(".repeat(60), ")".repeat(60)), "55", "the condition nests too deeply");
}

#[test]
fn more_than_a_bundle_holds_is_s009() {
    let technologies = (0..257).map(|n| format!("t{n}")).collect::<Vec<_>>().join(";");
    let expect = "S009 accounts.csv:2:66 there are 257 technologies; a bundle holds 256";
    check(("accounts.csv", "scada;historian", &technologies, expect));
    let long = "x".repeat(65_537);
    check((
        "accounts.csv",
        "Alder Bank AG",
        &long,
        "S009 accounts.csv:2:7 the cell has 65537 bytes; at most 65536 fit",
    ));
    let expect = format!("S009 {HERO}:7:22 the text has 65537 bytes; at most 65536 fit");
    check((HERO, "text: Hello", &format!("text: {long}"), &expect));
    let expect = format!("S009 {HERO}:2:7 the text has 65537 bytes; at most 65536 fit");
    check((HERO, "account.tier == 1", &long, &expect));
    let tokens = "{{account.id | x}} ".repeat(129);
    let sizes = "the text has 2451 bytes in 258 pieces around its tokens\n  at most 256 pieces of 65536 bytes fit";
    check((
        HERO,
        "title: { text: Hello }",
        &format!("body: {{ text: {tokens:?} }}"),
        &format!("S009 {HERO}:7:21 {sizes}"),
    ));
    check((
        HERO,
        "title: { text: Hello }",
        &format!("body: {{ html: {tokens:?} }}"),
        &format!("S009 {HERO}:7:21 {sizes}"),
    ));
    let attributes = format!("attributes: {{ {} }}", list(65, |n| format!("data-a{n}: x")));
    check((HERO, "text: Hello", &attributes, &format!("S009 {HERO}:7:7 there are 65 changes; a bundle holds 64")));
    let variants = (0..64).map(|n| format!("  - {{ name: v{n}, slots: {{ title: {{ text: Hi }} }} }}\n"));
    let variants = format!("variants:\n{}", variants.collect::<String>());
    check((HERO, "variants:\n", &variants, &format!("S009 {HERO}:69:5 there are 65 variants; a bundle holds 64")));
    let hosts = format!("[{}]", list(257, |n| format!("h{n}.example.com")));
    let expect = "S009 nameplate.yaml:2:4507 there are 257 hosts; a bundle holds 256";
    check(("nameplate.yaml", "[www.example.com]", &hosts, expect));
    let sizes = format!("[{}]", list(257, |_| "300x250".to_owned()));
    let expect = "S009 nameplate.yaml:26:2342 there are 257 sizes; a bundle holds 256";
    check(("nameplate.yaml", "[300x250]", &sizes, expect));
    let creatives = (0..64).map(|n| format!("  - {{ name: c{n}, size: 300x250, link: /x, alt: A, headline: A }}\n"));
    let creatives = format!("creatives:\n{}", creatives.collect::<String>());
    let expect = "S009 ads/offer.yaml:70:7 there are 65 creatives; a bundle holds 64";
    check(("ads/offer.yaml", "creatives:\n", &creatives, expect));
    let slots = (0..1_023).map(|n| format!("  s{n}: {{ selector: a }}\n")).collect::<String>();
    let expect = "S009 nameplate.yaml:1047:3 there are 1025 slots; a bundle holds 1024";
    check(("nameplate.yaml", "slots:\n", &format!("slots:\n{slots}"), expect));
}

/// What is exactly as large as a bundle holds compiles, packs and opens.
#[test]
fn what_a_bundle_just_holds_opens() {
    let technologies = (0..256).map(|n| format!("t{n}")).collect::<Vec<_>>().join(";");
    let accounts = site::ACCOUNTS.replace("scada;historian", &technologies);
    let accounts = accounts.replace("Alder Bank AG", &"x".repeat(65_536));
    let attributes = list(63, |n| format!("data-a{n}: x"));
    let text = format!("{{ text: {:?}, attributes: {{ {attributes} }} }}", "{{account.id | x}} ".repeat(128));
    let hero = site::EXPERIENCE.replace("title: { text: Hello }", &format!("body: {text}"));
    let hero = hero.replace("account.tier == 1", &["account.known"; 700].join(" && "));
    let settings =
        site::SETTINGS.replace("[www.example.com]", &format!("[{}]", list(256, |n| format!("h{n}.example"))));
    let files = [("accounts.csv", &*accounts), ("experiences/hero.yaml", &*hero), ("nameplate.yaml", &*settings)];
    site::bundle(&site::with(&files));
}

#[test]
fn a_slice_that_is_too_large_is_s015_and_browsers_do_not_get_it() {
    let experience = |number: usize, size: usize, when: &str| {
        let text = format!("{number}").repeat(size);
        let slots = format!("body: {{ html: '<p>{text}</p>' }}");
        format!(
            "name: e{number}\nwhen: {when} && page.path == \"/{number}\"\npriority: {number}\nvariants: [{{ name: one, slots: {{ {slots} }} }}]\n"
        )
    };
    let files = |size: usize| -> Vec<(String, String)> {
        let file = |number| {
            let when = if number == 0 { "account.id == \"birch\"" } else { "account.tier == 1" };
            (format!("experiences/e{number}.yaml"), experience(number, size + usize::from(number == 3), when))
        };
        (0..6).map(file).collect()
    };
    let (small, large) = (files(50_000), files(60_000));
    let of = |files: &[(String, String)]| {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())).collect();
        reported(&files)
    };
    assert_eq!(of(&small), "");
    let expect =
        "warning S015 experiences/e3.yaml:1:7 the slice of `alder` has 300800 bytes; browsers are given at most 262144
  6 experiences and 1 line item can show for them; narrow their conditions, or shorten them";
    assert_eq!(of(&large), expect);

    let large: Vec<(&str, &str)> = large.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let server = Server::start_with(&site::bytes(&site::with(&large)), &[]);
    let [alder, birch] = [ALDER, BIRCH].map(|visitor| server.get("/np/slice", &[visitor]));
    assert_eq!((alder.status, birch.status), (500, 200));
    let [bundle, slice] = ["site.npb", "slice.npb"].map(|name| server.folder.join(name).to_str().unwrap().to_owned());
    let ran = run(&["slice", &bundle, "--account", "alder", "-o", &slice]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.ends_with("has 300800 bytes; browsers are given at most 262144: `nameplate check` says why\n"),
        "{ran:?}"
    );
    assert!(!server.folder.join("slice.npb").exists());
    assert_eq!(run(&["slice", &bundle, "--account", "birch", "-o", &slice]).code, Some(0));
}
