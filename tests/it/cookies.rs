//! Cookies that conditions read: declared by name, private, and in every slice as in the whole.

use nameplate::{
    bundle::{Bundle, Recipient, slice},
    compile::{Sources, compile},
    decide::{choose, cohort, decide, explain},
    model::Visit,
};
use serde_json::{Value, json};

use crate::site;

const COOKIES: &str = "cookies: { ref: consent, __Host-plan: necessary, unread: necessary, birch-only: consent }\n";

fn with(settings: &str, when: &str) -> Sources {
    let hero = site::EXPERIENCE.replace("account.tier == 1", when);
    let settings = format!("{settings}{}", site::SETTINGS);
    site::with(&[("nameplate.yaml", settings.as_str()), ("experiences/hero.yaml", hero.as_str())])
}

fn visit(account: &str, cookies: &Value) -> Visit {
    serde_json::from_value(json!({ "account": account, "visitor": { "cookies": cookies } })).unwrap()
}

fn reports(settings: &str, when: &str) -> Vec<String> {
    site::reports(&with(settings, when))
}

#[test]
fn a_slice_reads_the_same_cookies_as_the_whole_and_names_no_others() {
    let when = "cookie(\"__Host-plan\") == \"pro\" || has(visitor.cookies.ref) || account.id == \"birch\" && cookie(\"birch-only\") != \"x\"";
    let whole = site::bundle(&with(COOKIES, when));
    let names = &whole.site().names;
    // Those that are necessary come first, and what no rule reads has no name.
    assert_eq!(
        (&*names.cookies, names.necessary_cookies),
        (&["__Host-plan".into(), "".into(), "ref".into(), "birch-only".into()][..], 2)
    );
    let recipient = |position| Recipient::Account { position, content: true, ads: true };
    let bytes = slice(&whole, recipient(0), None);
    assert!(!["birch-only", "unread"].iter().any(|name| bytes.windows(name.len()).any(|part| part == name.as_bytes())));
    let part = Bundle::open(&bytes).unwrap();
    let names = &part.site().names;
    assert_eq!((&*names.cookies, names.necessary_cookies), (&["__Host-plan".into(), "".into(), "ref".into()][..], 2));
    let checks = [
        (json!({ "__Host-plan": "pro" }), 1),
        (json!({ "__Host-plan": "Pro", "__host-plan": "pro", "plan": "pro" }), 0),
        (json!({ "ref": "x" }), 1),
        (json!({ "ref": null, "birch-only": "y" }), 0),
        (json!({}), 0),
        (json!(null), 0),
    ];
    for (cookies, expect) in checks {
        for bundle in [&whole, &part] {
            assert_eq!(decide(bundle, &visit("alder", &cookies)).slots.len(), expect, "{cookies}");
        }
    }
    let part = Bundle::open(&slice(&whole, recipient(1), None)).unwrap();
    for bundle in [&whole, &part] {
        assert_eq!(decide(bundle, &visit("birch", &json!({ "birch-only": "y" }))).slots.len(), 1);
    }
}

#[test]
fn a_bundle_that_reads_no_cookie_is_none_the_longer_for_it() {
    let sections = |when: &str| {
        let bundle = site::bundle(&with(COOKIES, when));
        bundle.sections().iter().map(|section| section.id).collect::<Vec<_>>()
    };
    assert_eq!(sections("page.path == \"/x\""), (1..=11).collect::<Vec<_>>());
    assert_eq!(sections("cookie(\"ref\") == \"x\""), (1..=11).chain([14]).collect::<Vec<_>>());
}

#[test]
fn a_cookies_value_is_in_nothing_that_is_told() {
    const SECRET: &str = "a-secret-of-the-visitor";
    let when =
        "cookie(\"ref\") == \"x\" && cookie(\"__Host-plan\").startsWith(\"p\") && visitor.cookies.ref in [\"y\"]";
    let bundle = site::bundle(&with(COOKIES, when));
    let visit = visit("alder", &json!({ "ref": SECRET, "__Host-plan": SECRET }));
    let explanation = explain(&bundle, &visit);
    let text = serde_json::to_string(&explanation).unwrap();
    assert!(!text.contains(SECRET), "{text}");
    assert!(!format!("{:?}", choose(&bundle, &visit)).contains(SECRET));
    let expect = "would match if cookie(\"__Host-plan\").startsWith(\"p\")";
    let bundle = site::bundle(&with(COOKIES, "cookie(\"__Host-plan\").startsWith(\"p\")"));
    assert_eq!(explain(&bundle, &visit).candidates[0].text.as_str(), expect);
    let bundle = site::bundle(&with(COOKIES, "visitor.cookies.ref == \"x\""));
    assert_eq!(explain(&bundle, &visit).candidates[0].text.as_str(), "would match if visitor.cookies.ref == \"x\"");
}

