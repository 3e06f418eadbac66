//! Three ways lead to a decision: what specialising left for a class, every rule as it is written, and what an index lets through of them.
//! On any site they come to what the oracle says, for every account, for a stranger, and for a company that is in no list.

#![cfg_attr(fuzzing, no_main)]

use nameplate::model::Visit;
use nameplate_fuzz::fuzz_target;
use proptest::{
    prelude::ProptestConfig,
    strategy::{Strategy, ValueTree},
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};

#[allow(dead_code, reason = "shared with tests/it")]
#[path = "../../it/interpreter.rs"]
mod interpreter;
#[path = "../../it/oracle.rs"]
mod oracle;
#[allow(dead_code, reason = "shared with tests/it")]
#[path = "../../it/random.rs"]
mod random;
#[allow(dead_code, reason = "shared with tests/it")]
#[path = "../../it/site.rs"]
mod site;

/// Bytes that say one part of a site, or a visit: the first says what, all are the seed of its chance. So the fuzzer can change a
/// part, drop one, or put together those of two sites.
const PART_BYTES: usize = 8;
const PART_MAX: usize = 20;

fuzz_target!(|bytes: &[u8]| {
    let (first, rest) = bytes.split_at(bytes.len().min(PART_BYTES));
    let settings = draw(&random::settings(), first);
    let (mut experiences, mut line_items, mut visits) = (Vec::new(), Vec::new(), vec![Visit::default()]);
    for part in rest.chunks(PART_BYTES).take(PART_MAX) {
        match part[0] % 4 {
            0 => experiences.push(draw(&random::experience(), part)),
            1 => line_items.push(draw(&random::line_item(), part)),
            2 => visits.push(draw(&random::visit(), part)),
            _ => visits.push(draw(&random::described_visit(), part)),
        }
    }
    let bundle = site::bundle(&random::site_of(&settings, &experiences, &line_items));
    let oracle = oracle::Oracle::read(&settings, &experiences, &line_items);
    for visit in visits {
        for account in [None, Some("alder"), Some("birch"), Some("cedar"), Some("dogwood")] {
            oracle.check(&bundle, &Visit { account: account.map(str::to_owned), ..visit.clone() });
        }
    }
});

fn draw<S: Strategy>(strategy: &S, part: &[u8]) -> S::Value {
    let mut seed = [0; 32];
    seed[..part.len()].copy_from_slice(part);
    let chance = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), chance);
    strategy.new_tree(&mut runner).expect("nothing is filtered out").current()
}
