//! What pages tell on their own, and what they may tell others of an account.

use nameplate::{
    bundle::{Bundle, Recipient, slice},
    compile::{compile, flatten},
    decide::{decide, explain},
    model::Visit,
};
use serde_json::json;

use crate::site;

const CUSTOM: &str = "custom: { plan: text, seats: number, trial: boolean, other: text }\n";

fn with(settings: &str, when: &str) -> nameplate::compile::Sources {
    let hero = site::EXPERIENCE.replace("account.tier == 1", when);
    let settings = format!("{settings}{}", site::SETTINGS);
    site::with(&[("nameplate.yaml", settings.as_str()), ("experiences/hero.yaml", hero.as_str())])
}

fn visit(custom: serde_json::Value) -> Visit {
    serde_json::from_value(json!({ "account": "alder", "visitor": { "custom": custom } })).unwrap()
}

#[test]
fn a_rule_reads_what_the_page_tells_and_so_does_a_slice() {
    let check = |when: &str, custom: serde_json::Value, expect: bool| {
        let whole = site::bundle(&with(CUSTOM, when));
        let recipient = Recipient::Account { position: 0, content: true, ads: true };
        let part = Bundle::open(&slice(&whole, recipient, None)).unwrap();
        let visit = visit(custom.clone());
        for bundle in [&whole, &part] {
            assert_eq!(decide(bundle, &visit).slots.len(), usize::from(expect), "{when} {custom}");
        }
    };
    check(
        "custom.plan == \"pro\" && custom.seats >= 10 && custom.trial",
        json!({"plan": "pro", "seats": 10, "trial": true}),
        true,
    );
    check("custom.plan.startsWith(\"p\")", json!({"plan": "pro"}), true);
    check("custom.seats in [1, 2]", json!({"seats": 2}), true);
    check("has(custom.plan) || custom.trial", json!({}), false);
    check("true && !has(custom.plan)", json!({"plan": null}), true);
    // Of another type than was declared, and names that were not.
    check("has(custom.plan)", json!({"plan": 7}), false);
    check("has(custom.seats)", json!({"seats": "7"}), false);
    check("has(custom.plan)", json!({"plam": "pro", "Plan": "pro"}), false);
    check("custom.trial || custom.seats == 1", json!({"trial": false, "seats": 2}), false);
    check("account.tier == 1 && custom.other == \"x\"", json!({"other": "x", "plan": "y"}), true);
}

#[test]
fn a_slice_names_of_what_pages_tell_only_what_it_asks() {
    let whole = site::bundle(&with(CUSTOM, "custom.trial || account.id == \"birch\" && custom.other == \"x\""));
    let names = |position| {
        let recipient = Recipient::Account { position, content: true, ads: true };
        let part = Bundle::open(&slice(&whole, recipient, None)).unwrap();
        part.site().custom.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(names(0), ["", "", "trial"]);
    assert_eq!(names(1), ["", "", "trial", "other"]);
}

#[test]
fn a_near_miss_calls_it_what_the_site_calls_it() {
    let bundle = site::bundle(&with(CUSTOM, "custom.seats > 10 && has(custom.plan)"));
    let explanation = explain(&bundle, &visit(json!({"seats": 3})));
    let text = serde_json::to_string(&explanation.candidates).unwrap();
    assert!(text.contains("would match if custom.seats > 10 (it is 3) and has(custom.plan)"), "{text}");
}

fn reports(settings: &str, when: &str) -> Vec<String> {
    let sources = with(settings, when);
    let flat = compile(&sources).diagnostics.iter().map(|found| flatten(found, &sources)).collect::<Vec<_>>();
    flat.iter()
        .map(|found| format!("{} {}:{} {}", found.code, found.place.line, found.place.column, found.message))
        .collect()
}

#[test]
fn what_pages_tell_is_declared_by_name_and_type() {
    assert_eq!(reports(CUSTOM, "custom.trial"), Vec::<String>::new());
    assert_eq!(reports(CUSTOM, "custom.plam == \"x\""), ["R012 2:7 unknown field `custom.plam`"]);
    assert_eq!(reports("", "custom.plan == \"x\""), ["R012 2:7 unknown field `custom.plan`"]);
    assert_eq!(reports(CUSTOM, "custom.seats == \"x\""), ["R003 2:23 expected a whole number, found text"]);
    assert_eq!(reports(CUSTOM, "custom.plan"), ["R003 2:7 expected a condition, found text"]);
    assert_eq!(
        reports("custom: { Plan: text, a-b: number, 1x: boolean, ok: float }\n", "true"),
        [
            "S005 1:11 `Plan` is not a name that conditions can read",
            "S005 1:23 `a-b` is not a name that conditions can read",
            "S005 1:36 `1x` is not a name that conditions can read",
            "S013 1:53 `float` is not a type",
        ]
    );
    let many: Vec<String> = (0..17).map(|number| format!("v{number}: text")).collect();
    let many = format!("custom: {{ {} }}\n", many.join(", "));
    assert_eq!(reports(&many, "true"), ["S009 1:11 there are 17 values that pages tell; a bundle holds 16"]);
    let segment = site::SETTINGS.replace("account.industry == \"Banking\"", "custom.trial");
    let sources = site::with(&[("nameplate.yaml", &format!("{CUSTOM}{segment}"))]);
    assert_eq!(compile(&sources).diagnostics[0].message, "a segment cannot read `custom.trial`");
}

#[test]
fn a_browser_may_tell_ad_servers_what_the_site_says_and_nothing_else() {
    let told = |targeting: &str, recipient: Recipient| {
        let bundle = site::bundle(&with(targeting, "true"));
        let part = Bundle::open(&slice(&bundle, recipient, None)).unwrap();
        let account = part.site().accounts.get(0).map(|account| account.id().to_owned());
        let view = decide(&part, &Visit { account, ..Visit::default() }).account.unwrap();
        assert_eq!((&*view.id, &view.short_name), ("alder", &None));
        (
            view.tier,
            view.stage.map(|stage| stage.to_string()),
            view.segments.iter().map(ToString::to_string).collect::<Vec<_>>(),
        )
    };
    let alder = Recipient::Account { position: 0, content: true, ads: true };
    let (tier, stage, segments) = (Some(1), Some("customer".to_owned()), vec!["banks".to_owned()]);
    assert_eq!(told("", alder), (None, None, vec![]));
    assert_eq!(told("targeting: [tier]\n", alder), (tier, None, vec![]));
    assert_eq!(told("targeting: [stage]\n", alder), (None, stage.clone(), vec![]));
    let all = "targeting: [tier, stage, segments]\n";
    assert_eq!(told(all, alder), (tier, stage, segments));
    // Nobody's ads are chosen by an account that ads do not act on, or that is held out.
    for recipient in [Recipient::Account { position: 0, content: true, ads: false }, Recipient::HeldOut(0)] {
        assert_eq!(told(all, recipient), (None, None, vec![]), "{recipient:?}");
    }
    // Of segments that the account is not in, no name.
    let segments = site::SETTINGS.replace("segments:\n", "segments:\n  chemists: account.industry == \"Chemicals\"\n");
    let bundle = site::bundle(&site::with(&[("nameplate.yaml", &format!("{all}{segments}"))]));
    let bytes = slice(&bundle, alder, None);
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("banks") && holds("customer") && !holds("chemists") && !holds("Chemicals"));
    assert_eq!(
        reports("targeting: [tier, intent]\n", "true"),
        ["S013 1:19 `intent` is nothing that ads are chosen by"]
    );
}