#[test]
fn who_sees_the_same_is_of_one_cohort_whatever_his_cookies_say() {
    let bundle = site::bundle(&with(COOKIES, "cookie(\"ref\") in [\"x\", \"y\"]"));
    let key = |value: &str| {
        let choice = choose(&bundle, &visit("dogwood", &json!({ "ref": value })));
        let slots = decide(&bundle, &visit("dogwood", &json!({ "ref": value }))).slots;
        cohort(&bundle, &choice, &slots)
    };
    assert_eq!(key("x"), key("y"));
    assert_eq!(key("z"), key(""));
    assert_ne!(key("x"), key("z"));
}

#[test]
fn a_cookie_is_declared_before_a_condition_reads_it() {
    assert_eq!(reports(COOKIES, "cookie(\"ref\") == \"a\" && has(visitor.cookies.ref)"), Vec::<String>::new());
    assert_eq!(reports("", "cookie(\"ref\") == \"a\""), ["R013 2:7 the cookie `ref` is not declared"]);
    assert_eq!(reports(COOKIES, "visitor.cookies.reff == \"a\""), ["R013 2:7 the cookie `reff` is not declared"]);
    assert_eq!(reports(COOKIES, "has(visitor.cookies.Ref)"), ["R013 2:11 the cookie `Ref` is not declared"]);
    assert_eq!(reports(COOKIES, "cookie(\"ref\")"), ["R003 2:7 expected a condition, found text"]);
    assert_eq!(reports(COOKIES, "cookie(\"ref\") > 3"), ["R003 2:23 expected text, found a whole number"]);
    assert_eq!(reports(COOKIES, "visitor.cookies.a.b == \"x\""), ["R012 2:7 unknown field `visitor.cookies.a.b`"]);
    let segment = site::SETTINGS.replace("account.industry == \"Banking\"", "cookie(\"__Host-plan\") == \"x\"");
    let sources = site::with(&[("nameplate.yaml", &format!("{COOKIES}{segment}"))]);
    assert_eq!(compile(&sources).diagnostics[0].message, "a segment cannot read `cookie(\"__Host-plan\")`");
}

#[test]
fn what_is_declared_is_a_cookie_that_may_be_read() {
    let declared = |cookies: &str| reports(&format!("cookies: {{ {cookies} }}\n"), "true");
    assert_eq!(declared("__Secure-a.b: necessary, \"!#$%&'*+-.^_`|~\": consent"), Vec::<String>::new());
    assert_eq!(
        declared("a b: consent, \"é\": consent, np-token: necessary, ref: always, ok: consent"),
        [
            "S005 1:12 `a b` is not a name that a cookie can have",
            "S005 1:26 `é` is not a name that a cookie can have",
            "R013 1:40 the cookie `np-token` is Nameplate's own",
            "S013 1:66 `always` does not say when a cookie is read",
        ]
    );
    let long = "x".repeat(65);
    assert_eq!(
        declared(&format!("{long}: consent")),
        [format!("S005 1:12 `{long}` is not a name that a cookie can have")]
    );
    let many = |count: usize| (0..count).map(|number| format!("c{number}: consent")).collect::<Vec<_>>().join(", ");
    assert_eq!(declared(&many(16)), Vec::<String>::new());
    assert_eq!(declared(&many(17)), ["S009 1:12 there are 17 cookies; a bundle holds 16"]);
    // Of what is too much, only that is said.
    let settings = format!("cookies: {{ {} }}\n", many(17));
    assert_eq!(reports(&settings, "cookie(\"c16\") == \"x\"").len(), 1);
}
