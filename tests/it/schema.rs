//! The schemas of YAML files are published, editors find them, and they say what the compiler says.

mod agree;
mod everything;

use std::{
    fs,
    path::{Path, PathBuf},
};

use jsonschema::Validator;
use nameplate::compile::schemas;
use serde_json::Value;

use crate::{
    mistakes,
    program::{Folder, run},
    site,
};

const WRITE: &str = "NAMEPLATE_WRITE=1 cargo test --test it schema";

/// The mistakes that a schema must find: keys that are unknown or missing, values of the wrong type or out of range, names that are none.
const SHAPE: [&str; 5] = ["S005", "S006", "S010", "S011", "S012"];

/// Mistakes of such a code that no schema can find, and why.
const NOT_OF_SHAPE: [(&str, &str); 3] = [
    ("S006-weights-that-add-to-nothing", "a sum"),
    ("S012-a-priority-in-scientific-notation", "in JSON `5e2` is a whole number"),
    ("S012-a-priority-with-a-decimal", "in JSON `500.0` is a whole number"),
];

fn published() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/schema")
}

/// The name of the schema for a file of a site, by its path in it.
fn schema_of(path: &str) -> Option<&'static str> {
    let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
    match path.split_once('/') {
        None => (path == "nameplate.yaml").then_some("nameplate"),
        Some(("experiences", name)) if is_yaml && !name.contains('/') => Some("experience"),
        Some(("ads", name)) if is_yaml && !name.contains('/') => Some("line-item"),
        Some(("tests", name)) if is_yaml && !name.contains('/') => Some("tests"),
        Some(_) => None,
    }
}

fn validator(name: &str) -> Validator {
    let schema = schemas().into_iter().find(|schema| schema.name == name).unwrap();
    jsonschema::draft7::new(&serde_json::from_str(&schema.json).unwrap()).unwrap()
}

/// A YAML text as an editor reads it; `None` when it is none.
fn parse(text: &str) -> Option<Value> {
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).ok()
}

fn errors(validator: &Validator, instance: &Value) -> Vec<String> {
    validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_published_schemas_are_those_of_the_code() {
    let mut names: Vec<String> = Vec::new();
    for schema in schemas() {
        let file = published().join(format!("{}.json", schema.name));
        if std::env::var_os("NAMEPLATE_WRITE").is_some() {
            fs::create_dir_all(published()).unwrap();
            fs::write(&file, &schema.json).unwrap();
        }
        assert_eq!(fs::read_to_string(&file).unwrap_or_default(), schema.json, "{}: {WRITE}", file.display());
        jsonschema::draft7::meta::validate(&serde_json::from_str(&schema.json).unwrap()).unwrap();
        names.push(format!("{}.json", schema.name));
    }
    let entries = fs::read_dir(published()).unwrap();
    let mut found: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    found.sort();
    assert_eq!(found, names);
}

/// Checks every YAML file of a site by the schema that its first line names; gives back how many there are.
fn check_site(folder: &Path) -> usize {
    let mut count = 0;
    for below in ["", "experiences", "ads", "tests"] {
        for entry in fs::read_dir(folder.join(below)).unwrap() {
            let file = entry.unwrap().path();
            let path = file.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            let Some(name) = schema_of(&path) else { continue };
            let text = fs::read_to_string(&file).unwrap();
            let comment = text.lines().next().unwrap().strip_prefix("# yaml-language-server: $schema=");
            let schema = file.parent().unwrap().join(comment.unwrap_or_else(|| panic!("{path} names no schema")));
            assert_eq!(schema.file_stem().unwrap(), name, "{path}");
            let schema: Value = serde_json::from_str(&fs::read_to_string(&schema).unwrap()).unwrap();
            let found = errors(&jsonschema::draft7::new(&schema).unwrap(), &parse(&text).unwrap());
            assert_eq!(found, Vec::<String>::new(), "{path}");
            count += 1;
        }
    }
    count
}

#[test]
fn every_file_of_the_sample_names_its_schema_and_is_valid() {
    assert!(check_site(&site::sample_folder()) > 70);
}

#[test]
fn every_file_of_a_new_site_names_its_schema_and_is_valid() {
    let folder = Folder::new();
    let site = folder.join("site");
    assert_eq!(run(&["init", site.to_str().unwrap()]).code, Some(0));
    assert_eq!(check_site(&site), 5);
}

#[test]
fn the_command_prints_lists_and_writes_schemas() {
    let folder = Folder::new();
    let to = folder.join("a/schema");
    let wrote = run(&["schema", "--to", to.to_str().unwrap()]);
    assert_eq!((wrote.code, wrote.out), (Some(0), format!("{}: {} schemas\n", to.display(), schemas().len())));
    let list = run(&["schema"]).out;
    assert_eq!(list.lines().count(), schemas().len());
    for (schema, line) in schemas().iter().zip(list.lines()) {
        assert!(line.starts_with(schema.name) && line.ends_with(schema.files), "{line}");
        assert_eq!(run(&["schema", schema.name]).out, schema.json);
        assert_eq!(fs::read_to_string(to.join(format!("{}.json", schema.name))).unwrap(), schema.json);
    }
    let unknown = run(&["schema", "slot"]);
    let names = "`nameplate`, `experience`, `line-item`, `tests`";
    assert_eq!(
        (unknown.code, unknown.err),
        (Some(2), format!("error: there is no schema `slot`; expected one of {names}\n"))
    );
}

#[test]
fn a_schema_finds_the_mistakes_of_shape_and_no_others_that_are_none() {
    let validators = schemas().map(|schema| (schema.name, validator(schema.name)));
    let mut wrong = Vec::new();
    let (mut refused, mut passed, mut excused) = (0, 0, 0);
    for (name, mistake) in mistakes::all() {
        let code = name.split('-').next().unwrap();
        let is_error = mistake.picture.starts_with("error[");
        let mut found = Vec::new();
        let mut is_read = true;
        for (path, bytes) in mistake.files() {
            let Some(schema) = schema_of(&path) else { continue };
            let Some(instance) = String::from_utf8(bytes).ok().and_then(|text| parse(&text)) else {
                is_read = false;
                continue;
            };
            let (_, validator) = validators.iter().find(|(known, _)| *known == schema).unwrap();
            found.extend(errors(validator, &instance));
        }
        let is_excused = NOT_OF_SHAPE.iter().any(|(known, _)| *known == name);
        excused += usize::from(is_excused && found.is_empty());
        if is_read && SHAPE.contains(&code) && is_error && !is_excused {
            refused += 1;
            if found.is_empty() {
                wrong.push(format!("{name}: the schemas find nothing"));
            }
        } else if is_read && !is_error {
            passed += 1;
            if !found.is_empty() {
                wrong.push(format!("{name}: a warning or note, and the schemas refuse it: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(excused, NOT_OF_SHAPE.len(), "some of these a schema finds, or is gone: {NOT_OF_SHAPE:?}");
    assert!(refused > 90 && passed > 30, "{refused} {passed}");
    println!("{refused} mistakes of shape are refused, {passed} sites with warnings or notes are not");
}
