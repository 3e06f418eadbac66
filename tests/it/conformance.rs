//! CEL's public conformance tests (npm `@bufbuild/cel-spec`, Apache-2.0), as far as a condition can say them: what compiles must mean
//! what CEL says, and all else must be refused with a diagnostic.
//!
//! Most of them compare literals, which a condition cannot: so each literal in turn is taken out and handed in with the visit, as a value that
//! the page tells. That changes nothing of what CEL says of the expression.

use std::{collections::BTreeMap, path::Path, process::Command};

use nameplate::{
    bundle::{Bundle, pack},
    compile::{Severity, Sources, compile, flatten},
    decide::explain,
    model::{Outcome, Visit},
};
use serde_json::{Value, json};

use crate::site;

/// Walks the suites of the package and prints each test's expression, bindings and value.
const SCRIPT: &str = "
const { tests } = await import(process.argv[1]);
const all = [];
const walk = (suite, path) => {
  for (const { original } of suite.tests ?? []) all.push({ path: `${path}/${suite.name}/${original.name}`, ...original });
  for (const inner of suite.suites ?? []) walk(inner, `${path}/${suite.name}`);
};
walk(tests, '');
console.log(JSON.stringify(all));
";

fn conformance() -> Vec<Value> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("www/node_modules/@bufbuild/cel-spec/dist/esm/testdata/conformance.js");
    let output = Command::new("node").args(["--input-type=module", "-e", SCRIPT]).arg(&data).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "node www/node_modules is made by `make setup`: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A condition, and the value that the page tells for it.
struct Candidate {
    /// Position of the test.
    test: usize,
    condition: String,
    visit: Visit,
    /// What must come out.
    holds: bool,
}

/// The condition that asks for what a test expects; `None` where that is no text, number or truth.
fn condition(test: &Value) -> Option<(String, bool)> {
    let expr = test["expr"].as_str()?.to_owned();
    let value = &test["value"];
    if let Some(holds) = value["boolValue"].as_bool() {
        return Some((expr, holds));
    }
    if let Some(number) = value["int64Value"].as_str() {
        return Some((format!("({expr}) == {number}"), true));
    }
    if let Some(text) = value["stringValue"].as_str().filter(|text| !text.contains(['"', '\\', '\n', '\r'])) {
        return Some((format!("({expr}) == \"{text}\""), true));
    }
    // An error is no truth. Tests of types alone have no value either.
    test.get("evalError").map(|_| (expr, false))
}

/// The literals of an expression: where each stands, and what it says as a custom value.
fn literals(expr: &str) -> Vec<(std::ops::Range<usize>, &'static str, Value)> {
    let bytes = expr.as_bytes();
    let is_word = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(byte));
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        at += 1;
        let is_after_word = start > 0 && is_word(start - 1);
        match bytes[start] {
            quote @ (b'"' | b'\'') => {
                while at < bytes.len() && bytes[at] != quote {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at = (at + 1).min(bytes.len());
                let inner = expr.get(start + 1..at - 1).unwrap_or("\\");
                // Raw, byte and triple-quoted texts, and escapes, stay where they are.
                if !is_after_word && !inner.contains('\\') && bytes.get(at) != Some(&quote) {
                    found.push((start..at, "custom.s", json!({ "s": inner })));
                }
            }
            b'0'..=b'9' if !is_after_word => {
                while is_word(at) {
                    at += 1;
                }
                if let Ok(number) = expr[start..at].parse::<i64>().map(|number| json!({ "n": number })) {
                    found.push((start..at, "custom.n", number));
                }
            }
            b't' | b'f' if !is_after_word => {
                while is_word(at) {
                    at += 1;
                }
                if let Ok(truth) = expr[start..at].parse::<bool>() {
                    found.push((start..at, "custom.b", json!({ "b": truth })));
                }
            }
            _ => {}
        }
    }
    found
}

fn visit(custom: Value) -> Visit {
    serde_json::from_value(json!({ "visitor": { "custom": custom } })).unwrap()
}

/// A test with its bindings handed in; `None` where they are of other types, or several of one.
fn bound(expr: &str, bindings: &serde_json::Map<String, Value>) -> Option<(String, Value)> {
    let (mut expr, mut custom) = (expr.to_owned(), serde_json::Map::new());
    for (name, binding) in bindings {
        let value = &binding["value"];
        let (field, value) = if let Some(number) = value["int64Value"].as_str() {
            ("n", json!(number.parse::<i64>().ok()?))
        } else if let Some(text) = value["stringValue"].as_str() {
            ("s", json!(text))
        } else {
            ("b", json!(value["boolValue"].as_bool()?))
        };
        // Some tests bind what is a literal, to see that it stays one.
        (name.parse::<bool>().is_err() && custom.insert(field.to_owned(), value).is_none()).then_some(())?;
        expr = replace_word(&expr, name, &format!("custom.{field}"));
    }
    Some((expr, Value::Object(custom)))
}

