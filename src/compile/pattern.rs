//! Regular expressions and globs to automata, when the site is compiled: what a text costs later is known then.

use std::{collections::HashMap, sync::Arc};

use regex_automata::{
    Input,
    dfa::{Automaton, dense},
    nfa::thompson,
    util::{primitives::StateID, syntax},
};

use crate::{limit::PATTERN_STATE_MAX, rule::Pattern};

/// Bytes that building an automaton may take; more is a pattern that nobody meant.
const BUILD_BYTES_MAX: usize = 1 << 20;

/// The automaton of a regular expression, in RE2's syntax as the `regex` crate has it; found anywhere in a text unless `^` and `$` say
/// otherwise. Case and Unicode count.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn regex(source: &str) -> Result<Arc<Pattern>, String> {
    build(source, source, false)
}

/// The automaton of a glob, which is for the whole text: `*` is anything but `/`, `**` anything, `?` one character but `/`.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn glob(source: &str) -> Result<Arc<Pattern>, String> {
    let mut regex = String::from("(?s)^");
    let mut characters = source.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '*' if characters.next_if_eq(&'*').is_some() => regex.push_str(".*"),
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            c => regex.push_str(&escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    regex.push('$');
    build(source, &regex, true)
}

/// The automaton that matches these texts and no others.
///
/// # Errors
/// What is wrong with them, in words.
pub(super) fn one_of(texts: &[&str]) -> Result<Arc<Pattern>, String> {
    let escaped: Vec<String> = texts.iter().map(|text| escape(text)).collect();
    // Of no alternatives the expression would be that of the empty text.
    let source = if texts.is_empty() { r"[^\s\S]".to_owned() } else { format!("^({})$", escaped.join("|")) };
    build(&source, &format!("(?s){source}"), false)
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if SIGNS.contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// What means something in a regular expression.
const SIGNS: &str = "\\.+*?()|[]{}^$#&-~";

fn build(source: &str, regex: &str, is_glob: bool) -> Result<Arc<Pattern>, String> {
    let config = dense::Config::new()
        .minimize(true)
        .accelerate(false)
        .dfa_size_limit(Some(BUILD_BYTES_MAX))
        .determinize_size_limit(Some(BUILD_BYTES_MAX));
    let built = dense::Builder::new()
        .configure(config)
        .syntax(syntax::Config::new())
        .thompson(thompson::Config::new().nfa_size_limit(Some(BUILD_BYTES_MAX)))
        .build(regex);
    let dfa = built.map_err(|error| words(&error))?;
    let too_large = || format!("it needs more than {PATTERN_STATE_MAX} states");
    let start = dfa.start_state_forward(&Input::new("")).map_err(|error| error.to_string())?;
    let mut numbers = HashMap::from([(start, 0_u16)]);
    let mut states = vec![start];
    let mut rows: Vec<[u16; 256]> = Vec::new();
    let mut ends = Vec::new();
    while let Some(state) = states.get(rows.len()).copied() {
        let mut row = [Pattern::NEVER; 256];
        for (byte, place) in (0..=255_u8).zip(&mut row) {
            *place = follow(&dfa, dfa.next_state(state, byte), &mut numbers, &mut states);
        }
        rows.push(row);
        ends.push(dfa.is_match_state(dfa.next_eoi_state(state)));
        if states.len() > PATTERN_STATE_MAX {
            return Err(too_large());
        }
    }
    let (columns, next) = columns(&rows);
    Pattern::new(source.into(), is_glob, columns, next, ends).map(Arc::new).ok_or_else(too_large)
}

/// The number of a state in the table, which is new if nothing led there yet. A match is told one byte late, so whoever is in a matching
/// state has matched already.
fn follow(
    dfa: &dense::DFA<Vec<u32>>,
    state: StateID,
    numbers: &mut HashMap<StateID, u16>,
    states: &mut Vec<StateID>,
) -> u16 {
    if dfa.is_match_state(state) {
        return Pattern::SURELY;
    }
    if dfa.is_dead_state(state) || dfa.is_quit_state(state) {
        return Pattern::NEVER;
    }
    let next = u16::try_from(states.len()).unwrap_or(u16::MAX);
    let number = *numbers.entry(state).or_insert_with(|| {
        states.push(state);
        next
    });
    number.saturating_add(Pattern::STATES)
}

/// Bytes that no state tells apart share a column.
fn columns(rows: &[[u16; 256]]) -> (Vec<u8>, Vec<u16>) {
    let mut known: HashMap<Vec<u16>, u8> = HashMap::new();
    let mut columns = Vec::new();
    let mut firsts = Vec::new();
    for byte in 0..256 {
        let column: Vec<u16> = rows.iter().filter_map(|row| row.get(byte).copied()).collect();
        let next = u8::try_from(known.len()).unwrap_or(u8::MAX);
        columns.push(*known.entry(column).or_insert_with(|| {
            firsts.push(byte);
            next
        }));
    }
    let next = rows.iter().flat_map(|row| firsts.iter().filter_map(|byte| row.get(*byte).copied())).collect();
    (columns, next)
}

/// The library's last line says what is wrong; those before draw the expression.
fn words(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    let text = error.to_string();
    if text.contains("exceed") {
        return "it needs too many states".to_owned();
    }
    let last = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("");
    last.trim_start_matches("error: ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{glob, one_of, regex};

    #[test]
    fn a_regular_expression_matches_as_the_library_says() {
        let texts =
            ["", "a", "/pricing", "/pricing/eu", "x/pricing", "PRICING", "é", "/a/b", "aab", "2026-01-31", "ab\ncd"];
        for source in [
            "a",
            "^/pricing$",
            "^/pricing",
            "(?i)pricing",
            "^(a|b)+$",
            r"\d{4}-\d{2}",
            "",
            "^$",
            "é",
            ".",
            "a.*b",
            "(?s)b.c",
            "[^/]$",
        ] {
            let ours = regex(source).unwrap();
            let theirs = regex_automata::meta::Regex::new(source).unwrap();
            for text in texts {
                assert_eq!(ours.matches(text), theirs.is_match(text), "{source} {text:?}");
            }
        }
    }

    #[test]
    fn a_glob_is_for_the_whole_path() {
        let check = |source: &str, text: &str, expect: bool| {
            assert_eq!(glob(source).unwrap().matches(text), expect, "{source} {text}");
        };
        check("/shop/*", "/shop/shoes", true);
        check("/shop/*", "/shop/shoes/red", false);
        check("/shop/**", "/shop/shoes/red", true);
        check("/*/red", "/shoes/red", true);
        check("/a.b", "/axb", false);
        check("/a?c", "/abc", true);
        check("/a?c", "/a/c", false);
        check("/é*", "/étage", true);
        check("/(x)", "/(x)", true);
        check("", "", true);
        check("", "/", false);
    }

    #[test]
    fn a_list_of_texts_holds_what_it_names() {
        let check = |texts: &[&str], text: &str, expect: bool| {
            assert_eq!(one_of(texts).unwrap().matches(text), expect, "{texts:?} {text}");
        };
        check(&["a", "b.c"], "a", true);
        check(&["a", "b.c"], "b.c", true);
        check(&["a", "b.c"], "bxc", false);
        check(&["a", "b.c"], "ab", false);
        check(&["a"], "", false);
        check(&[""], "", true);
        check(&[], "", false);
        check(&[], "a", false);
    }

    #[test]
    fn what_is_none_or_too_large_says_so() {
        let error = |source: &str| regex(source).unwrap_err();
        assert_eq!(error("("), "unclosed group");
        assert_eq!(error("a{9999999}"), "it needs too many states");
        assert_eq!(error(r"\p{L}{200}"), "it needs too many states");
        assert_eq!(error("(?:a|b)*a(?:a|b){11}"), "it needs more than 1024 states");
    }
}
