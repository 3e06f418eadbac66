//! No source, however damaged, makes the compiler panic, hang or write a bundle that does not open.

use nameplate::{
    bundle::{Bundle, pack},
    compile::{Sources, compile, flatten},
    decide::explain,
    model::Visit,
};
use proptest::prelude::{ProptestConfig, Strategy, any, prop, proptest};

use crate::site;

/// Compiles and looks at all that came out. What is without errors must pack, open and decide.
fn check(sources: &Sources) {
    let compiled = compile(sources);
    for found in compiled.diagnostics.iter().take(20) {
        let flat = flatten(found, sources);
        assert!(flat.place.line > 0 && flat.place.column > 0 && !flat.rendered.is_empty() && !flat.message.is_empty());
    }
    if let Some(contents) = &compiled.contents {
        let bundle = Bundle::open(&pack(contents)).unwrap();
        assert_eq!(bundle.contents(), contents);
        let _ = explain(&bundle, &Visit { account: Some("alder".to_owned()), ..Visit::default() });
    }
}

fn check_file(path: &str, bytes: &[u8]) {
    let mut sources = site::with(&[]);
    sources.insert(path, bytes);
    check(&sources);
}

const PATHS: [&str; 6] =
    ["nameplate.yaml", "accounts.csv", "networks.csv", "experiences/hero.yaml", "ads/offer.yaml", "experiences/x.yml"];

/// A condition in the small site's experience, and as a segment.
fn check_condition(condition: &str) {
    check_file(
        "experiences/hero.yaml",
        site::EXPERIENCE.replace("account.tier == 1", &format!("{condition:?}")).as_bytes(),
    );
    let segment = format!("{:?}", condition);
    check_file("nameplate.yaml", site::SETTINGS.replace("account.industry == \"Banking\"", &segment).as_bytes());
}

/// HTML and text in the small site's experience.
fn check_content(content: &str) {
    for key in ["html", "text", "before", "after", "visible", "classes: { add", "classes: { remove"] {
        let end = if key.contains('{') { "} }" } else { "}" };
        let written = format!("body: {{ {key}: {content:?} {end}");
        check_file("experiences/hero.yaml", site::EXPERIENCE.replace("title: { text: Hello }", &written).as_bytes());
    }
    let creative = format!("html: {content:?}");
    check_file("ads/offer.yaml", site::AD.replace("headline: Plans", &creative).as_bytes());
    let mut sources = site::with(&[]);
    sources.insert("variants/x.html", content);
    sources.insert("experiences/hero.yaml", site::EXPERIENCE.replace("text: Hello", "file: variants/x.html"));
    check(&sources);
}

/// The sample site with a shorter network list: it is compiled often here.
fn sample_files() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for folder in ["", "experiences", "ads", "variants"] {
        for entry in std::fs::read_dir(site::sample_folder().join(folder)).unwrap() {
            let entry = entry.unwrap();
            if entry.path().is_file() {
                let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
                let bytes = std::fs::read(entry.path()).unwrap();
                let bytes = bytes.split_inclusive(|byte| *byte == b'\n').take(200).flatten().copied().collect();
                files.push((path.trim_start_matches('/').to_owned(), bytes));
            }
        }
    }
    files.sort();
    files
}

