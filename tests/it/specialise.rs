//! `decide` looks only at what specialising left for a class of accounts, or for a described company at what an index lets through;
//! `explain` evaluates every rule as it is written. On any site and for any visit all must come to the decision of an oracle that knows
//! nothing of either.

use nameplate::model::Visit;
use proptest::{
    prelude::{ProptestConfig, prop, proptest},
    test_runner::RngSeed,
};

use crate::{
    decide::bundle_of,
    oracle::Oracle,
    random::{described_visit, parts, quoted, site_of, visit},
    site,
};

proptest! {
    // The same ones every time: new ones are the fuzzer's, which looks at the same.
    #![proptest_config(ProptestConfig { cases: 200, rng_seed: RngSeed::Fixed(3), ..ProptestConfig::default() })]

    /// 200 sites, 102 visits each: 48 by somebody's account, the same by an address, and 6 by companies that are in no list.
    #[test]
    fn every_way_to_a_decision_comes_to_what_the_oracle_says(
        (settings, experiences, line_items) in parts(),
        visits in prop::collection::vec((visit(), prop::option::of("[a-d]"), prop::sample::select(ADDRESSES.to_vec())), 48),
        described_visits in prop::collection::vec(described_visit(), 6),
    ) {
        let bundle = site::bundle(&site_of(&settings, &experiences, &line_items));
        let oracle = Oracle::read(&settings, &experiences, &line_items);
        for visit in &described_visits {
            oracle.check(&bundle, visit);
        }
        for (mut visit, id, ip) in visits {
            visit.visitor.id = id;
            oracle.check(&bundle, &visit);
            // By address the confidence counts, too.
            oracle.check(&bundle, &Visit { account: None, ip: Some(ip.to_owned()), ..visit });
        }
    }
}

const ADDRESSES: [&str; 4] = ["132.186.88.7", "134.244.29.7", "134.244.128.7", "8.8.8.8"];

#[test]
fn accounts_that_rules_cannot_tell_apart_are_one_class() {
    let classes = |when: &str| {
        let hero = site::EXPERIENCE.replace("account.tier == 1", &quoted(when));
        let ad = site::AD.replace("account.tier == 1", "false");
        let files = [("experiences/hero.yaml".to_owned(), hero), ("ads/offer.yaml".to_owned(), ad)];
        bundle_of(&files).contents().classes.iter().len()
    };
    assert_eq!(classes("true"), 1);
    assert_eq!(classes("visitor.visits > 2"), 1);
    assert_eq!(classes("account.tier == 1"), 2);
    assert_eq!(classes("account.tier == 1 || visitor.visits > 2"), 2);
    assert_eq!(classes("account.tier == 1 && visitor.visits > 2 || account.tier == 2 && visitor.visits > 3"), 3);
    assert_eq!(classes("account.known || !account.known"), 1);
}
