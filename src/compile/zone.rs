//! Time zones by their IANA names, from the database that the compiler brings along: every machine compiles the same.

use std::sync::Arc;

use jiff::{Timestamp, tz};

use crate::{limit::OFFSET_MAX, rule::Zone};

/// From when on and until when changes are laid down: 1 January 2020 and 2050. Behind that the last offset goes on.
const FROM: i64 = 1_577_836_800;
const UNTIL: i64 = 2_524_608_000;

/// The zone of a name, or `None` when there is none.
pub(super) fn zone(name: &str) -> Option<Arc<Zone>> {
    let from = Timestamp::from_second(FROM).ok()?;
    let zone = database().get(name).ok()?;
    let first = (FROM, i64::from(zone.to_offset(from).seconds()));
    let changes =
        zone.following(from).map(|change| (change.timestamp().as_second(), i64::from(change.offset().seconds())));
    let mut offsets = vec![first];
    for (at, offset) in changes.take_while(|(at, _)| *at < UNTIL).take(OFFSET_MAX) {
        if offsets.last().is_some_and(|(_, before)| *before != offset) {
            offsets.push((at, offset));
        }
    }
    offsets.truncate(OFFSET_MAX);
    Zone::new(name.into(), offsets).map(Arc::new)
}

/// The names that there are.
pub(super) fn names() -> Vec<String> {
    database().available().map(|name| name.to_string()).collect()
}

fn database() -> tz::TimeZoneDatabase {
    tz::TimeZoneDatabase::bundled()
}

#[cfg(test)]
mod tests {
    use super::zone;
    use crate::rule::ClockPart;

    #[test]
    fn a_zone_knows_its_summers() {
        let hours = |name: &str, now| zone(name).unwrap().read(ClockPart::Hours, now).unwrap();
        // 31 January and 31 July 2026, noon UTC.
        assert_eq!([1_769_860_800, 1_785_499_200].map(|now| hours("Europe/Berlin", now)), [13, 14]);
        assert_eq!([1_769_860_800, 1_785_499_200].map(|now| hours("America/New_York", now)), [7, 8]);
        assert_eq!([1_769_860_800, 1_785_499_200].map(|now| hours("Asia/Kolkata", now)), [17, 17]);
        assert_eq!(hours("UTC", 0), 0);
        // Summer 2049 is still known.
        assert_eq!(hours("Europe/Berlin", 2_509_963_200), 14);
        assert!(zone("Europe/Berlinn").is_none());
    }
}
