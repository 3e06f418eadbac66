//! What the YAML files of a site may hold, as JSON Schemas, for editors.
//!
//! Types that nobody makes: the reader takes files apart key by key, so that it can report every mistake at its place, and an editor wants
//! the whole in one picture. Limits and closed lists are the reader's own constants, the visit is the runtime's own type, and what
//! else there is to take or to refuse is held to the reader by `tests/it/schema.rs`: key by key, value by value.
//!
//! A schema is never stricter than the reader, or an editor would complain of what is right. It knows one file: names that another
//! file must have, and what a text means, are for `nameplate check`.

#![expect(dead_code, reason = "types that describe; nobody makes one")]

mod content;
mod experience;
mod line_item;
mod settings;
mod test;
mod value;

use schemars::{JsonSchema, generate::SchemaSettings, transform::RestrictFormats};

/// The schema of a kind of file.
#[derive(Debug, Clone)]
pub struct FileSchema {
    /// What it is called; its own file is `NAME.json`.
    pub name: &'static str,
    /// Which files of a site it is about.
    pub files: &'static str,
    /// The schema, JSON.
    pub json: String,
}

/// The schemas of all YAML files of a site.
///
/// They are of draft 7, which every editor reads: the YAML language server knew no later one before 2026.
#[must_use]
pub fn schemas() -> [FileSchema; 4] {
    [
        schema::<settings::Settings>("nameplate", super::settings::FILE),
        schema::<experience::Experience>("experience", "experiences/*.yaml"),
        schema::<line_item::LineItem>("line-item", "ads/*.yaml"),
        schema::<test::Tests>("tests", "tests/*.yaml"),
    ]
}

fn schema<T: JsonSchema>(name: &'static str, files: &'static str) -> FileSchema {
    let settings = SchemaSettings::draft07().with_transform(RestrictFormats::default());
    let schema = settings.into_generator().into_root_schema_for::<T>();
    FileSchema { name, files, json: format!("{:#}\n", schema.to_value()) }
}
