//! A visit as JSON, for the decision server and the command line: here an unknown key is a typing mistake.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::Visit;

/// The visit in a JSON object. An array is none, though `serde` would take one for the fields in their order.
///
/// # Errors
/// What is wrong with it, in words without its values.
pub fn parse_visit(json: &[u8]) -> Result<Visit, String> {
    if json.trim_ascii_start().starts_with(b"[") {
        return Err("not a visit: expected an object, found an array".to_owned());
    }
    serde_json::from_slice(json).map_err(|error| format!("not a visit: {}", without_value(&error.to_string())))
}

/// The message of a parse error without the value that it found: that may be an address in a wrong place.
fn without_value(message: &str) -> String {
    let Some((before, found)) = message.split_once("invalid type: ") else { return message.to_owned() };
    let Some((value, expected)) = found.rsplit_once(", expected ") else { return message.to_owned() };
    let (expected, place) = expected.split_once(" at line ").unwrap_or((expected, ""));
    let kind = value.split([' ', '`', '"']).next().unwrap_or("");
    format!("{before}expected {}, found {} at line {place}", plain(expected), plain(kind))
}

/// What Rust names otherwise than people who write JSON.
fn plain(kind: &str) -> &str {
    match kind {
        "i64" | "integer" => "a whole number",
        "floating" => "a decimal number",
        "string" => "a string",
        "boolean" => "a boolean",
        "sequence" => "an array",
        "map" => "an object",
        kind if kind.starts_with("struct ") => "an object",
        kind => kind,
    }
}

/// Unix seconds now. The runtime has no clock; its callers do.
#[must_use]
pub fn clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
