//! What a rule can read. The one [table](FIELDS) has name, type, getter and what people are told of it: `nameplate fields` prints it, and
//! the table in `docs/site-folder.md` and the schemas of YAML files are made of it.
//!
//! A field's code is written into bundles and never changes meaning; a code is never used again.

mod named;
mod table;

pub use table::{FIELDS, Note};

use crate::{
    limit::DAY_SECONDS,
    model::{AccountField, Facts, Kind, Origin, TextFact, Value},
};

/// A field that a rule can read.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The number in a bundle.
    pub code: u8,
    /// The name in a condition, `account.tier`; empty in a browser's module, which never says it.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// What people are told of it.
    pub note: Note,
    read: Read,
}

/// Where a field's value is. Not a function: a call that only the table knows costs WebAssembly as much as the rest of an atom.
/// Its number stands before what goes with it: rules ask for it again and again, and to make it out of that would cost each time.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
enum Read {
    Account(AccountField),
    Text(TextFact),
    IsKnown,
    Visits,
    Unix,
    Hour,
    Weekday,
    DaysAway,
    Device,
    TimeZone,
    ViewportWidth,
    Visibility,
    /// What the site has a name for, at this position. A byte, because there are many such fields.
    Named(Origin, u8),
    /// Not by a value: an atom of its own asks for it.
    Nowhere,
}

impl Field {
    /// The field of a code, or `None` when there is none such.
    #[must_use]
    pub fn from_code(code: u8) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.code == code).or_else(|| named::from_code(code))
    }

    /// The field of a name, or `None` when there is none such.
    #[must_use]
    pub fn from_name(name: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.name == name)
    }

    /// The field of the site's name at a position: `text`, and what pages tell also `number` or `boolean`.
    #[must_use]
    pub fn named(origin: Origin, position: usize, kind: Kind) -> Option<&'static Self> {
        named::FIELDS.iter().find(|field| field.kind == kind && field.name_place() == Some((origin, position)))
    }

    /// Which of the site's names it is, if it is one.
    #[must_use]
    pub fn name_place(&self) -> Option<(Origin, usize)> {
        match self.read {
            Read::Named(origin, position) => Some((origin, position.into())),
            _ => None,
        }
    }

    /// Its value for one visit; missing for an account field of a stranger.
    #[inline(always)]
    #[must_use]
    pub fn get<'a>(&self, facts: &'a Facts<'a>) -> Value<'a> {
        match self.read {
            Read::Account(field) => facts.account.map_or(Value::Missing, |account| account.get(field)),
            Read::Text(fact) => Value::text(facts.text(fact)),
            Read::IsKnown => Value::Bool(facts.account.is_some()),
            Read::Visits => Value::int(facts.visit.visitor.visits),
            Read::Unix => Value::int(facts.visit.now),
            Read::Hour => Value::int(facts.visit.now.map(hour)),
            Read::Weekday => Value::int(facts.visit.now.map(weekday)),
            _ => self.rarely(facts),
        }
    }

    /// What few rules read. Out of line: [`Field::get`] stands in many places.
    #[inline(never)]
    fn rarely<'a>(&self, facts: &'a Facts<'a>) -> Value<'a> {
        let visitor = &facts.visit.visitor;
        match self.read {
            Read::DaysAway => Value::int(visitor.days_away),
            Read::Device => Value::text(visitor.device.as_deref()),
            Read::TimeZone => Value::text(visitor.time_zone.as_deref()),
            Read::ViewportWidth => Value::int(visitor.viewport_width),
            Read::Visibility => Value::text(visitor.visibility.as_deref()),
            Read::Named(Origin::Query, position) => Value::text(facts.parameter(position.into())),
            Read::Named(origin, position) => {
                let told = if origin == Origin::Page { &visitor.custom } else { &visitor.cookies };
                facts
                    .names
                    .of(origin)
                    .get(usize::from(position))
                    .map_or(Value::Missing, |name| told.get(name, self.kind))
            }
            _ => Value::Missing,
        }
    }

    /// The text among the facts of a page view, if that is what it is.
    #[inline]
    #[must_use]
    pub fn text_fact(&self) -> Option<TextFact> {
        match self.read {
            Read::Text(fact) => Some(fact),
            _ => None,
        }
    }

    /// Whether it is a cookie, of whose value nobody is told.
    #[must_use]
    pub fn is_cookie(&self) -> bool {
        matches!(self.read, Read::Named(Origin::Cookie, _))
    }

    /// Whether it depends on nothing but the account.
    #[must_use]
    pub fn is_of_account(&self) -> bool {
        matches!(self.read, Read::Account(_) | Read::IsKnown)
    }

    /// Whether it says if somebody is known.
    pub(super) fn is_known(&self) -> bool {
        matches!(self.read, Read::IsKnown)
    }

    /// Whether it is read off the time.
    pub(super) fn is_of_clock(&self) -> bool {
        matches!(self.read, Read::Unix) || self.is_weekly()
    }

    /// Whether it comes again each week.
    pub(super) fn is_weekly(&self) -> bool {
        matches!(self.read, Read::Hour | Read::Weekday)
    }

    /// What its numbers can be: those of most fields, any.
    #[must_use]
    pub fn range(&self) -> (i64, i64) {
        match self.read {
            Read::Hour => (0, 23),
            Read::Weekday => (1, 7),
            _ => (i64::MIN, i64::MAX),
        }
    }

    /// The account's own field, if that is what it is.
    #[must_use]
    pub fn account_field(&self) -> Option<AccountField> {
        match self.read {
            Read::Account(field) => Some(field),
            _ => None,
        }
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Field {}

impl std::hash::Hash for Field {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.code.hash(state);
    }
}

