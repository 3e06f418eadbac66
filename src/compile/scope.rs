//! The names that sources may use.

use std::{cell::RefCell, collections::BTreeSet};

use crate::{
    compile::{
        code::{self, Code},
        diagnostic::Diagnostics,
        link::LinkPolicy,
        suggest,
        yaml::Word,
    },
    model::{Account, Accounts, Kind, Measure, Origin, OwnColumn, Placement, Segment, Slot, Text, spelled},
    rule::Field,
};

/// The names that sources may use.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// Ascending by id.
    pub(super) accounts: &'a Accounts,
    /// Ascending by name.
    pub(super) segments: &'a [Segment],
    pub(super) slots: &'a [Slot],
    /// For each slot, how many characters its text may have.
    pub(super) max_lengths: &'a [Option<usize>],
    pub(super) placements: &'a [Placement],
    /// What pages tell on their own: names and types.
    pub(super) custom: &'a [(Text, Kind)],
    /// Columns of the account list that the site has named.
    pub(super) columns: &'a [OwnColumn],
    /// Cookies that conditions may read.
    pub(super) cookies: &'a [Text],
    /// Parameters of the page's query that conditions read: a condition that names a new one adds it.
    pub(super) query: &'a RefCell<Vec<Text>>,
    pub(super) links: &'a LinkPolicy,
    pub(super) doubts: &'a Doubts,
}

/// What could not be read. To name it is no second mistake: only the first is reported.
#[derive(Default)]
pub(super) struct Doubts {
    /// Ids whose rows have errors.
    pub(super) account_ids: BTreeSet<String>,
    /// Some rows do not tell their ids.
    pub(super) accounts: bool,
    pub(super) segments: bool,
    pub(super) slots: bool,
    pub(super) placements: bool,
}

impl<'a> Scope<'a> {
    /// The position of the account with this id.
    pub(super) fn account(&self, id: &str) -> Option<u32> {
        let position = self.accounts.find(id)?;
        u32::try_from(position).ok()
    }

    /// The field of what pages tell under a name, `custom.plan`.
    pub(super) fn custom_field(&self, name: &str) -> Option<&'static Field> {
        let name = name.strip_prefix("custom.")?;
        let position = self.custom.iter().position(|(known, _)| **known == *name)?;
        Field::named(Origin::Page, position, self.custom.get(position)?.1)
    }

    /// The field of a column that the site has named, `account.custom.arr`.
    pub(super) fn column_field(&self, name: &str) -> Option<&'static Field> {
        let name = name.strip_prefix("account.custom.")?;
        Field::from_code(self.columns.iter().find(|column| *column.name == *name)?.field.code())
    }

    /// How many digits a field's numbers have behind the point.
    pub(super) fn scale(&self, field: &Field) -> u8 {
        match self.column(field).map(|column| column.measure) {
            Some(Measure::Decimal(scale)) => scale,
            _ => 0,
        }
    }

    fn column(&self, field: &Field) -> Option<&'a OwnColumn> {
        self.columns.iter().find(|column| Some(column.field) == field.account_field())
    }

    /// The field of a parameter of the page's query; `None` where so many are read already that there is none left.
    pub(super) fn query_field(&self, name: &str) -> Option<&'static Field> {
        let mut names = self.query.borrow_mut();
        let known = names.iter().position(|known| **known == *name);
        let field = Field::named(Origin::Query, known.unwrap_or(names.len()), Kind::Text)?;
        if known.is_none() {
            names.push(name.into());
        }
        Some(field)
    }

    /// What authors call a field.
    pub(super) fn name_of(&self, field: &Field) -> String {
        let name = match field.name_place() {
            Some((Origin::Page, position)) => self.custom.get(position).map(|(name, _)| spelled(Origin::Page, name)),
            Some((Origin::Query, position)) => {
                self.query.borrow().get(position).map(|name| spelled(Origin::Query, name))
            }
            Some((Origin::Cookie, position)) => self.cookies.get(position).map(|name| spelled(Origin::Cookie, name)),
            None => self.column(field).map(OwnColumn::spelled),
        };
        name.unwrap_or_else(|| field.name.to_owned())
    }

    /// Whether an account of this id may be missing only because its row has errors.
    pub(super) fn may_be_account(&self, id: &str) -> bool {
        self.doubts.accounts || self.doubts.account_ids.contains(id)
    }

    /// The id of the account that has this name: people write it where an id is asked for.
    pub(super) fn account_of_name(&self, name: &str) -> Option<&'a str> {
        let lower = name.to_lowercase();
        self.accounts.iter().find(|account| account.name().to_lowercase() == lower).map(|account| account.id())
    }

    pub(super) fn account_ids(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.accounts.iter().map(Account::id)
    }

    /// The position of the segment that `word` names. One that is not there is reported.
    pub(super) fn segment(&self, word: &Word, log: &mut Diagnostics) -> Option<u32> {
        let names = self.segments.iter().map(|segment| &*segment.name);
        resolve(("segment", code::R004, self.doubts.segments), word, names, log)
    }

    /// The position of the slot that `word` names. One that is not there is reported.
    pub(super) fn slot(&self, word: &Word, log: &mut Diagnostics) -> Option<u32> {
        let names = self.slots.iter().map(|slot| &*slot.name);
        resolve(("slot", code::C001, self.doubts.slots), word, names, log)
    }

    /// The position of the placement that `word` names. One that is not there is reported.
    pub(super) fn placement(&self, word: &Word, log: &mut Diagnostics) -> Option<u32> {
        let names = self.placements.iter().map(|placement| &*placement.name);
        resolve(("placement", code::D001, self.doubts.placements), word, names, log)
    }
}

/// The position of `word` among `names`. One that is not there is reported as `what` ("slot"), unless that is in doubt.
fn resolve<'a>(
    (what, code, in_doubt): (&str, Code, bool),
    word: &Word,
    names: impl Iterator<Item = &'a str> + Clone,
    log: &mut Diagnostics,
) -> Option<u32> {
    let position = names.clone().position(|name| name == word.text);
    if position.is_none() && !in_doubt {
        let known = match suggest::listing(names.clone()) {
            list if list.is_empty() => format!("nameplate.yaml names no {what}"),
            list => format!("nameplate.yaml names {list}"),
        };
        let similar = log.search(names.clone().count(), || suggest::sentence(&format!("a {what}"), &word.text, names));
        log.error(code, word.span, format!("there is no {what} `{}`", word.text)).help(known).maybe_help(similar);
    }
    position.and_then(|position| u32::try_from(position).ok())
}
