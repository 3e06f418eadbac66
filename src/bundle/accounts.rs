//! Sections 4 and 5.
//!
//! Segments: a list of name (text), rule (position), count of members, and each member (position) less the one before and 1 (the
//! first: its position).
//!
//! Accounts: count, then columns, see `columns.rs`; each begins with its field's code (1), 255 ends them. A field that
//! nobody has a value for, or that nothing reads, has none. The columns of name and id come first, in this order; the others in the
//! order of their codes.
//!
//! - A text field is a text column. For id and short name, which most often repeat the name, the column is followed by a number for
//!   each cell with a text: 1 for the text itself; where the text is empty, 0 for all of the base in its place, else 1 + how many
//!   bytes of the base. The base of a short name is the name. That of an id is made of the name's first 64 characters: ASCII letters in lower
//!   case and digits, and `-` for every run of others that stands between two of them.
//! - An int field is an int column, and so is a boolean: 0 for false.
//! - A list field is the count of items of each account, and a text column of all items.

use std::borrow::Cow;

use crate::{
    bundle::{
        columns::{open_int_column, open_text_column, pack_int_column, pack_text_column},
        parts::{OpenError, Packer, Section},
    },
    limit::{ACCOUNT_MAX, LIST_MAX, NAME_CHAR_MAX, SEGMENT_MAX},
    model::{AccountField, Accounts, Column, Kind, Segment, Span},
    rule::{Instruction, Rules},
};

/// Stands behind the last column.
const END: u8 = u8::MAX;
const ALL_OF_BASE: u32 = 0;
const NOTHING_OF_BASE: u32 = 1;

pub(super) fn pack_segments(segments: &[Segment], packer: &mut Packer) -> Vec<u8> {
    packer.list(segments, |packer, segment| {
        packer.text(&segment.name);
        packer.varint(segment.rule);
        packer.ascending(segment.members.iter().copied());
    });
    packer.finish()
}

/// Rules and accounts come later in the order of opening, because rules name segments: see [`check_segments`].
pub(super) fn open_segments(section: &mut Section<'_>) -> Result<Vec<Segment>, OpenError> {
    let segments = section.list(SEGMENT_MAX, |section| {
        Ok(Segment { name: section.text()?, rule: section.varint()?, members: section.ascending(ACCOUNT_MAX)? })
    })?;
    section.require(segments.is_sorted_by(|a, b| a.name < b.name), "segments ascending by name")?;
    section.finish()?;
    Ok(segments)
}

/// `offset` is where the section begins: which of its segments it is, is not kept.
pub(super) fn check_segments(
    segments: &[Segment],
    rules: &Rules,
    accounts: usize,
    offset: usize,
) -> Result<(), OpenError> {
    let reads_account = |instruction: &Instruction| match instruction {
        Instruction::InSegment(_) | Instruction::InCidr(_) => false,
        other => other.fields().all(|field| field.is_of_account()),
    };
    let is_whole = |segment: &Segment| {
        let is_account = |last: &u32| usize::try_from(*last).is_ok_and(|last| last < accounts);
        rules.atoms_of(segment.rule).is_some_and(|mut atoms| atoms.all(reads_account))
            && segment.members.last().is_none_or(is_account)
    };
    let expected = "positions of accounts, and of a rule that reads only them";
    let is_whole = segments.iter().all(is_whole);
    is_whole.then_some(()).ok_or(OpenError { section: "segments", offset, expected })
}

/// Name first: id and short name lean on it.
fn fields() -> impl Iterator<Item = AccountField> {
    let rest = AccountField::every().filter(|field| !matches!(*field, AccountField::Name | AccountField::Id));
    [AccountField::Name, AccountField::Id].into_iter().chain(rest)
}

pub(super) fn pack(accounts: &Accounts, packer: &mut Packer) -> Vec<u8> {
    packer.count(accounts.len());
    for field in fields() {
        let code = field.code();
        match accounts.column(field) {
            Column::Absent => {}
            Column::Texts(_) => {
                packer.wire().u8(code);
                pack_texts(accounts, field, packer);
            }
            Column::Ints(ints) => {
                packer.wire().u8(code);
                pack_int_column(ints, packer);
            }
            Column::Lists { .. } => {
                packer.wire().u8(code);
                accounts.iter().for_each(|account| packer.count(account.list(field).iter().len()));
                pack_text_column(accounts.iter().flat_map(|account| account.list(field).iter()).map(Some), packer);
            }
        }
    }
    packer.wire().u8(END);
    packer.finish()
}

fn pack_texts(accounts: &Accounts, field: AccountField, packer: &mut Packer) {
    let texts = || accounts.iter().map(|account| account.text(field));
    if !leans_on_name(field) {
        return pack_text_column(texts(), packer);
    }
    let bases = accounts.iter().map(|account| base(field, account.name()));
    let leaning: Vec<Option<(&str, u32)>> =
        texts().zip(bases).map(|(text, base)| text.map(|text| lean(text, &base))).collect();
    pack_text_column(leaning.iter().map(|cell| cell.map(|(head, _)| head)), packer);
    leaning.iter().flatten().for_each(|(_, kept)| packer.varint(*kept));
}

fn leans_on_name(field: AccountField) -> bool {
    matches!(field, AccountField::Id | AccountField::ShortName)
}

