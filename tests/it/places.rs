//! A diagnostic points at the very words it speaks of, however they are written.

use nameplate::compile::{compile, flatten, render};

use crate::{diagnostics::reported, site};

/// Compiles the small site with `text` as `file`. What stands between `«` and `»` in it, and nothing else, must be
/// pointed at.
fn check(file: &str, text: &str) {
    let mut marked = Vec::new();
    let mut clean = String::new();
    for piece in text.split_inclusive(['«', '»']) {
        clean.push_str(piece.trim_end_matches(['«', '»']));
        marked.extend(piece.ends_with(['«', '»']).then_some(clean.len()));
    }
    let sources = site::with(&[(file, &clean)]);
    let found: Vec<usize> =
        compile(&sources).diagnostics.iter().flat_map(|found| [found.span.start, found.span.end]).collect();
    assert_eq!(found, marked, "{text}\n{}", reported(&[(file, clean.as_bytes())]));
}

fn condition(written: &str) {
    check("experiences/hero.yaml", &site::EXPERIENCE.replace("account.tier == 1", written));
}

fn content(written: &str) {
    check("experiences/hero.yaml", &site::EXPERIENCE.replace("title: { text: Hello }", written));
}

#[test]
fn parts_of_a_condition_are_found_in_every_style_of_yaml() {
    condition("«account.teir» == 1");
    condition("'account.name == \"it''s\" && «account.teir» == 1'");
    condition(r#""account.name == \"a\\\"b\" && «account.teir» == 1""#);
    condition(r#""account.name == '\u00e9\ud83d\ude00\t' && «account.teir» == 1""#);
    condition("account.name == 'é😀ß' && «account.teir» == 1 && 'é' in «account.tecs»");
    condition("account.name == 'a'\n  && «account.teir» == 1\n\n  && «page.pth» == '/'");
    condition(">-\n  account.name == 'a'\n  && «account.teir» == 1\n");
    condition("> # fold account.teir\n  account.name == 'a' &&\n\n  «account.teir» == 1\n");
    condition("|\n  account.name == 'é' &&\n    «account.teir» == 1\n");
    condition("\"account.name == 'a' && \\\n  «account.teir» == 1\"");
    condition("&rule «account.teir» == 1");
    condition("!!str «account.teir» == 1");
}

#[test]
fn each_part_of_a_condition_has_its_own_place() {
    condition("account.tier == «\"1\"»");
    condition("'«\"1\"» == account.tier'");
    condition("(account.tier == 1) && in_segment(«\"none\"») || !has(«account.teir»)");
    condition("account.stage in [\"customer\", «\"client\"», \"target\", «\"lead\"»]");
    condition("page.path.startsWith(«1»)");
    condition("«account.tier».startsWith(\"1\")");
    condition("in_cidr(«page.host», «\"192.0.2.1/24\"»)");
    condition("account.known && «account.name < \"b\"»");
    condition("account.known && «account.technologies.exists_one(»t, t == 'a')");
    condition("account.known && «unknown(account.tier, 1)»");
    condition("account.tier ==«»");
    condition("account.tier «=» 1");
    condition("account.known «and» true");
}

#[test]
fn tokens_are_found_in_every_style_of_yaml() {
    content("title: { text: 'it''s {{account.name | x}} and «{{account.nam | x}}»' }");
    content(r#"title: { text: "é\t\"\u00e9 «{{account.nam | x}}», «{{account.name}}»" }"#);
    content("body:\n        html: >-\n          <p>one\n          two «{{account.nam | x}}»</p>\n");
    content("body:\n        html: |\n          <p>é\n\n            «{{account.nam | x}}»</p>\n");
    content("title:\n        text: plain «{{account.nam | x»");
    content("body: { html: '<a href=\"/x/«{{account.id | x}}»\">{{account.id | x}}</a>' }");
    content("body: { html: '<a href=\"/a\">//b.example</a><a href=\"«//b.example»\">b</a>' }");
}

#[test]
fn a_file_of_html_has_its_own_places() {
    let hero = site::EXPERIENCE.replace("text: Hello", "file: variants/a.html");
    let html = "<p>é</p>\n<a href=\"/{{account.id | x}}\">{{account.nme | x}}</a>\n";
    let files = [("experiences/hero.yaml", hero.as_bytes()), ("variants/a.html", html.as_bytes())];
    let help = "a field with a similar name exists: `account.name`";
    let expect = format!("C004 variants/a.html:2:31 `account.nme` cannot stand in a token\n  {help}");
    assert_eq!(reported(&files), expect);
}

#[test]
fn keys_and_values_are_found_around_multi_byte_text() {
    check("experiences/hero.yaml", "about: é😀\nname: «Größe»\nwhen: true\npriority: 1\n«é»: 1\nvariants: «\"😀\"»\n");
}

#[test]
fn a_cell_is_found_in_every_style_of_csv() {
    let header = "prefix,account,confidence,source\n";
    let networks = |rows: &str| check("networks.csv", &format!("{header}{rows}"));
    networks("8.8.8.0/24,«adler»,90,x\n");
    networks("8.8.8.0/24,«\"adler\"»,«\"high\"»,\"a, \"\"b\"\"\"\n");
    networks("\"8.8.8.0/24\",\"alder\",90,\"two\nlines\"\n8.8.9.0/24,alder,«101»,x\n");
    networks("\n\n8.8.8.0/24,«é😀»,90,x\n\n8.8.9.0/24,alder,«é»,x");
    networks("8.8.8.0/24,alder,«no»,5\" pipe\n8.8.9.0/24,alder,«no»,x\n");
    check("networks.csv", &format!("\u{feff}{}8.8.8.0/24,«adler»,90,x\r\n", header.replace('\n', "\r\n")));
    check("networks.csv", &format!("{}8.8.8.0/24,«adler»,90,x\r", header.replace('\n', "\r")));
    check("networks.csv", "source,confidence,prefix,account\nx,«-»,«8.8.8.1/24»,«adler»\n");
    check("networks.csv", "source,confidence,prefix,account\n5\" pipe,«-»,«8.8.8.1/24»,«adler»\n");
}

#[test]
fn many_mistakes_are_all_reported_in_the_order_of_the_files() {
    let accounts = site::ACCOUNTS.replace(",2,target", ",4,prospect").replace("84000", "many");
    let ad = site::AD.replace("[side]", "[top]").replace("300x250", "big").replace("account.tier", "account.teir");
    let hero = "name: Hero\nwhen: account.teir = 1\npriority: 2000\nnote: x\nvariants:
  - name: one
    weight: heavy
    slots:
      titel: { text: '{{account.name}}' }
      body: {}
      title: { text: a, html: b }
";
    let files = [
        ("accounts.csv", accounts.as_bytes()),
        ("ads/offer.yaml", ad.as_bytes()),
        ("experiences/hero.yaml", hero.as_bytes()),
        ("networks.csv", b"prefix,account,confidence,source\n8.8.8.8/24,adler,101,x\n" as &[u8]),
        ("nameplate.yaml", &[site::SETTINGS.as_bytes(), b"extra: 1\n"].concat()),
        ("experiences/broken.yaml", b"name: ["),
    ];
    let found = reported(&files);
    let places: Vec<&str> = found.lines().filter(|line| !line.starts_with(' ')).collect();
    let places: Vec<String> = places.iter().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    let expect = [
        "A003 accounts.csv:2:35",
        "A003 accounts.csv:3:55",
        "A003 accounts.csv:3:57",
        "R012 ads/offer.yaml:2:7",
        "D001 ads/offer.yaml:3:14",
        "D004 ads/offer.yaml:6:24",
        "S003 experiences/broken.yaml:1:7",
        "S005 experiences/hero.yaml:1:7",
        "R001 experiences/hero.yaml:2:20",
        "S006 experiences/hero.yaml:3:11",
        "S010 experiences/hero.yaml:4:1",
        "S012 experiences/hero.yaml:7:13",
        "C001 experiences/hero.yaml:9:7",
        "C004 experiences/hero.yaml:9:23",
        "C002 experiences/hero.yaml:10:7",
        "C003 experiences/hero.yaml:11:31",
        "S010 nameplate.yaml:28:1",
        "N003 networks.csv:2:1",
        "N005 networks.csv:2:12",
        "N008 networks.csv:2:18",
    ];
    assert_eq!(places, expect, "{found}");
}

fn check_picture(files: &[(&str, &str)], expect: &str) {
    let sources = site::with(files);
    let compiled = compile(&sources);
    let pictures: Vec<String> = compiled.diagnostics.iter().map(|found| render(found, &sources, false)).collect();
    assert_eq!(pictures.join("\n"), expect);
    assert!(
        compiled.diagnostics.iter().all(|found| flatten(found, &sources).rendered == render(found, &sources, false))
    );
    assert!(render(&compiled.diagnostics[0], &sources, true).contains("\u{1b}["), "colours for a terminal");
}

#[test]
fn the_picture_of_a_mistake_shows_the_line_and_what_was_meant() {
    let rule = "account.teir == 1 && page.path.startsWith(\"/pricing\")";
    let pricing = "# Pricing\nname: pricing\n\n# Who sees it\n\npriority: 1\nwhen: RULE\nvariants: [{ name: a, slots: { title: { text: Hi } } }]\n";
    let expect = r#"error[R012]: unknown field `account.teir`
 --> experiences/pricing.yaml:7:7
  |
7 | when: account.teir == 1 && page.path.startsWith("/pricing")
  |       ^^^^^^^^^^^^ no such field on `account`
  |
  = help: a field with a similar name exists: `account.tier`"#;
    check_picture(&[("experiences/pricing.yaml", &pricing.replace("RULE", rule))], expect);
}

#[test]
fn the_picture_of_two_places_shows_both() {
    let accounts = format!("{}birch,Second,,,,,,,,,\n", site::ACCOUNTS);
    let expect = "error[A004]: there is another account `birch`
 --> accounts.csv:6:1
  |
6 | birch,Second,,,,,,,,,
  | ^^^^^
  |
 ::: accounts.csv:3:1
  |
3 | birch,Birch Chemicals,Birch,Chemicals,1200,900,France,2,target,10,
  | ----- the first";
    check_picture(&[("accounts.csv", &accounts)], expect);
}
