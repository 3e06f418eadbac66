//! What a clock shows somewhere: a time zone's offsets are laid down when the site is compiled, so that every platform reads the same.

use crate::{limit::DAY_SECONDS, model::Text};

/// From the year 1 to the year 9999.
const TIMES: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_207_200;

/// A time zone, for some decades.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Zone {
    name: Text,
    /// From a Unix second on, so many seconds ahead of UTC; before the first, as much as from it on.
    offsets: Vec<(i64, i64)>,
}

/// A part of what a clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ClockPart {
    /// 0 to 23.
    Hours = 0,
    /// 0 to 59.
    Minutes = 1,
    /// 0 Sunday to 6 Saturday.
    DayOfWeek = 2,
    /// 1 to 31.
    Date = 3,
    /// 0 January to 11 December.
    Month = 4,
    /// The year of the common era.
    FullYear = 5,
}

impl ClockPart {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 6] = [Self::Hours, Self::Minutes, Self::DayOfWeek, Self::Date, Self::Month, Self::FullYear];

    /// The function that asks for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hours => "getHours",
            Self::Minutes => "getMinutes",
            Self::DayOfWeek => "getDayOfWeek",
            Self::Date => "getDate",
            Self::Month => "getMonth",
            Self::FullYear => "getFullYear",
        }
    }

    /// From the least that it shows to the greatest.
    #[must_use]
    pub fn range(self) -> (i64, i64) {
        match self {
            Self::Hours => (0, 23),
            Self::Minutes => (0, 59),
            Self::DayOfWeek => (0, 6),
            Self::Date => (1, 31),
            Self::Month => (0, 11),
            Self::FullYear => (0, 9_999),
        }
    }

    /// Whether it comes again each week.
    #[must_use]
    pub fn is_weekly(self) -> bool {
        matches!(self, Self::Hours | Self::Minutes | Self::DayOfWeek)
    }
}

impl Zone {
    /// The zone of these offsets, or `None` where there is none, they do not ascend, or one is a day or more.
    #[must_use]
    pub fn new(name: Text, offsets: Vec<(i64, i64)>) -> Option<Self> {
        let ascends = offsets.is_sorted_by(|a, b| a.0 < b.0);
        let is_offset = |(_, offset): &(i64, i64)| offset.unsigned_abs() < DAY_SECONDS.unsigned_abs();
        (!offsets.is_empty() && ascends && offsets.iter().all(is_offset)).then_some(Self { name, offsets })
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &Text {
        &self.name
    }

    /// From when on it is how many seconds ahead of UTC.
    #[must_use]
    pub fn offsets(&self) -> &[(i64, i64)] {
        &self.offsets
    }

    /// What a clock there shows at a Unix second, or `None` where no calendar in use has that day.
    #[must_use]
    pub fn read(&self, part: ClockPart, now: i64) -> Option<i64> {
        TIMES.contains(&now).then(|| self.show(part, now))
    }

    fn show(&self, part: ClockPart, now: i64) -> i64 {
        let behind = self.offsets.partition_point(|(from, _)| *from <= now);
        let offset = self.offsets.get(behind.saturating_sub(1)).map_or(0, |(_, offset)| *offset);
        let local = now.saturating_add(offset);
        let (day, second) = (local.div_euclid(DAY_SECONDS), local.rem_euclid(DAY_SECONDS));
        match part {
            ClockPart::Hours => second / 3_600,
            ClockPart::Minutes => second / 60 % 60,
            // 1 January 1970 was a Thursday, the fourth day.
            ClockPart::DayOfWeek => day.wrapping_add(4).rem_euclid(7),
            ClockPart::Date | ClockPart::Month | ClockPart::FullYear => date(part, day),
        }
    }
}

/// The day of a Unix second in UTC, `2026-01-31`.
#[must_use]
pub fn day(now: i64) -> String {
    let [year, month, date] =
        [ClockPart::FullYear, ClockPart::Month, ClockPart::Date].map(|part| date(part, now.div_euclid(DAY_SECONDS)));
    format!("{year:04}-{:02}-{date:02}", month.saturating_add(1))
}

/// A part of the date, so many days after 1 January 1970. Counts years from March, so that the day that leap years have more is the last.
#[expect(clippy::arithmetic_side_effects, reason = "days of 64-bit seconds: far from the end of a number")]
fn date(part: ClockPart, day: i64) -> i64 {
    const ERA_DAYS: i64 = 146_097;
    let day = day + 719_468;
    let (era, day) = (day.div_euclid(ERA_DAYS), day.rem_euclid(ERA_DAYS));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    match part {
        ClockPart::Date => day - (153 * month + 2) / 5 + 1,
        ClockPart::Month => (month + 2) % 12,
        _ => year + era * 400 + i64::from(month >= 10),
    }
}

#[cfg(test)]
mod tests {
    use super::{ClockPart, Zone};

    fn check(now: i64, expect: [i64; 6]) {
        let zone = Zone::new("x".into(), vec![(0, 3_600), (1_000_000_000, -3_600)]).unwrap();
        assert_eq!(ClockPart::ALL.map(|part| zone.read(part, now)), expect.map(Some), "{now}");
    }

    #[test]
    fn a_clock_shows_hour_and_date() {
        // Thursday 1 January 1970, 01:00.
        check(0, [1, 0, 4, 1, 0, 1970]);
        check(-3_601, [23, 59, 3, 31, 11, 1969]);
        // Sunday 9 September 2001, 01:46:40 UTC, when the offset changes.
        check(999_999_999, [2, 46, 0, 9, 8, 2001]);
        check(1_000_000_000, [0, 46, 0, 9, 8, 2001]);
        // Thursday 29 February 2024, noon UTC; Friday 1 March.
        check(1_709_208_000, [11, 0, 4, 29, 1, 2024]);
        check(1_709_294_400, [11, 0, 5, 1, 2, 2024]);
        let zone = Zone::new("x".into(), vec![(0, 0)]).unwrap();
        assert_eq!([i64::MIN, i64::MAX].map(|now| zone.read(ClockPart::Hours, now)), [None, None]);
    }

    #[test]
    fn what_is_no_zone_is_refused() {
        let check = |offsets: &[(i64, i64)], expect: bool| {
            assert_eq!(Zone::new("x".into(), offsets.to_vec()).is_some(), expect, "{offsets:?}");
        };
        check(&[(0, 0)], true);
        check(&[], false);
        check(&[(5, 0), (5, 1)], false);
        check(&[(0, 86_400)], false);
    }
}
