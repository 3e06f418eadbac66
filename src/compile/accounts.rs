//! The account list: a CRM export, its columns mapped in `nameplate.yaml`.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
    ops::RangeInclusive,
};

use crate::{
    compile::{
        code,
        columns::Column,
        csv::{Row, Sheet},
        diagnostic::{Diagnostics, Span},
        email_domain,
        holdings::{self, Holdings},
        scope::Doubts,
        settings::{AccountsSetting, check_count, check_file},
        source::Sources,
        suggest,
        table::is_name,
        yaml::Word,
    },
    limit::{ACCOUNT_MAX, LIST_MAX},
    model::{AccountField, Accounts, Cell, Kind, Row as Account, STAGES, Text},
};

/// What the list says, account by account, ascending by id.
#[derive(Default)]
pub(super) struct Listed {
    pub(super) accounts: Accounts,
    /// Where the id of each stands.
    pub(super) places: Vec<Span>,
    pub(super) holdings: Vec<Holdings>,
}

/// The accounts. Those that are left out because of errors are put into `doubts`.
pub(super) fn read(setting: &AccountsSetting, sources: &Sources, doubts: &mut Doubts, log: &mut Diagnostics) -> Listed {
    doubts.accounts = true;
    if !check_file(&setting.file, sources, log) {
        return Listed::default();
    }
    let Some(source) = sources.open(&setting.file.text, log) else { return Listed::default() };
    let Some(sheet) = Sheet::read(source, code::A001, log) else { return Listed::default() };
    doubts.accounts = false;
    let file = &setting.file.text;
    let held = columns(&setting.holdings, file, &sheet, log);
    let reader = Reader {
        sheet: &sheet,
        columns: columns(&setting.columns, file, &sheet, log),
        custom: setting
            .custom
            .iter()
            .filter_map(|column| Some((column, custom_column(column, file, &sheet, log)?)))
            .collect(),
        email_domains: setting.email_domains,
    };
    for row in sheet.misfits() {
        reader.doubt(row, doubts);
        doubts.accounts |= row.spans_lines();
    }
    let mut accounts: BTreeMap<String, (Account, Holdings, Span)> = BTreeMap::new();
    let mut parents = BTreeMap::new();
    for row in sheet.rows() {
        let Some((id, account)) = reader.account(row, log) else {
            reader.doubt(row, doubts);
            continue;
        };
        match accounts.get(&id.text) {
            Some((_, _, first)) => {
                log.error(code::A004, id.span, format!("there is another account `{}`", id.text))
                    .related(*first, "the first");
            }
            None => {
                let holdings = holdings::read(&sheet, row, &held, log);
                parents.extend(reader.cell(row, AccountField::Parent).map(|parent| (id.text.clone(), parent)));
                accounts.insert(id.text, (account, holdings, id.span));
            }
        }
    }
    check_count("accounts", accounts.len(), ACCOUNT_MAX, setting.file.span, log);
    check_parents(&parents, &accounts, doubts, log);
    check_rings(&parents, log);
    let mut listed = Listed::default();
    let mut rows = Vec::with_capacity(accounts.len());
    for (account, holdings, place) in accounts.into_values() {
        rows.push(account);
        listed.holdings.push(holdings);
        listed.places.push(place);
    }
    Listed { accounts: Accounts::new(&rows), ..listed }
}

/// Reports parents that are no account.
fn check_parents<T>(
    parents: &BTreeMap<String, Word>,
    accounts: &BTreeMap<String, T>,
    doubts: &Doubts,
    log: &mut Diagnostics,
) {
    let is_known = |id: &str| accounts.contains_key(id) || doubts.accounts || doubts.account_ids.contains(id);
    for parent in parents.values().filter(|parent| !is_known(&parent.text)) {
        let ids = accounts.keys().map(String::as_str);
        let similar = log.search(accounts.len(), || suggest::sentence("an account", &parent.text, ids));
        log.error(code::A003, parent.span, format!("`parent` is `{}`; there is no such account", parent.text))
            .help("write the id of the account that owns this one")
            .maybe_help(similar);
    }
}

/// Warns of accounts whose owners lead back to them: each ring once, at the first of its accounts.
fn check_rings(parents: &BTreeMap<String, Word>, log: &mut Diagnostics) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for start in parents.keys() {
        let (mut above, mut next) = (Vec::new(), Some(start.as_str()));
        while let Some(id) = next.filter(|id| seen.insert(*id)) {
            above.push(id);
            next = parents.get(id).map(|parent| parent.text.as_str());
        }
        let Some(first) = next.and_then(|back| above.iter().position(|id| *id == back)) else { continue };
        let mut ring = above.split_off(first);
        let smallest = (0..ring.len()).min_by_key(|at| ring.get(*at)).unwrap_or(0);
        ring.rotate_left(smallest);
        report_ring(&ring, parents, log);
    }
}

