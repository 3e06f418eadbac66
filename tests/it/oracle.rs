//! Conditions against a slow oracle: the interpreter of the `cel` crate, given the same facts, where what nobody knows is a
//! key that is not there.

use std::{collections::HashMap, sync::Arc};

use cel::{
    Context, ExecutionError, Program, Value,
    extractors::This,
    objects::{Key, Map},
};
use nameplate::{
    decide::{decide, explain},
    model::{AccountField, Attributes, Visit},
    net::{Address, Prefix},
};
use proptest::prelude::{ProptestConfig, Strategy, prop, prop_oneof, proptest};

use crate::{
    random::{condition, visit},
    site,
};

/// What is known of the accounts of the small site, as the oracle is told it.
type Known =
    (&'static str, &'static [(&'static str, i64)], &'static [(&'static str, &'static str)], &'static [&'static str]);
const ACCOUNTS: [Known; 4] = [
    (
        "alder",
        &[("employees", 84_000), ("revenue", -5), ("tier", 1), ("intent", 70)],
        &[
            ("name", "Alder Bank AG"),
            ("short_name", "Alder"),
            ("industry", "Banking"),
            ("country", "Germany"),
            ("stage", "customer"),
        ],
        &["scada", "historian"],
    ),
    (
        "birch",
        &[("employees", 1_200), ("revenue", 900), ("tier", 2), ("intent", 10)],
        &[
            ("name", "Birch Chemicals"),
            ("short_name", "Birch"),
            ("industry", "Chemicals"),
            ("country", "France"),
            ("stage", "target"),
            ("parent", "alder"),
        ],
        &[],
    ),
    (
        "cedar",
        &[("tier", 3)],
        &[("name", "Cedar & Sons"), ("short_name", "<b>\"C&S\"'"), ("industry", "Steel, wide"), ("parent", "birch")],
        &["bms"],
    ),
    ("dogwood", &[], &[("name", "Dogwood")], &[]),
];

/// Conditions that ask the same again and again, for those who simplify them.
fn repetitive() -> impl Strategy<Value = String> {
    let atoms = ["visitor.visits > 2", "page.path == \"/a\"", "account.tier == 1", "has(visitor.role)"];
    prop::sample::select(atoms.to_vec()).prop_map(str::to_owned).prop_recursive(6, 40, 2, |inner| {
        prop_oneof![
            4 => (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} && {right})")),
            4 => (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} || {right})")),
            1 => inner.prop_map(|inner| format!("!({inner})")),
        ]
    })
}

/// The same visit by somebody whose account is in no list, but described with all that the list knows.
pub(crate) fn described(visit: &Visit) -> Option<Visit> {
    let (id, ints, texts, technologies) = ACCOUNTS.iter().find(|(id, ..)| visit.account.as_deref() == Some(id))?;
    let mut attributes = Attributes { id: Some((*id).to_owned()), ..Attributes::default() };
    let field = |name: &str| AccountField::ALL.into_iter().find(|field| field.name() == name).unwrap();
    for (name, value) in *ints {
        *attributes.int_mut(field(name)).unwrap() = Some(*value);
    }
    for (name, value) in *texts {
        *attributes.text_mut(field(name)).unwrap() = Some((*value).to_owned());
    }
    attributes.technologies = Some(technologies.iter().map(|technology| (*technology).to_owned()).collect());
    Some(Visit { account: Some("not-listed".to_owned()), attributes: Some(attributes), ..visit.clone() })
}

