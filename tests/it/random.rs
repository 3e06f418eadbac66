//! Random conditions, sites and visits. Property tests draw them from chance, tests/fuzz from a fuzzer's bytes.

use std::collections::BTreeMap;

use nameplate::{
    compile::Sources,
    model::{Attributes, Custom, CustomValue, Visit, Visitor},
};
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof};

use crate::site;

const INTS: [&str; 9] = [
    "account.employees",
    "account.revenue",
    "account.tier",
    "account.intent",
    "account.lifetime_value",
    "visitor.visits",
    "visitor.days_away",
    "time.unix",
    "time.hour",
];
const TEXTS: [&str; 18] = [
    "account.name",
    "account.short_name",
    "account.industry",
    "account.country",
    "account.owner",
    "account.parent",
    "visitor.language",
    "visitor.time_zone",
    "page.url",
    "page.path",
    "page.host",
    "page.utm_source",
    "page.query.plan",
    "query(\"ref\")",
    "query(\"Plan\")",
    "query(\"a b\")",
    "visitor.cookies.plan",
    "cookie(\"__Host-plan\")",
];

fn number() -> impl Strategy<Value = i64> {
    let usual = vec![-6, -5, 0, 1, 2, 3, 9, 10, 70, 900, 1_200, 84_000, i64::MAX, i64::MIN + 1];
    prop_oneof![4 => prop::sample::select(usual), 1 => any::<i32>().prop_map(i64::from)]
}

/// A literal in double quotes, as CEL and YAML both read it.
fn text() -> impl Strategy<Value = String> {
    let usual = [
        "",
        "a",
        "A",
        "alder",
        "Alder",
        "Alder Bank AG",
        "Banking",
        "Steel, wide",
        "C&S",
        "/",
        "/a",
        "/a/b",
        "www.example.com",
        "é",
        "de",
        "AG",
        "scada",
        "bms",
        "x y",
        "<b>\\\"C&S\\\"'",
    ];
    prop::sample::select(usual.to_vec()).prop_map(|text| format!("\"{text}\""))
}

fn atom() -> impl Strategy<Value = String> {
    let signs = || prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let equal = || prop::sample::select(vec!["==", "!="]);
    let int = || prop::sample::select(INTS.to_vec());
    let word = || prop::sample::select(TEXTS.to_vec());
    let all =
        [&INTS[..], &TEXTS[..], &["account.known", "account.technologies", "account.domains", "visitor.role"]].concat();
    // What is called stands in no `has()`.
    let all: Vec<_> = all.into_iter().filter(|field| !field.ends_with(')')).collect();
    prop_oneof![
        4 => (int(), signs(), number()).prop_map(|(field, sign, value)| format!("{field} {sign} {value}")),
        1 => (int(), signs(), number()).prop_map(|(field, sign, value)| format!("{value} {sign} {field}")),
        1 => (int(), prop::collection::vec(number(), 0..4)).prop_map(|(field, values)| format!("{field} in {values:?}")),
        3 => (word(), equal(), text()).prop_map(|(field, sign, value)| format!("{field} {sign} {value}")),
        1 => (word(), equal(), text()).prop_map(|(field, sign, value)| format!("{value} {sign} {field}")),
        1 => (word(), prop::collection::vec(text(), 0..4)).prop_map(|(field, values)| format!("{field} in [{}]", values.join(", "))),
        3 => (word(), prop::sample::select(vec!["startsWith", "endsWith", "contains"]), text())
            .prop_map(|(field, test, value)| format!("{field}.{test}({value})")),
        1 => (text(), prop::sample::select(vec!["account.technologies", "account.domains"]))
            .prop_map(|(value, list)| format!("{value} in {list}")),
        2 => prop::sample::select(all).prop_map(|field| format!("has({field})")),
        1 => prop::sample::select(vec!["account.known", "account.known == false", "true != account.known", "true", "false"])
            .prop_map(str::to_owned),
        1 => prop::sample::select(vec!["banks", "large"]).prop_map(|name| format!("in_segment(\"{name}\")")),
        1 => prop::sample::select(PREFIXES.to_vec()).prop_map(|prefix| format!("in_cidr(visitor.ip, \"{prefix}\")")),
        2 => worked_out(),
        2 => related().prop_map(|both| format!("({both})")),
        2 => quantified(),
        1 => (word(), prop::sample::select(PATTERNS.to_vec())).prop_map(|(field, pattern)| format!("{field}.matches(\"{pattern}\")")),
        1 => (prop::sample::select(CLOCKS.to_vec()), signs(), -1..24_i64)
            .prop_map(|(clock, sign, value)| format!("now.{clock} {sign} {value}")),
    ]
}

