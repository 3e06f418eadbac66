//! `explain` tells how `decide` decided, for any visit, and neither repeats an address.

use std::{collections::BTreeSet, sync::LazyLock};

use nameplate::{
    bundle::Bundle,
    decide::{decide, explain},
    model::{CandidateKind, Decision, Explanation, Outcome, Visit, Visitor},
};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};

use crate::site;

static SAMPLE: LazyLock<Bundle> = LazyLock::new(|| site::bundle(&site::sample()));

/// Decides and explains, and holds the one against the other.
fn check(visit: &Visit) {
    let decision = decide(&SAMPLE, visit);
    let Explanation { decision: explained, candidates, .. } = explain(&SAMPLE, visit);
    assert_eq!(explained, decision);
    check_shape(&decision);
    let site = SAMPLE.site();
    for slot in &site.slots {
        let of = || candidates.iter().filter(|one| one.about == slot.name && one.kind == CandidateKind::Experience);
        let chosen: Vec<_> = of().filter(|one| one.outcome == Outcome::Chosen).map(|one| &one.name).collect();
        let shown: Vec<_> = decision.slots.iter().filter(|change| change.slot == slot.name).collect();
        assert_eq!(chosen, shown.iter().map(|change| &change.experience).collect::<Vec<_>>());
        let wanted = site.experiences.iter().filter(|experience| {
            experience.slots().iter().any(|position| site.slots[*position as usize].name == slot.name)
        });
        assert_eq!(of().map(|one| &one.name).collect::<Vec<_>>(), wanted.map(|one| &one.name).collect::<Vec<_>>());
        let firsts = [Outcome::Chosen, Outcome::Control, Outcome::HeldOut];
        let first = of().position(|one| firsts.contains(&one.outcome));
        let outranked = of().position(|one| one.outcome == Outcome::Outranked);
        assert!(outranked.is_none_or(|outranked| first.is_some_and(|first| first < outranked)));
    }
    for placement in &site.placements {
        let of = candidates.iter().filter(|one| one.about == placement.name && one.kind == CandidateKind::LineItem);
        let chosen: Vec<_> = of.filter(|one| one.outcome == Outcome::Chosen).map(|one| &one.name).collect();
        let shown = decision.ads.iter().filter(|ad| ad.placement == placement.name);
        assert_eq!(chosen, shown.map(|ad| &ad.line_item).collect::<Vec<_>>());
    }
    assert!(candidates.iter().all(|one| !one.text.is_empty() && !one.text.ends_with('.')));
}

/// What holds of every decision.
fn check_shape(decision: &Decision) {
    let site = SAMPLE.site();
    let about: Vec<_> = decision.reasons.iter().map(|reason| reason.about.clone()).collect();
    let slots = site.slots.iter().map(|slot| slot.name.clone());
    assert_eq!(about, slots.chain(site.placements.iter().map(|placement| placement.name.clone())).collect::<Vec<_>>());
    let exposed: BTreeSet<_> = decision.exposures.iter().map(|exposure| &exposure.experience).collect();
    assert_eq!(exposed.len(), decision.exposures.len(), "each experience is exposed once");
    assert!(decision.slots.iter().all(|slot| exposed.contains(&slot.experience) && !slot.changes.is_empty()));
    for ad in &decision.ads {
        let placement = site.placements.iter().find(|placement| placement.name == ad.placement).unwrap();
        assert!(placement.sizes.iter().any(|size| (size.width, size.height) == (ad.width, ad.height)));
    }
    let json = serde_json::to_string(decision).unwrap();
    assert!(!json.contains("nptoken") && !json.contains("{{"), "{json}");
}

fn optional<T: Strategy>(strategy: T) -> impl Strategy<Value = Option<T::Value>>
where
    T::Value: Clone,
{
    prop::option::of(strategy)
}

/// An address: at the edge of a prefix, anywhere, or none at all.
fn ip() -> impl Strategy<Value = String> {
    let at_prefix = (any::<prop::sample::Index>(), any::<bool>()).prop_map(|(index, is_last)| {
        let prefixes = SAMPLE.contents().networks.prefixes();
        let prefix = prefixes.get(index.index(prefixes.len())).unwrap();
        match if is_last { prefix.last() } else { prefix.first() } {
            nameplate::net::Address::V4(bits) => std::net::Ipv4Addr::from_bits(bits).to_string(),
            nameplate::net::Address::V6(bits) => std::net::Ipv6Addr::from_bits(bits).to_string(),
        }
    });
    let v4 = any::<u32>().prop_map(|bits| std::net::Ipv4Addr::from_bits(bits).to_string());
    let v6 = any::<u128>().prop_map(|bits| std::net::Ipv6Addr::from_bits(bits).to_string());
    prop_oneof![3 => at_prefix, 1 => v4, 1 => v6, 1 => ".*"]
}

