//! What pages tell on their own, and what they may tell others of an account.

use nameplate::{
    bundle::{Bundle, Recipient, slice},
    compile::compile,
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
        part.site().names.page.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(names(0), ["", "", "trial"]);
    assert_eq!(names(1), ["", "", "trial", "other"]);
}

#[test]
fn a_slice_adds_up_what_pages_tell_as_the_whole_does() {
    let whole = site::bundle(&with(CUSTOM, "custom.seats + visitor.visits > 10"));
    let part = Bundle::open(&slice(&whole, Recipient::Stranger, None)).unwrap();
    let visit = |seats: i64| {
        serde_json::from_value::<Visit>(json!({ "visitor": { "visits": 3, "custom": { "seats": seats } } })).unwrap()
    };
    for (seats, expect) in [(7, 0), (8, 1)] {
        for bundle in [&whole, &part] {
            assert_eq!(decide(bundle, &visit(seats)).slots.len(), expect, "{seats}");
        }
    }
}

fn page(query: &str) -> Visit {
    let url = format!("https://www.example.com/{query}");
    Visit { account: Some("alder".into()), url: Some(url), ..Visit::default() }
}

#[test]
fn a_slice_reads_the_same_parameters_as_the_whole_and_names_no_others() {
    let when = "query(\"plan\") == \"pro\" || account.id == \"birch\" && query(\"birch-only\") == \"x\" || query(\"utm_term\") == \"t\"";
    let whole = site::bundle(&with("", when));
    assert_eq!(whole.site().names.query, ["plan".into(), "birch-only".into()]);
    let recipient = |position| Recipient::Account { position, content: true, ads: true };
    let bytes = slice(&whole, recipient(0), None);
    assert!(!bytes.windows(10).any(|window| window == b"birch-only"));
    let part = Bundle::open(&bytes).unwrap();
    assert_eq!(part.site().names.query, ["plan".into()]);
    let checks = [
        ("?plan=pro", 1),
        ("?plan=&plan=pro", 1),
        ("?plan=free&plan=pro", 0),
        ("?Plan=pro", 0),
        ("?plan=Pro", 0),
        ("?pl%61n=%70ro", 1),
        ("?utm_term=t", 1),
        ("?a#?plan=pro", 0),
        ("?birch-only=x", 0),
        ("", 0),
    ];
    for (query, expect) in checks {
        for bundle in [&whole, &part] {
            assert_eq!(decide(bundle, &page(query)).slots.len(), expect, "{query}");
        }
    }
    let birch = Visit { account: Some("birch".into()), ..page("?birch-only=x") };
    let part = Bundle::open(&slice(&whole, recipient(1), None)).unwrap();
    assert_eq!([&whole, &part].map(|bundle| decide(bundle, &birch).slots.len()), [1, 1]);
}

#[test]
fn a_bundle_that_reads_no_parameter_is_none_the_longer_for_it() {
    let sections = |when: &str| {
        let bundle = site::bundle(&with("", when));
        bundle.sections().iter().map(|section| section.id).collect::<Vec<_>>()
    };
    assert_eq!(sections("page.utm_source == \"x\""), (1..=11).collect::<Vec<_>>());
    assert_eq!(sections("query(\"x\") == \"x\""), (1..=12).collect::<Vec<_>>());
}

#[test]
fn a_parameter_is_one_that_a_page_can_have() {
    assert_eq!(reports("", "query(\"plan\") == \"a\" && has(page.query.plan)"), Vec::<String>::new());
    for own in ["np", "np-account"] {
        let found = reports("", &format!("query(\"{own}\") != \"\""));
        assert_eq!(found, [format!("R010 2:7 the parameter `{own}` is Nameplate's own")]);
    }
    assert_eq!(reports("", "page.query.np == \"a\""), ["R010 2:7 the parameter `np` is Nameplate's own"]);
    assert_eq!(reports("", "query(\"\") == \"a\""), ["R010 2:7 a parameter has no name"]);
    let long = format!("query(\"{}\") == \"a\"", "x".repeat(65));
    assert_eq!(reports("", &long), ["R010 2:7 the parameter's name has 65 characters"]);
    let many = |count: usize| {
        let all = (0..count).map(|number| format!("query(\"a{number}\") == \"x\" || utm(\"term\") == \"x\""));
        reports("", &all.collect::<Vec<_>>().join(" || "))
    };
    assert_eq!(many(16), Vec::<String>::new());
    assert!(many(17)[0].ends_with("conditions read more than 16 parameters of the query"), "{:?}", many(17));
    assert_eq!(reports("", "query(\"plan\")"), ["R003 2:7 expected a condition, found text"]);
    assert_eq!(reports("", "query(\"plan\") > 3"), ["R003 2:23 expected text, found a whole number"]);
    assert_eq!(reports("", "page.query.a.b == \"x\""), ["R012 2:7 unknown field `page.query.a.b`"]);
    let segment = site::SETTINGS.replace("account.industry == \"Banking\"", "query(\"a-b\") == \"x\"");
    let sources = site::with(&[("nameplate.yaml", &segment)]);
    assert_eq!(compile(&sources).diagnostics[0].message, "a segment cannot read `query(\"a-b\")`");
}

#[test]
fn a_near_miss_calls_a_parameter_as_conditions_do() {
    let bundle = site::bundle(&with("", "query(\"plan\") == \"pro\" && query(\"a-b\").startsWith(\"x\")"));
    let explanation = explain(&bundle, &page("?plan=free"));
    let text = explanation.candidates[0].text.as_str();
    let expect = "would match if page.query.plan == \"pro\" (it is \"free\") and query(\"a-b\").startsWith(\"x\") (it is not known)";
    assert_eq!(text, expect);
}

#[test]
fn a_near_miss_calls_it_what_the_site_calls_it() {
    let bundle = site::bundle(&with(CUSTOM, "custom.seats > 10 && has(custom.plan)"));
    let explanation = explain(&bundle, &visit(json!({"seats": 3})));
    let text = serde_json::to_string(&explanation.candidates).unwrap();
    assert!(text.contains("would match if custom.seats > 10 (it is 3) and has(custom.plan)"), "{text}");
}

fn reports(settings: &str, when: &str) -> Vec<String> {
    site::reports(&with(settings, when))
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