const PREFIXES: [&str; 5] = ["192.0.2.0/24", "192.0.2.1/32", "0.0.0.0/0", "2001:db8::/32", "134.244.0.0/16"];
const PATTERNS: [&str; 8] = ["^/a", "(?i)ALDER", "a|b", "^$", "[^a]", "é", "^[A-Z][a-z]+ ", "x.y"];
const CLOCKS: [&str; 5] = [
    "getHours(\"Europe/Berlin\")",
    "getDayOfWeek(\"America/New_York\")",
    "getDate(\"Asia/Kolkata\")",
    "getMonth(\"UTC\")",
    "getMinutes(\"Australia/Lord_Howe\")",
];

/// Questions about one fact, which may contradict each other.
pub(crate) fn related() -> impl Strategy<Value = String> {
    let signs = || prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let not = || prop::sample::select(vec!["", "!"]);
    let word = || prop::sample::select(TEXTS.to_vec());
    let pattern = || prop::sample::select(PATTERNS.to_vec());
    let test = || prop::sample::select(vec!["startsWith", "endsWith", "contains"]);
    let list = || prop::sample::select(vec!["account.technologies", "account.domains"]);
    let prefix = || prop::sample::select(PREFIXES.to_vec());
    prop_oneof![
        (word(), not(), pattern(), not(), pattern())
            .prop_map(|(field, a, one, b, other)| format!("{a}{field}.matches(\"{one}\") && {b}{field}.matches(\"{other}\")")),
        (word(), not(), pattern(), not(), test(), text())
            .prop_map(|(field, a, one, b, test, other)| format!("{a}{field}.matches(\"{one}\") && {b}{field}.{test}({other})")),
        (word(), test(), text(), not(), test(), text())
            .prop_map(|(field, one, a, not, other, b)| format!("{field}.{one}({a}) && {not}{field}.{other}({b})")),
        (prop::sample::select(CLOCKS.to_vec()), signs(), -1..32_i64, signs(), -1..32_i64)
            .prop_map(|(clock, one, a, other, b)| format!("now.{clock} {one} {a} && now.{clock} {other} {b}")),
        (signs(), -9..90_i64, signs(), -9..90_i64, signs(), -9..90_i64).prop_map(|(one, a, other, b, third, c)| format!(
            "account.tier + account.intent {one} {a} && account.tier + account.intent {other} {b} && account.tier {third} {c}"
        )),
        (1..4_i64, signs(), -9..90_i64, signs(), -9..90_i64).prop_map(|(times, one, a, other, b)| format!(
            "account.tier - {times} * account.intent {one} {a} && {times} * account.intent - account.tier {other} {b}"
        )),
        (list(), test(), text(), not(), test(), text())
            .prop_map(|(list, one, a, not, other, b)| format!("{list}.exists(t, t.{one}({a})) && {list}.all(t, {not}t.{other}({b}))")),
        (list(), pattern(), not(), pattern())
            .prop_map(|(list, one, not, other)| format!("{list}.exists(t, t.matches(\"{one}\")) && {list}.all(t, {not}t.matches(\"{other}\"))")),
        (text(), list(), pattern())
            .prop_map(|(value, list, one)| format!("{value} in {list} && {list}.all(t, !t.matches(\"{one}\"))")),
        (prefix(), not(), prefix())
            .prop_map(|(one, not, other)| format!("in_cidr(visitor.ip, \"{one}\") && {not}in_cidr(visitor.ip, \"{other}\")")),
    ]
}

/// Sums of fields that are far from the end of a number, where CEL's overflow is another matter.
fn worked_out() -> impl Strategy<Value = String> {
    let signs = || prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let small = || prop::sample::select(vec!["account.tier", "account.intent", "account.employees"]);
    prop_oneof![
        (small(), 1..4_i64, signs(), -9..90_i64)
            .prop_map(|(field, times, sign, value)| format!("-{times} * {field} {sign} {value}")),
        (small(), -9..9_i64, signs(), -9..90_i64)
            .prop_map(|(field, more, sign, value)| format!("{value} {sign} {field} + {more}")),
        (1..4_i64, small(), signs(), -9..90_i64).prop_map(|(times, other, sign, value)| format!(
            "account.lifetime_value - {times} * {other} {sign} {value}"
        )),
        (1..4_i64, signs(), -9..90_i64)
            .prop_map(|(times, sign, value)| format!("{times} * account.tier - account.intent {sign} {value}")),
        signs().prop_map(|sign| format!("account.tier {sign} account.intent")),
        (signs(), 0..40_i64).prop_map(|(sign, days)| format!("time.hour + {days} {sign} 5 * 4 - 1")),
        signs().prop_map(|sign| format!("now - date(\"1970-01-02\") {sign} duration(\"1h30m\")")),
    ]
}

