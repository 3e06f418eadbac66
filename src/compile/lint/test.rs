//! Tests by account that too few accounts see to learn anything from.

use super::{Seers, Subject, named};
use crate::{
    compile::{code, count::plural, diagnostic::Diagnostics},
    model::{Experience, Unit},
};

/// The rate that is taken for granted where none is known: one in ten does what the page is for.
const USUAL_RATE: f64 = 0.1;
/// Standard errors that an effect must be away from nothing: 1.96 for 5 % of false alarms on both sides, 0.84 to be found four times
/// out of five (Cohen, Statistical Power Analysis for the Behavioral Sciences, 1988).
const STANDARD_ERRORS: f64 = 1.96 + 0.84;

pub(super) fn check(subject: &Subject<'_>, seers: &Seers, log: &mut Diagnostics) {
    for (position, experience, places) in named(subject) {
        let Some(span) = places.test.filter(|_| experience.test.unit == Unit::Account) else { continue };
        let accounts = seers.count(position);
        let Some(smallest) = smallest_arm(experience, accounts) else { continue };
        let effect = detectable(smallest);
        if effect > USUAL_RATE {
            let who = plural(accounts, "account");
            log.note(code::L010, span, format!("{who} can be in this test: too few to learn from"))
                .label(match smallest {
                    0 | 1 => format!("{} in the smallest arm", plural(smallest, "account")),
                    _ => format!(
                        "{smallest} accounts in the smallest arm: a change of less than {:.0} percentage points stays unseen",
                        effect * 100.0
                    ),
                })
                .help("where one account in ten does what the page is for; draw by visitor, widen the condition, or wait for more accounts");
        }
    }
}

/// How many accounts the smallest arm can expect, the holdout included; `None` where nothing is compared.
fn smallest_arm(experience: &Experience, accounts: usize) -> Option<usize> {
    let holdout = u64::from(experience.test.holdout_bp);
    let weights: Vec<u64> =
        experience.variants.iter().map(|one| u64::from(one.weight)).filter(|one| *one > 0).collect();
    let sum: u64 = weights.iter().sum();
    let shares = weights.iter().map(|weight| (10_000 - holdout.min(10_000)) * weight / sum.max(1));
    let shares: Vec<u64> = shares.chain((holdout > 0).then_some(holdout)).collect();
    let smallest = shares.iter().min().filter(|_| shares.len() > 1)?;
    usize::try_from(smallest * accounts as u64 / 10_000).ok()
}

/// The least change of a rate of [`USUAL_RATE`] that two arms of so many would show.
fn detectable(arm: usize) -> f64 {
    STANDARD_ERRORS * (2.0 * USUAL_RATE * (1.0 - USUAL_RATE) / arm.max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::detectable;

    #[test]
    fn the_effect_shrinks_with_the_root_of_the_arm() {
        // 2.8 * sqrt(2 * 0.1 * 0.9 / n)
        for (arm, expect) in [(100, 0.1188), (400, 0.0594), (10_000, 0.0119)] {
            assert!((detectable(arm) - expect).abs() < 0.0001, "{arm}: {}", detectable(arm));
        }
    }
}
