//! The names that sources may use, and the rules they share.

use std::collections::HashMap;

use crate::{
    compile::{code::Code, diagnostic::Diagnostics, link::LinkPolicy, suggest, yaml::Word},
    model::{Account, Placement, Segment, Slot},
    rule::Program,
};

/// The names that sources may use.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// Ascending by id.
    pub(super) accounts: &'a [Account],
    /// Ascending by name.
    pub(super) segments: &'a [Segment],
    pub(super) slots: &'a [Slot],
    /// For each slot, how many characters its text may have.
    pub(super) max_lengths: &'a [Option<usize>],
    pub(super) placements: &'a [Placement],
    pub(super) links: &'a LinkPolicy,
}

impl<'a> Scope<'a> {
    /// The position of the account with this id.
    pub(super) fn account(&self, id: &str) -> Option<u32> {
        let position = self.accounts.binary_search_by(|account| (*account.id).cmp(id)).ok()?;
        u32::try_from(position).ok()
    }

    pub(super) fn account_ids(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.accounts.iter().map(|account| &*account.id)
    }

    pub(super) fn segment_names(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.segments.iter().map(|segment| &*segment.name)
    }

    pub(super) fn slot_names(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.slots.iter().map(|slot| &*slot.name)
    }

    pub(super) fn placement_names(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.placements.iter().map(|placement| &*placement.name)
    }
}

/// The position of `word` among `names`. One that is not there is reported as `what` ("slot").
pub(super) fn resolve<'a>(
    what: &str,
    code: Code,
    word: &Word,
    names: impl Iterator<Item = &'a str> + Clone,
    log: &mut Diagnostics,
) -> Option<u32> {
    let position = names.clone().position(|name| name == word.text);
    if position.is_none() {
        let known = match suggest::listing(names.clone()) {
            list if list.is_empty() => format!("nameplate.yaml names no {what}"),
            list => format!("nameplate.yaml names {list}"),
        };
        log.error(code, word.span, format!("there is no {what} `{}`", word.text))
            .help(known)
            .maybe_help(suggest::sentence(&format!("a {what}"), &word.text, names));
    }
    position.and_then(|position| u32::try_from(position).ok())
}

/// The programs of a bundle, each once: rules that say the same share one.
#[derive(Default)]
pub(super) struct Rules {
    positions: HashMap<Program, u32>,
    programs: Vec<Program>,
}

impl Rules {
    /// The position of `program`.
    pub(super) fn add(&mut self, program: Program) -> u32 {
        let next = u32::try_from(self.programs.len()).unwrap_or(u32::MAX);
        *self.positions.entry(program).or_insert_with_key(|program| {
            self.programs.push(program.clone());
            next
        })
    }

    pub(super) fn into_programs(self) -> Vec<Program> {
        self.programs
    }
}
