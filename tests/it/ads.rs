//! Which line item fills a placement, and with which creative.

use std::collections::BTreeMap;

use nameplate::{
    bundle::Bundle,
    decide::{decide, explain},
    model::{Outcome, Visit, Visitor},
};

use crate::{
    decide::{bundle_of, visit},
    site,
};

/// The small site with two placements: `side` prefers 300x600, `top` takes 728x90 alone.
fn bundle(line_items: &[(&str, &str)]) -> Bundle {
    let placements = "side: { selector: \"#side\", sizes: [300x600, 300x250], label: Ad }\n  top: { selector: .top, sizes: [728x90] }";
    let own = "side: { selector: \"#side\", sizes: [300x250] }";
    assert!(site::SETTINGS.contains(own));
    let mut files = vec![("nameplate.yaml".to_owned(), site::SETTINGS.replace(own, placements))];
    for (name, text) in line_items {
        files.push((format!("ads/{name}.yaml"), format!("name: {name}\n{text}")));
    }
    // The small site's own line item must not interfere.
    let offer = site::AD.replace("account.tier == 1", "false");
    if !line_items.iter().any(|(name, _)| *name == "offer") {
        files.push(("ads/offer.yaml".to_owned(), offer));
    }
    bundle_of(&files)
}

fn item(when: &str, priority: u16, more: &str, creatives: &[&str]) -> String {
    let creative = |creative: &&str| {
        let (name, rest) = creative.split_once(' ').unwrap();
        let (size, more) = rest.split_once(' ').unwrap_or((rest, ""));
        format!("  - {{ name: {name}, size: {size}, link: /x, alt: A, headline: H{more} }}\n")
    };
    let creatives: String = creatives.iter().map(creative).collect();
    format!("when: {when:?}\nplacements: [side, top]\npriority: {priority}\n{more}\ncreatives:\n{creatives}")
}

/// `side: item/creative 300x250; top: -`
fn shown(bundle: &Bundle, visit: &Visit) -> String {
    let decision = decide(bundle, visit);
    assert_eq!(explain(bundle, visit).decision, decision);
    let ad = |placement: &str| {
        let ad = decision.ads.iter().find(|ad| &*ad.placement == placement);
        let reason = decision.reasons.iter().find(|reason| &*reason.about == placement).unwrap();
        assert_eq!(reason.chosen.as_ref(), ad.map(|ad| &ad.line_item));
        ad.map_or("-".to_owned(), |ad| format!("{}/{} {}x{}", ad.line_item, ad.creative, ad.width, ad.height))
    };
    format!("side: {}; top: {}", ad("side"), ad("top"))
}

fn check(line_items: &[(&str, &str)], json: &str, expect: &str) {
    assert_eq!(shown(&bundle(line_items), &visit(json)), expect, "{json}");
}