/// Whether an id looks like those of Salesforce where two accounts may differ by a capital alone: `001` and twelve more.
fn tells_capitals_apart(id: &str) -> bool {
    id.len() == 15 && id.starts_with("001") && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `ring` holds ids, each before its parent's.
fn report_ring(ring: &[&str], parents: &BTreeMap<String, Word>, log: &mut Diagnostics) {
    const SHOWN: usize = 4;
    let [first, others @ ..] = ring else { return };
    let Some(parent) = parents.get(*first) else { return };
    let message = match others {
        [] => format!("`{first}` is its own parent"),
        _ => format!("the parents of `{first}` lead back to it, over {}", suggest::listing(others.iter().copied())),
    };
    let found = log.warning(code::A007, parent.span, message);
    found.help("leave the cell of the company empty that nobody owns");
    for place in others.iter().take(SHOWN).filter_map(|id| parents.get(*id)) {
        found.related(place.span, "and here");
    }
}

fn columns<F: Copy + Ord>(
    named: &[(F, Word)],
    file: &str,
    sheet: &Sheet<'_>,
    log: &mut Diagnostics,
) -> BTreeMap<F, usize> {
    let mut columns = BTreeMap::new();
    let mut is_first = true;
    for (field, name) in named {
        match sheet.column(&name.text) {
            Some(column) => {
                if sheet.header().iter().filter(|known| **known == name.text).count() > 1 {
                    log.error(code::A002, name.span, format!("`{file}` has two columns `{}`", name.text))
                        .related(sheet.header_span(), "the header")
                        .help("give each its own name: nobody can say which is meant");
                }
                columns.insert(*field, column);
            }
            None => {
                let header = || sheet.header().iter().map(String::as_str);
                let found = log.error(code::A002, name.span, format!("`{file}` has no column `{}`", name.text));
                // Once is enough: of a wrong file all are missing.
                if mem::take(&mut is_first) {
                    found
                        .related(sheet.header_span(), "the header")
                        .help(format!("its columns are {}", suggest::listing(header())));
                }
                found.maybe_help(suggest::sentence("a column", &name.text, header()));
            }
        }
    }
    columns
}

/// The whole numbers that a field takes.
fn range(field: AccountField) -> RangeInclusive<i64> {
    match field {
        AccountField::Tier => 1..=3,
        AccountField::Intent => 0..=100,
        AccountField::Employees => 0..=i64::MAX,
        _ => i64::MIN..=i64::MAX,
    }
}

/// Where a column is that the site has named.
fn custom_column(column: &Column, file: &str, sheet: &Sheet<'_>, log: &mut Diagnostics) -> Option<usize> {
    columns(&[((), column.header.clone())], file, sheet, log).remove(&())
}

struct Reader<'a> {
    sheet: &'a Sheet<'a>,
    columns: BTreeMap<AccountField, usize>,
    custom: Vec<(&'a Column, usize)>,
    email_domains: bool,
}

impl Reader<'_> {
    fn account(&self, row: &Row, log: &mut Diagnostics) -> Option<(Word, Account)> {
        let id = self.required(row, AccountField::Id, log);
        let id = id.filter(|id| {
            let is_id = is_name(&id.text);
            if !is_id {
                let report = log
                    .error(code::A003, id.span, format!("`{}` is not an account id", id.text))
                    .help("an id has 1 to 64 characters: lower-case letters a to z, digits and `-`");
                if tells_capitals_apart(&id.text) {
                    report.help("of Salesforce's 15 characters capitals tell accounts apart: export its id of 18, in lower case");
                } else {
                    report.maybe_help(suggest::name(&id.text).map(|name| suggest::question(&name)));
                }
            }
            is_id
        });
        let name = self.required(row, AccountField::Name, log);
        let mut account = Account::new();
        for field in AccountField::ALL {
            account.extend(self.value(row, field, log).map(|cell| (field, cell)));
        }
        for (column, at) in &self.custom {
            let cell = self.sheet.cell(row, *at).and_then(|cell| column.value(&cell, log));
            account.extend(cell.map(|cell| (column.own.field, cell)));
        }
        name?;
        id.map(|id| (id, account))
    }

    /// What a cell says; nothing where it is empty or wrong.
    fn value(&self, row: &Row, field: AccountField, log: &mut Diagnostics) -> Option<Cell> {
        match (field, field.kind()) {
            (AccountField::Stage, _) => self.stage(row, log).map(Cell::Text),
            (_, Kind::Int) => self.int(row, field, range(field), log).map(Cell::Int),
            (AccountField::Domains, _) if self.email_domains => self.domains(row, log).map(Cell::List),
            (_, Kind::List) => self.list(row, field, log).map(Cell::List),
            _ => self.cell(row, field).map(|word| Cell::Text(word.shared())),
        }
    }

    /// Notes the account of a row that has errors: naming it is no second mistake.
    fn doubt(&self, row: &Row, doubts: &mut Doubts) {
        match self.cell(row, AccountField::Id).filter(|id| is_name(&id.text)) {
            Some(id) => drop(doubts.account_ids.insert(id.text)),
            None => doubts.accounts = true,
        }
    }

    fn cell(&self, row: &Row, field: AccountField) -> Option<Word> {
        self.sheet.cell(row, *self.columns.get(&field)?)
    }

    /// A cell that must not be empty. A column that is missing was reported with the header.
    fn required(&self, row: &Row, field: AccountField, log: &mut Diagnostics) -> Option<Word> {
        let column = *self.columns.get(&field)?;
        let cell = self.sheet.cell(row, column);
        if cell.is_none() {
            let name = self.sheet.header().get(column).map_or("", String::as_str);
            log.error(code::A005, self.sheet.row_span(row), format!("the account has no `{name}`"));
        }
        cell
    }

    fn int(&self, row: &Row, field: AccountField, range: RangeInclusive<i64>, log: &mut Diagnostics) -> Option<i64> {
        let cell = self.cell(row, field)?;
        match whole_number(&cell.text) {
            Some(value) if range.contains(&value) => return Some(value),
            Some(value) => {
                let (start, end) = (range.start(), range.end());
                let name = field.name();
                let expected = if *end == i64::MAX { format!("at least {start}") } else { format!("{start} to {end}") };
                log.error(code::A003, cell.span, format!("`{name}` is {value}; expected {expected}"));
            }
            None => {
                let (text, name) = (&cell.text, field.name());
                log.error(code::A003, cell.span, format!("`{name}` is `{text}`; expected a whole number"))
                    .help(match (range.start(), range.end()) {
                        (_, &i64::MAX) => {
                            "write digits, with commas between thousands if you like: `84000` or `84,000`".to_owned()
                        }
                        (start, end) => format!("write a number, {start} to {end}"),
                    })
                    .maybe_help(suggest::number(text).map(|number| format!("write `{number}`")));
            }
        }
        None
    }

    fn stage(&self, row: &Row, log: &mut Diagnostics) -> Option<Text> {
        let cell = self.cell(row, AccountField::Stage)?;
        let stage = STAGES.iter().find(|stage| cell.text.eq_ignore_ascii_case(stage));
        if stage.is_none() {
            log.error(code::A003, cell.span, format!("`{}` is not a stage", cell.text))
                .help(format!("expected one of {}", suggest::listing(STAGES)))
                .maybe_help(suggest::nearest(&cell.text, STAGES).map(suggest::question));
        }
        stage.map(|stage| Text::from(*stage))
    }

    /// The domains by which the account may be found; those by which it may not are reported and left out.
    fn domains(&self, row: &Row, log: &mut Diagnostics) -> Option<Vec<Text>> {
        let cell = self.cell(row, AccountField::Domains)?;
        let mut domains = self.list(row, AccountField::Domains, log)?;
        domains.retain(|domain| {
            let problem = email_domain::problem(domain);
            if let Some(problem) = problem {
                log.warning(code::A006, cell.span, format!("`{domain}` finds nobody: {problem}"));
            }
            problem.is_none()
        });
        Some(domains)
    }

    fn list(&self, row: &Row, field: AccountField, log: &mut Diagnostics) -> Option<Vec<Text>> {
        let cell = self.cell(row, field)?;
        let items: Vec<Text> = items(&cell).map(Text::from).collect();
        check_count(field.name(), items.len(), LIST_MAX, cell.span, log);
        Some(items)
    }
}

