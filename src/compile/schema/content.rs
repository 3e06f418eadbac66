//! What a variant does to a slot.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::compile::{
    content::ATTRIBUTES,
    schema::value::{ClassName, OneOrMany, Text},
};

/// What becomes of a slot: one of `text`, `html` and `file`, and beside it, or alone, any of the others.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Content {
    /// Plain text. `{{account.name | your team}}` is the account's name, and what strangers read instead.
    text: Option<Text>,
    /// HTML: text, links, lists, tables and images.
    html: Option<Text>,
    /// A file with HTML, as seen from the site folder.
    file: Option<Text>,
    /// HTML that is inserted before it.
    before: Option<Text>,
    /// HTML that is inserted behind it.
    after: Option<Text>,
    /// Attributes that are set.
    attributes: Option<Attributes>,
    /// Changes a picture, and the words for those who cannot see it.
    image: Option<Image>,
    /// Class names that are added and removed; all others stay.
    classes: Option<Classes>,
    /// `false` hides it, `true` takes the attribute `hidden` away.
    visible: Option<bool>,
}

/// Attributes by name: a closed list, and every `aria-` and `data-` one.
struct Attributes;

impl JsonSchema for Attributes {
    fn schema_name() -> Cow<'static, str> {
        "Attributes".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let text = Text::json_schema(generator);
        let names = ATTRIBUTES.into_iter().chain(["srcset"]);
        let known: std::collections::BTreeMap<&str, &Schema> = names.map(|name| (name, &text)).collect();
        json_schema!({
            "type": "object",
            "properties": known,
            "patternProperties": { "^(aria|data)-[a-z0-9-]+$": text },
            "additionalProperties": false,
        })
    }
}

/// A picture.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Image {
    /// Its URL.
    src: Text,
    /// What it shows, in words.
    alt: Text,
    /// Its other sizes; without them, old ones go.
    srcset: Option<Text>,
}

/// Class names.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Classes {
    /// Those that come.
    add: Option<OneOrMany<ClassName, 0>>,
    /// Those that go.
    remove: Option<OneOrMany<ClassName, 0>>,
}
