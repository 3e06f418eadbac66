//! Events as pages send them: an array of flat objects, each with an `id`, by which who reads them finds repetitions, and a `type`.
//!
//! What else they hold is for those who read them. Only what could be an address is taken out, whoever put it there.

use serde_json::{Map, Value};

use crate::net::without_addresses;

/// Events of one request.
const EVENT_MAX: usize = 256;
/// Keys of one event.
const KEY_MAX: usize = 32;
/// Bytes of a key.
const KEY_BYTE_MAX: usize = 32;
/// Bytes of a text.
const TEXT_BYTE_MAX: usize = 1_024;
/// Bytes of an `id` or a `type`.
const NAME_BYTE_MAX: usize = 64;

/// Who reads the file wants to know whose event it is; a visitor who objects is nobody's.
const ACCOUNT: &str = "account";
/// When it came, Unix seconds: a page's clock may be wrong.
const RECEIVED: &str = "received";

/// The events in the body of a request as lines of JSON. `is_nobodys` leaves their accounts out.
///
/// # Errors
/// What is wrong with the first that is none. Then none is taken in, so that the page's author finds the mistake.
pub(super) fn to_lines(body: &[u8], now: i64, is_nobodys: bool) -> Result<(String, usize), String> {
    let events: Vec<Value> = serde_json::from_slice(body).map_err(|_| "expected an array of events".to_owned())?;
    if events.len() > EVENT_MAX {
        return Err(format!("expected at most {EVENT_MAX} events, found {}", events.len()));
    }
    let count = events.len();
    let mut lines = String::new();
    for (number, event) in (1_usize..).zip(events) {
        let Value::Object(event) = event else { return Err(format!("event {number}: expected an object")) };
        let event = check(event, now, is_nobodys).map_err(|problem| format!("event {number}: {problem}"))?;
        lines.push_str(&Value::Object(event).to_string());
        lines.push('\n');
    }
    Ok((lines, count))
}

fn check(mut event: Map<String, Value>, now: i64, is_nobodys: bool) -> Result<Map<String, Value>, String> {
    if event.len() > KEY_MAX {
        return Err(format!("expected at most {KEY_MAX} keys"));
    }
    let is_name = |key: &str| {
        let name = event.get(key).and_then(Value::as_str).filter(|name| (1..=NAME_BYTE_MAX).contains(&name.len()));
        name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')))
    };
    for key in ["id", "type"] {
        if !is_name(key) {
            return Err(format!("expected `{key}`, 1 to {NAME_BYTE_MAX} of `A-Z a-z 0-9 - _`"));
        }
    }
    for (key, value) in &mut event {
        let is_word = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_word || key.is_empty() || key.len() > KEY_BYTE_MAX {
            return Err(format!("expected keys of 1 to {KEY_BYTE_MAX} of `A-Z a-z 0-9 _`"));
        }
        match value {
            Value::String(text) if text.len() > TEXT_BYTE_MAX => {
                return Err(format!("`{key}`: expected at most {TEXT_BYTE_MAX} bytes"));
            }
            Value::String(text) => *text = without_addresses(text),
            Value::Array(_) | Value::Object(_) => {
                return Err(format!("`{key}`: expected a text, a number, a boolean or null"));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    if is_nobodys {
        event.remove(ACCOUNT);
    }
    event.insert(RECEIVED.to_owned(), now.into());
    Ok(event)
}

#[cfg(test)]
mod tests {
    use super::to_lines;

    fn check(body: &str, expect: Result<&str, &str>) {
        let found = to_lines(body.as_bytes(), 7, false);
        assert_eq!(found.as_ref().map(|(lines, _)| lines.as_str()).map_err(String::as_str), expect, "{body}");
    }

    #[test]
    fn an_event_is_a_flat_object_with_id_and_type() {
        check("[]", Ok(""));
        check(
            r#"[{"type":"click","id":"a1","value":2.5,"slot":"hero","new":true,"x":null},{"id":"_-","type":"x"}]"#,
            Ok(
                "{\"id\":\"a1\",\"new\":true,\"received\":7,\"slot\":\"hero\",\"type\":\"click\",\"value\":2.5,\"x\":null}\n{\"id\":\"_-\",\"received\":7,\"type\":\"x\"}\n",
            ),
        );
        // What a page says of the time of receipt does not count.
        check(r#"[{"type":"x","id":"a","received":1}]"#, Ok("{\"id\":\"a\",\"received\":7,\"type\":\"x\"}\n"));
        check("", Err("expected an array of events"));
        check("{}", Err("expected an array of events"));
        check("[1]", Err("event 1: expected an object"));
        check(r#"[{"id":"a","type":"x"},{"id":"a"}]"#, Err("event 2: expected `type`, 1 to 64 of `A-Z a-z 0-9 - _`"));
        for id in ["", "a b", "a\\n", "é", &"a".repeat(65)] {
            let body = format!(r#"[{{"id":"{id}","type":"x"}}]"#);
            check(&body, Err("event 1: expected `id`, 1 to 64 of `A-Z a-z 0-9 - _`"));
        }
        check(r#"[{"id":"a","type":"x","y":[1]}]"#, Err("event 1: `y`: expected a text, a number, a boolean or null"));
        check(r#"[{"id":"a","type":"x","a-b":1}]"#, Err("event 1: expected keys of 1 to 32 of `A-Z a-z 0-9 _`"));
        let long = format!(r#"[{{"id":"a","type":"x","y":"{}"}}]"#, "y".repeat(1_025));
        check(&long, Err("event 1: `y`: expected at most 1024 bytes"));
        let keys: String = (0..31).map(|n| format!(",\"k{n}\":1")).collect();
        check(&format!(r#"[{{"id":"a","type":"x"{keys}}}]"#), Err("event 1: expected at most 32 keys"));
        let many = vec![r#"{"id":"a","type":"x"}"#; 257].join(",");
        check(&format!("[{many}]"), Err("expected at most 256 events, found 257"));
    }

    #[test]
    fn who_objects_has_no_account() {
        let body = br#"[{"id":"a","type":"x","account":"alder"}]"#;
        assert!(to_lines(body, 7, false).unwrap().0.contains("alder"));
        assert!(!to_lines(body, 7, true).unwrap().0.contains("account"));
    }
}