fn with_file((files, index): (&[(String, Vec<u8>)], usize), bytes: &[u8]) -> Sources {
    let mut sources = Sources::default();
    for (other, (path, own)) in files.iter().enumerate() {
        sources.insert(path, if other == index { bytes } else { own });
    }
    sources
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_no_panic(path in 0..PATHS.len(), bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check_file(PATHS[path], &bytes);
    }

    #[test]
    fn random_text_of_yaml_signs_is_no_panic(path in 0..PATHS.len(), text in "([a-z:{}\\[\\],&*!|>'\"#%@?-]|\n|  |é|name: |<<: |\\{\\{|\\}\\}){0,60}") {
        check_file(PATHS[path], text.as_bytes());
        check_file(PATHS[path], format!("{}\n{text}", site::SETTINGS).as_bytes());
    }

    #[test]
    fn a_small_change_is_no_panic(path in 0_usize..5, at in any::<prop::sample::Index>(), removed in 0_usize..8, put in "([ -~]|\n|\t|é|\u{feff}|\u{0}){0,4}") {
        let (path, text) = site::FILES[path];
        let at = at.index(text.len());
        let mut bytes = text.as_bytes().to_vec();
        bytes.splice(at..(at + removed).min(text.len()), put.bytes());
        check_file(path, &bytes);
    }

    #[test]
    fn random_conditions_are_no_panic(text in condition()) {
        check_condition(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn random_html_is_no_panic(text in html()) {
        check_content(&text);
    }

    #[test]
    fn a_file_of_the_sample_site_cut_short_is_no_panic(
        file in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
    ) {
        let files = sample_files();
        let index = file.index(files.len());
        let bytes = &files[index].1;
        check(&with_file((&files, index), &bytes[..at.index(bytes.len())]));
    }
}

/// Words of CEL in any order.
fn condition() -> impl Strategy<Value = String> {
    let words = [
        "account.tier",
        "account.",
        ".",
        "visitor.ip",
        "has(",
        "in_segment(",
        "in_cidr(",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "==",
        "!=",
        "<",
        "&&",
        "||",
        "!",
        "-",
        " in ",
        "1",
        "-9223372036854775808",
        "9223372036854775808",
        "1u",
        "1.5e3",
        "0x",
        "true",
        "null",
        "'a'",
        "\"é",
        "b'x'",
        "r\"\\\"",
        "'''",
        "?",
        ":",
        ",",
        "\n",
        "//",
        "=",
        "%",
        "startsWith(",
        ".map(x, x)",
        "\\u12",
        "😀",
        "\u{0}",
        "{{",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..14).prop_map(|words| words.concat())
}

/// Pieces of HTML in any order.
fn html() -> impl Strategy<Value = String> {
    let pieces = [
        "<p>",
        "</p>",
        "<b",
        ">",
        "<a href=\"",
        "<a href='/x?y=",
        "\"",
        "'",
        "=",
        "{{account.id | x}}",
        "{{account.name|y}}",
        "{{",
        "}}",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<svg>",
        "<math>",
        "<table>",
        "<td>",
        "<template>",
        "nptoken0z",
        "nptokenq",
        "&amp;",
        "&#x3c;",
        "&",
        "<",
        "é",
        "\u{0}",
        "title=",
        "class=",
        " ",
        "/",
        "text",
        "<![CDATA[",
        "<plaintext>",
        "<select>",
        "<style>",
        "<img src=/a alt=\"",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..16).prop_map(|pieces| pieces.concat())
}

#[test]
fn nesting_without_end_is_no_panic() {
    for (open, close) in
        [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("{", "}"), ("!!seq [", "]"), ("&a [", "]")]
    {
        for depth in [60, 10_000, 100_000] {
            let text = format!("{}{}", open.repeat(depth), close.repeat(depth));
            check_file("experiences/hero.yaml", text.as_bytes());
            check_file("nameplate.yaml", format!("slots: {text}").as_bytes());
        }
    }
    let block: String = (0..5_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    check_file("ads/offer.yaml", block.as_bytes());
    for tag in ["<b>", "<div>", "<table><td>", "<a href=/x>", "<p><table>", "<!--", "<svg><p>", "<font><p>"] {
        check_content(&tag.repeat(3_000));
    }
}

#[test]
fn conditions_without_end_are_no_panic() {
    for piece in
        ["(", "!", "-", "[", "{", "has(", "a.", "a?a:", "true&&", "true||", "1+", "a[", "a==", "a in ", "\"", ".f()"]
    {
        for count in [40, 64, 1_000, 10_000] {
            check_condition(&piece.repeat(count));
            check_condition(&format!("{}true", piece.repeat(count)));
        }
    }
    let nested = |depth: usize| format!("{}account.tier == 1{}", "(".repeat(depth), ")".repeat(depth));
    for depth in [10, 48, 64, 65, 10_000] {
        check_condition(&nested(depth));
    }
    check_condition(&format!("account.tier in [{}]", "1,".repeat(10_000)));
    check_condition(&["!(account.tier == 1 || account.known) && has(account.name)"; 200].join(" || "));
}

#[test]
fn anchors_and_aliases_are_bounded() {
    let mut laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..12 {
        let before = level - 1;
        laughs.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{before}"); 9].join(", ")));
    }
    check_file("nameplate.yaml", laughs.as_bytes());
    check_file("experiences/hero.yaml", laughs.as_bytes());
    check_file("experiences/hero.yaml", b"name: &n [*n]\nwhen: *m\n");
    check_file("experiences/hero.yaml", b"a: &a { <<: *a }\n<<: { name: x }\n");
    check_file("experiences/hero.yaml", site::EXPERIENCE.replace("hero", "&n hero").replace("one", "*n").as_bytes());
    let merged = site::EXPERIENCE.replace("priority: 500", "<<: { priority: 1 }\n<<: { about: x }");
    check_file("experiences/hero.yaml", merged.as_bytes());
}

#[test]
fn numbers_without_end_are_no_panic() {
    let long = "9".repeat(5_000);
    for number in ["99999999999999999999", "-99999999999999999999", "1e999", "0x", "0b1", ".inf", "-.nan", "1_0", &long]
    {
        check_file("experiences/hero.yaml", site::EXPERIENCE.replace("500", number).as_bytes());
        check_file("accounts.csv", site::ACCOUNTS.replace("84000", number).as_bytes());
        check_file(
            "networks.csv",
            site::NETWORKS.replace("/24", &format!("/{number}")).replace("90", number).as_bytes(),
        );
        check_file("ads/offer.yaml", site::AD.replace("300x250", &format!("{number}x{number}")).as_bytes());
        check_condition(&format!("account.tier == {number}"));
    }
    for date in
        ["9999-12-31", "-009999-01-01", "+999999-01-01T00:00:00Z", "0000-00-00", "2026-01-01T25:00:00Z", "20260101"]
    {
        let schedule = format!("priority: 500\nschedule: {{ from: {date}, until: {date} }}");
        check_file("experiences/hero.yaml", site::EXPERIENCE.replace("priority: 500", &schedule).as_bytes());
    }
}

#[test]
fn paths_that_lead_out_find_nothing() {
    for path in ["../../etc/passwd", "/etc/passwd", "variants/../accounts.csv", "", ".", "\u{0}"] {
        let hero = site::EXPERIENCE.replace("text: Hello", &format!("file: {path:?}"));
        assert!(
            crate::diagnostics::reported(&[("experiences/hero.yaml", hero.as_bytes())]).starts_with("S001 "),
            "{path}"
        );
    }
}
