//! `tests/*.yaml`: visits, and what their author expects of them. `nameplate test` runs them.

use crate::{
    compile::{
        code,
        diagnostic::{Diagnostic, Diagnostics, Severity, Span},
        scope::Scope,
        source::{Source, Sources},
        suggest,
        table::{Table, check_unique, text},
        visit,
        yaml::{self, Node, Value, Word},
    },
    model::{Experience, LineItem, Slot, Visit},
};

/// A visit and what it must get.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it is about, unique in the site.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// The visit.
    pub visit: Visit,
    /// What it must get, at least one thing, in the order of the file's keys.
    pub expectations: Vec<Expectation>,
}

/// One thing that a visit must get.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub expected: Expected,
}

/// What a visit must get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// The account of this id; `None` for a stranger.
    Account(Option<String>),
    /// That the account is in a segment, or with `false` that it is not.
    Segment(String, bool),
    /// What a slot shows.
    Slot(String, Shown),
    /// What a placement shows.
    Placement(String, Shown),
    /// Words that a slot's text or HTML holds.
    Text(String, String),
    /// Words that the reason of a slot or placement holds.
    Reason(String, String),
}

/// What a place shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The page as its author wrote it.
    Default,
    /// What an experience or a line item brings, and if it is said which of its variants or creatives.
    Content(String, Option<String>),
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str(DEFAULT),
            Self::Content(name, None) => f.write_str(name),
            Self::Content(name, Some(part)) => write!(f, "{name}/{part}"),
        }
    }
}

impl Expectation {
    /// That the visit of `case` got something else; `help` says why, where that is known.
    #[must_use]
    pub fn failed(&self, case: &Case, message: String, help: Option<String>) -> Diagnostic {
        let related = vec![(case.span, "of this test".to_owned())];
        Diagnostic {
            code: code::T003,
            severity: Severity::Error,
            message,
            span: self.span,
            label: String::new(),
            related,
            help,
        }
    }
}

/// How a test says that a place stays as it is.
const DEFAULT: &str = "Default";

/// What tests may name.
pub(super) struct Known<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) experiences: &'a [Experience],
    pub(super) line_items: &'a [LineItem],
    /// Some of them could not be read: to name one that is not there is no second mistake.
    pub(super) in_doubt: bool,
}

/// The tests of files, in their order.
pub(super) fn read<'a>(
    paths: impl Iterator<Item = &'a str>,
    sources: &'a Sources,
    known: &Known<'_>,
    log: &mut Diagnostics,
) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut names = Vec::new();
    for path in paths {
        let Some(source) = sources.open(path, log) else { continue };
        let reader = Reader { source, known };
        for node in reader.tests(log) {
            let Some((name, case)) = reader.case(node, log) else { continue };
            names.push(name);
            cases.extend(case);
        }
    }
    check_unique("test", names.iter(), log);
    cases
}

struct Reader<'a> {
    source: Source<'a>,
    known: &'a Known<'a>,
}