/// Questions about the items of a list.
fn quantified() -> impl Strategy<Value = String> {
    let test = || {
        prop_oneof![
            (prop::sample::select(vec!["==", "!="]), text()).prop_map(|(sign, value)| format!("t {sign} {value}")),
            (prop::sample::select(vec!["startsWith", "endsWith", "contains"]), text())
                .prop_map(|(test, value)| format!("t.{test}({value})")),
            prop::collection::vec(text(), 0..4).prop_map(|values| format!("t in [{}]", values.join(", "))),
            prop::sample::select(PATTERNS.to_vec()).prop_map(|pattern| format!("t.matches(\"{pattern}\")")),
        ]
    };
    let list = || prop::sample::select(vec!["account.technologies", "account.domains"]);
    prop_oneof![
        (list(), test()).prop_map(|(list, test)| format!("{list}.exists(t, {test})")),
        (list(), test(), test()).prop_map(|(list, one, other)| format!("{list}.exists(t, {one} || !({other}))")),
        (list(), test(), test()).prop_map(|(list, one, other)| format!("{list}.all(t, !({one}) && {other})")),
    ]
}

pub(crate) fn condition() -> impl Strategy<Value = String> {
    atom().prop_recursive(5, 24, 2, |inner| {
        prop_oneof![
            2 => (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} && {right})")),
            2 => (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} || {right})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("{left} && {right}")),
            1 => (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("{left} || {right}")),
            1 => inner.prop_map(|inner| format!("!({inner})")),
        ]
    })
}

fn optional<T: Clone + std::fmt::Debug + 'static>(values: &[T]) -> impl Strategy<Value = Option<T>> + use<T> {
    prop::option::weighted(0.8, prop::sample::select(values.to_vec()))
}

pub(crate) fn visit() -> impl Strategy<Value = Visit> {
    let words = |words: &[&str]| optional(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>());
    (
        words(&["alder", "birch", "cedar", "dogwood", "unknown"]),
        words(&["192.0.2.1", "::ffff:192.0.2.9", "2001:db8::5", "8.8.8.8", "x"]),
        words(&[
            "https://www.example.com/a/b?utm_source=x+y",
            "https://www.example.com",
            "/a",
            "x",
            "https://é/?utm_source=%C3%A9",
            "https://www.example.com/?plan=&plan=a&ref=%C3%A9&Plan=A&a%20b=%2Fa&plan=b#ref=b",
        ]),
        optional(&[0, 9, 86_399, -1, 1_785_499_200, 1_795_424_400, i64::MAX]),
        optional(&[1, 2, 3, 10, i64::MIN]),
        words(&["champion", "x"]),
        words(&["de", "de-AT", ""]),
        words(&["Europe/Berlin", "a", ""]),
        prop::option::of(number()),
        [words(&["a", "A", "/a/b"]), words(&["a", "x y"])],
    )
        .prop_map(|(account, ip, url, now, visits, role, language, time_zone, days_away, [plan, host_plan])| {
            let cookies = Custom::from(BTreeMap::from([
                ("plan".to_owned(), plan.map(CustomValue::Text)),
                ("__Host-plan".to_owned(), host_plan.map(CustomValue::Text)),
            ]));
            let visitor = Visitor { visits, role, language, time_zone, days_away, cookies, ..Visitor::default() };
            Visit { ip, account, url, now, visitor, ..Visit::default() }
        })
}

const SLOTS: [&str; 3] = ["title", "body", "foot"];
const PLACEMENTS: [&str; 2] = ["side", "top"];
const SIZES: [&str; 3] = ["300x250", "728x90", "300x600"];

pub(crate) fn quoted(condition: &str) -> String {
    format!("'{}'", condition.replace('\'', "''"))
}

fn window() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just("{}"), 1 => Just("{ from: 1970-01-01 }"), 1 => Just("{ until: 2026-01-01 }")]
}

/// What an experience may say: its rule, and all that decides whether it takes its slots.
pub(crate) fn experience() -> impl Strategy<Value = String> {
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
                let value = format!("v{number} {{{{account.id | x}}}}");
                let content = |slot: &&str| match *slot {
                    "title" => format!("title: {{ text: '{value}' }}"),
                    "body" => format!("body: {{ before: '<i>{value}</i>', classes: {{ add: v{number} }} }}"),
                    _ => format!("{slot}: {{ visible: {}, after: '{value}' }}", number % 2 == 0),
                };
                let contents = slots.iter().map(content).collect::<Vec<_>>().join(", ");
                let what = match slots.len() {
                    0 if number == 2 => format!("redirect: '/r?{number}={{{{account.id | x}}}}'"),
                    _ => format!("slots: {{ {contents} }}"),
                };
                text += &format!("  - {{ name: v{number}, weight: {weight}, {what} }}\n");
            }
            text
        },
    )
}

