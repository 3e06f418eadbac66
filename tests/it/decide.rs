//! Which experience gets a slot: rule, schedule, priority, segments, strangers, confidence.

use nameplate::{
    bundle::Bundle,
    compile::Sources,
    decide::{Chooser, choose, decide, explain, resolve},
    model::{AppliedChange, Decision, Visit},
};

use crate::site;

/// An experience that shows its own name in one slot.
pub(crate) fn experience(name: &str, slot: &str, when: &str, priority: u16, more: &str) -> (String, String) {
    let text = format!(
        "name: {name}\nwhen: {when:?}\npriority: {priority}\n{more}\nvariants:\n  - {{ name: one, slots: {{ {slot}: {{ text: {name} }} }} }}\n"
    );
    (format!("experiences/{name}.yaml"), text)
}

/// The small site with these experiences in place of its own.
pub(crate) fn bundle_of(files: &[(String, String)]) -> Bundle {
    let mut sources = Sources::default();
    for (path, text) in site::FILES {
        if !path.starts_with("experiences/") {
            sources.insert(path, text);
        }
    }
    files.iter().for_each(|(path, text)| sources.insert(path, text.as_str()));
    site::bundle(&sources)
}

pub(crate) fn visit(json: &str) -> Visit {
    serde_json::from_str(json).unwrap()
}

/// `title: hero; body: -`, with the text that each slot shows. What `explain` decides is the same.
pub(crate) fn shown(bundle: &Bundle, visit: &Visit) -> String {
    let decision = decide(bundle, visit);
    assert_eq!(explain(bundle, visit).decision, decision);
    let text = |decision: &Decision, slot: &str| {
        let change = decision.slots.iter().find(|change| &*change.slot == slot)?;
        let [AppliedChange::Text { value }] = change.changes.as_slice() else { panic!("{change:?}") };
        let reason = decision.reasons.iter().find(|reason| &*reason.about == slot).unwrap();
        assert_eq!(reason.chosen.as_ref(), Some(&change.experience));
        Some(value.clone())
    };
    let slots = bundle.site().slots.iter().map(|slot| &*slot.name);
    slots.map(|slot| format!("{slot}: {}", text(&decision, slot).unwrap_or("-".into()))).collect::<Vec<_>>().join("; ")
}

fn check(files: &[(String, String)], cases: &[(&str, &str)]) {
    let bundle = bundle_of(files);
    for (json, expect) in cases {
        assert_eq!(shown(&bundle, &visit(json)), *expect, "{json}");
    }
}

