//! The schemas and the compiler take and refuse the same keys and values: every place of a site in which every key stands is changed in every
//! way, and both are asked.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use jsonschema::Validator;
use nameplate::compile::{Severity, Sources, compile, schemas};
use serde_json::{Value, json};

use super::{SHAPE, errors, everything, schema_of, validator};

/// A site, and what both say of it.
struct Site {
    trees: BTreeMap<&'static str, Value>,
    texts: Vec<(&'static str, String)>,
    validators: BTreeMap<&'static str, Validator>,
}

impl Site {
    fn new() -> Self {
        let settings: Value = serde_json::from_str(&schemas()[0].json).unwrap();
        let columns = settings["definitions"]["Columns"]["properties"].as_object().unwrap();
        let (trees, texts) = everything::files(&columns.keys().cloned().collect::<Vec<_>>());
        let validators = trees.keys().map(|path| (*path, validator(schema_of(path).unwrap()))).collect();
        Self { trees, texts, validators }
    }

    /// Without this, every change would be a mistake.
    fn assert_valid(&self) {
        for (path, tree) in &self.trees {
            let said = (self.compiled(path, tree), errors(&self.validators[path], tree));
            assert_eq!(said, (Vec::new(), Vec::new()), "{path}: what the compiler says, and what the schema says");
        }
    }

    /// The compiler's errors, code and message, when one file is another.
    fn compiled(&self, path: &str, tree: &Value) -> Vec<(&'static str, String)> {
        let mut sources = Sources::default();
        for (path, text) in &self.texts {
            sources.insert(*path, text.as_str());
        }
        // Tests name what the others hold; the others need the settings alone. JSON is YAML.
        let is_needed = |known: &str| known == path || known == "nameplate.yaml" || path.starts_with("tests/");
        for (known, own) in self.trees.iter().filter(|(known, _)| is_needed(known)) {
            sources.insert(*known, if *known == path { tree.to_string() } else { own.to_string() });
        }
        let found = compile(&sources).diagnostics.into_iter().filter(|found| found.severity == Severity::Error);
        found.map(|found| (found.code.0, found.message)).collect()
    }