impl Reader<'_> {
    /// The tests of the file, a list or a single one.
    fn tests(&self, log: &mut Diagnostics) -> Vec<Node> {
        match yaml::parse(self.source, log) {
            Some(Node { value: Value::List(items), .. }) => items,
            Some(node) => vec![node],
            None => Vec::new(),
        }
    }

    /// The name of a test, and the test unless it has a mistake.
    fn case(&self, node: Node, log: &mut Diagnostics) -> Option<(Word, Option<Case>)> {
        let errors = log.error_count();
        let mut table = Table::new(node, "a test", self.source, log)?;
        let name = table.text("name", log);
        table.optional_text("about", log);
        let visit = match table.require("visit") {
            Some(node) => Table::new(node, "a visit", self.source, log),
            None => None,
        };
        let visit = visit.and_then(|visit| self.visit(visit, log));
        let expectations = match table.require("expect") {
            Some(node) => Table::new(node, "what a test expects", self.source, log)
                .map(|expect| self.expectations(expect, log))
                .unwrap_or_default(),
            None => Vec::new(),
        };
        table.finish(log);
        let name = name?;
        if expectations.is_empty() && log.error_count() == errors {
            log.error(code::T002, name.span, "the test expects nothing".to_owned())
                .help("expect something of it: `account`, `segments`, `slots` or `placements`");
        }
        let case = visit.filter(|_| log.error_count() == errors).map(|visit| Case {
            name: name.text.clone(),
            span: name.span,
            visit,
            expectations,
        });
        Some((name, case))
    }

    fn visit(&self, mut table: Table<'_>, log: &mut Diagnostics) -> Option<Visit> {
        // Looked at here, because only here its place is known.
        let account = table.optional_text("account", log);
        let mut visit = visit::read(table, log)?;
        if let Some(id) = account {
            self.check_account(&id, log);
            visit.account = Some(id.text);
        }
        Some(visit)
    }

    fn check_account(&self, id: &Word, log: &mut Diagnostics) {
        let scope = &self.known.scope;
        if scope.account(&id.text).is_none() && !scope.may_be_account(&id.text) {
            let find = || suggest::sentence("an account", &id.text, scope.account_ids());
            let similar = log.search(scope.accounts.len(), find);
            log.error(code::T001, id.span, format!("there is no account `{}`", id.text)).maybe_help(similar);
        }
    }

    fn expectations(&self, mut table: Table<'_>, log: &mut Diagnostics) -> Vec<Expectation> {
        let mut found = Vec::new();
        if let Some(node) = table.take_or_null("account") {
            let span = node.span;
            let id = match node.value {
                Value::Null => None,
                _ => text(node, self.source, log).inspect(|id| self.check_account(id, log)),
            };
            found.push(Expectation { span, expected: Expected::Account(id.map(|id| id.text)) });
        }
        for (key, is_in) in [("segments", true), ("not_segments", false)] {
            for word in table.texts(key, log).unwrap_or_default() {
                self.known.scope.segment(&word, log);
                found.push(Expectation { span: word.span, expected: Expected::Segment(word.text, is_in) });
            }
        }
        for (name, node) in table.entries("slots", log).unwrap_or_default() {
            if name.text != Slot::REDIRECT {
                self.known.scope.slot(&name, log);
            }
            self.place(&name, node, Expected::Slot, &mut found, log);
        }
        for (name, node) in table.entries("placements", log).unwrap_or_default() {
            self.known.scope.placement(&name, log);
            self.place(&name, node, Expected::Placement, &mut found, log);
        }
        table.finish(log);
        found
    }

    /// What a slot or placement must show: `name`, `name/part`, `Default`, or a table with that under `shows`.
    fn place(
        &self,
        name: &Word,
        node: Node,
        expect: fn(String, Shown) -> Expected,
        found: &mut Vec<Expectation>,
        log: &mut Diagnostics,
    ) {
        let is_slot = matches!(expect(String::new(), Shown::Default), Expected::Slot(..));
        let mut push = |word: Word, expected: Expected| found.push(Expectation { span: word.span, expected });
        if !matches!(node.value, Value::Table(_)) {
            if let Some(word) = text(node, self.source, log)
                && let Some(shown) = self.shown(&word, is_slot, log)
            {
                push(word, expect(name.text.clone(), shown));
            }
            return;
        }
        let what = if is_slot { "what a slot shows" } else { "what a placement shows" };
        let Some(mut table) = Table::new(node, what, self.source, log) else { return };
        if let Some(word) = table.text("shows", log)
            && let Some(shown) = self.shown(&word, is_slot, log)
        {
            push(word, expect(name.text.clone(), shown));
        }
        if is_slot && let Some(word) = table.optional_text("text", log) {
            push(word.clone(), Expected::Text(name.text.clone(), word.text));
        }
        if let Some(word) = table.optional_text("reason", log) {
            push(word.clone(), Expected::Reason(name.text.clone(), word.text));
        }
        table.finish(log);
    }

    fn shown(&self, word: &Word, is_slot: bool, log: &mut Diagnostics) -> Option<Shown> {
        if word.text == DEFAULT {
            return Some(Shown::Default);
        }
        let (name, part) = match word.text.split_once('/') {
            Some((name, part)) => (name, Some(part)),
            None => (word.text.as_str(), None),
        };
        let shown = Some(Shown::Content(name.to_owned(), part.map(str::to_owned)));
        if self.known.in_doubt {
            return shown;
        }
        let (what, article, part_what) =
            if is_slot { ("experience", "an", "variant") } else { ("line item", "a", "creative") };
        let Some(parts) = self.parts(name, is_slot) else {
            let all = self.known.experiences.iter().map(|one| &*one.name).filter(|_| is_slot);
            let all = all.chain(self.known.line_items.iter().map(|one| &*one.name).filter(|_| !is_slot));
            let count = self.known.experiences.len() + self.known.line_items.len();
            let similar = log.search(count, || suggest::sentence(&format!("{article} {what}"), name, all));
            log.error(code::T001, word.span, format!("there is no {what} `{name}`"))
                .help(format!("write `{what}/{part_what}`, or `{DEFAULT}`"))
                .maybe_help(similar);
            return None;
        };
        if let Some(part) = part.filter(|part| !parts.contains(part)) {
            log.error(code::T001, word.span, format!("`{name}` has no {part_what} `{part}`"))
                .help(format!("it has {}", suggest::listing(parts.iter().copied())));
            return None;
        }
        shown
    }

    /// The variants of an experience, or the creatives of a line item.
    fn parts(&self, name: &str, is_slot: bool) -> Option<Vec<&str>> {
        if is_slot {
            let experience = self.known.experiences.iter().find(|one| *one.name == *name)?;
            return Some(experience.variants.iter().map(|variant| &*variant.name).collect());
        }
        let line_item = self.known.line_items.iter().find(|one| *one.name == *name)?;
        Some(line_item.creatives.iter().map(|creative| &*creative.name).collect())
    }
}
