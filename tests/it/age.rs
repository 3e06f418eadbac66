//! What is known of a prefix grows old: by the clock of the visit it is said to be stale, and then counts for less.

use nameplate::{
    bundle::Bundle,
    decide::{decide, explain},
    model::{Grade, Match, Visit},
};

use crate::site;

/// 2026-01-31, midnight.
const SEEN: i64 = 1_769_817_600;
const DAY: i64 = 86_400;

/// The small site; all but cedar's prefix were seen on that day.
fn bundle(confidence: &str) -> Bundle {
    let seen = ["seen", "2026-01-31", "2026-01-31", "2026-01-31", ""];
    let networks: String = site::NETWORKS.lines().zip(seen).map(|(line, seen)| format!("{line},{seen}\n")).collect();
    let hero = "name: hero\nwhen: 'account.known'\npriority: 1
variants: [{ name: one, slots: { title: { text: 'For {{account.name | you}}' } } }]\n";
    let ad = site::AD.replace("account.tier == 1", "account.known");
    let settings = format!("confidence: {confidence}\n{}", site::SETTINGS);
    let files = [
        ("networks.csv", networks.as_str()),
        ("nameplate.yaml", &settings),
        ("experiences/hero.yaml", hero),
        ("ads/offer.yaml", &ad),
    ];
    site::bundle(&site::with(&files))
}

fn visit(ip: &str, now: Option<i64>) -> Visit {
    Visit { ip: Some(ip.to_owned()), now, ..Visit::default() }
}

/// `90 very high, 0 days`, the reason behind the source, and what shows.
fn said(bundle: &Bundle, visit: &Visit) -> String {
    let decision = decide(bundle, visit);
    assert_eq!(explain(bundle, visit).decision, decision);
    let Match { confidence, grade, age_days, is_stale, reason, source, .. } = decision.matched;
    let age = age_days.map_or("age unknown".to_owned(), |days| format!("{days} days"));
    let stale = if is_stale { ", stale" } else { "" };
    let (_, words) = reason.split_once(&*source.unwrap()).unwrap();
    let shows = [(!decision.slots.is_empty(), " content"), (!decision.ads.is_empty(), " ads")];
    let shows: String = shows.into_iter().filter(|(shows, _)| *shows).map(|(_, what)| what).collect();
    format!("{} {}, {age}{stale}:{words};{shows}", confidence.unwrap(), grade.unwrap().name())
}

#[test]
fn what_was_seen_long_ago_is_said_to_be_and_counts_for_less() {
    let bundle = bundle("{ content: moderate, ads: 71 }");
    let check =
        |ip: &str, now: Option<i64>, expect: &str| assert_eq!(said(&bundle, &visit(ip, now)), expect, "{now:?}");
    let after = |days: i64| Some(SEEN + days * DAY);
    // alder is known with 90, birch with 60.
    let (alder, birch, cedar) = ("132.186.88.7", "134.244.29.7", "2a00:1450:4001::7");
    check(alder, after(0), "90 very high, 0 days:; content ads");
    check(alder, after(45).map(|at| at + DAY - 1), "90 very high, 45 days:; content ads");
    check(alder, after(46), "90 very high, 46 days, stale: 46 days ago, which is long; content ads");
    check(alder, after(180), "90 very high, 180 days, stale: 180 days ago, which is long; content ads");
    let old = "181 days ago: so long that the confidence of";
    check(alder, after(181), &format!("70 high, 181 days, stale: {old} 90 counts as 70; content"));
    check(birch, after(180), "60 moderate, 180 days, stale: 180 days ago, which is long; content");
    check(birch, after(181), &format!("40 low, 181 days, stale: {old} 60 counts as 40;"));
    // Nobody noted when, or the visit has no time, or a clock that is behind the database.
    check(cedar, after(10_000), "80 high, age unknown:; content ads");
    check(alder, None, "90 very high, age unknown:; content ads");
    check(alder, after(-1), "90 very high, 0 days:; content ads");
    check(alder, Some(0), "90 very high, 0 days:; content ads");
    check(alder, Some(i64::MIN), "90 very high, 0 days:; content ads");
    let end = "65535 days ago: so long that the confidence of 90 counts as 70";
    check(alder, Some(i64::MAX), &format!("70 high, 65535 days, stale: {end}; content"));
}

#[test]
fn what_the_caller_says_does_not_grow_old() {
    let bundle = bundle("{ content: 100, ads: very high }");
    let hint = Visit { account: Some("birch".to_owned()), ..visit("134.244.29.7", Some(SEEN + 10_000 * DAY)) };
    let decision = decide(&bundle, &hint);
    assert_eq!((decision.matched.age_days, decision.matched.is_stale), (None, false));
    assert_eq!((decision.matched.confidence, decision.matched.grade), (Some(100), Some(Grade::VeryHigh)));
    assert_eq!((decision.slots.len(), decision.ads.len()), (1, 1));
}

#[test]
fn settings_take_grades_by_name() {
    let least = |confidence: &str| {
        let bundle = bundle(confidence);
        (bundle.site().content_confidence, bundle.site().ads_confidence)
    };
    assert_eq!(least("{ content: moderate, ads: high }"), (50, 70));
    assert_eq!(least("{ content: low, ads: very high }"), (0, 90));
    assert_eq!(least("{ content: 61, ads: \"moderate\" }"), (61, 50));
    assert_eq!(least("{ ads: high }"), (0, 70));
}
