//! `experiences/*.yaml`.

use schemars::JsonSchema;

use crate::{
    compile::{
        experience::UNITS,
        schema::{
            content::Content,
            value::{Allow, Condition, Keyed, Moment, Name, Percent, Priority, Text, Unit, Weight},
        },
    },
    limit::VARIANT_MAX,
};

/// One experience: variants for slots that belong together, and when they show.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, title = "experiences/*.yaml")]
pub(super) struct Experience {
    /// Its name, unique among the experiences.
    name: Name,
    /// What it is for, for people.
    about: Option<Text>,
    /// When it shows: who is visiting, which page, what time.
    when: Condition,
    /// Of those whose condition holds the highest gets the slot; ties go by name.
    priority: Priority,
    /// From when until when it shows.
    schedule: Option<Window>,
    /// Whom the variants are drawn for, and who is kept on Default to measure against.
    test: Option<Test>,
    /// Codes whose warnings and notes are kept back in this file, each with the reason.
    allow: Option<Allow>,
    /// What it shows. Of several, one is drawn by weight.
    #[schemars(length(min = 1, max = VARIANT_MAX))]
    variants: Vec<Variant>,
}

/// A time from which and until which something shows.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Window {
    /// The first moment: `2026-01-31` is midnight UTC, `2026-01-31T09:00:00+01:00` any time.
    from: Option<Moment>,
    /// The first moment after it. To take the last day in, write the day after.
    until: Option<Moment>,
}

/// A comparison of variants, with each other and with Default.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Test {
    /// Who always gets the same variant: everybody of an account, or one visitor.
    #[schemars(extend("default" = UNITS[0]))]
    unit: Option<Unit>,
    /// The share kept on Default to measure against.
    #[schemars(extend("default" = 0))]
    holdout_percent: Option<Percent>,
}

/// One content for the slots of an experience.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Variant {
    /// Its name, unique in the experience.
    name: Name,
    /// Its share among the variants; 0 pauses it.
    #[schemars(extend("default" = 1))]
    weight: Option<Weight>,
    /// What the slots show. A slot that is left out keeps its Default.
    slots: Option<Keyed<Name, Content>>,
    /// Sends the visitor to another page instead: a path from the site's root, or an https address on a listed host.
    redirect: Option<Text>,
}