/// What texts of a field often begin with, for an account of this name.
fn base(field: AccountField, name: &str) -> Cow<'_, str> {
    if field == AccountField::Id { Cow::Owned(slug(name)) } else { Cow::Borrowed(name) }
}

/// `Alder & Söhne AG` as `alder-s-hne-ag`. No longer than an id, so that a short file cannot ask for endless ids.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    let mut is_apart = false;
    for character in name.chars().take(NAME_CHAR_MAX) {
        if !character.is_ascii_alphanumeric() {
            is_apart = !slug.is_empty();
            continue;
        }
        if std::mem::take(&mut is_apart) {
            slug.push('-');
        }
        slug.push(character.to_ascii_lowercase());
    }
    slug
}

/// A text as a head and the beginning of its base, one of them empty; the latter as the file writes it.
fn lean<'a>(text: &'a str, base: &str) -> (&'a str, u32) {
    match base.strip_prefix(text) {
        Some("") => ("", ALL_OF_BASE),
        Some(_) => ("", u32::try_from(text.len()).unwrap_or(u32::MAX).saturating_add(1)),
        None => (text, NOTHING_OF_BASE),
    }
}

pub(super) fn open(section: &mut Section<'_>) -> Result<Accounts, OpenError> {
    let count = section.count(ACCOUNT_MAX)?;
    let mut accounts = Accounts::with_count(count);
    let mut fields = fields();
    loop {
        let code = section.u8()?;
        if code == END {
            break;
        }
        let field = fields.find(|field| field.code() == code);
        let field = section.expect(field, "the code of a field, each once and in order")?;
        let column = match field.kind() {
            Kind::Int | Kind::Bool => Column::Ints(open_int_column(section, count)?),
            Kind::List => open_lists(section, &mut accounts)?,
            _ => Column::Texts(open_texts(section, field, &mut accounts)?),
        };
        accounts.set_column(field, column);
    }
    section.finish()?;
    let named = accounts.iter().all(|account| !account.id().is_empty() && !account.name().is_empty());
    section.require(named, "an id and a name for every account")?;
    section.require(accounts.iter().is_sorted_by(|a, b| a.id() < b.id()), "accounts ascending by id")?;
    Ok(accounts)
}

fn open_texts(section: &mut Section<'_>, field: AccountField, accounts: &mut Accounts) -> Result<Vec<Span>, OpenError> {
    let count = accounts.len();
    let mut heads = open_text_column(section, count, |text| accounts.add_text(text))?;
    if leans_on_name(field) {
        for (position, head) in heads.iter_mut().enumerate() {
            if let Some(head) = head {
                *head = open_leaning(section, field, accounts, position, *head)?;
            }
        }
    }
    Ok(heads.into_iter().map(|span| span.unwrap_or(Span::MISSING)).collect())
}

/// The beginning of what the account's name gives, if that is what stands for the text.
fn open_leaning(
    section: &mut Section<'_>,
    field: AccountField,
    accounts: &mut Accounts,
    position: usize,
    head: Span,
) -> Result<Span, OpenError> {
    let code = section.varint()?;
    if code == NOTHING_OF_BASE {
        return Ok(head);
    }
    let name = match accounts.column(AccountField::Name) {
        Column::Texts(names) => names.get(position).copied(),
        _ => None,
    };
    let name = name.filter(|_| accounts.slice(head) == Some(""));
    let base = match name {
        Some(name) if field == AccountField::Id => accounts.slice(name).map(slug).map(|slug| accounts.add_text(&slug)),
        name => name,
    };
    let span = base.and_then(|base| if code == ALL_OF_BASE { Some(base) } else { base.prefix(code.saturating_sub(1)) });
    section.expect(span.filter(|span| accounts.slice(*span).is_some()), "the beginning of an account's name")
}

fn open_lists(section: &mut Section<'_>, accounts: &mut Accounts) -> Result<Column, OpenError> {
    let mut end = 0_u32;
    let mut ends = Vec::new();
    for _ in 0..accounts.len() {
        let count = u32::try_from(section.count(LIST_MAX)?).unwrap_or(u32::MAX);
        end = section.expect(end.checked_add(count), "a count within its limit")?;
        ends.push(end);
    }
    let count = usize::try_from(end).unwrap_or(usize::MAX);
    let items = open_text_column(section, count, |text| accounts.add_text(text))?;
    let items: Option<Vec<Span>> = items.into_iter().collect();
    Ok(Column::Lists { ends, items: section.expect(items, "a text")? })
}

#[cfg(test)]
mod tests {
    use super::{lean, slug};

    #[test]
    fn an_id_is_made_of_a_name() {
        let check = |name: &str, expect: &str| assert_eq!(slug(name), expect);
        check("Alder & Söhne AG", "alder-s-hne-ag");
        check("  3M  ", "3m");
        check("()", "");
    }

    #[test]
    fn a_text_leans_on_its_base() {
        assert_eq!(lean("alder", "alder"), ("", 0));
        assert_eq!(lean("alder", "alder-ag"), ("", 6));
        assert_eq!(lean("birch", "alder-ag"), ("birch", 1));
        assert_eq!(lean("alder", ""), ("alder", 1));
    }
}
