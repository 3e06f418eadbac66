//! Accounts by what they hold in one field: an atom is evaluated once a value, not once an account.

use std::collections::HashMap;

use crate::{
    model::{Account, AccountField, Accounts, Facts, Value, Visit},
    rule::{Comparison, Context, Instruction, TextTest, Truth, truth},
    set::Set,
};

/// The accounts by their values of a field.
pub(super) struct Groups {
    /// By the value as it is written, which no other is written as.
    by_value: HashMap<String, Vec<usize>>,
    /// Who has a value.
    known: Set,
}

impl Groups {
    /// The groups of `accounts`; members are positions below `bound`.
    pub(super) fn of(accounts: &Accounts, field: AccountField, bound: usize) -> Self {
        let mut by_value: HashMap<String, Vec<usize>> = HashMap::new();
        let mut known = Set::empty(bound);
        for (member, account) in accounts.iter().enumerate() {
            let value = account.get(field);
            if value != Value::Missing {
                known.insert(member);
            }
            by_value.entry(value.to_string()).or_default().push(member);
        }
        Self { by_value, known }
    }

    /// Sorts all accounts by what `atom`, which reads this field, comes to for them.
    pub(super) fn sort(&self, atom: &Instruction, accounts: &Accounts, sides: &mut Sides) {
        let truth_of = |group: &[usize]| truth_for(atom, group.first().and_then(|member| accounts.get(*member)));
        let Some(named) = named_values(atom) else {
            return self.by_value.values().for_each(|group| sides.add_all(group, truth_of(group)));
        };
        // All values that it does not name are alike to it, and of ids there are thousands: one stands for them.
        let mut others = self.known.clone();
        for group in named.iter().filter_map(|value| self.by_value.get(value)) {
            group.iter().for_each(|member| others.remove(*member));
            sides.add_all(group, truth_of(group));
        }
        let other = others.iter().next();
        if let Some(side) = other.and_then(|member| sides.of(truth_of(&[member]))) {
            side.add(&others);
        }
    }
}

/// Who an atom comes to yes and to no for; for all others it is unknown.
pub(super) struct Sides {
    pub(super) yes: Set,
    pub(super) no: Set,
}

impl Sides {
    pub(super) fn empty(bound: usize) -> Self {
        Self { yes: Set::empty(bound), no: Set::empty(bound) }
    }

    pub(super) fn add_all(&mut self, members: &[usize], truth: Truth) {
        if let Some(side) = self.of(truth) {
            members.iter().for_each(|member| side.insert(*member));
        }
    }

    fn of(&mut self, truth: Truth) -> Option<&mut Set> {
        match truth {
            Truth::Yes => Some(&mut self.yes),
            Truth::No => Some(&mut self.no),
            Truth::Unknown => None,
        }
    }
}

/// What `atom`, which reads nothing of the visit, comes to for an account or a stranger.
pub(super) fn truth_for(atom: &Instruction, account: Option<Account<'_>>) -> Truth {
    let visit = Visit::default();
    let facts = Facts::new(account, &visit);
    truth(atom, &Context { facts: &facts, address: None, segments: &[] })
}

/// The values an atom asks for, as they are written, if it cannot tell all others from each other.
fn named_values(atom: &Instruction) -> Option<Vec<String>> {
    let written = |value: Value<'_>| value.to_string();
    match atom {
        Instruction::Int(_, Comparison::Equal | Comparison::NotEqual, value) => Some(vec![written(Value::Int(*value))]),
        Instruction::IntIn(_, values) => Some(values.iter().map(|value| written(Value::Int(*value))).collect()),
        Instruction::Text(_, TextTest::Equal | TextTest::NotEqual, value) => Some(vec![written(Value::Text(value))]),
        Instruction::TextIn(_, values) => Some(values.iter().map(|value| written(Value::Text(value))).collect()),
        _ => None,
    }
}
