//! A site in which every key stands that the schemas know.

use std::collections::BTreeMap;

use super::parse;
use serde_json::{Map, Value};

const SETTINGS: &str = r##"
site: Example
salt: test
hosts: [www.example.com, "www.example.com:8443"]
link_hosts: [cdn.example.net]
holdout_percent: 10
confidence: { content: moderate, ads: 70 }
accounts: { file: accounts.csv, columns: {}, custom: { worth: { column: revenue, type: decimal, scale: 2 }, uses: { column: technologies, type: list, separator: ";" } }, email_domains: true }
networks: networks.csv
shared: shared.csv
databases: { organisation: [company.name, owner], employees: size }
segments: { banks: account.industry == "Banking", all: true }
custom: { plan: text, seats: number, trial: boolean }
cookies: { session: necessary, __Host-plan: consent }
targeting: [tier, stage, segments]
slots:
  title: { selector: h1, about: The title, max_length: 80 }
  body: { selector: "#body" }
  picture: { selector: img }
  button: { selector: a.button }
placements:
  side: { selector: "#side", sizes: [300x250, 728x90], label: Advertisement }
  top: { selector: "#top", sizes: 728x90 }
pages: { /: pages/index.html }
allow: { L012: It is meant so }
"##;

const EXPERIENCE: &str = r##"
name: hero
about: For banks
when: in_segment("banks")
priority: 500
schedule: { from: 2026-01-01, until: 2026-07-01T09:00:00+01:00 }
test: { unit: visitor, holdout_percent: 10 }
allow: { L010: It is meant so }
variants:
  - name: one
    weight: 2
    slots:
      title: { text: Hello, classes: { add: [big, bold], remove: small } }
      body: { html: <p>Hello</p>, before: <p>Before</p>, after: <p>After</p> }
      picture: { image: { src: /a.png, alt: A picture, srcset: /a.png 2x } }
      button: { file: variants/button.html, visible: true, attributes: { href: /a, title: Hello, data-x: y, aria-label: z,
        alt: a, dir: ltr, height: 4, lang: en, placeholder: p, src: /b, srcset: /b 2x, width: 4 } }
  - name: two
    weight: 1
    redirect: /elsewhere
"##;

const LINE_ITEM: &str = r##"
name: offer
about: For all
when: "true"
priority: 700
weight: 3
flight: { from: 2026-01-01, until: 2027-01-01 }
allow: { L010: It is meant so }
placements: [side, top]
creatives:
  - { name: words, size: 300x250, weight: 2, link: /plans, alt: Plans, headline: Plans, body: Many, cta: See, image: /a.png }
  - { name: framed, size: 728x90, link: /plans, alt: Plans, html: <p>Plans</p> }
  - { name: filed, size: 728x90, link: /plans, alt: Plans, file: variants/button.html }
"##;

const TESTS: &str = r##"
- name: everything is told
  about: So that every key stands here
  visit:
    ip: 192.0.2.7
    token: a
    account: alder
    emailDomain: example.com
    cookie: b
    url: https://www.example.com/
    referrer: https://www.example.net/
    now: 2026-02-01
    attributes: { id: birch, name: Birch, shortName: B, domains: [example.net], industry: Banking, employees: 4, revenue: 5, country: France,
      tier: 1, stage: target, lifetimeValue: 6, intent: 7, technologies: [a], owner: Jo, parent: alder }
    visitor: { id: x, visits: 2, role: champion, campaign: spring, language: de, daysAway: 3, device: phone, timeZone: Europe/Berlin, viewportWidth: 4,
      visibility: visible, custom: { plan: pro, seats: 3, trial: true }, cookies: { session: x } }
  expect:
    account: alder
    segments: [banks, all]
    not_segments: []
    slots: { title: hero/one, body: { shows: hero, text: Hello, reason: rule } }
    placements: { side: offer/words, top: { shows: offer, reason: rule } }
- name: a stranger
  visit: { now: 1790000000 }
  expect: { account: null, slots: { title: Default }, not_segments: banks }
"##;

/// The files, those in YAML as trees. `columns` are the fields that an account can have.
pub(super) fn files(columns: &[String]) -> (BTreeMap<&'static str, Value>, Vec<(&'static str, String)>) {
    let mut settings = parse(SETTINGS).unwrap();
    let named = columns.iter().map(|column| (column.clone(), Value::from(column.as_str())));
    settings["accounts"]["columns"] = Value::Object(named.collect::<Map<_, _>>());
    let value = |column: &str| match column {
        "id" => "alder",
        "name" => "Alder",
        "industry" => "Banking",
        _ => "",
    };
    let row = columns.iter().map(|column| value(column)).collect::<Vec<_>>().join(",");
    let trees = [
        ("nameplate.yaml", settings),
        ("experiences/hero.yaml", parse(EXPERIENCE).unwrap()),
        ("ads/offer.yaml", parse(LINE_ITEM).unwrap()),
        ("tests/all.yaml", parse(TESTS).unwrap()),
    ];
    let texts = vec![
        ("accounts.csv", format!("{}\n{row}\n", columns.join(","))),
        ("networks.csv", "prefix,account,confidence,source\n".to_owned()),
        ("shared.csv", "prefix,kind,source\n".to_owned()),
        ("variants/button.html", "<b>Go</b>".to_owned()),
        ("pages/index.html", "<h1>Hello</h1>".to_owned()),
    ];
    (BTreeMap::from(trees), texts)
}
