//! html5lib's tokenizer tests: every tag, its name and its attributes, in every state and in chunks of any size.

use std::{fs, path::Path};

use serde_json::Value;

use super::{Scanner, State};

fn state(name: &str) -> State {
    match name {
        "Data state" => State::Data,
        "RCDATA state" | "RAWTEXT state" => State::Raw,
        "Script data state" => State::Script,
        "PLAINTEXT state" => State::Plain,
        "CDATA section state" => State::Cdata(0),
        other => panic!("{other}"),
    }
}

/// Every tag, with `/` before an end tag's name, and the names and raw values of a start tag's attributes.
fn tags(input: &[u8], state: State, last_start_tag: &str, chunk: usize) -> Vec<(String, Vec<(String, String)>)> {
    let mut scanner = Scanner::new();
    scanner.state = state;
    scanner.raw.extend(last_start_tag.as_bytes());
    let lower = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let (mut buffer, mut found) = (Vec::new(), Vec::new());
    for chunk in input.chunks(chunk) {
        buffer.extend(chunk);
        while scanner.next(&buffer) {
            let tag = &scanner.tag;
            let mut attributes: Vec<(String, String)> = Vec::new();
            for attribute in &tag.attributes {
                let name = lower(tag.text(&buffer, &attribute.name));
                let value = String::from_utf8_lossy(tag.text(&buffer, &attribute.value)).into_owned();
                if !tag.is_end && attributes.iter().all(|(known, _)| *known != name) {
                    attributes.push((name, value));
                }
            }
            attributes.sort();
            found.push((format!("{}{}", if tag.is_end { "/" } else { "" }, lower(tag.name_in(&buffer))), attributes));
        }
        let needed = scanner.needed_from();
        buffer.drain(..needed);
        scanner.drain(needed);
    }
    found
}

fn expected(output: &Value) -> Vec<(String, Vec<(String, String)>)> {
    let text = |value: &Value| value.as_str().unwrap().to_ascii_lowercase();
    let tokens = output.as_array().unwrap().iter().filter_map(Value::as_array);
    let tags = tokens.filter_map(|token| match token[0].as_str()? {
        "EndTag" => Some((format!("/{}", text(&token[1])), Vec::new())),
        "StartTag" => {
            let attributes = token[2].as_object().unwrap().iter();
            let mut attributes: Vec<_> = attributes
                .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().unwrap().to_owned()))
                .collect();
            attributes.sort();
            Some((text(&token[1]), attributes))
        }
        _ => None,
    });
    tags.collect()
}

#[test]
fn finds_the_tags_that_html5lib_finds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html5lib/tokenizer");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let file: Value = serde_json::from_slice(&fs::read(entry.unwrap().path()).unwrap()).unwrap();
        for test in file["tests"].as_array().unwrap() {
            let input = test["input"].as_str().unwrap();
            // These a parser replaces by others, before or after.
            if test["doubleEscaped"] == true || input.contains(['\0', '\r', '&']) {
                continue;
            }
            let states = test["initialStates"]
                .as_array()
                .map_or(vec!["Data state"], |states| states.iter().map(|state| state.as_str().unwrap()).collect());
            for name in states {
                for chunk in [1, 2, 3, 5, input.len().max(1)] {
                    let found =
                        tags(input.as_bytes(), state(name), test["lastStartTag"].as_str().unwrap_or("-"), chunk);
                    assert_eq!(
                        found,
                        expected(&test["output"]),
                        "{} in {name}: {input:?}, {chunk}",
                        test["description"]
                    );
                    count += 1;
                }
            }
        }
    }
    assert!(count > 4_000, "{count}");
}
