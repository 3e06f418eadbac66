//! IPv6: the 16 bits below 2000::/3, the only part of the space that is handed out, index a run of stretches; in it, a binary
//! search. Runs are short, because the index follows how addresses are handed out: by the 29 to 48 bits.

use super::stretch::Stretch;

/// Bits below those of the index: 128 - 3 - 16.
const INDEX_SHIFT: u32 = 109;
/// The top three bits of 2000::/3.
const GLOBAL: u128 = 0b001;

#[derive(Debug, Clone)]
pub(super) struct V6 {
    /// For each value of the 16 bits, where the run of its stretches begins; one more for the end of the last.
    index: Box<[u32]>,
    /// The starts in halves: the high one tells nearly always, and is one number to compare.
    highs: Vec<u64>,
    lows: Vec<u64>,
    owners: Vec<Option<u32>>,
}

impl V6 {
    pub(super) fn new(stretches: &[Stretch<u128>]) -> Self {
        let mut index = Vec::with_capacity((1 << 16) + 1);
        let mut position = 0_usize;
        for value in 0..=1_u128 << 16 {
            let begin = (GLOBAL << 125).wrapping_add(value << INDEX_SHIFT);
            let rest = stretches.get(position..).unwrap_or(&[]);
            position = position.saturating_add(rest.iter().take_while(|stretch| stretch.start < begin).count());
            index.push(u32::try_from(position).unwrap_or(u32::MAX));
        }
        let halves = |stretch: &Stretch<u128>| halves(stretch.start);
        Self {
            index: index.into(),
            highs: stretches.iter().map(|stretch| halves(stretch).0).collect(),
            lows: stretches.iter().map(|stretch| halves(stretch).1).collect(),
            owners: stretches.iter().map(|stretch| stretch.owner).collect(),
        }
    }

    pub(super) fn find(&self, bits: u128) -> Option<u32> {
        let (from, to) = self.run(bits).unwrap_or((0, self.highs.len()));
        let (high, low) = halves(bits);
        let run = self.highs.get(from..to)?;
        let mut after = from.saturating_add(run.partition_point(|start| *start < high));
        if self.highs.get(after) == Some(&high) {
            let same = from.saturating_add(run.partition_point(|start| *start <= high));
            let lows = self.lows.get(after..same)?;
            after = after.saturating_add(lows.partition_point(|start| *start <= low));
        }
        // The stretch that begins last at or before the address; it may have begun before the run.
        *self.owners.get(after.checked_sub(1)?)?
    }

    /// The run that the index knows for an address of 2000::/3.
    fn run(&self, bits: u128) -> Option<(usize, usize)> {
        if bits >> 125 != GLOBAL {
            return None;
        }
        let value = usize::from(u16::try_from((bits >> INDEX_SHIFT) & 0xffff).ok()?);
        let [from, to] = *self.index.get(value..value.checked_add(2)?)?.as_array()?;
        Some((usize::try_from(from).ok()?, usize::try_from(to).ok()?))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
fn halves(bits: u128) -> (u64, u64) {
    ((bits >> 64) as u64, bits as u64)
}
