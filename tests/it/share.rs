//! Tests: who is drawn, which share, and that nobody moves.

use std::collections::BTreeMap;

use nameplate::{
    bundle::Bundle,
    decide::{SITE_HOLDOUT, decide, explain},
    model::{Outcome, Visit, Visitor},
};

use crate::{
    decide::{bundle_of, experience, shown, visit},
    site,
};

const COUNT: usize = 2_000;

/// A site of many accounts, all alike.
fn bundle(test: &str, variants: &str, settings: &str) -> Bundle {
    let rows: String = (0..COUNT).map(|n| format!("account-{n},Account {n},,,,,,1,,,\n")).collect();
    let accounts = format!("{}\n{rows}", site::ACCOUNTS.trim_end());
    let hero = format!("name: hero\nwhen: true\npriority: 500\n{test}\nvariants:\n{variants}\n");
    bundle_of(&[
        ("accounts.csv".to_owned(), accounts),
        ("experiences/hero.yaml".to_owned(), hero),
        ("nameplate.yaml".to_owned(), format!("{}{settings}\n", site::SETTINGS)),
    ])
}

const TWO: &str = "  - { name: a, weight: 60, slots: { title: { text: A } } }
  - { name: b, weight: 40, slots: { title: { text: B } } }
  - { name: never, weight: 0, slots: { title: { text: Never } } }";

/// What each of many accounts is exposed to.
fn accounts(bundle: &Bundle) -> Vec<String> {
    let one = |n: usize| {
        let visit = Visit { account: Some(format!("account-{n}")), ..Visit::default() };
        exposure(bundle, &visit)
    };
    (0..COUNT).map(one).collect()
}

/// What each of many visitors is exposed to.
fn visitors(bundle: &Bundle, account: Option<&str>) -> Vec<String> {
    let one = |n: usize| {
        let visitor = Visitor { id: Some(format!("visitor-{n}")), ..Visitor::default() };
        exposure(bundle, &Visit { account: account.map(str::to_owned), visitor, ..Visit::default() })
    };
    (0..COUNT).map(one).collect()
}

