//! A regular expression or a glob, as the compiler left it: an automaton that reads a text once, byte by byte.
//!
//! The expression was turned into states and limited when the site was compiled, so no text can make it slow: one step a byte, whatever
//! the expression.

use crate::{
    limit::PATTERN_STATE_MAX,
    model::{Quoted, Text},
};

/// An automaton, valid by construction.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// As its author wrote it.
    source: Text,
    /// Whether that is a glob.
    is_glob: bool,
    /// For each byte which column of the table it takes.
    columns: Vec<u8>,
    /// How many columns there are.
    width: usize,
    /// For each state its columns: [`Pattern::NEVER`], [`Pattern::SURELY`], or 2 + the next state.
    next: Vec<u16>,
    /// For each state whether a text that ends there matches.
    ends: Vec<bool>,
}

impl Pattern {
    /// Whatever follows, the text does not match.
    pub const NEVER: u16 = 0;
    /// Whatever follows, the text matches.
    pub const SURELY: u16 = 1;
    /// The number of the first state.
    pub const STATES: u16 = 2;

    /// The automaton of these parts, or `None` where they are none: a column for each of 256 bytes, a row for each state, and nothing leads
    /// out of the table. The first state begins.
    #[must_use]
    pub fn new(source: Text, is_glob: bool, columns: Vec<u8>, next: Vec<u16>, ends: Vec<bool>) -> Option<Self> {
        let width = usize::from(*columns.iter().max()?).checked_add(1)?;
        let is_state = |next: &u16| usize::from(*next) < ends.len().saturating_add(usize::from(Self::STATES));
        let is_whole =
            columns.len() == 256 && next.len() == ends.len().checked_mul(width)? && next.iter().all(is_state);
        let is_bounded = (1..=PATTERN_STATE_MAX).contains(&ends.len());
        (is_whole && is_bounded).then_some(Self { source, is_glob, columns, width, next, ends })
    }

    /// Whether a text matches. Costs a step for each of its bytes, at most.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.is_match(self.read(text))
    }

    /// Where a text leads; what is decided before its end stays so.
    fn read(&self, text: &str) -> u16 {
        let mut state = Self::STATES;
        for byte in text.bytes() {
            if state < Self::STATES {
                break;
            }
            state = self.step(state, byte);
        }
        state
    }

    /// Where a byte leads.
    #[inline]
    fn step(&self, state: u16, byte: u8) -> u16 {
        let Some(row) = state.checked_sub(Self::STATES) else { return state };
        let column = self.columns.get(usize::from(byte)).copied().unwrap_or(0);
        let place = usize::from(row).saturating_mul(self.width).saturating_add(usize::from(column));
        self.next.get(place).copied().unwrap_or(Self::NEVER)
    }

    /// Whether a text that leads there matches.
    fn is_match(&self, state: u16) -> bool {
        match state {
            Self::NEVER => false,
            Self::SURELY => true,
            state => self.ends.get(usize::from(state.saturating_sub(Self::STATES))).copied().unwrap_or(false),
        }
    }

    /// Some bytes that begin so and match, or with `false` do not, of letters where they will do; `None` where there are none.
    #[must_use]
    pub fn example(&self, start: &str, wanted: bool) -> Option<Vec<u8>> {
        let first = self.read(start);
        let mut open = vec![(first, start.as_bytes().to_vec())];
        let mut is_new = vec![true; self.ends.len()];
        while let Some((state, text)) = open.pop() {
            for order in 0..=u8::MAX {
                // Letters first, and what has a meaning in a URL behind them.
                let byte = order ^ b'a';
                let next = self.step(state, byte);
                let is_match = self.is_match(next) == wanted;
                let place = usize::from(next.wrapping_sub(Self::STATES));
                if !is_match && is_new.get(place) != Some(&true) {
                    continue;
                }
                let mut longer = text.clone();
                longer.push(byte);
                if is_match {
                    return Some(longer);
                }
                open.push((next, longer));
                if let Some(is_new) = is_new.get_mut(place) {
                    *is_new = false;
                }
            }
        }
        (self.is_match(first) == wanted).then(|| start.into())
    }

    /// As its author wrote it, and whether that is a glob.
    #[must_use]
    pub fn source(&self) -> (&Text, bool) {
        (&self.source, self.is_glob)
    }

    /// Its parts, as [`Pattern::new`] takes them: columns, table, ends.
    #[must_use]
    pub fn parts(&self) -> (&[u8], &[u16], &[bool]) {
        (&self.columns, &self.next, &self.ends)
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let call = if self.is_glob { "glob" } else { "matches" };
        write!(f, "{call}({})", Quoted(&self.source))
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    /// `a` and then anything: a byte is `a` or not.
    fn begins_with_a() -> Option<Pattern> {
        let columns = (0..=255_u8).map(|byte| u8::from(byte == b'a')).collect();
        Pattern::new("^a".into(), false, columns, vec![Pattern::NEVER, Pattern::SURELY], vec![false])
    }

    #[test]
    fn an_automaton_reads_a_text_once() {
        let pattern = begins_with_a().unwrap();
        for (text, expect) in [("a", true), ("ab", true), ("", false), ("ba", false), ("é", false)] {
            assert_eq!(pattern.matches(text), expect, "{text}");
        }
        assert_eq!(pattern.to_string(), "matches(\"^a\")");
        let example = |pattern: &Pattern, start: &str, wanted: bool| {
            pattern.example(start, wanted).map(|text| String::from_utf8(text).unwrap())
        };
        assert_eq!([true, false].map(|wanted| example(&pattern, "", wanted)), [Some("a".into()), Some("`".into())]);
        assert_eq!([true, false].map(|wanted| example(&pattern, "/", wanted)), [None, Some("/a".into())]);
        let none = Pattern::new("".into(), false, vec![0; 256], vec![Pattern::NEVER], vec![true]).unwrap();
        assert_eq!([true, false].map(|wanted| example(&none, "", wanted)), [Some("".into()), Some("a".into())]);
    }

    #[test]
    fn what_leads_out_of_the_table_is_none() {
        let check = |columns: usize, next: &[u16], ends: usize, expect: bool| {
            let columns = vec![0; columns];
            assert_eq!(Pattern::new("".into(), false, columns, next.to_vec(), vec![true; ends]).is_some(), expect);
        };
        check(256, &[2], 1, true);
        check(255, &[2], 1, false);
        check(256, &[3], 1, false);
        check(256, &[2, 2], 1, false);
        check(256, &[], 0, false);
    }
}