fn hour(now: i64) -> i64 {
    now.rem_euclid(DAY_SECONDS) / 3_600
}

/// 1 January 1970 was a Thursday, the fourth day.
fn weekday(now: i64) -> i64 {
    now.div_euclid(DAY_SECONDS).wrapping_add(3).rem_euclid(7).wrapping_add(1)
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, Field, hour, weekday};
    use crate::model::{AccountField, Facts, Visit, Visitor};

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn codes_and_names_are_unique_and_lead_back() {
        for field in &FIELDS {
            assert_eq!(Field::from_code(field.code), Some(field));
            assert_eq!(Field::from_name(field.name), Some(field));
        }
    }

    #[test]
    fn every_field_of_an_account_is_in_the_table_under_its_name() {
        for account_field in AccountField::ALL {
            let field = Field::from_code(account_field.code()).unwrap();
            assert_eq!(field.name, format!("account.{}", account_field.name()));
            assert_eq!(field.account_field(), Some(account_field));
        }
    }

    #[test]
    fn an_empty_visit_has_every_field_and_no_value() {
        let visit = Visit::default();
        let facts = Facts::new(None, &visit);
        for field in FIELDS.iter().filter(|field| field.name != "account.known") {
            assert_eq!(field.get(&facts), crate::model::Value::Missing, "{}", field.name);
        }
    }

    #[test]
    fn every_field_of_a_visit_reads_its_own_part() {
        let visitor = Visitor {
            visits: Some(7),
            role: text("a role"),
            language: text("a language"),
            days_away: Some(8),
            device: text("a device"),
            time_zone: text("a zone"),
            viewport_width: Some(9),
            visibility: text("a visibility"),
            ..Visitor::default()
        };
        let url = "https://a.host/a/path?utm_source=s&utm_medium=m&utm_campaign=c&utm_term=t&utm_content=o";
        let referrer = text("https://another.host/x");
        let visit = Visit { url: text(url), referrer, now: Some(3_600), visitor, ..Visit::default() };
        let facts = Facts::new(None, &visit);
        let found = FIELDS.iter().filter(|field| !field.is_of_account()).map(|field| field.get(&facts).to_string());
        let quoted = |text: &str| format!("{text:?}");
        let expect = [
            "7",
            &quoted("a role"),
            &quoted("a language"),
            "not known",
            &quoted(url),
            &quoted("a.host"),
            &quoted("/a/path"),
            &quoted("https://another.host/x"),
            &quoted("another.host"),
            &quoted("s"),
            &quoted("m"),
            &quoted("c"),
            &quoted("t"),
            &quoted("o"),
            "3600",
            "1",
            "4",
            "8",
            &quoted("a device"),
            &quoted("a zone"),
            "9",
            &quoted("a visibility"),
        ];
        assert_eq!(found.collect::<Vec<_>>(), expect);
    }

    #[test]
    fn the_clock_is_read_in_utc() {
        let check = |now: i64, day: i64, at: i64| assert_eq!((weekday(now), hour(now)), (day, at), "{now}");
        check(0, 4, 0);
        check(-1, 3, 23);
        check(1_795_392_000, 1, 0); // Monday 23 November 2026, 00:00
        check(1_795_391_999, 7, 23);
        check(i64::MAX, weekday(i64::MAX), hour(i64::MAX));
        check(i64::MIN, weekday(i64::MIN), hour(i64::MIN));
    }
}
