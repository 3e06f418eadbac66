//! What the compiler lets through of some content, as visitors see it.

use nameplate::{
    bundle::{Bundle, pack},
    compile::compile,
    decide::decide,
    model::{AppliedChange, Visit},
};

#[allow(dead_code, reason = "shared with tests/it")]
#[path = "../../it/site.rs"]
mod site;

/// What this content, with `text` in the place of `TEXT`, becomes for an account whose short name wants to break out of its place, for one of which little is known, and
/// for a stranger; nothing where it is refused.
pub fn in_body(content: &str, text: &str) -> Vec<Vec<AppliedChange>> {
    let hero = site::EXPERIENCE.replace("account.tier == 1", "true");
    let hero =
        hero.replace("title: { text: Hello }", &format!("body: {}", content.replace("TEXT", &site::quoted(text))));
    let Some(contents) = compile(&site::with(&[("experiences/hero.yaml", &hero)])).contents else { return Vec::new() };
    let bundle = Bundle::open(&pack(&contents)).unwrap();
    let changes = |account: Option<&str>| {
        let visit = Visit { account: account.map(str::to_owned), ..Visit::default() };
        decide(&bundle, &visit).slots.first().map(|slot| slot.changes.clone()).expect("the slot is for everybody")
    };
    [Some("cedar"), Some("dogwood"), None].map(changes).into()
}
