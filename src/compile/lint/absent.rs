//! Why a condition holds for nobody, where one look at the accounts tells: what it asks for is in none of them.

use std::collections::BTreeSet;

use super::Subject;
use crate::{
    compile::suggest,
    model::{AccountField, Text, Value},
    rule::{Instruction, TextTest},
};

/// The first field of a rule that no account has, or the first value, if one has another like it.
pub(super) fn of(subject: &Subject<'_>, rule: u32) -> Option<String> {
    subject.rules.get(rule)?.instructions().iter().find_map(|instruction| {
        let read = instruction.field()?.account_field()?;
        let values = || subject.site.accounts.iter().map(move |account| account.get(read));
        let name = subject.name_of(read);
        if values().all(|value| value == Value::Missing) {
            let key = if subject.site.names.column(read).is_some() { "custom" } else { "columns" };
            return Some(format!("no account has a value of `{name}`: `{key}` says which column it is in"));
        }
        let asked = Some(asked(instruction)).filter(|asked| !asked.is_empty())?;
        let known = texts(subject, read);
        let wanted = asked.iter().find(|text| !known.contains(&***text))?;
        let meant = suggest::nearest(wanted, known)?;
        Some(format!("no account has `{wanted}` as its `{name}`, but one has `{meant}`"))
    })
}

/// The texts that accounts have in a field.
fn texts<'a>(subject: &Subject<'a>, field: AccountField) -> BTreeSet<&'a str> {
    let accounts = subject.site.accounts.iter();
    let of = |value| match value {
        Value::Text(text) => vec![text],
        Value::List(all) => all.iter().collect(),
        _ => Vec::new(),
    };
    accounts.flat_map(|account| of(account.get(field))).collect()
}

/// The texts of which an instruction wants one.
fn asked(instruction: &Instruction) -> &[Text] {
    match instruction {
        Instruction::Text(_, TextTest::Equal, text) | Instruction::Includes(_, text) => std::slice::from_ref(text),
        Instruction::TextIn(_, texts) => texts,
        _ => &[],
    }
}
