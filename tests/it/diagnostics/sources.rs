//! Files, names, numbers and dates: S001 to S013.

use super::Case;

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    ("experiences/2026/spring.yaml", "", "name: spring\n",
"warning S014 experiences/2026/spring.yaml:1:1 nothing reads `experiences/2026/spring.yaml`
  experiences lie directly in `experiences/`, line items in `ads/` and tests in `tests/`, in lower case"),
    ("Experiences/spring.yaml", "", "name: spring\n",
"warning S014 Experiences/spring.yaml:1:1 nothing reads `Experiences/spring.yaml`
  experiences lie directly in `experiences/`, line items in `ads/` and tests in `tests/`, in lower case"),
    ("nameplate.yaml", "selector: h1,", "selector: “h1”,",
"S013 nameplate.yaml:23:22 `“h1”` is not a CSS selector
  write `#hero h1`, `.plans > li` or `[data-slot=\"hero\"]`"),
    ("nameplate.yaml", "site: Example", "site: Example\nholdout_percent: 10%",
"S012 nameplate.yaml:2:18 `holdout_percent` is `10%`; expected a whole number, 0 to 100
  write `10`, without the sign"),
    ("experiences/hero.yaml", "title: { text: Hello }", "body: { file: variants/none.html }",
"S001 experiences/hero.yaml:7:21 there is no file `variants/none.html`
  paths are written from the site folder, with `/`"),
    ("nameplate.yaml", "networks: networks.csv", "networks: network.csv",
"S001 nameplate.yaml:19:11 there is no file `network.csv`
  a file with a similar name exists: `networks.csv`"),
    ("nameplate.yaml", "placements:", "pages: { /: pages/index.html }
placements:",
"S001 nameplate.yaml:25:13 there is no file `pages/index.html`
  paths are written from the site folder, with `/`"),
    ("nameplate.yaml", "file: accounts.csv", "file: account.csv",
"S001 nameplate.yaml:6:9 there is no file `account.csv`
  a file with a similar name exists: `accounts.csv`"),
    ("experiences/hero.yaml", "", "name: [hero
",
"S003 experiences/hero.yaml:1:7 bad YAML: unclosed bracket '['"),
    ("experiences/hero.yaml", "", "name: hero
name: hero
",
"S004 experiences/hero.yaml:2:1 the key `name` stands twice"),
    ("experiences/hero.yaml", "", "name: hero\n\twhen: x\n",
"S003 experiences/hero.yaml:1:7 bad YAML: while scanning a plain scalar, found a tab
  YAML is indented with spaces, never with tabs"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: !account.known",
"S003 experiences/hero.yaml:2:7 what begins with `!` is a YAML tag, and nothing here takes one
  put a rule that begins with `!` in quotes: `when: '!account.known'`"),
    ("experiences/hero.yaml", "when: account.tier == 1", "when: ! account.known",
"S003 experiences/hero.yaml:2:7 what begins with `!` is a YAML tag, and nothing here takes one
  put a rule that begins with `!` in quotes: `when: '!account.known'`"),
    ("experiences/hero.yaml", "priority: 500", "priority: 500
---
name: other",
"S003 experiences/hero.yaml:5:1 bad YAML: multiple YAML documents detected"),
    ("experiences/hero.yaml", "", "- hero
",
"S012 experiences/hero.yaml:1:1 expected an experience, found a list"),
    ("experiences/hero.yaml", "", "",
"S012 experiences/hero.yaml:1:1 expected an experience, found nothing"),
    ("experiences/other.yaml", "", "name: hero
when: account.tier == 1
priority: 500
variants:
  - name: one
    slots:
      title: { text: Hello }
",
"S004 experiences/other.yaml:1:7 there is another experience `hero`"),
    ("experiences/hero.yaml", "  - name: one", "  - { name: one }
  - name: one",
"S004 experiences/hero.yaml:6:11 there is another variant `one`"),
    ("experiences/hero.yaml", "name: hero", "name: Hero page",
"S005 experiences/hero.yaml:1:7 `Hero page` is not a name
  a name has 1 to 64 characters: lower-case letters a to z, digits and `-`"),
    ("nameplate.yaml", "  body: {", "  Body!: {",
"S005 nameplate.yaml:24:3 `Body!` is not a name
  a name has 1 to 64 characters: lower-case letters a to z, digits and `-`"),
    ("nameplate.yaml", "banks:", "Banks!:",
"S005 nameplate.yaml:21:3 `Banks!` is not a name
  a name has 1 to 64 characters: lower-case letters a to z, digits and `-`"),
    ("experiences/hero.yaml", "name: hero", "name: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
"S005 experiences/hero.yaml:1:7 `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` is not a name
  a name has 1 to 64 characters: lower-case letters a to z, digits and `-`"),
    ("experiences/hero.yaml", "priority: 500", "priority: 1001",
"S006 experiences/hero.yaml:3:11 `priority` is 1001; expected 0 to 1000"),
    ("experiences/hero.yaml", "name: one", "name: one
    weight: 0",
"S006 experiences/hero.yaml:1:1 the weights of the variants add to nothing"),
    ("experiences/hero.yaml", "name: one", "name: one
    weight: -1",
"S006 experiences/hero.yaml:6:13 `weight` is -1; expected 0 to 1000000"),
    ("experiences/hero.yaml", "priority: 500", "priority: 500
test: { holdout_percent: 101 }",
"S006 experiences/hero.yaml:4:26 `holdout_percent` is 101; expected 0 to 100"),
    ("experiences/hero.yaml", "priority: 500", "priority: 99999999999999999999",
"S012 experiences/hero.yaml:3:11 expected a whole number, found a decimal number"),
    ("experiences/hero.yaml", "priority: 500", "priority: 500
schedule: { from: soon, until: 2026-02-30 }",
"S007 experiences/hero.yaml:4:19 `soon` is not a date
  write `2026-01-31`, which begins at midnight UTC, or `2026-01-31T09:00:00+01:00`
S007 experiences/hero.yaml:4:32 `2026-02-30` is not a date
  write `2026-01-31`, which begins at midnight UTC, or `2026-01-31T09:00:00+01:00`"),
    ("experiences/hero.yaml", "priority: 500", "priority: 500
schedule: { from: 2026-01-01T09:00, until: 2026-13-01 }",
"S007 experiences/hero.yaml:4:19 `2026-01-01T09:00` is not a date
  write `2026-01-31`, which begins at midnight UTC, or `2026-01-31T09:00:00+01:00`
S007 experiences/hero.yaml:4:44 `2026-13-01` is not a date
  write `2026-01-31`, which begins at midnight UTC, or `2026-01-31T09:00:00+01:00`"),
    ("experiences/hero.yaml", "priority: 500", "priority: 500
schedule: { from: 2026-02-01, until: 2026-02-01 }",
"S008 experiences/hero.yaml:4:38 the schedule never opens: it ends before it begins"),
    ("ads/offer.yaml", "priority: 700", "priority: 700
flight: { from: 2026-02-01T00:00:00+02:00, until: 2026-01-01 }",
"S008 ads/offer.yaml:5:51 the flight never opens: it ends before it begins"),
    ("experiences/hero.yaml", "title: { text: Hello }", "title: { attributes: {data-a0: x, data-a1: x, data-a2: x, data-a3: x, data-a4: x, data-a5: x, data-a6: x, data-a7: x, data-a8: x, data-a9: x, data-a10: x, data-a11: x, data-a12: x, data-a13: x, data-a14: x, data-a15: x, data-a16: x, data-a17: x, data-a18: x, data-a19: x, data-a20: x, data-a21: x, data-a22: x, data-a23: x, data-a24: x, data-a25: x, data-a26: x, data-a27: x, data-a28: x, data-a29: x, data-a30: x, data-a31: x, data-a32: x, data-a33: x, data-a34: x, data-a35: x, data-a36: x, data-a37: x, data-a38: x, data-a39: x, data-a40: x, data-a41: x, data-a42: x, data-a43: x, data-a44: x, data-a45: x, data-a46: x, data-a47: x, data-a48: x, data-a49: x, data-a50: x, data-a51: x, data-a52: x, data-a53: x, data-a54: x, data-a55: x, data-a56: x, data-a57: x, data-a58: x, data-a59: x, data-a60: x, data-a61: x, data-a62: x, data-a63: x, data-a64: x} }",
"S009 experiences/hero.yaml:7:7 there are 65 changes; a bundle holds 64"),
    ("experiences/hero.yaml", "priority: 500", "priorty: 500",
"S010 experiences/hero.yaml:3:1 unknown key `priorty` in an experience
  did you mean `priority`?"),
    ("experiences/hero.yaml", "priority: 500", "priority: 500
note: hello",
"S010 experiences/hero.yaml:4:1 unknown key `note` in an experience
  expected one of `name`, `about`, `when`, `priority`, `schedule`, `test`, `allow`, `variants`"),
    ("nameplate.yaml", "site: Example", "site: Example
slot: {}",
"S010 nameplate.yaml:2:1 unknown key `slot` in nameplate.yaml
  did you mean `slots`?"),
    ("experiences/hero.yaml", "priority: 500
", "",
"S011 experiences/hero.yaml:1:1 an experience needs the key `priority`"),
    ("experiences/hero.yaml", "name: hero
", "",
"S011 experiences/hero.yaml:1:1 an experience needs the key `name`"),
    ("experiences/hero.yaml", "when: account.tier == 1
", "",
"S011 experiences/hero.yaml:1:1 an experience needs the key `when`"),
    ("nameplate.yaml", "hosts: [www.example.com]
", "",
"S011 nameplate.yaml:1:1 nameplate.yaml needs the key `hosts`
  the hosts of the site itself, such as `hosts: [www.example.com]`"),
    ("nameplate.yaml", "  title: { selector: h1, max_length: 40 }", "  title: {}",
"S011 nameplate.yaml:23:10 a slot needs the key `selector`"),
    ("nameplate.yaml", ", sizes: [300x250]", "",
"S011 nameplate.yaml:26:3 placement `side` needs the key `sizes`
  the sizes that fit, the preferred one first, such as `sizes: [300x250]`"),
    ("ads/offer.yaml", "size: 300x250, ", "",
"S011 ads/offer.yaml:6:7 a creative needs the key `size`"),
    ("ads/offer.yaml", "link: /plans, ", "",
"S011 ads/offer.yaml:6:7 a creative needs the key `link`"),
    ("ads/offer.yaml", ", alt: Plans", "",
"S011 ads/offer.yaml:6:7 a creative needs the key `alt`"),
    ("experiences/hero.yaml", "priority: 500", "priority: high",
"S012 experiences/hero.yaml:3:11 `priority` is `high`; expected a whole number, 0 to 1000"),
    ("experiences/hero.yaml", "text: Hello", "text: false",
"S012 experiences/hero.yaml:7:22 expected text, found a boolean
  put it in quotes to make it text"),
    ("experiences/hero.yaml", "text: Hello", "text: [Hello]",
"S012 experiences/hero.yaml:7:22 expected text, found a list"),
    ("experiences/hero.yaml", "name: hero", "name:",
"S011 experiences/hero.yaml:1:1 an experience needs the key `name`"),
    ("nameplate.yaml", r##"slots:
  title: { selector: h1, max_length: 40 }
  body: { selector: "#body" }
"##, "slots: [title]
",
"S012 nameplate.yaml:22:8 expected names and what they mean, found a list"),
    ("nameplate.yaml", "  title: { selector: h1, max_length: 40 }", "  title: h1",
"S012 nameplate.yaml:23:10 expected a slot, found text"),
    ("nameplate.yaml", "hosts: [www.example.com]", "hosts: { a: b }",
"S012 nameplate.yaml:2:8 expected text, found keys and values"),
    ("nameplate.yaml", r#"account.industry == "Banking""#, "[account.known]",
"S012 nameplate.yaml:21:10 expected text, found a list"),
    ("experiences/hero.yaml", "priority: 500", "priority: 500
test: { unit: visit }",
"S013 experiences/hero.yaml:4:15 `visit` is not a unit
  expected `account` (everybody of an account gets the same) or `visitor`"),
    ("nameplate.yaml", "[www.example.com]", r#"["https://www.example.com"]"#,
"S013 nameplate.yaml:2:9 `https://www.example.com` is not a host
  write it as URLs do, without scheme and path: `www.example.com`"),
    ("nameplate.yaml", "[cdn.example.net]", "[cdn.example.net/x, münchen.example]",
"S013 nameplate.yaml:3:14 `cdn.example.net/x` is not a host
  write it as URLs do, without scheme and path: `www.example.com`
S013 nameplate.yaml:3:33 `münchen.example` is not a host
  write it as URLs do, without scheme and path: `www.example.com`"),
    ("experiences/hero.yaml", "priority: 500", "priority: 500
schedule: 2026",
"S012 experiences/hero.yaml:4:11 expected a schedule, found a whole number"),
    ("ads/offer.yaml", "placements: [side]", "placement: [side]",
"S010 ads/offer.yaml:3:1 unknown key `placement` in a line item
  did you mean `placements`?"),
    ("nameplate.yaml", "hosts: [www", "host: [www",
"S010 nameplate.yaml:2:1 unknown key `host` in nameplate.yaml
  did you mean `hosts`?"),
    ("nameplate.yaml", "placements:", "pages: { index: accounts.csv }
placements:",
"S013 nameplate.yaml:25:10 `index` is not a path
  a path on the site begins with `/`"),
    ("nameplate.yaml", "networks: networks.csv", "networks: networks.csv
confidence: { content: moderat, ads: Very high }",
"S013 nameplate.yaml:20:24 `moderat` is no grade
  expected 0 to 100, or one of `low`, `moderate`, `high`, `very high`
S013 nameplate.yaml:20:38 `Very high` is no grade
  expected 0 to 100, or one of `low`, `moderate`, `high`, `very high`"),
    ("nameplate.yaml", "networks: networks.csv", "networks: networks.csv
confidence: { content: 101, ads: 70% }",
"S006 nameplate.yaml:20:24 `content` is 101; expected 0 to 100
S012 nameplate.yaml:20:34 `ads` is `70%`; expected a whole number, 0 to 100
  write `70`, without the sign"),
    ("nameplate.yaml", "shared: shared.csv", "shared: share.csv",
"S001 nameplate.yaml:27:9 there is no file `share.csv`
  a file with a similar name exists: `shared.csv`"),
];