#[test]
fn the_higher_priority_wins() {
    let files = [
        experience("weak", "title", "true", 1, ""),
        experience("strong", "title", "account.known", 1_000, ""),
        experience("other", "body", "true", 0, ""),
    ];
    check(&files, &[(r#"{"account": "alder"}"#, "title: strong; body: other"), ("{}", "title: weak; body: other")]);
}

#[test]
fn among_equals_the_name_decides_and_not_the_file() {
    let mut files = vec![experience("b", "title", "true", 5, ""), experience("a", "title", "true", 5, "")];
    check(&files, &[("{}", "title: a; body: -")]);
    files[0].0 = "experiences/0.yaml".to_owned();
    check(&files, &[("{}", "title: a; body: -")]);
}

#[test]
fn a_schedule_opens_at_its_first_second_and_closes_at_its_last() {
    // 2026-01-01 is 1767225600, 2026-02-01T12:30:00+01:00 is 1769945400.
    let both = "schedule: { from: 2026-01-01, until: 2026-02-01T12:30:00+01:00 }";
    let shows = "title: e; body: -";
    let default = "title: -; body: -";
    check(
        &[experience("e", "title", "true", 5, both)],
        &[
            (r#"{"now": 1767225599}"#, default),
            (r#"{"now": 1767225600}"#, shows),
            (r#"{"now": 1769945399}"#, shows),
            (r#"{"now": 1769945400}"#, default),
            ("{}", default),
        ],
    );
    check(
        &[experience("e", "title", "true", 5, "schedule: { from: 1970-01-01 }")],
        &[
            (r#"{"now": -1}"#, default),
            (r#"{"now": 0}"#, shows),
            (r#"{"now": 9223372036854775807}"#, shows),
            ("{}", default),
        ],
    );
    check(
        &[experience("e", "title", "true", 5, "schedule: { until: 1970-01-01T00:00:00Z }")],
        &[(r#"{"now": -9223372036854775808}"#, shows), (r#"{"now": 0}"#, default), ("{}", default)],
    );
    check(&[experience("e", "title", "true", 5, "schedule: {}")], &[("{}", shows)]);
}

#[test]
fn a_segment_holds_its_accounts_and_no_stranger() {
    let in_banks = experience("e", "title", "in_segment(\"banks\")", 5, "");
    let not_in_banks = experience("others", "body", "!in_segment(\"banks\")", 5, "");
    check(
        &[in_banks, not_in_banks],
        &[
            (r#"{"account": "alder"}"#, "title: e; body: -"),
            (r#"{"account": "birch"}"#, "title: -; body: others"),
            (r#"{"ip": "134.244.29.9"}"#, "title: -; body: others"),
            (r#"{"account": "dogwood"}"#, "title: -; body: others"),
            ("{}", "title: -; body: others"),
        ],
    );
}

/// For alder all is known, for dogwood next to nothing, for a stranger nothing.
#[test]
fn what_nobody_knows_makes_a_rule_neither_hold_nor_fail() {
    let check = |when: &str, alder: bool, dogwood: bool, stranger: bool| {
        let bundle = bundle_of(&[experience("e", "title", when, 5, "")]);
        let holds = |json: &str| shown(&bundle, &visit(json)).starts_with("title: e");
        let found = [r#"{"account": "alder"}"#, r#"{"account": "dogwood"}"#, "{}"].map(holds);
        assert_eq!(found, [alder, dogwood, stranger], "{when}");
    };
    check("account.tier == 1", true, false, false);
    check("account.tier != 1", false, false, false);
    check("!(account.tier == 1)", false, false, false);
    check("!(account.tier == 2)", true, false, false);
    check("account.tier == 2 || !(account.tier == 2)", true, false, false);
    check("account.tier == 1 || true", true, true, true);
    check("true || account.tier == 1", true, true, true);
    check("!(account.tier == 1 && false)", true, true, true);
    check("has(account.tier)", true, false, false);
    check("!has(account.tier)", false, true, true);
    check("has(account.name)", true, true, false);
    check("!has(account.tier) || account.tier == 1", true, true, true);
    check("account.known", true, true, false);
    check("!account.known", false, false, true);
    check("account.known == false", false, false, true);
    check("account.known != true", false, false, true);
    check("account.tier in [1, 2]", true, false, false);
    check("!(account.tier in [7])", true, false, false);
    check("!(account.tier in [])", true, false, false);
    check("\"scada\" in account.technologies", true, false, false);
    check("!(\"scada\" in account.technologies)", false, true, false);
    check("has(account.technologies)", true, true, false);
    check("account.revenue == -5", true, false, false);
    check("-5 == account.revenue", true, false, false);
    check("100 > account.intent && 70 <= account.intent", true, false, false);
    check("account.name.startsWith(\"D\")", false, true, false);
    check("!account.name.startsWith(\"D\")", true, false, false);
    check("account.id in [\"dogwood\", \"cedar\"]", false, true, false);
    check("in_cidr(visitor.ip, \"192.0.2.0/24\") || true", true, true, true);
    check("!in_cidr(visitor.ip, \"192.0.2.0/24\")", false, false, false);
    check("false", false, false, false);
}

#[test]
fn a_rule_reads_the_visit() {
    let check = |when: &str, json: &str, expect: bool| {
        let bundle = bundle_of(&[experience("e", "title", when, 5, "")]);
        assert_eq!(shown(&bundle, &visit(json)).starts_with("title: e"), expect, "{when} {json}");
    };
    let url = r#"{"url": "https://www.example.com:8443/a/b?utm_source=News+letter&utm_source=x#frag"}"#;
    check("page.path == \"/a/b\" && page.host == \"www.example.com\"", url, true);
    check("page.url.contains(\"#frag\") && page.utm_source == \"News letter\"", url, true);
    check("has(page.utm_medium) || has(page.referrer)", url, false);
    check("page.referrer_host.endsWith(\"example.org\")", r#"{"referrer": "https://a.example.org/x"}"#, true);
    check("page.path.startsWith(\"/\")", r#"{"url": "no url"}"#, false);
    check("in_cidr(visitor.ip, \"192.0.2.0/24\")", r#"{"ip": "192.0.2.255"}"#, true);
    check("in_cidr(visitor.ip, \"192.0.2.0/24\")", r#"{"ip": "::ffff:192.0.2.1"}"#, true);
    check("in_cidr(visitor.ip, \"192.0.2.0/24\")", r#"{"ip": "192.0.3.0"}"#, false);
    check("in_cidr(visitor.ip, \"2001:db8::/32\")", r#"{"ip": "2001:db8::1", "account": "alder"}"#, true);
    check("in_cidr(visitor.ip, \"2001:db8::/32\")", r#"{"ip": "192.0.2.1"}"#, false);
    check(
        "visitor.visits >= 3 && visitor.role in [\"champion\", \"user\"]",
        r#"{"visitor": {"visits": 3, "role": "user"}}"#,
        true,
    );
    check("visitor.language.startsWith(\"de\")", r#"{"visitor": {"language": "de-AT"}}"#, true);
    check(
        "visitor.days_away >= 30 && visitor.device in [\"phone\"] && visitor.time_zone.startsWith(\"Europe/\")",
        r#"{"visitor": {"daysAway": 30, "device": "phone", "timeZone": "Europe/Berlin"}}"#,
        true,
    );
    check(
        "visitor.viewport_width < 600 && visitor.visibility == \"visible\" && !has(visitor.time_zone)",
        r#"{"visitor": {"viewportWidth": 599, "visibility": "visible"}}"#,
        true,
    );
    check("visitor.days_away < 30", "{}", false);
    check("time.hour == 9 && time.weekday == 1 && time.unix == 1795424400", r#"{"now": 1795424400}"#, true);
    check("time.hour >= 0", "{}", false);
}

#[test]
fn an_account_below_the_confidence_is_a_stranger_for_content() {
    // birch is known with 60, cedar with 80, alder with 90.
    let settings = |content: &str| site::SETTINGS.replace("networks:", &format!("confidence: {content}\nnetworks:"));
    let files = [experience("known", "title", "account.known", 5, ""), experience("stranger", "title", "true", 1, "")];
    let check = |confidence: &str, ip: &str, expect: &str| {
        let mut files = files.to_vec();
        files.push(("nameplate.yaml".to_owned(), settings(confidence)));
        let bundle = bundle_of(&files);
        let visit = visit(&format!(r#"{{"ip": "{ip}"}}"#));
        assert_eq!(shown(&bundle, &visit), format!("title: {expect}; body: -"), "{confidence} {ip}");
        assert!(decide(&bundle, &visit).account.is_some(), "who it is, is said all the same");
    };
    check("{ content: 60 }", "134.244.29.1", "known");
    check("{ content: 61 }", "134.244.29.1", "stranger");
    check("{ content: 61 }", "134.244.1.1", "known");
    check("{ ads: 100 }", "134.244.29.1", "known");
    let mut files = files.to_vec();
    files.push(("nameplate.yaml".to_owned(), settings("{ content: 100, ads: 100 }")));
    let hint = visit(r#"{"account": "birch", "ip": "134.244.29.1"}"#);
    assert_eq!(shown(&bundle_of(&files), &hint), "title: known; body: -", "a hint is always sure");
}

/// Slots whose positions are far apart share a bit of what is still to be had.
#[test]
fn each_of_many_slots_goes_to_its_own_strongest() {
    let slots: Vec<String> = (0..200).map(|slot| format!("s{slot}")).collect();
    let listed: String = slots.iter().map(|slot| format!("  {slot}: {{ selector: '#{slot}' }}\n")).collect();
    let settings = site::SETTINGS.replace("slots:\n", &format!("slots:\n{listed}"));
    let mut files = vec![("nameplate.yaml".to_owned(), settings)];
    for (at, slot) in slots.iter().enumerate() {
        let priority = 100 + u16::try_from(at * 7 % 200).unwrap();
        files.push(experience(&format!("weak-{at}"), slot, "true", 1, ""));
        files.push(experience(&format!("strong-{at}"), slot, "true", priority, ""));
    }
    let bundle = bundle_of(&files);
    let decision = decide(&bundle, &visit("{}"));
    let won: Vec<&str> = decision.slots.iter().map(|slot| &*slot.experience).collect();
    let expect: Vec<String> = (0..200).map(|at| format!("strong-{at}")).collect();
    assert_eq!(won, expect);
    assert_eq!(explain(&bundle, &visit("{}")).decision, decision);
}

/// Nothing of a visit is left for the next: a chooser that has seen others gives what a new one gives.
#[test]
fn a_chooser_forgets_the_visit_before() {
    let test = "schedule: { from: 1970-01-01, until: 2030-01-01 }\ntest: { unit: visitor, holdout_percent: 30 }";
    let bundle = bundle_of(&[
        experience("hero", "title", "account.known && page.path == \"/a\"", 700, ""),
        experience("drawn", "body", "visitor.visits > 2", 600, test),
        experience("rest", "title", "page.path == \"/b\"", 5, ""),
    ]);
    let mut chooser = Chooser::default();
    for round in 0..64 {
        let account = ["", r#""account": "alder","#, r#""attributes": { "name": "Else" },"#][round % 3];
        let json = format!(
            r#"{{ {account} "now": 86400, "url": "https://www.example.com/{}", "visitor": {{ "id": "v{round}", "visits": {} }} }}"#,
            ["a", "b", "c"][round / 3 % 3],
            round % 5
        );
        let visit = visit(&json);
        let expect = choose(&bundle, &visit);
        assert_eq!(*chooser.choose(&bundle, &visit, resolve(&bundle, &visit)), expect, "{json}");
    }
}

/// The same experience and line item for everybody: what they say must not name an account that is not sure enough.
#[test]
fn an_account_below_the_confidence_is_not_named() {
    let hero = "name: hero\nwhen: 'true'\npriority: 1\nvariants:
  - { name: one, slots: { title: { text: 'For {{account.name | you}}' }, body: { html: '{{account.id | x}}' } } }\n";
    let ad = site::AD
        .replace("account.tier == 1", "true")
        .replace("headline: Plans", "headline: 'For {{account.name | you}}'");
    let check = |confidence: &str, ip: &str, expect: [&str; 3]| {
        let settings = site::SETTINGS.replace("networks:", &format!("confidence: {confidence}\nnetworks:"));
        let files = [("experiences/hero.yaml", hero), ("ads/offer.yaml", &ad), ("nameplate.yaml", &settings)];
        let bundle = bundle_of(&files.map(|(path, text)| (path.to_owned(), text.to_owned())));
        let visit = visit(&format!(r#"{{"ip": "{ip}"}}"#));
        let decision = decide(&bundle, &visit);
        assert_eq!(explain(&bundle, &visit).decision, decision);
        let value = |change: &AppliedChange| match change {
            AppliedChange::Text { value } | AppliedChange::Html { value } => value.clone(),
            _ => panic!("{change:?}"),
        };
        let mut said: Vec<String> = decision.slots.iter().map(|slot| value(&slot.changes[0])).collect();
        said.extend(decision.ads[0].headline.clone());
        assert_eq!(said, expect, "{confidence} {ip}");
    };
    // birch is known with 60, alder with 90.
    check("{ content: 60, ads: 60 }", "134.244.29.1", ["For Birch Chemicals", "birch", "For Birch Chemicals"]);
    check("{ content: 61, ads: 60 }", "134.244.29.1", ["For you", "x", "For Birch Chemicals"]);
    check("{ content: 60, ads: 61 }", "134.244.29.1", ["For Birch Chemicals", "birch", "For you"]);
    check("{ content: 61, ads: 61 }", "134.244.29.1", ["For you", "x", "For you"]);
    check("{ content: 61, ads: 61 }", "134.244.1.1", ["For Alder Bank AG", "alder", "For Alder Bank AG"]);
    check("{ content: 0, ads: 0 }", "8.8.8.8", ["For you", "x", "For you"]);
}

#[test]
fn every_slot_and_placement_has_one_reason() {
    let bundle = bundle_of(&[experience("e", "title", "account.known", 5, "")]);
    let reasons = |json: &str| {
        let reasons = decide(&bundle, &visit(json)).reasons;
        reasons.iter().map(|reason| format!("{}: {}", reason.about, reason.text)).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        reasons(r#"{"account": "alder"}"#),
        "title: its rule holds, and no stronger one's does
body: no experience names this slot
side: its rule holds, and no stronger one's does"
    );
    assert_eq!(
        reasons("{}"),
        "title: none of the candidates matches
body: no experience names this slot
side: none of the candidates matches"
    );
}
