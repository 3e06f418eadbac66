//! `tests/*.yaml`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{
    compile::schema::value::{Keyed, Moment, OneOrMany, Text},
    model::{DEVICES, ROLES, VISIBILITIES, Visit, Visitor},
};

/// Visits and what they must get: a list of tests, or a single one.
#[derive(JsonSchema)]
#[schemars(untagged, title = "tests/*.yaml")]
pub(super) enum Tests {
    Many(Vec<Test>),
    One(Test),
}

/// A visit and what it must get.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Test {
    /// What it is about, unique in the site.
    name: Text,
    /// Why it is so, for people.
    about: Option<Text>,
    /// The visit; what is not said is not known.
    visit: WrittenVisit,
    /// What it must get, at least one thing; what is not named is not checked.
    expect: Expect,
}

/// What a visit must get.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Expect {
    /// The id of the account; `null` for a stranger.
    account: Option<Text>,
    /// Segments that the account is in, all of them.
    segments: Option<OneOrMany<Text, 0>>,
    /// Segments that it is not in, none of them.
    not_segments: Option<OneOrMany<Text, 0>>,
    /// What slots show: `experience`, `experience/variant`, or `Default`.
    slots: Option<Keyed<Text, Shown<InSlot>>>,
    /// What placements show: `line-item`, `line-item/creative`, or `Default`.
    placements: Option<Keyed<Text, Shown<InPlacement>>>,
}

/// What a place shows, alone or with more.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
enum Shown<T> {
    Name(Text),
    More(T),
}

/// What a slot shows, and how.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct InSlot {
    /// `experience`, `experience/variant`, or `Default`.
    shows: Text,
    /// Words that its text or HTML holds.
    text: Option<Text>,
    /// Words of the reason that `nameplate decide` gives.
    reason: Option<Text>,
}

/// What a placement shows, and why.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct InPlacement {
    /// `line-item`, `line-item/creative`, or `Default`.
    shows: Text,
    /// Words of the reason that `nameplate decide` gives.
    reason: Option<Text>,
}

/// A visit, where the time may be a date, and words that no visit says are mistakes.
struct WrittenVisit;

impl JsonSchema for WrittenVisit {
    fn schema_name() -> Cow<'static, str> {
        "Visit".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut visitor = Visitor::json_schema(generator);
        for (key, words) in [("role", &ROLES[..]), ("device", &DEVICES), ("visibility", &VISIBILITIES)] {
            let known: Vec<Option<&str>> = words.iter().copied().map(Some).chain([None]).collect();
            change(&mut visitor, key, json_schema!({ "enum": known }));
        }
        let mut visit = Visit::json_schema(generator);
        change(&mut visit, "visitor", json_schema!({ "anyOf": [visitor, { "type": "null" }] }));
        change(&mut visit, "account", Option::<Text>::json_schema(generator));
        let now = json_schema!({ "anyOf": [{ "type": ["integer", "null"] }, Moment::json_schema(generator)] });
        change(&mut visit, "now", now);
        visit
    }
}

/// Has a key of a table hold something else; what it is about stays.
fn change(table: &mut Schema, key: &str, mut value: Schema) {
    if let Some(known) = table.get_mut("properties").and_then(|known| known.get_mut(key)) {
        if let Some(about) = known.get("description") {
            value.insert("description".to_owned(), about.clone());
        }
        *known = value.to_value();
    }
}
