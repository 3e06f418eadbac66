//! What conditions mean: the interpreter of the `cel` crate says it, given the same facts, where what nobody knows is a key that is not
//! there. It is slow, and shares no line with us.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use cel::{Context, Env, ExecutionError, Program, Value, extractors::This, objects::Map};
use nameplate::{
    model::{AccountField, Attributes, Visit},
    net::{Address, Prefix},
};

/// What is known of the accounts of the small site, as the interpreter is told it.
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

/// All that the list knows of an account of the small site.
pub(crate) fn listed(id: &str) -> Option<Attributes> {
    let (id, ints, texts, technologies) = ACCOUNTS.iter().find(|(known, ..)| *known == id)?;
    let mut attributes = Attributes { id: Some((*id).to_owned()), ..Attributes::default() };
    let field = |name: &str| AccountField::ALL.into_iter().find(|field| field.name() == name).unwrap();
    for (name, value) in *ints {
        *attributes.int_mut(field(name)).unwrap() = Some(*value);
    }
    for (name, value) in *texts {
        *attributes.text_mut(field(name)).unwrap() = Some((*value).to_owned());
    }
    attributes.technologies = Some(technologies.iter().map(|technology| (*technology).to_owned()).collect());
    Some(attributes)
}

/// The same visit by somebody whose account is in no list, but described with all that the list knows.
pub(crate) fn described(visit: &Visit) -> Option<Visit> {
    let attributes = Some(listed(visit.account.as_deref()?)?);
    Some(Visit { account: Some("not-listed".to_owned()), attributes, ..visit.clone() })
}

/// A condition, ready to be interpreted.
pub(crate) fn program(condition: &str) -> Program {
    Program::compile(condition).unwrap()
}

/// The language's own functions. To gather them takes longer than most conditions.
static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// Everything that conditions may ask about one visit.
pub(crate) struct Interpreter(Context<'static, 'static>);

impl Interpreter {
    /// For a visit by somebody of a company, or by a stranger, on a site with these segments.
    pub(crate) fn new(visit: &Visit, company: Option<&Attributes>, segments: &[(String, Program)]) -> Self {
        let mut context = Context::with_env(ENV.clone());
        context.add_variable_from_value("account", Value::Map(Map::from(account_facts(company))));
        for (name, fields) in facts(visit) {
            context.add_variable_from_value(name, Value::Map(Map::from(fields)));
        }
        if let Some(now) = visit.now {
            context.add_variable_from_value("now", Value::Int(now));
        }
        add_time(&mut context);
        add_called(&mut context, "query", parameters(visit));
        add_called(&mut context, "cookie", cookies(visit));
        context
            .add_function("in_cidr", |ip: Arc<String>, prefix: Arc<String>| match Address::parse(&ip) {
                Some(address) => Ok(Prefix::parse(&prefix).unwrap().contains(address)),
                None => Err(ExecutionError::function_error("in_cidr", "no address")),
            })
            .unwrap();
        let mut interpreter = Self(context);
        // Segments are of companies: a stranger is in none, whatever its condition says of somebody of whom nothing is known.
        let is_in = |(_, program): &&(String, Program)| company.is_some() && interpreter.holds(program);
        let members: Vec<String> = segments.iter().filter(is_in).map(|(name, _)| name.clone()).collect();
        interpreter.0.add_function("in_segment", move |name: Arc<String>| members.contains(&*name)).unwrap();
        interpreter
    }

    /// Whether the condition holds; what ends in an error does not.
    pub(crate) fn holds(&self, program: &Program) -> bool {
        matches!(program.execute(&self.0), Ok(Value::Bool(true)))
    }
}

fn text(text: &str) -> Value {
    Value::String(Arc::new(text.to_owned()))
}

