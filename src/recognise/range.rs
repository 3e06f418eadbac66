//! Stretches of addresses, as databases list them: from a first address to a last one.

use crate::net::{Address, Prefix};

/// Addresses of one family, from the first to the last. Ranges ascend, IPv4 first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    is_v6: bool,
    first: u128,
    last: u128,
}

impl Range {
    /// From one address to another, both inside; `None` where they are of two families or the wrong way round.
    #[must_use]
    pub fn new(first: Address, last: Address) -> Option<Self> {
        let (is_v6, first, last) = match (first, last) {
            (Address::V4(first), Address::V4(last)) => (false, first.into(), last.into()),
            (Address::V6(first), Address::V6(last)) => (true, first, last),
            _ => return None,
        };
        (first <= last).then_some(Self { is_v6, first, last })
    }

    /// The addresses of a prefix.
    #[must_use]
    pub fn of(prefix: Prefix) -> Self {
        match prefix {
            Prefix::V4 { bits, length } => Self::sized(false, bits.into(), 32_u8.saturating_sub(length)),
            Prefix::V6 { bits, length } => Self::sized(true, bits, 128_u8.saturating_sub(length)),
        }
    }

    /// From `first` on as many addresses as `host` bits tell apart.
    fn sized(is_v6: bool, first: u128, host: u8) -> Self {
        let beyond = u128::MAX.checked_shr(u32::from(128_u8.saturating_sub(host))).unwrap_or(0);
        Self { is_v6, first, last: first | beyond }
    }

    /// The fewest prefixes that hold these addresses and no others, ascending.
    pub fn prefixes(self) -> impl Iterator<Item = Prefix> {
        let width: u8 = if self.is_v6 { 128 } else { 32 };
        let mut rest = Some(self.first);
        std::iter::from_fn(move || {
            let first = rest?;
            // As wide as the zeros at its end allow and as what is left has room for.
            let aligned = u8::try_from(first.trailing_zeros()).unwrap_or(width);
            let room = (self.last - first).checked_add(1).map_or(128, u128::ilog2);
            let host = aligned.min(width).min(u8::try_from(room).unwrap_or(width));
            let last = Self::sized(self.is_v6, first, host).last;
            rest = (last < self.last).then(|| last + 1);
            let length = width - host;
            Some(match u32::try_from(first) {
                Ok(bits) if !self.is_v6 => Prefix::V4 { bits, length },
                _ => Prefix::V6 { bits: first, length },
            })
        })
    }

    /// What both hold.
    #[must_use]
    pub fn common(self, other: Self) -> Option<Self> {
        let common = Self { first: self.first.max(other.first), last: self.last.min(other.last), ..self };
        (self.is_v6 == other.is_v6 && common.first <= common.last).then_some(common)
    }

    /// Whether it ends before `other` begins.
    pub(super) fn is_before(self, other: Self) -> bool {
        (self.is_v6, self.last) < (other.is_v6, other.first)
    }

    /// Whether `next`, which begins no earlier, begins inside or directly behind.
    fn reaches(self, next: Self) -> bool {
        self.is_v6 == next.is_v6 && next.first <= self.last.saturating_add(1)
    }

    /// Whether the other begins where this ends; if so, this takes it in.
    pub(super) fn extend(&mut self, next: Self) -> bool {
        let is_next = self.is_v6 == next.is_v6 && self.last.checked_add(1) == Some(next.first);
        if is_next {
            self.last = next.last;
        }
        is_next
    }
}

/// The fewest ranges that hold the same addresses, ascending.
pub(super) fn join(mut ranges: Vec<Range>) -> Vec<Range> {
    ranges.sort_unstable();
    ranges.dedup_by(|next, before| {
        let reaches = before.reaches(*next);
        if reaches {
            before.last = before.last.max(next.last);
        }
        reaches
    });
    ranges
}

/// What of `ranges` lies in none of `holes`. Both are joined, and so is the answer.
pub(super) fn without(ranges: &[Range], holes: &[Range]) -> Vec<Range> {
    let mut left = Vec::new();
    for range in ranges {
        let from = holes.partition_point(|hole| hole.is_before(*range));
        let mut rest = Some(*range);
        for hole in holes.get(from..).unwrap_or_default() {
            let Some(common) = rest.and_then(|rest| rest.common(*hole)) else { break };
            let Some(whole) = rest.take() else { break };
            if whole.first < common.first {
                left.push(Range { last: common.first - 1, ..whole });
            }
            rest = (common.last < whole.last).then(|| Range { first: common.last + 1, ..whole });
        }
        left.extend(rest);
    }
    left
}

