//! Whatever a compiler says nobody ever sees, nobody sees.

use std::collections::BTreeSet;

use nameplate::{
    bundle::{Bundle, pack},
    compile::{compile, flatten},
    decide::decide,
    model::Visit,
};
use proptest::prelude::{ProptestConfig, prop, proptest};

use crate::random::{sources, visit};

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    /// 250 sites, every account and a stranger on 20 visits each: whoever is said never to show never does, nor does a variant that nobody
    /// is said to get.
    #[test]
    fn never_is_never(sources in sources(), visits in prop::collection::vec(visit(), 20)) {
        let compiled = compile(&sources);
        let nevers: Vec<String> = compiled
            .diagnostics
            .iter()
            .filter(|found| ["L001", "L002", "L003"].contains(&found.code.0))
            .map(|found| name_in(&flatten(found, &sources).place.file))
            .collect();
        let nobodys: BTreeSet<(String, String)> = compiled
            .notes
            .iter()
            .filter(|found| found.code.0 == "L018")
            .map(|found| {
                let variant = found.message.split('`').nth(1).unwrap().to_owned();
                (name_in(&flatten(found, &sources).place.file), variant)
            })
            .collect();
        if nevers.is_empty() && nobodys.is_empty() {
            return Ok(());
        }
        let bundle = Bundle::open(&pack(&compiled.contents.unwrap())).unwrap();
        for (number, mut visit) in visits.into_iter().enumerate() {
            visit.visitor.id = Some(number.to_string());
            for account in [None, Some("alder"), Some("birch"), Some("cedar"), Some("dogwood")] {
                let visit = Visit { account: account.map(str::to_owned), ip: None, ..visit.clone() };
                let decision = decide(&bundle, &visit);
                let shown = decision.slots.iter().map(|change| change.experience.to_string());
                let held = decision.exposures.iter().map(|exposure| exposure.experience.to_string());
                let ads = decision.ads.iter().map(|ad| ad.line_item.to_string());
                let won: BTreeSet<String> = shown.chain(held).chain(ads).collect();
                let variants = decision.slots.iter().map(|change| (change.experience.to_string(), change.variant.to_string()));
                let drawn = decision.exposures.iter().map(|one| (one.experience.to_string(), one.variant.as_deref().unwrap_or_default().to_owned()));
                for variant in variants.chain(drawn) {
                    assert!(!nobodys.contains(&variant), "{variant:?} {visit:?}");
                }
                for never in &nevers {
                    assert!(!won.contains(never), "{never} {visit:?}");
                }
            }
        }
    }
}

/// The name of what a random site has in a file: `experiences/e3.yaml` holds `e3`.
fn name_in(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap();
    name.trim_end_matches(".yaml").to_owned()
}
