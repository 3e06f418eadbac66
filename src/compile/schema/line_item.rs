//! `ads/*.yaml`.

use schemars::JsonSchema;

use crate::{
    compile::schema::{
        experience::Window,
        value::{Allow, Condition, Name, OneOrMany, Priority, Size, Text, Weight},
    },
    limit::CREATIVE_MAX,
};

/// One line item: what placements show, to whom and when.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, title = "ads/*.yaml")]
pub(super) struct LineItem {
    /// Its name, unique among the line items.
    name: Name,
    /// What it is for, for people.
    about: Option<Text>,
    /// When it shows: who is visiting, which page, what time.
    when: Condition,
    /// Of those whose condition holds the highest wins; equals share by weight.
    priority: Priority,
    /// Its share among line items of the same priority; 0 pauses it.
    #[schemars(extend("default" = 1))]
    weight: Option<Weight>,
    /// From when until when it is delivered.
    flight: Option<Window>,
    /// Codes whose warnings and notes are kept back in this file, each with the reason.
    allow: Option<Allow>,
    /// The placements it may show in.
    placements: OneOrMany<Text, 1>,
    /// What it shows.
    #[schemars(length(min = 1, max = CREATIVE_MAX))]
    creatives: Vec<Creative>,
}

/// What is shown: an image, a text (`headline`), or HTML in a frame (`html` or `file`).
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Creative {
    /// Its name, unique in the line item.
    name: Name,
    /// Width and height in pixels, such as `300x250`.
    size: Size,
    /// Its share among the creatives of its size; 0 pauses it.
    #[schemars(extend("default" = 1))]
    weight: Option<Weight>,
    /// Where it leads.
    link: Text,
    /// What it says, in words: for those who cannot see it.
    alt: Text,
    /// The URL of an image.
    image: Option<Text>,
    /// The line that a text creative begins with.
    headline: Option<Text>,
    /// The lines below it.
    body: Option<Text>,
    /// The words on its button.
    cta: Option<Text>,
    /// HTML for a frame of its own.
    html: Option<Text>,
    /// A file with HTML for a frame of its own, as seen from the site folder.
    file: Option<Text>,
}