/// The facts as maps, put together here by hand.
fn facts(visit: &Visit) -> HashMap<&'static str, HashMap<String, Value>> {
    let text = |text: &str| Value::String(Arc::new(text.to_owned()));
    let known = ACCOUNTS.iter().find(|(id, ..)| visit.account.as_deref() == Some(id));
    let mut account = HashMap::from([("known".to_owned(), Value::Bool(known.is_some()))]);
    if let Some((id, ints, texts, technologies)) = known {
        account.insert("id".to_owned(), text(id));
        account.extend(ints.iter().map(|(name, value)| ((*name).to_owned(), Value::Int(*value))));
        account.extend(texts.iter().map(|(name, value)| ((*name).to_owned(), text(value))));
        let list = technologies.iter().map(|technology| text(technology)).collect::<Vec<_>>();
        account.insert("technologies".to_owned(), list.into());
        account.insert("domains".to_owned(), Vec::<Value>::new().into());
    }
    let mut visitor = HashMap::new();
    visitor.extend(visit.visitor.visits.map(|visits| ("visits".to_owned(), Value::Int(visits))));
    visitor.extend(visit.visitor.role.as_ref().map(|role| ("role".to_owned(), text(role))));
    visitor.extend(visit.visitor.language.as_ref().map(|language| ("language".to_owned(), text(language))));
    visitor.extend(visit.visitor.time_zone.as_ref().map(|zone| ("time_zone".to_owned(), text(zone))));
    visitor.extend(visit.visitor.days_away.map(|days| ("days_away".to_owned(), Value::Int(days))));
    visitor.insert("ip".to_owned(), text(visit.ip.as_deref().unwrap_or("")));
    let mut page = HashMap::new();
    let parts: &[(&str, &str)] = match visit.url.as_deref() {
        Some("https://www.example.com/a/b?utm_source=x+y") => {
            &[("host", "www.example.com"), ("path", "/a/b"), ("utm_source", "x y")]
        }
        Some(
            "https://www.example.com"
            | "https://www.example.com/?plan=&plan=a&ref=%C3%A9&Plan=A&a%20b=%2Fa&plan=b#ref=b",
        ) => &[("host", "www.example.com"), ("path", "/")],
        Some("/a") => &[("path", "/a")],
        Some("https://é/?utm_source=%C3%A9") => &[("host", "é"), ("path", "/"), ("utm_source", "é")],
        _ => &[],
    };
    let parameters: &[(&str, &str)] = match visit.url.as_deref() {
        Some("https://www.example.com/a/b?utm_source=x+y") => &[("utm_source", "x y")],
        Some("https://www.example.com/?plan=&plan=a&ref=%C3%A9&Plan=A&a%20b=%2Fa&plan=b#ref=b") => {
            &[("plan", "a"), ("ref", "é"), ("Plan", "A"), ("a b", "/a")]
        }
        Some("https://é/?utm_source=%C3%A9") => &[("utm_source", "é")],
        _ => &[],
    };
    let query = parameters.iter().map(|(name, value)| ((*name).to_owned(), text(value)));
    page.insert("query".to_owned(), Value::Map(Map::from(query.collect::<HashMap<_, _>>())));
    page.extend(parts.iter().map(|(name, value)| ((*name).to_owned(), text(value))));
    page.extend(visit.url.as_ref().map(|url| ("url".to_owned(), text(url))));
    let mut time = HashMap::new();
    if let Some(now) = visit.now {
        time.insert("unix".to_owned(), Value::Int(now));
        time.insert("hour".to_owned(), Value::Int(now.rem_euclid(86_400) / 3_600));
    }
    HashMap::from([("account", account), ("visitor", visitor), ("page", page), ("time", time)])
}

/// Whether the condition holds, says the interpreter; what ends in an error does not.
fn interpret(program: &Program, visit: &Visit) -> bool {
    let mut context = Context::default();
    for (name, fields) in facts(visit) {
        context.add_variable_from_value(name, Value::Map(Map::from(fields)));
    }
    if let Some(now) = visit.now {
        context.add_variable_from_value("now", Value::Int(now));
    }
    add_time(&mut context);
    let page = facts(visit).remove("page").unwrap_or_default();
    context
        .add_function("query", move |name: Arc<String>| match page.get("query") {
            Some(Value::Map(query)) => {
                query.map.get(&Key::String(name)).cloned().ok_or(ExecutionError::function_error("query", "none"))
            }
            _ => Err(ExecutionError::function_error("query", "none")),
        })
        .unwrap();
    let account = visit.account.clone().unwrap_or_default();
    context
        .add_function("in_segment", move |name: Arc<String>| match name.as_str() {
            "banks" => account == "alder",
            _ => ["alder", "cedar"].contains(&account.as_str()),
        })
        .unwrap();
    context
        .add_function("in_cidr", |ip: Arc<String>, prefix: Arc<String>| match Address::parse(&ip) {
            Some(address) => Ok(Prefix::parse(&prefix).unwrap().contains(address)),
            None => Err(ExecutionError::function_error("in_cidr", "no address")),
        })
        .unwrap();
    matches!(program.execute(&context), Ok(Value::Bool(true)))
}