pub(crate) fn line_item() -> impl Strategy<Value = String> {
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
                let what = if number == 1 { "html" } else { "headline" };
                text += &format!(
                    "  - {{ name: c{number}, size: {size}, weight: {weight}, link: /x, alt: A, {what}: 'H {{{{account.id | x}}}}' }}\n"
                );
            }
            text
        },
    )
}

/// Who may be in a segment.
const SEGMENTS: [&str; 6] = [
    "account.industry == \"Banking\"",
    "account.employees > 5000 || account.tier == 3",
    "!has(account.tier)",
    "account.technologies.exists(t, t == \"bms\") || has(account.parent)",
    "account.known",
    "false",
];

/// Settings that give experiences and line items their slots, placements and segments.
pub(crate) fn settings() -> impl Strategy<Value = String> {
    let confidence = || prop::sample::select(vec![0, 60, 61, 90]);
    let segment = || prop::sample::select(SEGMENTS.to_vec());
    let holdout = prop::sample::select(vec![0, 0, 30]);
    (confidence(), confidence(), holdout, segment(), segment()).prop_map(|(content, ads, holdout, banks, large)| {
        let [(_, settings), _] = site::family();
        let settings = settings
            .replace(
                "placements:\n",
                "  foot: { selector: footer }\nplacements:\n  top: { selector: .top, sizes: [728x90] }\n",
            )
            .replace("sizes: [300x250]", "sizes: [300x600, 300x250]")
            .replace("account.industry == \"Banking\"", &format!("{}\n  large: {}", quoted(banks), quoted(large)));
        format!("confidence: {{ content: {content}, ads: {ads} }}\nholdout_percent: {holdout}\n{settings}")
    })
}

/// The networks of the small site, and when each was seen: for a visit of 2026-11-23 lately, long ago, too long ago, nobody knows.
fn networks() -> String {
    let seen = ["seen", "2026-11-01", "2026-09-01", "2026-01-01", ""];
    site::NETWORKS.lines().zip(seen).map(|(line, seen)| format!("{line},{seen}\n")).collect()
}

/// A site of these, with the accounts and networks of the small site.
pub(crate) fn site_of(settings: &str, experiences: &[String], line_items: &[String]) -> Sources {
    let mut sources = Sources::default();
    sources.insert("nameplate.yaml", settings);
    let [_, (file, accounts)] = site::family();
    sources.insert(file, accounts);
    sources.insert("networks.csv", networks());
    sources.insert("shared.csv", "prefix,kind,source\n134.244.128.0/20,hosting,AS9 Example\n");
    sources.insert("ads/offer.yaml", site::AD);
    for (number, text) in experiences.iter().enumerate() {
        sources.insert(format!("experiences/e{number}.yaml"), format!("name: e{number}\n{text}"));
    }
    for (number, text) in line_items.iter().enumerate() {
        sources.insert(format!("ads/l{number}.yaml"), format!("name: l{number}\n{text}"));
    }
    sources
}

/// Random settings, experiences and line items.
pub(crate) fn parts() -> impl Strategy<Value = (String, Vec<String>, Vec<String>)> {
    (settings(), prop::collection::vec(experience(), 0..8), prop::collection::vec(line_item(), 0..7))
}

/// A site whose rules, tests and ads are random.
pub(crate) fn sources() -> impl Strategy<Value = Sources> {
    parts().prop_map(|(settings, experiences, line_items)| site_of(&settings, &experiences, &line_items))
}

/// A visit that describes its company: with texts and numbers that conditions ask for, and others.
pub(crate) fn described_visit() -> impl Strategy<Value = Visit> {
    let words = |words: &[&str]| optional(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>());
    let ints = || optional(&[-5, 0, 1, 2, 3, 10, 70, 900, 1_200, 84_000, i64::MIN]);
    let list = prop::option::of(prop::sample::subsequence(vec!["scada", "historian", "bms", ""], 0..=3));
    let texts = (
        words(&["alder", "elm", ""]),
        words(&["Alder Bank AG", "Elm"]),
        words(&["Alder", "<b>\"C&S\"'"]),
        words(&["Banking", "Chemicals", "Steel, wide"]),
        words(&["Germany", "France"]),
        words(&["customer", "target"]),
    );
    (visit(), texts, (ints(), ints(), ints(), ints()), list).prop_map(
        |(visit, (id, name, short_name, industry, country, stage), (employees, revenue, tier, intent), list)| {
            let technologies = list.map(|list| list.into_iter().map(str::to_owned).collect());
            let known = Attributes { id, name, short_name, industry, country, stage, ..Attributes::default() };
            let attributes = Some(Attributes { employees, revenue, tier, intent, technologies, ..known });
            Visit { account: None, attributes, ..visit }
        },
    )
}