/// The items of a list in a cell.
pub(super) fn items(cell: &Word) -> impl Iterator<Item = &str> {
    cell.text.split(';').map(str::trim).filter(|item| !item.is_empty())
}

/// A whole number as CRM exports write them: `84000`, `84,000`, `84000.00`, `-5`. Three digits behind a point are refused:
/// half the world would write 84,000 so.
pub(super) fn whole_number(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.bytes().any(|byte| byte != b'0') || fraction.len() == 3 {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || !(1..=3).contains(&first.trim_start_matches('-').len()) {
            return None;
        }
        digits.push_str(group);
    }
    digits.parse().ok().filter(|_| !digits.starts_with('+'))
}

#[cfg(test)]
mod tests {
    use super::whole_number;

    #[test]
    fn numbers_are_read_as_crm_exports_write_them() {
        let check = |text: &str, expect: Option<i64>| assert_eq!(whole_number(text), expect, "{text}");
        check("84000", Some(84_000));
        check("84,000", Some(84_000));
        check("1,234,567", Some(1_234_567));
        check("84000.00", Some(84_000));
        check("-5", Some(-5));
        check("-5,000", Some(-5_000));
        for wrong in [
            "",
            "-",
            "1.5",
            "8,4000",
            "8400,000",
            "1e3",
            "$5",
            "+5",
            "5 000",
            "9223372036854775808",
            "84.000",
            ",123",
            "-,123",
        ] {
            check(wrong, None);
        }
    }
}
