//! What attackers write. The list is a data file, because the browser's tests read it too.

use std::sync::LazyLock;

use serde_json::Value;

/// Pieces of HTML that would run a script, load one, or take the page over, were they shown as they are.
pub(crate) static HTML: LazyLock<Vec<&str>> = LazyLock::new(|| group("html"));
/// Texts without tags that would break out of where a value stands.
pub(crate) static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| group("words"));
/// URLs that no link and no image may have. Beside these, every control character is tried before and inside the scheme.
pub(crate) static URLS: LazyLock<Vec<&str>> = LazyLock::new(|| group("urls"));

static FILE: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(include_str!("../payloads.json")).unwrap());

fn group(name: &str) -> Vec<&'static str> {
    FILE[name].as_array().unwrap().iter().map(|payload| payload.as_str().unwrap()).collect()
}