fn account() -> impl Strategy<Value = String> {
    let known = any::<prop::sample::Index>().prop_map(|index| {
        let accounts = &SAMPLE.site().accounts;
        accounts.get(index.index(accounts.len())).unwrap().id().to_owned()
    });
    prop_oneof![4 => known, 1 => ".*"]
}

fn url() -> impl Strategy<Value = String> {
    let pages = ["/", "/pricing", "/customers", "/x"];
    let query =
        ["", "?utm_source=newsletter&utm_campaign=peak-demand", "?utm_medium=%ff", "#x", "?utm_campaign=&&=+%2"];
    let usual = (prop::sample::select(pages.to_vec()), prop::sample::select(query.to_vec()))
        .prop_map(|(page, query)| format!("https://www.tidewater.example{page}{query}"));
    prop_oneof![4 => usual, 1 => ".*"]
}

fn visit() -> impl Strategy<Value = Visit> {
    let now = prop_oneof![Just(1_790_000_000_i64), 1_700_000_000..1_900_000_000_i64, any::<i64>()];
    let referrers = ["https://www.google.com/", "https://partner.example/a", "", "about:blank", "é"];
    let roles = [&nameplate::model::ROLES[..], &["", "boss"]].concat();
    let visitor = (
        optional("[a-z0-9]{0,8}|.*"),
        optional(prop_oneof![1..9_i64, any::<i64>()]),
        optional(prop::sample::select(roles).prop_map(str::to_owned)),
        optional(prop::sample::select(vec!["de", "de-AT", "en", ""]).prop_map(str::to_owned)),
    )
        .prop_map(|(id, visits, role, language)| Visitor { id, visits, role, language, ..Visitor::default() });
    (
        optional(ip()),
        optional(account()),
        optional(url()),
        optional(prop::sample::select(referrers.to_vec()).prop_map(str::to_owned)),
        optional(now),
        visitor,
    )
        .prop_map(|(ip, account, url, referrer, now, visitor)| Visit {
            ip,
            account,
            url,
            referrer,
            now,
            visitor,
            ..Visit::default()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn explain_and_decide_agree_on_any_visit(visit in visit()) {
        check(&visit);
    }
}

#[test]
fn every_account_of_the_sample_site_can_be_explained() {
    for account in SAMPLE.site().accounts.iter() {
        for url in ["/", "/pricing", "/customers"] {
            check(&Visit {
                account: Some(account.id().to_owned()),
                url: Some(format!("https://www.tidewater.example{url}")),
                now: Some(1_790_000_000),
                ..Visit::default()
            });
        }
    }
}

/// Who asks why must not learn an address. The one below lies in a prefix of alder's.
#[test]
fn no_answer_repeats_the_address() {
    let rule =
        "in_cidr(visitor.ip, \"132.186.88.0/24\") && visitor.visits > 3 || in_cidr(visitor.ip, \"192.0.2.0/24\")";
    let hero = site::EXPERIENCE.replace("account.tier == 1", &format!("'{rule}'"));
    let bundle = site::bundle(&site::with(&[("experiences/hero.yaml", &hero)]));
    let check = |ip: &str, account: Option<&str>, canaries: &[&str]| {
        let account = account.map(str::to_owned);
        let visit = Visit { ip: Some(ip.to_owned()), account, ..Visit::default() };
        let explanation = explain(&bundle, &visit);
        let text = format!("{} {explanation:?}", serde_json::to_string(&explanation).unwrap());
        for canary in canaries {
            assert!(!text.contains(canary), "{canary}: {text}");
        }
    };
    check("132.186.88.77", None, &["88.77", "84ba584d", "2226804813"]);
    check("132.186.88.77", Some("132.186.88.77"), &["88.77"]);
    check("::ffff:132.186.88.77", None, &["88.77", "584d"]);
    check("8.8.4.77", None, &["8.8.4"]);
    check("192.0.2.77", None, &["2.77"]);
    check("10.9.8.77", None, &["10.9", "8.77"]);
    check("2a00:1450:4001:abcd::77", None, &["abcd", "::77"]);
    check("canary.77", None, &["canary"]);
}

/// What a rule would have needed, in the author's words.
#[test]
fn a_near_miss_says_what_would_make_the_rule_hold() {
    let check = |when: &str, json: &str, expect: &str| {
        let hero = site::EXPERIENCE.replace("account.tier == 1", &format!("{when:?}"));
        let bundle = site::bundle(&site::with(&[("experiences/hero.yaml", &hero)]));
        let visit: Visit = serde_json::from_str(json).unwrap();
        assert_eq!(explain(&bundle, &visit).candidates[0].text, expect, "{when}");
    };
    let birch =
        r#"{"account": "birch", "ip": "192.0.2.1", "url": "https://www.example.com/é?a", "visitor": {"visits": 2}}"#;
    check("account.tier == 1", birch, "would match if account.tier == 1; it is 2");
    check("account.tier == 1", "{}", "would match if account.tier == 1; it is not known");
    check(
        "account.tier < 2 && visitor.visits > 2",
        birch,
        "would match if account.tier < 2 (it is 2) and visitor.visits > 2 (it is 2)",
    );
    check(
        "account.tier == 1 && account.known || visitor.visits == 1",
        birch,
        "would match if account.tier == 1; it is 2",
    );
    check("in_segment(\"banks\")", birch, "would match if in_segment(\"banks\")");
    check("!account.known", birch, "would match if !(account.known); it is true");
    check("!(has(page.path) && account.industry != \"Banking\")", birch, "would match if !(has(page.path))");
    check("in_cidr(visitor.ip, \"10.0.0.0/8\")", birch, "would match if in_cidr(visitor.ip, \"10.0.0.0/8\")");
    check("page.path.startsWith(\"/a\")", birch, "would match if page.path.startsWith(\"/a\"); it is \"/é\"");
    check("\"mes\" in account.technologies", birch, "would match if \"mes\" in account.technologies; it is []");
    check(
        "account.stage in [\"customer\", \"decision\"]",
        birch,
        "would match if account.stage in [\"customer\", \"decision\"]; it is \"target\"",
    );
    check("false && account.known", birch, "its rule can never hold");
}

/// The site's holdout keeps everything on Default; what would have been is explained all the same.
#[test]
fn a_held_out_account_is_told_what_it_would_see() {
    let settings = format!("{}holdout_percent: 100\n", site::SETTINGS);
    let bundle = site::bundle(&site::with(&[("nameplate.yaml", &settings)]));
    let visit = Visit { account: Some("alder".to_owned()), now: Some(1_790_000_000), ..Visit::default() };
    let explanation = explain(&bundle, &visit);
    assert!(explanation.decision.slots.is_empty() && explanation.decision.ads.is_empty());
    assert!(!explanation.candidates.is_empty());
    for candidate in &explanation.candidates {
        assert_eq!(candidate.outcome, Outcome::HeldOut, "{candidate:?}");
        assert_eq!(candidate.text, "it would show, but the account is in the site's holdout");
    }
}

#[test]
fn a_loser_names_the_winner_and_a_schedule_its_day() {
    let stronger = site::EXPERIENCE.replace("name: hero", "name: stronger").replace("500", "600");
    let later = site::EXPERIENCE
        .replace("name: hero", "name: later")
        .replace("priority: 500", "priority: 1\nschedule: { from: 2026-12-01 }");
    let over = site::EXPERIENCE
        .replace("name: hero", "name: over")
        .replace("priority: 500", "priority: 2\nschedule: { until: 2026-03-01 }");
    let sources = site::with(&[
        ("experiences/stronger.yaml", &stronger),
        ("experiences/later.yaml", &later),
        ("experiences/over.yaml", &over),
    ]);
    let visit = Visit { account: Some("alder".to_owned()), now: Some(1_790_000_000), ..Visit::default() };
    let said: Vec<(String, String)> = explain(&site::bundle(&sources), &visit)
        .candidates
        .into_iter()
        .filter(|one| &*one.about == "title")
        .map(|one| (one.name.to_string(), one.text))
        .collect();
    let expect = [
        ("stronger", "shows variant `one`"),
        ("hero", "its rule holds, but the stronger `stronger` has the slot"),
        ("over", "it ended 2026-03-01"),
        ("later", "it starts 2026-12-01"),
    ];
    assert_eq!(said, expect.map(|(name, text)| (name.to_owned(), text.to_owned())));
}