/// What is known of a company, put together here by hand. A text of no letters is no text.
fn account_facts(company: Option<&Attributes>) -> HashMap<String, Value> {
    let mut facts = HashMap::from([("known".to_owned(), Value::Bool(company.is_some()))]);
    let Some(mut company) = company.cloned() else { return facts };
    let is_some = |text: &String| !text.is_empty();
    let key = [&company.id, &company.name].into_iter().flatten().find(|text| is_some(text)).cloned();
    company.id.clone_from(&key);
    company.name = company.name.filter(is_some).or(key);
    for field in AccountField::ALL {
        let value = if let Some(known) = company.text_mut(field) {
            known.as_deref().filter(|text| !text.is_empty()).map(text)
        } else if let Some(int) = company.int_mut(field) {
            int.map(Value::Int)
        } else {
            let items = company.list_mut(field).and_then(Option::take).unwrap_or_default();
            Some(items.iter().map(|item| text(item)).collect::<Vec<_>>().into())
        };
        facts.extend(value.map(|value| (field.name().to_owned(), value)));
    }
    facts
}

/// The parts of an address that visits come with, and the parameters of its query.
type Parts = (&'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)]);

fn parts(url: Option<&str>) -> Parts {
    match url {
        Some("https://www.example.com/a/b?utm_source=x+y") => {
            (&[("host", "www.example.com"), ("path", "/a/b"), ("utm_source", "x y")], &[("utm_source", "x y")])
        }
        Some("https://www.example.com") => (&[("host", "www.example.com"), ("path", "/")], &[]),
        Some("https://www.example.com/?plan=&plan=a&ref=%C3%A9&Plan=A&a%20b=%2Fa&plan=b#ref=b") => (
            &[("host", "www.example.com"), ("path", "/")],
            &[("plan", "a"), ("ref", "é"), ("Plan", "A"), ("a b", "/a")],
        ),
        Some("/a") => (&[("path", "/a")], &[]),
        Some("https://é/?utm_source=%C3%A9") => {
            (&[("host", "é"), ("path", "/"), ("utm_source", "é")], &[("utm_source", "é")])
        }
        _ => (&[], &[]),
    }
}

fn parameters(visit: &Visit) -> HashMap<String, Value> {
    let (_, parameters) = parts(visit.url.as_deref());
    parameters.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect()
}

/// What is known of all but the company, put together here by hand.
fn facts(visit: &Visit) -> HashMap<&'static str, HashMap<String, Value>> {
    let mut visitor = HashMap::new();
    visitor.extend(visit.visitor.visits.map(|visits| ("visits".to_owned(), Value::Int(visits))));
    visitor.extend(visit.visitor.role.as_ref().map(|role| ("role".to_owned(), text(role))));
    visitor.extend(visit.visitor.language.as_ref().map(|language| ("language".to_owned(), text(language))));
    visitor.extend(visit.visitor.time_zone.as_ref().map(|zone| ("time_zone".to_owned(), text(zone))));
    visitor.extend(visit.visitor.days_away.map(|days| ("days_away".to_owned(), Value::Int(days))));
    visitor.insert("cookies".to_owned(), Value::Map(Map::from(cookies(visit))));
    visitor.insert("ip".to_owned(), text(visit.ip.as_deref().unwrap_or("")));
    let (parts, _) = parts(visit.url.as_deref());
    let mut page = HashMap::from([("query".to_owned(), Value::Map(Map::from(parameters(visit))))]);
    page.extend(parts.iter().map(|(name, value)| ((*name).to_owned(), text(value))));
    page.extend(visit.url.as_ref().map(|url| ("url".to_owned(), text(url))));
    let mut time = HashMap::new();
    if let Some(now) = visit.now {
        time.insert("unix".to_owned(), Value::Int(now));
        time.insert("hour".to_owned(), Value::Int(now.rem_euclid(86_400) / 3_600));
    }
    HashMap::from([("visitor", visitor), ("page", page), ("time", time)])
}

/// Values that are asked for by name.
fn add_called(context: &mut Context<'_, '_>, function: &'static str, values: HashMap<String, Value>) {
    let missing = move || ExecutionError::function_error(function, "there is none of this name");
    let called = move |name: Arc<String>| values.get(&*name).cloned().ok_or_else(missing);
    context.add_function(function, called).unwrap();
}

fn cookies(visit: &Visit) -> HashMap<String, Value> {
    let visit = serde_json::to_value(visit).unwrap();
    let cookies = visit["visitor"]["cookies"].as_object().unwrap().clone();
    cookies.into_iter().map(|(name, value)| (name, text(value.as_str().unwrap()))).collect()
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
