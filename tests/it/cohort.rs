//! The cohort: equal for all who see the same, and for them alone; none where an account's own values are on the page.

use std::collections::BTreeMap;

use nameplate::{bundle::Bundle, decide::decide, model::Decision};

use crate::decide::{bundle_of, visit};

fn file(name: &str, when: &str, priority: u16, slots: &str) -> (String, String) {
    let text = format!(
        "name: {name}\nwhen: {when:?}\npriority: {priority}\nvariants: [{{ name: one, slots: {{ {slots} }} }}]\n"
    );
    (format!("experiences/{name}.yaml"), text)
}

fn shown(bundle: &Bundle, account: &str) -> Decision {
    decide(bundle, &visit(&format!(r#"{{"account": "{account}"}}"#)))
}

const WHOM: [&str; 6] = ["alder", "birch", "cedar", "dogwood", "nobody", "stranger"];

#[test]
fn who_sees_the_same_has_the_same_and_nobody_else() {
    let contents = [
        "title: { text: Hello }",
        "title: { text: 'Hello ' }",
        "title: { html: Hello }",
        "title: { before: Hello }",
        "title: { text: Hello }, body: { text: Hello }",
        "body: { text: Hello }",
        "body: { classes: { add: Hello } }",
        "body: { classes: { remove: Hello } }",
        "body: { visible: true }",
        "body: { visible: false }",
        "body: { attributes: { title: Hello } }",
        "body: { attributes: { title: Hel, lang: lo } }",
        "body: { attributes: { title: Hell, lang: o } }",
    ];
    let mut slots = BTreeMap::new();
    for content in contents {
        let bundle = bundle_of(&[
            file("all", "account.tier == 1", 5, content),
            file("few", "account.id == \"birch\"", 6, "title: { text: Few }"),
        ]);
        for account in WHOM {
            let decision = shown(&bundle, account);
            let cohort = decision.cohort.expect("no values of accounts");
            assert_eq!(cohort.len(), 16);
            assert_eq!(slots.entry(cohort).or_insert_with(|| decision.slots.clone()), &decision.slots, "{content}");
        }
    }
    // Each content, that of the few, and Default.
    assert_eq!(slots.len(), contents.len() + 2);
}

#[test]
fn where_an_accounts_own_values_may_be_seen_there_is_none() {
    let bundle = bundle_of(&[
        file("own", "account.tier == 1", 9, "title: { text: 'Hello {{account.name | you}}' }"),
        file("part", "true", 7, "title: { text: Hello }, body: { html: '<b>{{account.short_name | you}}</b>' }"),
        file("few", "account.id == \"birch\"", 8, "body: { text: Few }"),
    ]);
    // The account's own, what others of its experience have, and what strangers see in the place of values.
    for (account, is_shared) in
        [("alder", false), ("birch", true), ("cedar", false), ("dogwood", false), ("nobody", true)]
    {
        assert_eq!(shown(&bundle, account).cohort.is_some(), is_shared, "{account}");
    }
    assert_eq!(shown(&bundle, "nobody").cohort, decide(&bundle, &visit("{}")).cohort);
    assert_ne!(shown(&bundle, "nobody").cohort, shown(&bundle, "birch").cohort);
}

#[test]
fn who_is_not_known_for_sure_is_among_strangers() {
    let own = file("own", "true", 9, "title: { text: 'Hello {{account.name | you}}' }");
    let settings =
        ("nameplate.yaml".to_owned(), format!("{}confidence: {{ content: 70, ads: 90 }}\n", crate::site::SETTINGS));
    let bundle = bundle_of(&[own, settings]);
    let cohort = |ip: &str| decide(&bundle, &visit(&format!(r#"{{"ip": "{ip}"}}"#))).cohort;
    assert_eq!(cohort("132.186.88.1"), None);
    assert_eq!(cohort("134.244.29.1"), cohort("91.0.0.1"));
    assert!(cohort("91.0.0.1").is_some());
}
