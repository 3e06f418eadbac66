//! Holds `www/src/types.ts` to the Rust types: the published TypeScript cannot drift.
//!
//! The file is made of these types. When one changes, the test fails until the file is written anew:
//! `NAMEPLATE_WRITE=1 cargo test typescript`.

use std::{env, fs, path::Path};

use ts_rs::{Config, TS};

use super::{
    AccountEntry, AccountView, Ad, AppliedChange, Attributes, Candidate, CandidateKind, CustomValue, Decision,
    Explanation, Exposure, Grade, Match, MatchKind, MatchOutcome, NearMiss, Outcome, PlacementEntry, Reason, Signal,
    SignalVerdict, SiteIndex, SlotChange, SlotEntry, Visit, Visitor, Wish,
};

const HEAD: &str = "// What goes into a decision and what comes out. Made from the Rust types by `NAMEPLATE_WRITE=1 cargo test typescript`;
// edit those in src/model, not this file.
";

fn declaration<T: TS>(config: &Config) -> String {
    format!("\n{}export {}\n", T::docs().unwrap_or_default(), T::decl(config))
}

fn types() -> String {
    let config = Config::default();
    let mut text = HEAD.to_owned();
    for declaration in [
        declaration::<Visit>,
        declaration::<Visitor>,
        declaration::<CustomValue>,
        declaration::<Attributes>,
        declaration::<Decision>,
        declaration::<AccountView>,
        declaration::<Match>,
        declaration::<MatchKind>,
        declaration::<MatchOutcome>,
        declaration::<Grade>,
        declaration::<SlotChange>,
        declaration::<AppliedChange>,
        declaration::<Ad>,
        declaration::<Exposure>,
        declaration::<Reason>,
        declaration::<Explanation>,
        declaration::<Signal>,
        declaration::<SignalVerdict>,
        declaration::<Candidate>,
        declaration::<CandidateKind>,
        declaration::<Outcome>,
        declaration::<NearMiss>,
        declaration::<Wish>,
        declaration::<SiteIndex>,
        declaration::<SlotEntry>,
        declaration::<PlacementEntry>,
        declaration::<AccountEntry>,
    ] {
        text.push_str(&declaration(&config));
    }
    text
}

#[test]
fn the_typescript_types_are_those_of_rust() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/src/types.ts");
    if env::var_os("NAMEPLATE_WRITE").is_some() {
        fs::write(&file, types()).unwrap();
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), types(), "write it anew: NAMEPLATE_WRITE=1 cargo test typescript");
}
