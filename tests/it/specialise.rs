//! `decide` looks only at what specialising left for a class of accounts, or for a described company at what an index lets through;
//! `explain` evaluates every rule as it is written. On any site and for any visit all must come to the same decision.

use nameplate::{
    bundle::Bundle,
    decide::{decide, explain},
    model::{Decision, Visit},
};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};

use crate::{
    decide::bundle_of,
    oracle::{condition, described, visit},
    site,
};

const SLOTS: [&str; 3] = ["title", "body", "foot"];
const PLACEMENTS: [&str; 2] = ["side", "top"];
const SIZES: [&str; 3] = ["300x250", "728x90", "300x600"];

fn quoted(condition: &str) -> String {
    format!("'{}'", condition.replace('\'', "''"))
}

fn window() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just("{}"), 1 => Just("{ from: 1970-01-01 }"), 1 => Just("{ until: 2026-01-01 }")]
}

/// What an experience may say: its rule, and all that decides whether it takes its slots.
fn experience() -> impl Strategy<Value = String> {
    let slots = prop::collection::vec(prop::sample::subsequence(SLOTS.to_vec(), 0..=3), 1..4);
    let rule = prop_oneof![3 => condition(), 2 => prop::sample::select(vec!["true", "account.known", "account.tier == 1"])
        .prop_map(str::to_owned)];
    let test = (any::<bool>(), prop::sample::select(vec![0, 0, 0, 50, 100]));
    let weights = prop::collection::vec(prop::sample::select(vec![1, 1, 3, 0]), 3);
    (rule, 0..3_u8, window(), test, slots, weights).prop_map(
        |(rule, priority, schedule, (by_account, holdout), slots, weights)| {
            let unit = if by_account { "account" } else { "visitor" };
            let mut text = format!("when: {}\npriority: {priority}\nschedule: {schedule}\n", quoted(&rule));
            text += &format!("test: {{ unit: {unit}, holdout_percent: {holdout} }}\nvariants:\n");
            for (number, (slots, weight)) in slots.iter().zip(weights).enumerate() {
                let weight = if number == 0 { weight.max(1) } else { weight };
                let content = |slot: &&str| format!("{slot}: {{ text: 'v{number} {{{{account.id | x}}}}' }}");
                let contents = slots.iter().map(content).collect::<Vec<_>>().join(", ");
                text += &format!("  - {{ name: v{number}, weight: {weight}, slots: {{ {contents} }} }}\n");
            }
            text
        },
    )
}

fn line_item() -> impl Strategy<Value = String> {
    let rule =
        prop_oneof![2 => condition(), 2 => prop::sample::select(vec!["true", "account.known"]).prop_map(str::to_owned)];
    let placements = prop::sample::subsequence(PLACEMENTS.to_vec(), 1..=2);
    let creatives =
        prop::collection::vec((prop::sample::select(SIZES.to_vec()), prop::sample::select(vec![1, 1, 2, 0])), 1..4);
    (rule, 0..3_u8, window(), prop::sample::select(vec![1, 1, 2, 0]), placements, creatives).prop_map(
        |(rule, priority, flight, weight, placements, creatives)| {
            let mut text = format!("when: {}\npriority: {priority}\nflight: {flight}\nweight: {weight}\n", quoted(&rule));
            text += &format!("placements: [{}]\ncreatives:\n", placements.join(", "));
            for (number, (size, weight)) in creatives.iter().enumerate() {
                text += &format!(
                    "  - {{ name: c{number}, size: {size}, weight: {weight}, link: /x, alt: A, headline: 'H {{{{account.id | x}}}}' }}\n"
                );
            }
            text
        },
    )
}

fn bundle() -> impl Strategy<Value = Bundle> {
    let confidence = (prop::sample::select(vec![0, 60, 61, 90]), prop::sample::select(vec![0, 60, 61, 90]));
    let experiences = prop::collection::vec(experience(), 0..8);
    let line_items = prop::collection::vec(line_item(), 0..7);
    (experiences, line_items, confidence, prop::sample::select(vec![0, 0, 30])).prop_map(
        |(experiences, line_items, (content, ads), holdout)| {
            let settings = site::SETTINGS
                .replace(
                    "placements:\n",
                    "  foot: { selector: footer }\nplacements:\n  top: { selector: .top, sizes: [728x90] }\n",
                )
                .replace("sizes: [300x250]", "sizes: [300x600, 300x250]")
                .replace("banks: account", "large: account.employees > 5000 || account.tier == 3\n  banks: account");
            let settings =
                format!("confidence: {{ content: {content}, ads: {ads} }}\nholdout_percent: {holdout}\n{settings}");
            let mut files = vec![("nameplate.yaml".to_owned(), settings)];
            files.push(("ads/offer.yaml".to_owned(), site::AD.to_owned()));
            for (number, text) in experiences.iter().enumerate() {
                files.push((format!("experiences/e{number}.yaml"), format!("name: e{number}\n{text}")));
            }
            for (number, text) in line_items.iter().enumerate() {
                files.push((format!("ads/l{number}.yaml"), format!("name: l{number}\n{text}")));
            }
            bundle_of(&files)
        },
    )
}

fn check(bundle: &Bundle, visit: &Visit) {
    assert_eq!(decide(bundle, visit), explain(bundle, visit).decision, "{visit:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn specialised_rules_decide_like_those_that_were_written(
        bundle in bundle(),
        visits in prop::collection::vec(visit(), 12),
        ids in prop::collection::vec(prop::option::of("[a-d]"), 12),
        ips in prop::collection::vec(prop::sample::select(vec!["132.186.88.7", "134.244.29.7", "8.8.8.8"]), 12),
    ) {
        for ((mut visit, id), ip) in visits.into_iter().zip(ids).zip(ips) {
            visit.visitor.id = id;
            check(&bundle, &visit);
            if let Some(described) = described(&visit) {
                check(&bundle, &described);
                let (twin, decision) = (decide(&bundle, &described), decide(&bundle, &visit));
                let shown = |decision: Decision| (decision.slots, decision.ads, decision.exposures);
                assert_eq!(twin.account, decision.account);
                assert_eq!(shown(twin), shown(decision), "{visit:?}");
            }
            // By address the confidence counts, too.
            check(&bundle, &Visit { account: None, ip: Some(ip.to_owned()), ..visit });
        }
    }
}

#[test]
fn accounts_that_rules_cannot_tell_apart_are_one_class() {
    let classes = |when: &str| {
        let hero = site::EXPERIENCE.replace("account.tier == 1", &quoted(when));
        let ad = site::AD.replace("account.tier == 1", "false");
        let files = [("experiences/hero.yaml".to_owned(), hero), ("ads/offer.yaml".to_owned(), ad)];
        bundle_of(&files).contents().classes.iter().len()
    };
    assert_eq!(classes("true"), 1);
    assert_eq!(classes("visitor.visits > 2"), 1);
    assert_eq!(classes("account.tier == 1"), 2);
    assert_eq!(classes("account.tier == 1 || visitor.visits > 2"), 2);
    assert_eq!(classes("account.tier == 1 && visitor.visits > 2 || account.tier == 2 && visitor.visits > 3"), 3);
    assert_eq!(classes("account.known || !account.known"), 1);
}