    /// Every place in the files: the path of the file, and a JSON pointer.
    fn places(&self) -> Vec<(&'static str, String)> {
        let mut places = Vec::new();
        for (path, tree) in &self.trees {
            let mut open = vec![String::new()];
            while let Some(pointer) = open.pop() {
                let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
                match tree.pointer(&pointer).unwrap() {
                    Value::Object(entries) => {
                        open.extend(entries.keys().map(|key| format!("{pointer}/{}", escaped(key))));
                    }
                    Value::Array(items) => open.extend((0..items.len()).map(|index| format!("{pointer}/{index}"))),
                    _ => {}
                }
                places.push((*path, pointer));
            }
        }
        places
    }
}

/// What is put in the place of every value: for each type something, and numbers beyond each range.
fn values() -> Vec<Value> {
    let numbers = [-1, 1, 101, 1_001, 100_001, 1_000_001].map(Value::from);
    let texts = ["", "word", "Two Words", "/", "2026-13-01"].map(Value::from);
    let lists = [json!([]), json!(["word"]), json!([null])];
    let others = [json!(null), json!(true), json!(1.5), json!({}), json!({ "word": 5 })];
    numbers.into_iter().chain(texts).chain(lists).chain(others).collect()
}

/// What no schema can know: a sum.
fn is_beyond_a_schema(message: &str) -> bool {
    message.contains("add to nothing")
}

/// What is wrong with what both say of a changed file, if anything is.
fn disagreement(site: &Site, path: &'static str, tree: &Value) -> Option<String> {
    let refused = errors(&site.validators[path], tree);
    let found = site.compiled(path, tree);
    let shape = found.iter().find(|(code, message)| SHAPE.contains(code) && !is_beyond_a_schema(message));
    match shape {
        Some((code, message)) if refused.is_empty() => Some(format!("the schema takes what {code} refuses: {message}")),
        None if found.is_empty() && !refused.is_empty() => {
            Some(format!("the schema refuses what the compiler takes: {}", refused.join("; ")))
        }
        _ => None,
    }
}

/// The keys that stand below `properties` anywhere in a schema.
fn properties(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(entries) => {
            if let Some(known) = entries.get("properties").and_then(Value::as_object) {
                found.extend(known.keys().cloned());
            }
            entries.values().for_each(|value| properties(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| properties(item, found)),
        _ => {}
    }
}

#[test]
fn every_key_of_the_schemas_stands_in_that_site() {
    let site = Site::new();
    for (path, tree) in &site.trees {
        let schema = schemas().into_iter().find(|schema| Some(schema.name) == schema_of(path)).unwrap();
        let mut known = BTreeSet::new();
        properties(&serde_json::from_str(&schema.json).unwrap(), &mut known);
        let written = tree.to_string();
        let missing: Vec<_> = known.into_iter().filter(|key| !written.contains(&format!("\"{key}\":"))).collect();
        assert_eq!(missing, Vec::<String>::new(), "{path}: add them to tests/it/schema/everything.rs");
    }
}

#[test]
fn both_refuse_the_same_values() {
    let site = Site::new();
    site.assert_valid();
    let mut wrong = Vec::new();
    let mut count = 0;
    for (path, pointer) in site.places() {
        for value in values() {
            let mut tree = site.trees[path].clone();
            *tree.pointer_mut(&pointer).unwrap() = value.clone();
            count += 1;
            wrong.extend(disagreement(&site, path, &tree).map(|why| format!("{path} {pointer} = {value}: {why}")));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
}

#[test]
fn both_need_the_same_keys_and_refuse_the_same_names() {
    let site = Site::new();
    site.assert_valid();
    let mut wrong = Vec::new();
    for (path, pointer) in site.places() {
        let (parent, key) = pointer.rsplit_once('/').unwrap_or_default();
        for renamed in [None, Some("Two Words"), Some("UPPER"), Some("under_score"), Some("")] {
            let mut tree = site.trees[path].clone();
            let Some(Value::Object(entries)) = tree.pointer_mut(parent) else { continue };
            let Some(value) = entries.remove(&key.replace("~1", "/")) else { continue };
            entries.extend(renamed.map(|renamed| (renamed.to_owned(), value)));
            let why = disagreement(&site, path, &tree);
            wrong.extend(why.map(|why| format!("{path} {pointer} becomes {renamed:?}: {why}")));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
}

/// Every word in quotes in the compiler's sources: each key that it reads is one of them.
fn words_of_the_compiler() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/compile")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(path).unwrap();
            let is_key = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            words.extend(text.split('"').filter(is_key).map(str::to_owned));
        }
    }
    words
}

#[test]
fn both_know_the_same_keys() {
    let site = Site::new();
    let words = words_of_the_compiler();
    assert!(words.contains("holdout_percent") && words.contains("creatives"), "{words:?}");
    let mut wrong = Vec::new();
    let mut tables = 0;
    for (path, pointer) in site.places() {
        let Some(Value::Object(own)) = site.trees[path].pointer(&pointer) else { continue };
        let mut tree = site.trees[path].clone();
        let added: Vec<&String> = words.iter().filter(|word| !own.contains_key(*word)).collect();
        let entries = tree.pointer_mut(&pointer).unwrap().as_object_mut().unwrap();
        entries.extend(added.iter().map(|word| ((*word).clone(), Value::Null)));
        let unknown = |message: &str| message.strip_prefix("unknown key `")?.split('`').next().map(str::to_owned);
        let found = site.compiled(path, &tree);
        let refused: BTreeSet<String> = found.iter().filter_map(|(_, message)| unknown(message)).collect();
        if refused.is_empty() {
            continue; // The keys are the author's own.
        }
        tables += 1;
        for word in added {
            let mut tree = site.trees[path].clone();
            tree.pointer_mut(&pointer).unwrap()[word] = Value::Null;
            let is_taken = site.validators[path].is_valid(&tree);
            if is_taken == refused.contains(word) {
                let who = if is_taken { "only the schema" } else { "only the compiler" };
                wrong.push(format!("{path} {pointer}: {who} knows the key `{word}`; see src/compile/schema"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tables > 25, "{tables}");
}
