//! Whatever a condition is: it is refused, or it holds for whom the language's own interpreter says.

#![cfg_attr(fuzzing, no_main)]

use nameplate::{
    bundle::{Bundle, pack},
    compile::compile,
    decide::{decide, explain},
    model::{Visit, Visitor},
};
use nameplate_fuzz::fuzz_target;

#[allow(dead_code, reason = "shared with tests/it")]
#[path = "../../it/interpreter.rs"]
mod interpreter;
#[allow(dead_code, reason = "shared with tests/it")]
#[path = "../../it/site.rs"]
mod site;

fuzz_target!(|bytes: &[u8]| {
    let Ok(condition) = std::str::from_utf8(bytes) else { return };
    let hero = site::EXPERIENCE.replace("account.tier == 1", &site::quoted(condition));
    let Some(contents) = compile(&site::with(&[("experiences/hero.yaml", &hero)])).contents else { return };
    let bundle = Bundle::open(&pack(&contents)).unwrap();
    let program = interpreter::program(condition);
    let segments = [("banks".to_owned(), interpreter::program("account.industry == \"Banking\""))];
    for account in [None, Some("alder"), Some("birch"), Some("cedar"), Some("dogwood")] {
        for visitor in [Visitor::default(), visitor()] {
            let visit =
                Visit { account: account.map(str::to_owned), url: Some("/a".to_owned()), visitor, ..Visit::default() };
            let decision = decide(&bundle, &visit);
            assert_eq!(explain(&bundle, &visit).decision, decision, "{condition:?} {visit:?}");
            let company = account.and_then(interpreter::listed);
            let holds = interpreter::Interpreter::new(&visit, company.as_ref(), &segments).holds(&program);
            assert_eq!(!decision.slots.is_empty(), holds, "{condition:?} {visit:?}");
        }
    }
});

fn visitor() -> Visitor {
    Visitor {
        visits: Some(2),
        role: Some("champion".to_owned()),
        language: Some("de-AT".to_owned()),
        time_zone: Some("Europe/Berlin".to_owned()),
        days_away: Some(7),
        ..Visitor::default()
    }
}
