//! Diagnostics in SARIF 2.1.0, the format in which editors and code hosts take what a checker found.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::{collections::BTreeSet, path::Path};

use nameplate::compile::{Code, FlatDiagnostic, Place};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// All but what a path in a URI holds as it is.
const ESCAPED: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The log of one run of `check` on the folder `site`.
///
/// Files are named as seen from where the command was called: code hosts look for them below the root of the repository.
pub(super) fn log(site: &Path, found: &[FlatDiagnostic]) -> Value {
    let codes: BTreeSet<&str> = found.iter().map(|found| found.code).collect();
    let rules: Vec<Value> = codes.iter().filter_map(|code| Code::find(code).ok()).map(rule).collect();
    let results: Vec<Value> = found
        .iter()
        .map(|found| {
            json!({
                "ruleId": found.code,
                "ruleIndex": codes.range(..found.code).count(),
                "level": found.severity,
                "message": { "text": message(found) },
                "locations": [location(site, &found.place)],
                "relatedLocations": found.related.iter().map(|place| location(site, place)).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "nameplate", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(code: Code) -> Value {
    let page = code.page();
    // What it means stands before the examples.
    let meaning = page.split("\n\nWrong").next().unwrap_or(page);
    json!({
        "id": code.0,
        "shortDescription": { "text": code.1 },
        "fullDescription": { "text": meaning },
        "help": { "text": page, "markdown": page },
    })
}

/// What to do stands in the message: few programs show more of a result.
fn message(found: &FlatDiagnostic) -> String {
    match &found.help {
        Some(help) => format!("{}; {help}", found.message),
        None => found.message.clone(),
    }
}

fn location(site: &Path, place: &Place) -> Value {
    let path = site.join(&place.file);
    let path = utf8_percent_encode(&path.to_string_lossy(), &ESCAPED).to_string();
    let uri = if site.is_absolute() { format!("file://{path}") } else { path };
    let physical = json!({
        "artifactLocation": { "uri": uri },
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        },
    });
    if place.label.is_empty() {
        return json!({ "physicalLocation": physical });
    }
    json!({ "physicalLocation": physical, "message": { "text": place.label } })
}
