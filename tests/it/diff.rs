//! What publishing another bundle would change.

use std::collections::BTreeSet;

use nameplate::{
    bundle::Bundle,
    decide::decide,
    diff::{Diff, diff},
    model::Visit,
};
use proptest::prelude::{ProptestConfig, prop, proptest};
use serde_json::Value;

use crate::{
    program::{Folder, Ran, run},
    random::{experience, line_item, settings, site_of, visit},
    site,
};

/// The small site with files in the place of its own.
fn bundle(files: &[(&str, &str)]) -> Bundle {
    site::bundle(&site::with(files))
}

/// What changes when these files come: a line for each place, `kind place: accounts | causes`.
fn places(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<String> {
    let diff = diff(&bundle(old), &bundle(new));
    let line = |change: &nameplate::diff::PlaceChange| {
        let json = serde_json::to_value(change).unwrap();
        let causes: Vec<String> = json["causes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cause| {
                let more = cause.get("when").or(cause.get("what")).unwrap();
                format!("{} {} {more}", cause["turn"].as_str().unwrap(), cause["name"].as_str().unwrap())
            })
            .collect();
        let strangers = if change.strangers { " and strangers" } else { "" };
        format!(
            "{} {}: {:?}{strangers} | {}",
            json["kind"].as_str().unwrap(),
            change.place,
            change.accounts,
            causes.join(", ")
        )
    };
    diff.places.iter().map(line).collect()
}

fn check(new: &[(&str, &str)], expect: &[&str]) {
    assert_eq!(places(&[], new), expect, "{new:?}");
}

#[test]
fn the_same_site_changes_nothing() {
    check(&[], &[]);
    assert!(diff(&bundle(&[]), &bundle(&[])).is_empty());
    let sample = site::bundle(&site::sample());
    assert!(diff(&sample, &sample).is_empty());
}