/// Dates, durations and clocks, by the library's own reckoning.
fn add_time(context: &mut Context<'_, '_>) {
    context
        .add_function("date", |text: Arc<String>| {
            let date: jiff::civil::Date = text.parse().unwrap();
            date.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second()
        })
        .unwrap();
    context
        .add_function("duration", |text: Arc<String>| text.parse::<jiff::SignedDuration>().unwrap().as_secs())
        .unwrap();
    // Zones are laid down from 2020 on; before, their first offset counts.
    let clock = |read: fn(&jiff::civil::DateTime) -> i64| {
        move |This(now): This<i64>, zone: Arc<String>| {
            let instant = |second: i64| {
                jiff::Timestamp::from_second(second).map_err(|error| ExecutionError::function_error("now", error))
            };
            let zone = jiff::tz::TimeZone::get(&zone).unwrap();
            let offset = zone.to_offset(instant(now.max(1_577_836_800))?);
            Ok::<i64, ExecutionError>(read(&offset.to_datetime(instant(now)?)))
        }
    };
    context.add_function("getHours", clock(|now| now.hour().into())).unwrap();
    context.add_function("getMinutes", clock(|now| now.minute().into())).unwrap();
    context.add_function("getDayOfWeek", clock(|now| now.weekday().to_sunday_zero_offset().into())).unwrap();
    context.add_function("getDate", clock(|now| now.day().into())).unwrap();
    context.add_function("getMonth", clock(|now| (now.month() - 1).into())).unwrap();
}

/// Whether the condition holds, says Nameplate: compiled, packed, opened and decided. A decision looks at what specialising left
/// of the condition for the account, an explanation at the whole condition, and a decision for a company that is in no list at what an
/// index lets through: all must say the same.
fn holds(condition: &str, visits: &[Visit]) -> Vec<bool> {
    let quoted = condition.replace('\'', "''");
    let hero = site::EXPERIENCE.replace("account.tier == 1", &format!("'{quoted}'"));
    let large = "banks: account.industry == \"Banking\"\n  large: account.employees > 5000 || account.tier == 3";
    let [(_, settings), (_, accounts)] = site::family();
    let settings = settings.replace("banks: account.industry == \"Banking\"", large);
    let files = [("experiences/hero.yaml", &*hero), ("nameplate.yaml", &settings), ("accounts.csv", &accounts)];
    let bundle = site::bundle(&site::with(&files));
    let answer = |visit: &Visit| {
        let decision = decide(&bundle, visit);
        assert_eq!(explain(&bundle, visit).decision, decision, "{condition}\n{visit:?}");
        if let Some(visit) = described(visit) {
            assert_eq!(decide(&bundle, &visit).slots, decision.slots, "{condition}\n{visit:?}");
        }
        !decision.slots.is_empty()
    };
    visits.iter().map(answer).collect()
}

fn check(condition: &str, visits: &[Visit]) {
    let program = Program::compile(condition).unwrap();
    let expect: Vec<bool> = visits.iter().map(|visit| interpret(&program, visit)).collect();
    assert_eq!(holds(condition, visits), expect, "{condition}\n{visits:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// 300 conditions, 40 visits each.
    #[test]
    fn a_condition_means_what_the_cel_interpreter_says(condition in condition(), visits in prop::collection::vec(visit(), 40)) {
        check(&condition, &visits);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_condition_that_repeats_itself_means_the_same(
        condition in repetitive(),
        visits in prop::collection::vec(visit(), 12),
    ) {
        check(&condition, &visits);
    }
}

/// The properties above are worth little if conditions rarely hold, or the oracle does not look.
#[test]
fn the_oracle_tells_yes_from_no() {
    let url = "https://www.example.com/?plan=&plan=a&ref=%C3%A9&Plan=A&a%20b=%2Fa&plan=b#ref=b";
    let alder = Visit { account: Some("alder".to_owned()), url: Some(url.to_owned()), ..Visit::default() };
    for (condition, expect) in [
        ("account.tier == 1", true),
        ("account.tier == 2", false),
        ("account.owner == \"x\" || account.known", true),
        ("!(account.owner == \"x\")", false),
        ("account.owner == \"x\" && false", false),
        ("!(account.owner == \"x\" && false)", true),
        ("has(account.owner)", false),
        ("has(account.parent)", false),
        ("in_segment(\"banks\")", true),
        ("in_cidr(visitor.ip, \"0.0.0.0/0\")", false),
        ("\"scada\" in account.technologies", true),
        ("query(\"plan\") == \"a\" && query(\"Plan\") == \"A\" && page.query.ref == \"é\"", true),
        ("query(\"plan\") in [\"b\", \"\"] || has(page.query.utm_source)", false),
        ("query(\"a b\").startsWith(\"/\") && !has(page.query.plans)", true),
    ] {
        assert_eq!(interpret(&Program::compile(condition).unwrap(), &alder), expect, "{condition}");
        check(condition, &[alder.clone(), Visit::default()]);
    }
}
