//! A site's own tests: T001, T002, and what goes wrong in their visits.

use super::Case;

const FILE: &str = "tests/visits.yaml";

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    (FILE, "", "- { name: a, visit: {}, expect: {} }",
"T002 tests/visits.yaml:1:11 the test expects nothing
  expect something of it: `account`, `segments`, `slots` or `placements`"),
    (FILE, "", "- { name: a, visit: {} }",
"S011 tests/visits.yaml:1:5 a test needs the key `expect`"),
    (FILE, "", "- { name: a, visit: {}, expect: { account: alder } }\n- { name: a, visit: {}, expect: { account: null } }",
"S004 tests/visits.yaml:2:11 there is another test `a`"),
    (FILE, "", "- { name: a, visit: { account: aldr }, expect: { account: birch } }",
"T001 tests/visits.yaml:1:32 there is no account `aldr`
  an account with a similar name exists: `alder`"),
    (FILE, "", "- { name: a, visit: {}, expect: { account: brch } }",
"T001 tests/visits.yaml:1:44 there is no account `brch`
  an account with a similar name exists: `birch`"),
    (FILE, "", "- { name: a, visit: {}, expect: { segments: [bank] } }",
"R004 tests/visits.yaml:1:46 there is no segment `bank`
  a segment with a similar name exists: `banks`"),
    (FILE, "", "- { name: a, visit: {}, expect: { slots: { titel: hero } } }",
"C001 tests/visits.yaml:1:44 there is no slot `titel`
  a slot with a similar name exists: `title`"),
    (FILE, "", "- { name: a, visit: {}, expect: { placements: { sid: offer } } }",
"D001 tests/visits.yaml:1:49 there is no placement `sid`
  a placement with a similar name exists: `side`"),
    (FILE, "", "- { name: a, visit: {}, expect: { slots: { title: heros } } }",
"T001 tests/visits.yaml:1:51 there is no experience `heros`
  an experience with a similar name exists: `hero`"),
    (FILE, "", "- { name: a, visit: {}, expect: { slots: { title: default } } }",
"T001 tests/visits.yaml:1:51 there is no experience `default`
  write `experience/variant`, or `Default`"),
    (FILE, "", "- { name: a, visit: {}, expect: { slots: { title: hero/two } } }",
"T001 tests/visits.yaml:1:51 `hero` has no variant `two`
  it has `one`"),
    (FILE, "", "- { name: a, visit: {}, expect: { placements: { side: ofer } } }",
"T001 tests/visits.yaml:1:55 there is no line item `ofer`
  a line item with a similar name exists: `offer`"),
    (FILE, "", "- { name: a, visit: {}, expect: { placements: { side: offer/bx } } }",
"T001 tests/visits.yaml:1:55 `offer` has no creative `bx`
  it has `box`"),
    (FILE, "", "- { name: a, visit: {}, expect: { slots: { title: { show: hero } } } }",
"S010 tests/visits.yaml:1:53 unknown key `show` in what a slot shows
  did you mean `shows`?"),
    (FILE, "", "- { name: a, visit: { url: [x] }, expect: { account: null } }",
"S012 tests/visits.yaml:1:28 expected text, found a list"),
    (FILE, "", "- { name: a, visit: { visitor: { visits: two } }, expect: { account: null } }",
"S012 tests/visits.yaml:1:42 expected a whole number, found text `two`"),
    (FILE, "", "- { name: a, visit: { visitor: { roel: user } }, expect: { account: null } }",
"S012 tests/visits.yaml:1:34 unknown field `roel` in a visit
  expected one of `id`, `visits`, `role`, `language`, `daysAway`, `device`, `timeZone`, `viewportWidth`, `visibility`, `custom`"),
    (FILE, "", "- { name: a, visit: { visitor: { role: boss } }, expect: { account: null } }",
"S013 tests/visits.yaml:1:40 `boss` is no role
  expected champion, decision-maker, influencer, user, approver, gatekeeper"),
    (FILE, "", "- { name: a, visit: { now: yesterday }, expect: { account: null } }",
"S007 tests/visits.yaml:1:28 `yesterday` is not a date
  write `2026-01-31`, which begins at midnight UTC, or `2026-01-31T09:00:00+01:00`"),
];