#[test]
fn the_higher_priority_fills_a_placement() {
    let weak = item("true", 1, "", &["a 300x250", "b 728x90"]);
    let strong = item("account.known", 9, "", &["c 300x250"]);
    let items = [("weak", &*weak), ("strong", &*strong)];
    check(&items, r#"{"account": "alder"}"#, "side: strong/c 300x250; top: weak/b 728x90");
    check(&items, "{}", "side: weak/a 300x250; top: weak/b 728x90");
}

#[test]
fn the_placements_preferred_size_wins_whatever_the_creatives_order() {
    check(&[("i", &item("true", 1, "", &["small 300x250", "large 300x600"]))], "{}", "side: i/large 300x600; top: -");
    check(
        &[("i", &item("true", 1, "", &["small 300x250", "large 300x600 , weight: 0"]))],
        "{}",
        "side: i/small 300x250; top: -",
    );
}

#[test]
fn priority_beats_size() {
    let weak = item("true", 1, "", &["large 300x600"]);
    let strong = item("true", 2, "", &["small 300x250"]);
    check(&[("weak", &weak), ("strong", &strong)], "{}", "side: strong/small 300x250; top: -");
}

#[test]
fn a_flight_opens_and_closes_like_a_schedule() {
    let items = item("true", 1, "flight: { from: 2026-01-01, until: 2026-01-02 }", &["a 300x250"]);
    for (now, shows) in [(1767225599, false), (1767225600, true), (1767311999, true), (1767312000, false)] {
        let expect = if shows { "side: i/a 300x250; top: -" } else { "side: -; top: -" };
        check(&[("i", &items)], &format!(r#"{{"now": {now}}}"#), expect);
    }
    check(&[("i", &items)], "{}", "side: -; top: -");
}

/// How often each of these fills `side` for many visitors.
fn shares(bundle: &Bundle, by: impl Fn(&nameplate::model::Ad) -> String) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for n in 0..2_000 {
        let visitor = Visitor { id: Some(format!("visitor-{n}")), ..Visitor::default() };
        let visit = Visit { visitor, ..Visit::default() };
        let decision = decide(bundle, &visit);
        assert_eq!(decision, decide(bundle, &visit));
        *counts.entry(by(&decision.ads[0])).or_default() += 1;
    }
    counts
}

fn check_share(counts: &BTreeMap<String, usize>, name: &str, expect: std::ops::Range<usize>) {
    assert!(expect.contains(&counts.get(name).copied().unwrap_or(0)), "{name}: {counts:?}");
}

#[test]
fn equals_share_a_placement_by_weight() {
    let one = |weight: u32| item("true", 5, &format!("weight: {weight}"), &["a 300x250"]);
    let weak = item("true", 4, "weight: 1000000", &["a 300x250"]);
    let never = item("false", 5, "weight: 1000", &["a 300x250"]);
    let counts = shares(
        &bundle(&[("three", &one(3)), ("one", &one(1)), ("none", &one(0)), ("weak", &weak), ("never", &never)]),
        |ad| ad.line_item.to_string(),
    );
    check_share(&counts, "three", 1_430..1_570);
    check_share(&counts, "one", 430..570);
    assert_eq!(counts.len(), 2);
}

#[test]
fn creatives_of_one_size_share_by_weight() {
    let creatives = ["a 300x250 , weight: 1", "b 300x250 , weight: 3", "c 300x250 , weight: 0", "d 728x90"];
    let counts = shares(&bundle(&[("i", &item("true", 5, "", &creatives))]), |ad| ad.creative.to_string());
    check_share(&counts, "a", 430..570);
    check_share(&counts, "b", 1_430..1_570);
    assert_eq!(counts.len(), 2);
}

/// Weight 0 pauses a line item; it must not keep weaker ones away.
#[test]
fn a_paused_line_item_blocks_no_weaker_one() {
    let paused = item("true", 9, "weight: 0", &["a 300x250"]);
    let weak = item("true", 1, "", &["b 300x250"]);
    check(&[("paused", &paused), ("weak", &weak)], "{}", "side: weak/b 300x250; top: -");
    check(&[("paused", &paused)], "{}", "side: -; top: -");
}

#[test]
fn the_same_visitor_sees_the_same_ad() {
    let one = item("true", 5, "", &["a 300x250"]);
    let bundle = bundle(&[("x", &one), ("y", &one)]);
    let first = shown(&bundle, &visit(r#"{"visitor": {"id": "v"}, "url": "https://www.example.com/", "now": 1}"#));
    for json in
        [r#"{"visitor": {"id": "v", "visits": 7}, "now": 2}"#, r#"{"visitor": {"id": "v"}, "account": "alder"}"#]
    {
        assert_eq!(shown(&bundle, &visit(json)), first);
    }
    assert_eq!(shown(&bundle, &visit("{}")), shown(&bundle, &visit(r#"{"url": "https://www.example.com/"}"#)));
}

#[test]
fn every_candidate_says_what_became_of_it() {
    let chosen = item("true", 9, "", &["a 300x250"]);
    let outranked = item("true", 8, "", &["a 300x250"]);
    let no_match = item("account.tier == 1", 7, "", &["a 300x250"]);
    let late = item("true", 6, "flight: { until: 1970-01-02 }", &["a 300x250"]);
    let paused = item("true", 5, "weight: 0", &["a 300x250"]);
    let bundle = bundle(&[
        ("chosen", &chosen),
        ("outranked", &outranked),
        ("no-match", &no_match),
        ("late", &late),
        ("paused", &paused),
    ]);
    let explanation = explain(&bundle, &visit(r#"{"account": "birch", "now": 86400}"#));
    let outcomes = |about: &str| {
        let of = explanation.candidates.iter().filter(|candidate| &*candidate.about == about);
        of.map(|candidate| (&*candidate.name, candidate.outcome, &*candidate.text)).collect::<Vec<_>>()
    };
    let never = ("offer", Outcome::NoMatch, "its rule can never hold");
    let no_match = ("no-match", Outcome::NoMatch, "would match if account.tier == 1; it is 2");
    let late = ("late", Outcome::NotScheduled, "it ended 1970-01-02");
    let paused = ("paused", Outcome::NotSampled, "its rule holds, but its weight is 0");
    let no_creative = "its rule holds, but it has no creative of a size that fits";
    assert_eq!(
        outcomes("side"),
        [
            never,
            ("chosen", Outcome::Chosen, "its rule holds, and no stronger one's does"),
            ("outranked", Outcome::Outranked, "its rule holds, but `chosen` has the placement"),
            no_match,
            late,
            paused,
        ]
    );
    assert_eq!(
        outcomes("top"),
        [
            ("chosen", Outcome::NoCreative, no_creative),
            ("outranked", Outcome::NoCreative, no_creative),
            no_match,
            late,
            paused,
        ]
    );
}

#[test]
fn an_account_below_the_confidence_is_a_stranger_for_ads() {
    let files = |least: u8| {
        let settings = format!("confidence: {{ content: 0, ads: {least} }}\n{}", site::SETTINGS);
        let known =
            site::AD.replace("account.tier == 1", "account.known").replace("Plans", "For {{account.name | you}}");
        let known = known.replace("headline: For {{account.name | you}}", "headline: 'For {{account.name | you}}'");
        let known = known.replace("alt: For {{account.name | you}}", "alt: Plans");
        vec![("nameplate.yaml".to_owned(), settings), ("ads/offer.yaml".to_owned(), known)]
    };
    let headline = |least: u8, ip: &str| {
        let decision = decide(&bundle_of(&files(least)), &visit(&format!(r#"{{"ip": "{ip}"}}"#)));
        assert!(decision.account.is_some());
        decision.ads.first().and_then(|ad| ad.headline.clone())
    };
    // birch is known with 60.
    assert_eq!(headline(60, "134.244.29.1").as_deref(), Some("For Birch Chemicals"));
    assert_eq!(headline(61, "134.244.29.1"), None);
    assert_eq!(headline(61, "134.244.1.1").as_deref(), Some("For Alder Bank AG"));
}

#[test]
fn an_ad_carries_all_that_its_creative_says() {
    let text = "when: true\nplacements: [side]\npriority: 1\ncreatives:\n  - name: c\n    size: 300x250
    link: https://cdn.example.net/a?b={{account.name | x y}}
    image: /i.svg\n    alt: '{{account.name | Your plant}}'\n    headline: H\n    body: B\n    cta: C\n";
    let bundle = bundle(&[("i", text)]);
    let ads = |json: &str| serde_json::to_string(&decide(&bundle, &visit(json)).ads).unwrap();
    let expect = |link: &str, alt: &str| {
        format!(
            r##"[{{"placement":"side","selector":"#side","label":"Ad","lineItem":"i","creative":"c","width":300,"height":250,"link":"https://cdn.example.net/a?b={link}","alt":"{alt}","image":"/i.svg","headline":"H","body":"B","cta":"C","html":null}}]"##
        )
    };
    assert_eq!(ads("{}"), expect("x%20y", "Your plant"));
    assert_eq!(ads(r#"{"account": "cedar"}"#), expect("Cedar%20%26%20Sons", "Cedar & Sons"));
}
