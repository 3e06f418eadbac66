//! What stands behind keys: texts, names, numbers, dates.

use std::{borrow::Cow, marker::PhantomData};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{
    compile::{code::CODES, columns, cookies, custom, experience::UNITS, settings::TOLD},
    limit::{NAME_CHAR_MAX, PRIORITY_MAX, WEIGHT_MAX},
    model::Grade,
    rule::{FIELDS, Note},
};

/// Declares types by what is written for each.
macro_rules! values {
    ($($(#[$about:meta])* $name:ident = $schema:tt;)*) => {$(
        $(#[$about])*
        pub(super) struct $name;

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

values! {
    /// A text. A number counts as the text it was written as.
    Text = { "type": ["string", "number"] };
    /// A text that says something.
    Reason = { "type": ["string", "number"], "pattern": "\\S" };
    /// A name of the site.
    Name = { "type": ["string", "integer"], "pattern": format!("^[a-z0-9-]{{1,{NAME_CHAR_MAX}}}$") };
    /// A path on the site.
    Path = { "type": "string", "pattern": "^/" };
    /// A host without scheme and path, perhaps with a port.
    Host = { "type": ["string", "number"], "pattern": "^[^/\\s@?#]+$" };
    /// A CSS selector.
    Selector = { "type": "string", "minLength": 1 };
    /// Width and height in pixels.
    Size = { "type": "string", "pattern": "^0*[1-9][0-9]{0,3}x0*[1-9][0-9]{0,3}$" };
    /// A date, which is midnight UTC, or a date and time with its offset.
    Moment = { "type": ["string", "integer"], "pattern": MOMENT };
    /// A confidence, or the grade that begins there.
    Confidence = { "anyOf": [
        { "type": "integer", "minimum": 0, "maximum": 100 },
        { "enum": Grade::ALL.map(Grade::name) },
    ] };
    /// The code of a warning or note.
    AllowedCode = { "enum": CODES.iter().map(|code| code.0).collect::<Vec<_>>() };
    /// One class.
    ClassName = { "type": ["string", "number"], "pattern": "^\\S+$" };
    /// The name of what a page tells, as conditions read it.
    CustomName = { "pattern": format!("^[a-z][a-z0-9_]{{0,{}}}$", custom::NAME_CHAR_MAX - 1) };
    /// Its type.
    CustomKind = { "enum": custom::KINDS.map(|(name, _)| name) };
    /// The name of a cookie, none of Nameplate's own.
    CookieName = { "pattern": "^(?!np-)[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$" };
    /// When it is read.
    CookieNeed = { "enum": cookies::NEEDS };
    /// The type of a column.
    ColumnKind = { "enum": columns::TYPES };
    /// What stands between the items of a list.
    Separator = { "type": "string", "pattern": "\\S" };
    /// What browsers may tell ad servers.
    Told = { "enum": TOLD };
    /// Whom variants are drawn for.
    Unit = { "enum": UNITS };
}

/// How a date begins; the rest is for the reader.
const MOMENT: &str = "^[-+]?[0-9]{4,6}-?(0[1-9]|1[0-2])-?(0[1-9]|[12][0-9]|3[01])";

/// A condition; a definition of its own, which says what one can read.
pub(super) struct Condition;

impl JsonSchema for Condition {
    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut about = "A condition in CEL. It reads:".to_owned();
        for field in &FIELDS {
            let Note { about: holds, unit, .. } = field.note;
            let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
            about.push_str(&format!("\n- `{}`, {}{unit}: {holds}", field.name, field.kind.name()));
        }
        json_schema!({ "type": ["string", "boolean"], "minLength": 1, "description": about })
    }
}

/// A whole number in a range.
pub(super) struct Whole<const MIN: i64, const MAX: i64>;

pub(super) type Percent = Whole<0, 100>;
pub(super) type Priority = Whole<0, { PRIORITY_MAX as i64 }>;
pub(super) type Weight = Whole<0, { WEIGHT_MAX as i64 }>;

impl<const MIN: i64, const MAX: i64> JsonSchema for Whole<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Whole{MIN}to{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}

/// A list, or a single item; at least so many.
pub(super) struct OneOrMany<T, const MIN: usize>(PhantomData<T>);

impl<T: JsonSchema, const MIN: usize> JsonSchema for OneOrMany<T, MIN> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [item, { "type": "array", "items": item, "minItems": MIN }] })
    }
}

/// A table whose keys are the author's, each a `K`, with a `V` behind each.
pub(super) struct Keyed<K, V>(PhantomData<(K, V)>);

impl<K: JsonSchema, V: JsonSchema> JsonSchema for Keyed<K, V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}By{}", V::schema_name(), K::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (keys, values) = (generator.subschema_for::<K>(), generator.subschema_for::<V>());
        json_schema!({ "type": "object", "propertyNames": keys, "additionalProperties": values })
    }
}

/// What an author has seen and wants to keep.
pub(super) type Allow = Keyed<AllowedCode, Reason>;
