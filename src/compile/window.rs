//! Dates of schedules and flights.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    compile::{code, diagnostic::Diagnostics, table::Table, yaml::Word},
    model::Window,
};

/// The window under `key` ("schedule", "flight"); open at both ends when the key is not there.
pub(super) fn window(table: &mut Table<'_>, key: &'static str, log: &mut Diagnostics) -> Window {
    let Some(mut window) = table.table(key, "a schedule", log) else { return Window::default() };
    let (from, until) = (window.optional_text("from", log), window.optional_text("until", log));
    window.finish(log);
    let read = |word: &Option<Word>, log: &mut Diagnostics| word.as_ref().and_then(|word| instant(word, log));
    let result = Window { from: read(&from, log), until: read(&until, log) };
    if let (Some(start), Some(end), Some(word)) = (result.from, result.until, until)
        && end <= start
    {
        let diagnostic = log.error(code::S008, word.span, format!("the {key} never opens: it ends before it begins"));
        diagnostic
            .label("the end")
            .help("`until` is the first moment after it: to take the last day in, write the day after");
        if let Some(from) = from {
            diagnostic.related(from.span, "the beginning");
        }
    }
    result
}

/// What [`instant_of`] makes of a text; one that is no date is reported.
pub(super) fn instant(word: &Word, log: &mut Diagnostics) -> Option<i64> {
    let instant = instant_of(&word.text);
    if instant.is_none() {
        log.error(code::S007, word.span, format!("`{}` is not a date", word.text))
            .help("write `2026-01-31`, which begins at midnight UTC, or `2026-01-31T09:00:00+01:00`");
    }
    instant
}

/// Unix seconds of a date, `2026-01-31`, which is midnight in UTC, or of a date and time with its offset; `None` where it is neither.
#[must_use]
pub fn instant_of(text: &str) -> Option<i64> {
    let date = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let instant = if text.len() > 10 { text.parse::<Timestamp>().ok() } else { date() };
    instant.map(Timestamp::as_second)
}