/// What is to be seen of ranges that lie over each other, ascending: the one that begins later lies above, of those that begin
/// together the shorter one, of equals the greater value.
pub(super) fn flatten<T: Copy + Ord>(mut ranges: Vec<(Range, T)>) -> Vec<(Range, T)> {
    ranges.sort_unstable_by(|(a, a_value), (b, b_value)| {
        (a.is_v6, a.first, b.last, a_value).cmp(&(b.is_v6, b.first, a.last, b_value))
    });
    let mut seen = Vec::with_capacity(ranges.len());
    // Those that have begun, the uppermost last; and the last address that is in a piece.
    let mut open: Vec<(Range, T)> = Vec::new();
    let mut done: Option<u128> = None;
    let mut see = |(range, value): (Range, T), done: Option<u128>, last: u128| {
        let first = done.map_or(Some(0), |done| done.checked_add(1)).filter(|first| *first <= last);
        seen.extend(first.map(|first| (Range { first, last, ..range }, value)));
    };
    for (range, value) in ranges {
        let before = range.first.checked_sub(1);
        while let Some(top) = open.pop() {
            if top.0.is_v6 == range.is_v6 && top.0.last >= range.first {
                before.into_iter().for_each(|before| see(top, done, before));
                open.push(top);
                break;
            }
            see(top, done, top.0.last);
            done = done.max(Some(top.0.last));
        }
        done = before;
        open.push((range, value));
    }
    while let Some(top) = open.pop() {
        see(top, done, top.0.last);
        done = done.max(Some(top.0.last));
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::{Range, flatten, join, without};
    use crate::net::{Address, Prefix};

    fn range(first: &str, last: &str) -> Range {
        Range::new(Address::parse(first).unwrap(), Address::parse(last).unwrap()).unwrap()
    }

    /// From `a` to `b`, counted from 192.0.2.0 on.
    fn small(a: u32, b: u32) -> Range {
        let from = |at| Address::V4(0xc000_0200 + at);
        Range::new(from(a), from(b)).unwrap()
    }

    #[test]
    fn a_range_becomes_the_fewest_prefixes() {
        let check = |first: &str, last: &str, expect: &[&str]| {
            let found: Vec<String> = range(first, last).prefixes().map(|prefix| prefix.to_string()).collect();
            assert_eq!(found, expect, "{first} {last}");
        };
        check("192.0.2.0", "192.0.2.255", &["192.0.2.0/24"]);
        check("192.0.2.7", "192.0.2.7", &["192.0.2.7/32"]);
        check("192.0.2.1", "192.0.2.6", &["192.0.2.1/32", "192.0.2.2/31", "192.0.2.4/31", "192.0.2.6/32"]);
        check("0.0.0.0", "255.255.255.255", &["0.0.0.0/0"]);
        check("255.255.255.254", "255.255.255.255", &["255.255.255.254/31"]);
        check("2001:db8::", "2001:db8:2:ffff:ffff:ffff:ffff:ffff", &["2001:db8::/47", "2001:db8:2::/48"]);
        check("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", &["::/0"]);
        check("::1", "::2", &["::1/128", "::2/128"]);
    }

    #[test]
    fn a_prefix_becomes_its_range() {
        for text in ["0.0.0.0/0", "192.0.2.0/25", "192.0.2.9/32", "::/0", "2001:db8::/33", "2001:db8::1/128"] {
            let prefix = Prefix::parse(text).unwrap();
            assert_eq!(Range::of(prefix).prefixes().collect::<Vec<_>>(), [prefix]);
        }
    }

    #[test]
    fn two_families_and_a_last_address_before_the_first_are_no_range() {
        let check = |first: &str, last: &str| {
            assert_eq!(Range::new(Address::parse(first).unwrap(), Address::parse(last).unwrap()), None);
        };
        check("192.0.2.1", "192.0.2.0");
        check("192.0.2.1", "2001:db8::");
        check("2001:db8::1", "2001:db8::");
    }

    #[test]
    fn ranges_that_meet_are_joined_and_families_are_not() {
        let joined = join(vec![small(8, 9), small(0, 3), small(4, 7), small(2, 3), small(11, 12)]);
        assert_eq!(joined, [small(0, 9), small(11, 12)]);
        let all_v4 = range("0.0.0.0", "255.255.255.255");
        let v6 = range("::", "::5");
        assert_eq!(join(vec![v6, all_v4]), [all_v4, v6]);
        let end = range("ffff::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
        assert_eq!(join(vec![end, end]), [end]);
    }

    #[test]
    fn what_lies_in_holes_is_cut_out() {
        let check = |ranges: &[Range], holes: &[Range], expect: &[Range]| {
            assert_eq!(without(ranges, holes), expect, "{ranges:?} {holes:?}");
        };
        check(&[small(0, 9)], &[], &[small(0, 9)]);
        check(&[small(0, 9)], &[small(3, 5)], &[small(0, 2), small(6, 9)]);
        check(&[small(2, 9)], &[small(0, 2), small(4, 4), small(9, 20)], &[small(3, 3), small(5, 8)]);
        check(&[small(0, 3), small(5, 9)], &[small(2, 6)], &[small(0, 1), small(7, 9)]);
        check(&[small(0, 3)], &[small(0, 3)], &[]);
        let all = range("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
        check(&[all], &[all], &[]);
        check(&[all], &[small(0, 9)], &[all]);
    }

    /// Address by address: the uppermost of those that hold it.
    #[test]
    fn of_ranges_over_each_other_the_uppermost_is_seen() {
        let mut dice = 7_u32;
        let mut roll = |below: u32| {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (dice >> 16) % below
        };
        for _ in 0..2_000 {
            let ranges: Vec<(Range, u32)> = (0..roll(7))
                .map(|_| {
                    let first = roll(12);
                    (small(first, first + roll(8)), roll(3))
                })
                .collect();
            let pieces = flatten(ranges.clone());
            assert!(pieces.is_sorted() && pieces.windows(2).all(|two| two[0].0.last < two[1].0.first), "{pieces:?}");
            for at in 0..24 {
                let holds = |range: &&(Range, u32)| range.0.common(small(at, at)).is_some();
                let uppermost = ranges
                    .iter()
                    .filter(holds)
                    .max_by_key(|(range, value)| (range.first, std::cmp::Reverse(range.last), *value));
                let seen: Vec<u32> = pieces.iter().filter(holds).map(|(_, value)| *value).collect();
                assert_eq!(seen, uppermost.map(|(_, value)| *value).into_iter().collect::<Vec<_>>(), "{at} {ranges:?}");
            }
        }
        let end = range("ff::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
        assert_eq!(flatten(vec![(end, 1), (end, 2), (range("ff::7", "ff::8"), 3)]).len(), 3);
    }
}
