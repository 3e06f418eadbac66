//! Whether any text passes several tests at once. Each test is an automaton; all are led over the same bytes side by side, as far as they go.

use std::collections::HashSet;

use crate::rule::{Pattern, TextTest};

/// So many states of all together are looked at: more is said to have a text.
const STATE_MAX: usize = 2_048;

/// Whatever follows, the text does not pass.
const NEVER: u32 = u32::MAX;
/// Whatever follows, the text passes.
const SURELY: u32 = u32::MAX - 1;

/// A test of a text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reader<'a> {
    /// Against another text.
    Text(TextTest, &'a str),
    /// By a pattern.
    Pattern(&'a Pattern),
}

impl Reader<'_> {
    /// Where a byte leads from a state; all begin with 0.
    fn step(&self, state: u32, byte: u8) -> u32 {
        if state >= SURELY {
            return state;
        }
        match self {
            Self::Text(test, operand) => step_text(*test, operand.as_bytes(), state, byte),
            Self::Pattern(pattern) => {
                let (columns, next, ends) = pattern.parts();
                let column = columns.get(usize::from(byte)).copied().unwrap_or(0);
                let width = next.len() / ends.len().max(1);
                match next.get(state as usize * width + usize::from(column)).copied().unwrap_or(Pattern::NEVER) {
                    Pattern::NEVER => NEVER,
                    Pattern::SURELY => SURELY,
                    next => u32::from(next - Pattern::STATES),
                }
            }
        }
    }

    /// Whether a text that ends in a state passes.
    fn passes(&self, state: u32) -> bool {
        match (self, state) {
            (_, NEVER) => false,
            (_, SURELY) => true,
            (Self::Text(TextTest::NotEqual, operand), state) => state as usize != operand.len(),
            (Self::Text(_, operand), state) => state as usize == operand.len(),
            (Self::Pattern(pattern), state) => pattern.parts().2.get(state as usize).is_some_and(|ends| *ends),
        }
    }
}

/// The state is how much of the operand was just read.
fn step_text(test: TextTest, operand: &[u8], state: u32, byte: u8) -> u32 {
    let read = state as usize;
    let is_next = operand.get(read) == Some(&byte);
    match test {
        TextTest::Equal if !is_next => NEVER,
        TextTest::NotEqual if !is_next => SURELY,
        TextTest::Equal | TextTest::NotEqual => state + 1,
        TextTest::StartsWith | TextTest::Contains if read == operand.len() => SURELY,
        TextTest::StartsWith if !is_next => NEVER,
        TextTest::StartsWith => state + 1,
        TextTest::EndsWith | TextTest::Contains => {
            let is_behind = |length: &usize| {
                let tail = operand.get(read + 1 - length..read).unwrap_or(&[]);
                operand
                    .get(..*length)
                    .and_then(<[u8]>::split_last)
                    .is_none_or(|(last, head)| *last == byte && head == tail)
            };
            let length = (0..=operand.len().min(read + 1)).rev().find(is_behind).unwrap_or(0);
            u32::try_from(length).unwrap_or(NEVER)
        }
    }
}

