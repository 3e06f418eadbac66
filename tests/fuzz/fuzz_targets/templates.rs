//! Whatever a text with tokens is: words are what their author wrote with the tokens' values between, and HTML is nothing but text, tags
//! and attributes of a short list, whatever an account is called.

#![cfg_attr(fuzzing, no_main)]

use nameplate::model::AppliedChange;
use nameplate_fuzz::{fuzz_target, shown};

#[allow(dead_code, reason = "shared with tests/it")]
#[path = "../../it/clean.rs"]
mod clean;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for changes in shown::in_body("{ html: TEXT }", text) {
        let [AppliedChange::Html { value }] = &*changes else { panic!("{changes:?}") };
        clean::check_clean(value);
    }
    for changes in shown::in_body("{ text: TEXT }", text) {
        let [AppliedChange::Text { value }] = &*changes else { panic!("{changes:?}") };
        check_words(text, value);
    }
});

/// All that stands around the tokens, in its order.
fn check_words(written: &str, shown: &str) {
    let mut rest = shown;
    let mut around = written
        .split("{{")
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once("}}").expect("a token ends").1 });
    let first = around.next().unwrap_or("");
    rest = rest.strip_prefix(first).unwrap_or_else(|| panic!("{written:?} became {shown:?}"));
    for literal in around {
        let at = rest.find(literal).unwrap_or_else(|| panic!("{written:?} became {shown:?}"));
        rest = &rest[at + literal.len()..];
    }
}