/// `hero a account`, `hero - account` when held out, or nothing.
fn exposure(bundle: &Bundle, visit: &Visit) -> String {
    let decision = decide(bundle, visit);
    let one = |exposure: &nameplate::model::Exposure| {
        assert!(exposure.bucket.is_some_and(|bucket| bucket < 10_000));
        format!("{} {} {}", exposure.experience, exposure.variant.as_deref().unwrap_or("-"), exposure.unit)
    };
    decision.exposures.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Each share, in percent of all, may be off by three standard deviations and a little.
fn check_shares(found: &[String], expect: &[(&str, f64)]) {
    let mut counts: BTreeMap<&str, usize> = expect.iter().map(|(what, _)| (*what, 0)).collect();
    for one in found {
        *counts.get_mut(one.as_str()).unwrap_or_else(|| panic!("{one}")) += 1;
    }
    for (what, percent) in expect {
        let total = found.len() as f64;
        let (share, deviation) = (percent / 100.0, (percent / 100.0 * (1.0 - percent / 100.0) / total).sqrt());
        let off = (counts[what] as f64 / total - share).abs();
        assert!(off <= 3.2 * deviation, "{what}: {} of {total}, expected {percent} %", counts[what]);
    }
}

#[test]
fn weights_are_shares_of_accounts() {
    let found = accounts(&bundle("", TWO, ""));
    check_shares(&found, &[("hero a account", 60.0), ("hero b account", 40.0)]);
}

#[test]
fn the_holdout_is_a_share_of_accounts() {
    let found = accounts(&bundle("test: { holdout_percent: 20 }", TWO, ""));
    check_shares(&found, &[("hero - account", 20.0), ("hero a account", 48.0), ("hero b account", 32.0)]);
}

#[test]
fn a_holdout_of_all_or_nothing_is_just_that() {
    check_shares(&accounts(&bundle("test: { holdout_percent: 100 }", TWO, "")), &[("hero - account", 100.0)]);
    let found = accounts(&bundle("test: { holdout_percent: 0 }", TWO, ""));
    check_shares(&found, &[("hero a account", 60.0), ("hero b account", 40.0)]);
}

#[test]
fn weights_are_shares_of_visitors_whatever_their_account() {
    let bundle = bundle("test: { unit: visitor, holdout_percent: 10 }", TWO, "");
    let shares = [("hero - visitor", 10.0), ("hero a visitor", 54.0), ("hero b visitor", 36.0)];
    check_shares(&visitors(&bundle, None), &shares);
    assert_eq!(visitors(&bundle, Some("alder")), visitors(&bundle, None));
}

#[test]
fn everybody_of_an_account_gets_the_same() {
    let bundle = bundle("", TWO, "");
    let found = visitors(&bundle, Some("alder"));
    assert!(found.iter().all(|one| *one == found[0] && one.ends_with("account")));
}

#[test]
fn growing_the_holdout_moves_nobody_between_variants() {
    let small = accounts(&bundle("test: { holdout_percent: 5 }", TWO, ""));
    let large = accounts(&bundle("test: { holdout_percent: 30 }", TWO, ""));
    for (before, after) in small.iter().zip(&large) {
        assert!(after == before || after == "hero - account", "{before} to {after}");
    }
    assert_ne!(small, large);
}

#[test]
fn another_salt_draws_others() {
    let one = accounts(&bundle("", TWO, ""));
    let other = "salt: test";
    let mut files = vec![("nameplate.yaml".to_owned(), site::SETTINGS.replace(other, "salt: other"))];
    let rows: String = (0..COUNT).map(|n| format!("account-{n},Account {n},,,,,,1,,,\n")).collect();
    files.push(("accounts.csv".to_owned(), format!("{}\n{rows}", site::ACCOUNTS.trim_end())));
    files.push((
        "experiences/hero.yaml".to_owned(),
        format!("name: hero\nwhen: true\npriority: 500\nvariants:\n{TWO}\n"),
    ));
    let two = accounts(&bundle_of(&files));
    let same = one.iter().zip(&two).filter(|(one, two)| one == two).count();
    assert!((COUNT * 45 / 100..COUNT * 59 / 100).contains(&same), "{same} of {COUNT}, expected 52 %");
}

#[test]
fn a_control_keeps_the_slot_on_default_and_is_recorded() {
    let control = "  - { name: control }\n  - { name: one, weight: 0, slots: { title: { text: One } } }";
    let hero = format!("name: hero\nwhen: account.known\npriority: 500\nvariants:\n{control}\n");
    let bundle = bundle_of(&[("experiences/hero.yaml".to_owned(), hero), experience("weak", "title", "true", 1, "")]);
    let alder = visit(r#"{"account": "alder"}"#);
    assert_eq!(shown(&bundle, &alder), "title: -; body: -", "no weaker one takes it");
    assert_eq!(exposure(&bundle, &alder), "hero control account");
    let explanation = explain(&bundle, &alder);
    let outcomes: Vec<_> = explanation.candidates.iter().map(|one| (&*one.name, one.outcome)).collect();
    assert_eq!(outcomes[..2], [("hero", Outcome::Control), ("weak", Outcome::Outranked)]);
    assert_eq!(shown(&bundle, &visit("{}")), "title: weak; body: -");
}

#[test]
fn a_held_out_experience_keeps_its_slot_from_weaker_ones() {
    let held = experience("held", "title", "account.known", 9, "test: { holdout_percent: 100 }");
    let bundle = bundle_of(&[held, experience("weak", "title", "true", 1, "")]);
    let alder = visit(r#"{"account": "alder"}"#);
    assert_eq!(shown(&bundle, &alder), "title: -; body: -");
    assert_eq!(exposure(&bundle, &alder), "held - account");
    assert_eq!(explain(&bundle, &alder).candidates[0].outcome, Outcome::HeldOut);
    let reason = &decide(&bundle, &alder).reasons[0];
    assert_eq!((&*reason.text, &reason.chosen), ("held out from `held`: Default is kept to measure its lift", &None));
}

#[test]
fn without_somebody_to_draw_for_a_weaker_one_shows() {
    let check = |unit: &str, json: &str, expect: &str, outcome: Outcome| {
        let drawn = experience("drawn", "title", "true", 9, &format!("test: {{ unit: {unit}, holdout_percent: 1 }}"));
        let bundle = bundle_of(&[drawn, experience("weak", "title", "true", 1, "")]);
        assert_eq!(shown(&bundle, &visit(json)), format!("title: {expect}; body: -"), "{unit} {json}");
        assert_eq!(explain(&bundle, &visit(json)).candidates[0].outcome, outcome);
    };
    check("account", "{}", "weak", Outcome::NotSampled);
    check("account", r#"{"visitor": {"id": "v"}}"#, "weak", Outcome::NotSampled);
    check("account", r#"{"account": "birch"}"#, "drawn", Outcome::Chosen);
    check("visitor", "{}", "weak", Outcome::NotSampled);
    check("visitor", r#"{"account": "alder", "visitor": {"id": ""}}"#, "weak", Outcome::NotSampled);
    check("visitor", r#"{"visitor": {"id": "v"}}"#, "drawn", Outcome::Chosen);
}

#[test]
fn where_there_is_nothing_to_draw_nobody_is_needed() {
    let bundle = bundle_of(&[experience("e", "title", "true", 5, "test: { unit: visitor }")]);
    let decision = decide(&bundle, &Visit::default());
    assert_eq!((decision.slots.len(), decision.exposures.len(), decision.exposures[0].bucket), (1, 1, None));
}

#[test]
fn an_experience_in_several_slots_is_drawn_once() {
    let variants = "  - { name: a, slots: { title: { text: A }, body: { text: A } } }
  - { name: b, slots: { title: { text: B }, body: { text: B } } }";
    let bundle = bundle("", variants, "");
    for n in 0..100 {
        let visit = Visit { account: Some(format!("account-{n}")), ..Visit::default() };
        let text = shown(&bundle, &visit);
        assert!(["title: A; body: A", "title: B; body: B"].contains(&text.as_str()), "{text}");
        assert_eq!(decide(&bundle, &visit).exposures.len(), 1);
    }
}

#[test]
fn an_experience_that_gets_no_slot_is_not_exposed() {
    let bundle = bundle_of(&[experience("strong", "title", "true", 9, ""), experience("weak", "title", "true", 1, "")]);
    let names: Vec<_> =
        decide(&bundle, &Visit::default()).exposures.iter().map(|one| one.experience.to_string()).collect();
    assert_eq!(names, ["strong"]);
}

#[test]
fn the_sites_holdout_keeps_a_share_of_accounts_on_default_everywhere() {
    let bundle = bundle("", "  - { name: a, slots: { title: { text: A } } }", "holdout_percent: 10");
    let (mut held, mut ads) = (0, 0);
    for n in 0..COUNT {
        let visit = Visit { account: Some(format!("account-{n}")), ..Visit::default() };
        let decision = decide(&bundle, &visit);
        assert_eq!(explain(&bundle, &visit).decision, decision);
        assert_eq!(decision.reasons.len(), 3);
        ads += decision.ads.len();
        if decision.exposures.iter().any(|exposure| &*exposure.experience == SITE_HOLDOUT) {
            held += 1;
            assert_eq!((decision.slots.len(), decision.ads.len(), decision.exposures.len()), (0, 0, 1));
            assert!(decision.account.is_some() && decision.reasons.iter().all(|reason| reason.chosen.is_none()));
        } else {
            assert_eq!(decision.slots.len(), 1);
        }
    }
    assert!((150..250).contains(&held), "{held} of {COUNT}, expected 10 %");
    assert_eq!(ads, COUNT - held);
    for n in 0..200 {
        let visitor = Visitor { id: Some(format!("v{n}")), ..Visitor::default() };
        let decision = decide(&bundle, &Visit { visitor, ..Visit::default() });
        assert_eq!(decision.slots.len(), 1, "a stranger is never held out");
    }
}
