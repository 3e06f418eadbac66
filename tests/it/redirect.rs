//! Which experience sends the visitor to another page: they compete, are held out and are explained as content is.

use nameplate::{
    decide::{decide, explain},
    model::{AppliedChange, Decision},
};

use crate::{
    decide::{bundle_of, visit},
    site,
};

fn file(name: &str, text: &str) -> (String, String) {
    (format!("experiences/{name}.yaml"), format!("name: {name}\n{text}"))
}

fn target(decision: &Decision) -> Option<&str> {
    let change = decision.slots.iter().find(|change| &*change.slot == "redirect")?;
    assert_eq!(&*change.selector, ":not(*)");
    let [AppliedChange::Redirect { value }] = change.changes.as_slice() else { panic!("{change:?}") };
    Some(value)
}

#[test]
fn the_strongest_whose_rule_holds_says_where_and_slots_are_chosen_beside_it() {
    let to = |priority: u16, when: &str, url: &str| {
        format!("when: {when:?}\npriority: {priority}\nvariants: [{{ name: one, redirect: '{url}' }}]\n")
    };
    let bundle = bundle_of(&[
        file("weak", &to(5, "account.known", "/known?of={{account.id | x}}#a")),
        file("strong", &to(6, "account.tier == 1", "https://cdn.example.net/tier")),
        file("text", "when: account.known\npriority: 7\nvariants: [{ name: one, slots: { title: { text: T } } }]\n"),
    ]);
    let check = |account: &str, expect: Option<&str>, reason: &str| {
        let visit = visit(&format!(r#"{{"account": "{account}"}}"#));
        let decision = decide(&bundle, &visit);
        assert_eq!(explain(&bundle, &visit).decision, decision);
        assert_eq!(target(&decision), expect, "{account}");
        let found = decision.reasons.iter().find(|reason| &*reason.about == "redirect").unwrap();
        assert_eq!(found.text, reason);
        assert_eq!(decision.slots.iter().any(|change| &*change.slot == "title"), expect.is_some());
    };
    check("alder", Some("https://cdn.example.net/tier"), "its rule holds, and no stronger one's does");
    check("birch", Some("/known?of=birch#a"), "its rule holds, and no stronger one's does");
    check("nobody", None, "none of the candidates matches");
}

#[test]
fn a_holdout_and_a_control_stay_and_are_counted() {
    let text = |more: &str, weights: [u8; 2]| {
        format!(
            "when: account.known\npriority: 5\n{more}\nvariants:\n  - {{ name: away, weight: {}, redirect: /b }}\n  - {{ name: stay, weight: {} }}\n",
            weights[0], weights[1]
        )
    };
    let check = |files: &[(String, String)], expect: Option<&str>, exposure: (&str, Option<&str>)| {
        let decision = decide(&bundle_of(files), &visit(r#"{"account": "alder"}"#));
        assert_eq!(target(&decision), expect);
        let found = &decision.exposures[0];
        assert_eq!((&*found.experience, found.variant.as_deref()), exposure);
    };
    check(&[file("e", &text("", [1, 0]))], Some("/b"), ("e", Some("away")));
    check(&[file("e", &text("", [0, 1]))], None, ("e", Some("stay")));
    check(&[file("e", &text("test: { holdout_percent: 100 }", [1, 0]))], None, ("e", None));
    let settings = format!("holdout_percent: 100\n{}", site::SETTINGS);
    check(&[file("e", &text("", [1, 0])), ("nameplate.yaml".to_owned(), settings)], None, ("*", None));
}

#[test]
fn a_site_that_never_redirects_has_no_slot_for_it() {
    let bundle = site::bundle(&site::with(&[]));
    assert_eq!(bundle.site().slots.iter().map(|slot| &*slot.name).collect::<Vec<_>>(), ["title", "body"]);
}