fn replace_word(text: &str, word: &str, by: &str) -> String {
    let is_part =
        |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.' || c == '\'' || c == '"');
    let mut done = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        let before_all = format!("{done}{before}");
        done.push_str(before);
        let is_whole = !is_part(before_all.chars().last()) && !is_part(after.chars().next());
        done.push_str(if is_whole { by } else { word });
        rest = after;
    }
    done + rest
}

fn candidates(tests: &[Value]) -> Vec<Candidate> {
    let mut all = Vec::new();
    for (position, test) in tests.iter().enumerate() {
        let Some((condition, holds)) = condition(test) else { continue };
        let mut add = |condition: String, custom: Value| {
            all.push(Candidate { test: position, condition, visit: visit(custom), holds });
        };
        if let Some(bindings) = test["bindings"].as_object() {
            if let Some((condition, custom)) = bound(&condition, bindings) {
                add(condition, custom);
            }
            continue;
        }
        add(condition.clone(), json!({}));
        for (range, field, custom) in literals(&condition) {
            add(format!("{}{field}{}", &condition[..range.start], &condition[range.end..]), custom);
        }
    }
    all
}

/// A site with an experience for each condition, `e0` and so on.
fn sources<'a>(conditions: impl Iterator<Item = (usize, &'a str)>) -> Sources {
    let settings = format!("{}custom: {{ s: text, n: number, b: boolean }}\n", site::SETTINGS);
    let mut sources = site::with(&[("nameplate.yaml", &settings)]);
    sources.insert("experiences/hero.yaml", site::EXPERIENCE);
    for (number, condition) in conditions {
        let when = serde_json::to_string(condition).unwrap();
        let rest = "priority: 1\nvariants: [{ name: one, slots: { title: { text: Hello } } }]";
        sources.insert(format!("experiences/e{number}.yaml"), format!("name: e{number}\nwhen: {when}\n{rest}\n"));
    }
    sources
}

fn number(file: &str) -> Option<usize> {
    file.strip_prefix("experiences/e")?.strip_suffix(".yaml")?.parse().ok()
}

#[test]
fn what_compiles_means_what_cel_says_and_all_else_is_refused() {
    let tests = conformance();
    let all = candidates(&tests);
    let whole = sources(all.iter().enumerate().map(|(number, one)| (number, one.condition.as_str())));
    let mut codes: BTreeMap<usize, &str> = BTreeMap::new();
    for found in compile(&whole).diagnostics.iter().filter(|found| found.severity == Severity::Error) {
        let flat = flatten(found, &whole);
        let number = number(&flat.place.file).unwrap_or_else(|| panic!("{}", flat.rendered));
        codes.entry(number).or_insert(found.code.0);
    }
    let accepted = || all.iter().enumerate().filter(|(number, _)| !codes.contains_key(number));
    let conditions = sources(accepted().map(|(number, one)| (number, one.condition.as_str())));
    let bundle = Bundle::open(&pack(&compile(&conditions).contents.unwrap())).unwrap();
    let mut wrong = Vec::new();
    let mut supported = std::collections::BTreeSet::new();
    for (number, one) in accepted() {
        supported.insert(one.test);
        let name = format!("e{number}");
        let explanation = explain(&bundle, &one.visit);
        let candidate = explanation.candidates.iter().find(|candidate| *candidate.name == *name).unwrap();
        if (candidate.outcome != Outcome::NoMatch) != one.holds {
            wrong.push(format!(
                "{}: `{}` {:?}, expected {}",
                tests[one.test]["path"], one.condition, one.visit.visitor.custom, one.holds
            ));
        }
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    codes.values().for_each(|code| *reasons.entry(code).or_default() += 1);
    println!(
        "CEL conformance: {} tests; {} can be said as conditions and pass ({} ways to say them), {} are refused ({reasons:?})",
        tests.len(),
        supported.len(),
        accepted().count(),
        tests.len() - supported.len(),
    );
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), accepted().count(), wrong.join("\n"));
    assert!(supported.len() > 150, "only {}", supported.len());
}
