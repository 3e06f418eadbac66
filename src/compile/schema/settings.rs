//! `nameplate.yaml`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{
    compile::{
        holdings::Holding,
        schema::value::{
            Allow, ColumnKind, Condition, Confidence, CookieName, CookieNeed, CustomKind, CustomName, Host, Keyed,
            Name, OneOrMany, Path, Percent, Selector, Separator, Size, Text, Told, Whole,
        },
        settings::TEXT_CHAR_MAX,
    },
    limit::{COOKIE_MAX, CUSTOM_MAX, PLACEMENT_MAX, SCALE_MAX, SEGMENT_MAX, SLOT_MAX},
    model::AccountField,
    rule::Field,
};

/// The site: its hosts, accounts and networks, and the names that all other files use.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, title = "nameplate.yaml")]
pub(super) struct Settings {
    /// The site's name.
    site: Text,
    /// The site's own hosts, without scheme; content may link to them.
    hosts: OneOrMany<Host, 1>,
    /// Further hosts that content may link to or load from.
    link_hosts: Option<OneOrMany<Host, 0>>,
    /// Mixed into every bucket; changing it draws every test anew. The name, unless given.
    salt: Option<Text>,
    /// The share of accounts kept on Default everywhere, to measure against.
    #[schemars(extend("default" = 0))]
    holdout_percent: Option<Percent>,
    /// The least confidence of a prefix from which something acts on its account; below it the visitor counts as a stranger there.
    confidence: Option<LeastConfidence>,
    /// The target accounts: their file, and which column of it is which field.
    accounts: AccountList,
    /// The file with the accounts' networks. Without it no address is recognised.
    networks: Option<Text>,
    /// The file with shared egress: where people of many companies come from.
    shared: Option<Text>,
    /// Where address databases have what, for `nameplate match`: fields, and one or more paths for each.
    databases: Option<Keyed<Text, OneOrMany<Text, 0>>>,
    /// Names and conditions. A segment is a set of accounts, and reads only `account.*`.
    #[schemars(extend("maxProperties" = SEGMENT_MAX))]
    segments: Option<Keyed<Name, Condition>>,
    /// What pages tell of their visitors on their own: names, each with a type. A condition reads `custom.NAME`.
    #[schemars(extend("maxProperties" = CUSTOM_MAX))]
    custom: Option<Keyed<CustomName, CustomKind>>,
    /// The cookies that conditions may read, each with when: `necessary` ones always, others with the visitor's consent to storage. A
    /// condition reads `cookie("NAME")`.
    #[schemars(extend("maxProperties" = COOKIE_MAX))]
    cookies: Option<Keyed<CookieName, CookieNeed>>,
    /// What browsers may tell ad servers of the account.
    targeting: Option<OneOrMany<Told, 0>>,
    /// Named places of pages that can change.
    #[schemars(extend("maxProperties" = SLOT_MAX))]
    slots: Option<Keyed<Name, Slot>>,
    /// Named places of pages where an ad may appear.
    #[schemars(extend("maxProperties" = PLACEMENT_MAX))]
    placements: Option<Keyed<Name, Placement>>,
    /// Paths on the site, and the files that show them in a preview.
    pages: Option<Keyed<Path, Text>>,
    /// Codes whose warnings and notes are kept back in the whole site, each with the reason.
    allow: Option<Allow>,
}

/// From which confidence on content and ads act on an account.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct LeastConfidence {
    /// For what slots show.
    content: Option<Confidence>,
    /// For what placements show.
    ads: Option<Confidence>,
}

/// Where the accounts are.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend(
    "if" = { "properties": { "email_domains": { "const": true } }, "required": ["email_domains"] },
    "then" = { "properties": { "columns": { "required": ["domains"], "properties": { "domains": { "type": ["string", "number"] } } } } },
))]
struct AccountList {
    /// The file, as the CRM exports it.
    file: Text,
    /// Which column of the file is which field.
    columns: Columns,
    /// Columns that are no field of ours: names, each with a column and a type. A condition reads `account.custom.NAME`.
    custom: Option<Keyed<CustomName, OwnColumn>>,
    /// Whether a visitor's e-mail domain finds the account that has it under `domains`.
    #[schemars(extend("default" = false))]
    email_domains: Option<bool>,
}

/// A column with a name of the site's own.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("allOf" = [
    { "if": { "required": ["scale"] }, "then": { "properties": { "type": { "const": "decimal" } } } },
    { "if": { "required": ["separator"] }, "then": { "properties": { "type": { "const": "list" } } } },
]))]
struct OwnColumn {
    /// What the file calls it.
    column: Text,
    /// What its cells hold.
    #[schemars(rename = "type")]
    kind: ColumnKind,
    /// Of a decimal number: how many digits may stand behind its point.
    #[schemars(extend("default" = 2))]
    scale: Option<Whole<1, { SCALE_MAX as i64 }>>,
    /// Of a list: what stands between its items; `;` unless given.
    separator: Option<Separator>,
}

/// The columns of the account list: a key for each field.
struct Columns;

impl JsonSchema for Columns {
    fn schema_name() -> Cow<'static, str> {
        "Columns".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut columns =
            json_schema!({ "type": "object", "additionalProperties": false, "required": [], "properties": {} });
        for field in AccountField::ALL {
            let is_required = matches!(field, AccountField::Id | AccountField::Name);
            let note = Field::from_code(field.code()).map(|field| field.note);
            let (about, unit) = note.map_or(("", ""), |note| (note.about, note.unit));
            let about = [about, unit].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
            add_column(&mut columns, field.name(), is_required, &about, generator);
        }
        for holding in Holding::ALL {
            add_column(&mut columns, holding.name(), false, "for `nameplate match` alone", generator);
        }
        columns
    }
}

fn add_column(columns: &mut Schema, name: &str, is_required: bool, about: &str, generator: &mut SchemaGenerator) {
    let mut column = if is_required { Text::json_schema(generator) } else { Option::<Text>::json_schema(generator) };
    column.insert("description".to_owned(), format!("The column with {about}.").into());
    if let Some(properties) = columns.get_mut("properties").and_then(|known| known.as_object_mut()) {
        properties.insert(name.to_owned(), column.to_value());
    }
    if let Some(required) = columns.get_mut("required").and_then(|known| known.as_array_mut())
        && is_required
    {
        required.push(name.into());
    }
}

/// A named place in a page that can change.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Slot {
    /// Where it is on the pages, a CSS selector.
    selector: Selector,
    /// What it is, for people.
    about: Option<Text>,
    /// How many characters its text may have.
    max_length: Option<Whole<1, TEXT_CHAR_MAX>>,
}

/// One place where an ad may appear.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Placement {
    /// Where it is on the pages, a CSS selector.
    selector: Selector,
    /// The sizes that fit, the preferred one first, such as `300x250`.
    sizes: OneOrMany<Size, 1>,
    /// What is written above an ad, such as "Advertisement".
    label: Option<Text>,
}
