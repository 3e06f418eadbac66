//! `decide` looks only at what specialising left for a class of accounts, or for a described company at what an index lets through;
//! `explain` evaluates every rule as it is written. On any site and for any visit all must come to the same decision.

use nameplate::{
    bundle::Bundle,
    decide::{decide, explain},
    model::{Decision, Visit},
};
use proptest::prelude::{ProptestConfig, prop, proptest};

use crate::{
    decide::bundle_of,
    oracle::described,
    random::{described_visit, quoted, sources, visit},
    site,
};

fn check(bundle: &Bundle, visit: &Visit) {
    assert_eq!(decide(bundle, visit), explain(bundle, visit).decision, "{visit:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn specialised_rules_decide_like_those_that_were_written(
        sources in sources(),
        visits in prop::collection::vec(visit(), 12),
        described_visits in prop::collection::vec(described_visit(), 6),
        ids in prop::collection::vec(prop::option::of("[a-d]"), 12),
        ips in prop::collection::vec(prop::sample::select(vec!["132.186.88.7", "134.244.29.7", "8.8.8.8"]), 12),
    ) {
        let bundle = site::bundle(&sources);
        for visit in &described_visits {
            check(&bundle, visit);
        }
        for ((mut visit, id), ip) in visits.into_iter().zip(ids).zip(ips) {
            visit.visitor.id = id;
            check(&bundle, &visit);
            if let Some(described) = described(&visit) {
                check(&bundle, &described);
                let (twin, decision) = (decide(&bundle, &described), decide(&bundle, &visit));
                let shown = |decision: Decision| (decision.slots, decision.ads, decision.exposures);
                assert_eq!(twin.account, decision.account);
                assert_eq!(shown(twin), shown(decision), "{visit:?}");
            }
            // By address the confidence counts, too.
            check(&bundle, &Visit { account: None, ip: Some(ip.to_owned()), ..visit });
        }
    }
}

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
