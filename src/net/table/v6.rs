//! IPv6: the 16 bits below 2000::/4, the only part of the space that is handed out so far, index a run of stretches; in it, a binary
//! search. Runs are short, because the index follows how addresses are handed out: by the 29 to 48 bits.

use super::stretch::{NOBODY, stretches};
use crate::net::prefixes::Column;

/// Where 2000::/4 begins, as a high half.
const GLOBAL: u64 = 0x2000 << 48;
/// Bits of a high half below those of the index: 64 - 4 - 16.
const INDEX_SHIFT: u32 = 44;
/// A run for each value of the 16 bits, and the end of the last.
const INDEX_LENGTH: usize = (1 << 16) + 1;

#[derive(Debug, Clone)]
pub(super) struct V6 {
    /// For each value of the 16 bits, where the run of its stretches begins; one more for the end of the last.
    index: Box<[u32]>,
    /// The starts in halves: the high one tells nearly always, and is one number to compare.
    highs: Vec<u64>,
    lows: Vec<u64>,
    owners: Vec<u32>,
}

impl V6 {
    /// The first of `prefixes` is the owner `number`.
    pub(super) fn new(prefixes: &Column<u128>, number: u32) -> Self {
        let most = prefixes.len().saturating_mul(2).saturating_add(1);
        let (mut highs, mut lows) = (Vec::with_capacity(most), Vec::with_capacity(most));
        let mut owners = Vec::with_capacity(most);
        let mut index = Vec::with_capacity(INDEX_LENGTH);
        stretches(prefixes, number, |start, owner| {
            let (high, low) = halves(start);
            // Runs up to its own that have no earlier stretch begin with it.
            let runs = run_of(high).map_or(0, |run| run.saturating_add(1)).min(INDEX_LENGTH);
            index.resize(runs.max(index.len()), narrow(highs.len()));
            highs.push(high);
            lows.push(low);
            owners.push(owner);
        });
        index.resize(INDEX_LENGTH, narrow(highs.len()));
        Self { index: index.into(), highs, lows, owners }
    }

    pub(super) fn find(&self, bits: u128) -> Option<u32> {
        let (high, low) = halves(bits);
        let (from, to) = self.run(high).unwrap_or((0, self.highs.len()));
        let run = self.highs.get(from..to)?;
        let mut after = from.saturating_add(run.partition_point(|start| *start < high));
        if self.highs.get(after) == Some(&high) {
            let same = from.saturating_add(run.partition_point(|start| *start <= high));
            let lows = self.lows.get(after..same)?;
            after = after.saturating_add(lows.partition_point(|start| *start <= low));
        }
        // The stretch that begins last at or before the address; it may have begun before the run.
        let owner = *self.owners.get(after.checked_sub(1)?)?;
        (owner != NOBODY).then_some(owner)
    }

    /// The run that the index knows for an address of 2000::/4.
    fn run(&self, high: u64) -> Option<(usize, usize)> {
        let run = run_of(high)?;
        let [from, to] = *self.index.get(run..run.checked_add(2)?)?.as_array()?;
        Some((usize::try_from(from).ok()?, usize::try_from(to).ok()?))
    }
}

/// The number of the run that an address lies in; higher than the last for one behind 2000::/4, `None` for one before it.
fn run_of(high: u64) -> Option<usize> {
    usize::try_from(high.checked_sub(GLOBAL)? >> INDEX_SHIFT).ok()
}

/// Counts of stretches are bounded by the prefixes of a bundle, far below 32 bits.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
fn halves(bits: u128) -> (u64, u64) {
    ((bits >> 64) as u64, bits as u64)
}
