//! Conditions against the interpreter of the `cel` crate.

use nameplate::{
    decide::{decide, explain},
    model::Visit,
};
use proptest::prelude::{ProptestConfig, Strategy, prop, prop_oneof, proptest};
use serde_json::json;

use crate::{
    interpreter::{Interpreter, described, listed, program},
    random::{condition, visit},
    site,
};

const SEGMENTS: [(&str, &str); 2] =
    [("banks", "account.industry == \"Banking\""), ("large", "account.employees > 5000 || account.tier == 3")];

/// Whether the condition holds, says the interpreter.
fn interpret(condition: &str, visits: &[Visit]) -> Vec<bool> {
    let segments = SEGMENTS.map(|(name, condition)| (name.to_owned(), program(condition)));
    let condition = program(condition);
    let holds = |visit: &Visit| {
        let company = visit.account.as_deref().and_then(listed);
        Interpreter::new(visit, company.as_ref(), &segments).holds(&condition)
    };
    visits.iter().map(holds).collect()
}

/// Conditions that ask the same again and again, for those who simplify them.
fn repetitive() -> impl Strategy<Value = String> {
    let atoms = ["visitor.visits > 2", "page.path == \"/a\"", "account.tier == 1", "has(visitor.role)"];
    prop::sample::select(atoms.to_vec()).prop_map(str::to_owned).prop_recursive(6, 40, 2, |inner| {
        prop_oneof![
            4 => (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} && {right})")),
            4 => (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} || {right})")),
            1 => inner.prop_map(|inner| format!("!({inner})")),
        ]
    })
}

/// Whether the condition holds, says Nameplate: compiled, packed, opened and decided. A decision looks at what specialising left
/// of the condition for the account, an explanation at the whole condition, and a decision for a company that is in no list at what an
/// index lets through: all must say the same.
fn holds(condition: &str, visits: &[Visit]) -> Vec<bool> {
    let quoted = condition.replace('\'', "''");
    let hero = site::EXPERIENCE.replace("account.tier == 1", &format!("'{quoted}'"));
    let [(_, settings), (_, accounts)] = site::family();
    let [banks, large] = SEGMENTS.map(|(name, condition)| format!("{name}: {condition}"));
    let settings = settings.replace(&banks, &format!("{banks}\n  {large}"));
    let files = [("experiences/hero.yaml", &*hero), ("nameplate.yaml", &settings), ("accounts.csv", &accounts)];
    let bundle = site::bundle(&site::with(&files));
    let answer = |visit: &Visit| {
        let decision = decide(&bundle, visit);
        assert_eq!(explain(&bundle, visit).decision, decision, "{condition}\n{visit:?}");
        if let Some(visit) = described(visit) {
            assert_eq!(decide(&bundle, &visit).slots, decision.slots, "{condition}\n{visit:?}");
        }
        !decision.slots.is_empty()
    };
    visits.iter().map(answer).collect()
}

fn check(condition: &str, visits: &[Visit]) {
    assert_eq!(holds(condition, visits), interpret(condition, visits), "{condition}\n{visits:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// 300 conditions, 40 visits each.
    #[test]
    fn a_condition_means_what_the_cel_interpreter_says(condition in condition(), visits in prop::collection::vec(visit(), 40)) {
        check(&condition, &visits);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_condition_that_repeats_itself_means_the_same(
        condition in repetitive(),
        visits in prop::collection::vec(visit(), 12),
    ) {
        check(&condition, &visits);
    }
}

/// The properties above are worth little if conditions rarely hold, or the interpreter does not look.
#[test]
fn the_interpreter_tells_yes_from_no() {
    let url = "https://www.example.com/?plan=&plan=a&ref=%C3%A9&Plan=A&a%20b=%2Fa&plan=b#ref=b";
    let visit =
        json!({ "account": "alder", "url": url, "visitor": { "cookies": { "plan": "a", "__Host-plan": "x y" } } });
    let alder: Visit = serde_json::from_value(visit).unwrap();
    for (condition, expect) in [
        ("account.tier == 1", true),
        ("account.tier == 2", false),
        ("account.owner == \"x\" || account.known", true),
        ("!(account.owner == \"x\")", false),
        ("account.owner == \"x\" && false", false),
        ("!(account.owner == \"x\" && false)", true),
        ("has(account.owner)", false),
        ("has(account.parent)", false),
        ("in_segment(\"banks\")", true),
        ("in_cidr(visitor.ip, \"0.0.0.0/0\")", false),
        ("\"scada\" in account.technologies", true),
        ("query(\"plan\") == \"a\" && query(\"Plan\") == \"A\" && page.query.ref == \"é\"", true),
        ("query(\"plan\") in [\"b\", \"\"] || has(page.query.utm_source)", false),
        ("query(\"a b\").startsWith(\"/\") && !has(page.query.plans)", true),
        ("cookie(\"plan\") == \"a\" && cookie(\"__Host-plan\").endsWith(\"y\") && has(visitor.cookies.plan)", true),
        ("visitor.cookies.plan in [\"A\", \"\"] || cookie(\"__Host-plan\") == \"x\"", false),
    ] {
        assert_eq!(interpret(condition, std::slice::from_ref(&alder)), [expect], "{condition}");
        check(condition, &[alder.clone(), Visit::default()]);
    }
}