/// That no text comes to what is asked of each reader. `false` says nothing.
pub(super) fn is_empty(readers: &[(Reader<'_>, bool)]) -> bool {
    let start = (0, vec![0; readers.len()]);
    let mut seen = HashSet::from([start.clone()]);
    let mut open = vec![start];
    while let Some((letter, states)) = open.pop() {
        let passes = |((reader, wanted), state): (&(Reader<'_>, bool), &u32)| reader.passes(*state) == *wanted;
        if letter == 0 && readers.iter().zip(&states).all(passes) {
            return false;
        }
        let mut last = None;
        for byte in 0..=255 {
            let Some(letter) = within_letter(letter, byte) else { continue };
            let lead = |((reader, _), state): (&(Reader<'_>, bool), &u32)| reader.step(*state, byte);
            let next: (u8, Vec<u32>) = (letter, readers.iter().zip(&states).map(lead).collect());
            let is_lost =
                |((_, wanted), state): (&(Reader<'_>, bool), &u32)| *state == if *wanted { NEVER } else { SURELY };
            if last.as_ref() != Some(&next) && !readers.iter().zip(&next.1).any(is_lost) && seen.insert(next.clone()) {
                open.push(next.clone());
            }
            last = Some(next);
        }
        if seen.len() > STATE_MAX {
            return false;
        }
    }
    true
}

/// How a letter in UTF-8 goes on: 0 is between letters; `None` where no text goes on so.
fn within_letter(state: u8, byte: u8) -> Option<u8> {
    Some(match (state, byte) {
        (0, ..=0x7f) | (1, 0x80..=0xbf) => 0,
        (0, 0xc2..=0xdf) | (2, 0x80..=0xbf) | (4, 0xa0..=0xbf) | (5, 0x80..=0x9f) => 1,
        (0, 0xe1..=0xec | 0xee | 0xef) | (3, 0x80..=0xbf) | (6, 0x90..=0xbf) | (7, 0x80..=0x8f) => 2,
        (0, 0xf1..=0xf3) => 3,
        (0, 0xe0) => 4,
        (0, 0xed) => 5,
        (0, 0xf0) => 6,
        (0, 0xf4) => 7,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Reader, is_empty};
    use crate::{
        compile::pattern::{glob, regex},
        rule::TextTest,
    };

    #[test]
    fn texts_that_pass_all_are_found_or_there_are_none() {
        let check = |tests: &[(&str, &str, bool)], expect: bool| {
            let patterns: Vec<_> = tests
                .iter()
                .map(|(name, text, _)| match *name {
                    "glob" => glob(text).ok(),
                    "matches" => regex(text).ok(),
                    _ => None,
                })
                .collect();
            let readers: Vec<_> = tests
                .iter()
                .zip(&patterns)
                .map(|((name, text, wanted), pattern)| {
                    let test = || TextTest::ALL.into_iter().find(|test| test.name() == *name).unwrap();
                    (pattern.as_deref().map_or_else(|| Reader::Text(test(), text), Reader::Pattern), *wanted)
                })
                .collect();
            assert_eq!(is_empty(&readers), expect, "{tests:?}");
        };
        check(&[], false);
        check(&[("matches", "^a", true), ("matches", "^b", true)], true);
        check(&[("matches", "^a", true), ("matches", "b$", true)], false);
        check(&[("matches", "^a", true), ("matches", "^a", false)], true);
        check(&[("matches", "^a$", true), ("matches", "^[ab]$", false)], true);
        check(&[("matches", "^[ab]$", true), ("matches", "^a$", false)], false);
        check(&[("matches", "^a+$", true), ("==", "aaa", false), ("!=", "aa", true)], false);
        check(&[("matches", "^a$", true), ("!=", "a", true)], true);
        check(&[("glob", "/shop/*", true), ("glob", "/shop/**", false)], true);
        check(&[("glob", "/shop/**", true), ("glob", "/shop/*", false)], false);
        check(&[("glob", "/*", true), ("startsWith", "/a/", true)], true);
        check(&[("startsWith", "ab", true), ("matches", "^a?$", true)], true);
        check(&[("endsWith", "aba", true), ("matches", "^(ab)*$", true)], true);
        check(&[("endsWith", "aba", true), ("matches", "^(ab)*a$", true)], false);
        check(&[("contains", "aab", true), ("matches", "^a*b$", true)], false);
        check(&[("contains", "aab", false), ("matches", "^aa+b$", true)], true);
        check(&[("contains", "abab", true), ("==", "xabaabab", true)], false);
        check(&[("matches", "", false)], true);
        check(&[("matches", r"^[\s\S]*$", false)], true);
        check(&[("matches", r"^[\x00-\x7f]*$", false), ("matches", r"[^\x00-\x7f]", false)], true);
        check(&[("matches", r"^.{1,2}$", true), ("endsWith", "é", true), ("startsWith", "ü", true)], false);
        // Too much to look at is no proof.
        check(&[("matches", "a[abc]{7}$", true), ("matches", "b[abc]{7}$", true)], false);
    }
}