#[test]
fn a_change_names_who_sees_it_and_why() {
    let hero = |from: &str, to: &str| site::EXPERIENCE.replace(from, to);
    let other =
        hero("name: hero", "name: other").replace("account.tier == 1", "account.tier == 2 && visitor.visits > 3");
    check(&[("experiences/other.yaml", &other)], &[r#"slot title: ["birch"] | new other "visitor.visits > 3""#]);
    check(&[("experiences/hero.yaml", &hero("Hello", "Hi"))], &[r#"slot title: ["alder"] | changed hero ["content"]"#]);
    check(
        &[("experiences/hero.yaml", &hero("account.tier == 1", "account.tier == 1 && visitor.visits > 1"))],
        &[r#"slot title: ["alder"] | changed hero ["rule"]"#],
    );
    check(
        &[("experiences/hero.yaml", &hero("account.tier == 1", "account.tier >= 1"))],
        &[r#"slot title: ["birch", "cedar"] | new hero "true""#],
    );
    check(
        &[("experiences/hero.yaml", &hero("account.tier == 1", "'!account.known'"))],
        &[r#"slot title: ["alder"] | gone hero "true""#, r#"slot title: [] and strangers | new hero "true""#],
    );
    check(
        &[("ads/offer.yaml", &site::AD.replace("headline: Plans", "headline: Prices"))],
        &[r#"placement side: ["alder"] | changed offer ["content"]"#],
    );
}

#[test]
fn what_nobody_sees_is_no_change() {
    let hero = |from: &str, to: &str| site::EXPERIENCE.replace(from, to);
    // A condition in other words, and a priority that competes with nobody.
    check(&[("experiences/hero.yaml", &hero("account.tier == 1", "account.tier < 2 && account.known"))], &[]);
    check(&[("experiences/hero.yaml", &hero("priority: 500", "priority: 501"))], &[]);
    check(&[("ads/offer.yaml", &site::AD.replace("priority: 700", "priority: 1"))], &[]);
    // Behind one that always shows nothing does.
    let weaker = hero("name: hero", "name: weaker").replace("priority: 500", "priority: 1");
    check(&[("experiences/weaker.yaml", &weaker)], &[]);
    // What segments read, and nothing else.
    check(&[("accounts.csv", &site::ACCOUNTS.replace("84000", "85000"))], &[]);
}

#[test]
fn another_order_is_a_change() {
    let named = |name: &str, priority: &str| {
        site::EXPERIENCE
            .replace("name: hero", &format!("name: {name}"))
            .replace("account.tier == 1", "account.tier == 1 && visitor.visits > 1")
            .replace("priority: 500", priority)
    };
    let (one, two) = (named("one", "priority: 600"), named("two", "priority: 700"));
    let changed = named("two", "priority: 550");
    assert_eq!(
        places(
            &[("experiences/one.yaml", &one), ("experiences/two.yaml", &two)],
            &[("experiences/one.yaml", &one), ("experiences/two.yaml", &changed)]
        ),
        [r#"slot title: ["alder"] | changed one ["order"]"#]
    );
}

#[test]
fn of_many_only_the_one_that_moved_is_named() {
    let named = |name: &str, priority: u32| {
        site::EXPERIENCE
            .replace("name: hero", &format!("name: {name}"))
            .replace("account.tier == 1", "account.tier == 1 && visitor.visits > 1")
            .replace("priority: 500", &format!("priority: {priority}"))
    };
    let files = |moved: u32| -> Vec<(String, String)> {
        let all = [("a", 900), ("b", 800), ("c", 700), ("d", moved)];
        all.map(|(name, priority)| (format!("experiences/{name}.yaml"), named(name, priority))).into()
    };
    fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect()
    }
    let found = places(&borrowed(&files(600)), &borrowed(&files(950)));
    assert_eq!(found, [r#"slot title: ["alder"] | changed d ["order"]"#]);
}

#[test]
fn another_value_in_a_text_is_a_change_for_its_account() {
    let greets = site::EXPERIENCE
        .replace("account.tier == 1", "account.known")
        .replace("Hello", "'Hello, {{account.short_name | you}}'");
    let accounts = site::ACCOUNTS.replace("Birch Chemicals,Birch", "Birch Chemicals,The Birch");
    assert_eq!(
        places(
            &[("experiences/hero.yaml", &greets)],
            &[("experiences/hero.yaml", &greets), ("accounts.csv", &accounts)]
        ),
        [r#"slot title: ["birch"] | changed hero ["values"]"#]
    );
}

#[test]
fn accounts_come_and_go_and_are_found_or_not() {
    let accounts = site::ACCOUNTS.replace("dogwood,Dogwood", "elm,Elm");
    let networks =
        site::NETWORKS.replace("134.244.29.0/24,birch", "134.244.29.0/24,elm").replace("cedar,80", "alder,80");
    let Diff { added, removed, recognition, accounts, .. } =
        diff(&bundle(&[]), &bundle(&[("accounts.csv", &accounts), ("networks.csv", &networks)]));
    let ids = |ids: &[std::sync::Arc<str>]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!((accounts, ids(&added), ids(&removed)), (3, vec!["elm".into()], vec!["dogwood".into()]));
    assert_eq!(
        (ids(&recognition.gained), ids(&recognition.lost)),
        (vec!["elm".into()], vec!["birch".into(), "cedar".into()])
    );
    assert_eq!((recognition.more, recognition.fewer, recognition.moved.len()), (0, 0, 2));
    assert_eq!(recognition.moved[0].prefix, "134.244.29.0/24");
}

#[test]
fn a_prefix_below_the_confidence_finds_nobody() {
    let sure = site::SETTINGS
        .replace("networks: networks.csv", "networks: networks.csv\nconfidence: { content: 70, ads: 70 }");
    let found = diff(&bundle(&[]), &bundle(&[("nameplate.yaml", &sure)])).recognition;
    assert_eq!((found.lost.len(), found.fewer, found.more), (1, 1, 0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    /// Whoever gets another decision in a place is named there. (That who is named may get one is for the cases above.)
    #[test]
    fn nobody_sees_a_change_that_is_not_listed(
        settings in settings(),
        experiences in prop::collection::vec(experience(), 1..6),
        line_items in prop::collection::vec(line_item(), 1..5),
        other in (experience(), line_item()),
        turns in (0..6_usize, 0..5_usize, 0..4_u8),
        visits in prop::collection::vec(visit(), 24),
    ) {
        let (mut new_experiences, mut new_line_items) = (experiences.clone(), line_items.clone());
        let (one, two) = (turns.0 % experiences.len(), turns.1 % line_items.len());
        match turns.2 {
            0 => new_experiences[one] = other.0,
            1 => new_line_items[two] = other.1,
            2 => drop(new_experiences.pop()),
            _ => new_line_items.push(other.1),
        }
        let old = site::bundle(&site_of(&settings, &experiences, &line_items));
        let new = site::bundle(&site_of(&settings, &new_experiences, &new_line_items));
        let found = diff(&old, &new);
        for visit in visits {
            check_listed(&old, &new, &found, &visit);
        }
    }
}

fn check_listed(old: &Bundle, new: &Bundle, found: &Diff, visit: &Visit) {
    let (before, now) = (decide(old, visit), decide(new, visit));
    let shown = |decision: &nameplate::model::Decision| -> BTreeSet<(String, String)> {
        let slots = decision.slots.iter().map(|change| (change.slot.to_string(), format!("{change:?}")));
        let ads = decision.ads.iter().map(|ad| (ad.placement.to_string(), format!("{ad:?}")));
        slots.chain(ads).collect()
    };
    for (place, _) in shown(&before).symmetric_difference(&shown(&now)) {
        let is_listed = found.places.iter().filter(|change| change.place == *place).any(|change| match &now.account {
            Some(account) => change.accounts.contains(&account.id),
            None => change.strangers,
        });
        assert!(is_listed, "{place} {visit:?} {found:?}");
    }
}

fn run_diff(more: &[&str], code: i32) -> Ran {
    let ran = run(&[&["diff"], more].concat());
    assert_eq!(ran.code, Some(code), "{ran:?}");
    ran
}

#[test]
fn the_command_compares_folders_and_bundles() {
    let (old, new) = (Folder::with_site(), Folder::with_site());
    new.write("experiences/hero.yaml", site::EXPERIENCE.replace("account.tier == 1", "account.tier <= 2"));
    new.write("ads/offer.yaml", site::AD.replace("300x250", "728x90"));
    let paths = [old.path().to_str().unwrap(), new.path().to_str().unwrap()];
    let out = run_diff(&paths, 0).out;
    assert!(
        out.starts_with(
            "2 of 4 accounts see something else; strangers do not\n\nslot title: 1 account (birch)\n  + hero\n"
        ),
        "{out}"
    );
    assert!(out.contains("\nplacement side: 1 account (alder)\n  - offer\n"), "{out}");
    assert!(out.contains("warns now: ads/offer.yaml: D003 "), "{out}");
    let markdown = run_diff(&[&paths[..], &["--format", "markdown"]].concat(), 0).out;
    assert!(markdown.contains("| slot title | 1 account (birch) | + hero |\n"), "{markdown}");
    let json: Value = serde_json::from_str(&run_diff(&[&paths[..], &["--json"]].concat(), 0).out).unwrap();
    assert_eq!(json["changed"], 2);
    assert_eq!(json["warnings"].as_array().unwrap().len(), 1);

    let bundle = old.join("old.npb");
    let bundle = bundle.to_str().unwrap();
    assert_eq!(run(&["build", paths[0], "-o", bundle]).code, Some(0));
    let out = run_diff(&[bundle, paths[0]], 0).out;
    assert_eq!(out, "nobody sees anything else (4 accounts)\n");

    new.write("experiences/hero.yaml", "name: hero\n");
    assert!(run_diff(&paths, 1).err.contains("error[S011]"));
    run_diff(&[paths[0], "nowhere"], 2);
}
