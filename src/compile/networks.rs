//! The network list: prefix, account, confidence, source; `wide` where a very wide prefix is meant, and `seen`, the day on which an
//! address database said so.

use std::{collections::BTreeMap, net::IpAddr};

use jiff::civil::Date;

use crate::{
    compile::{
        code,
        csv::{Row, Sheet},
        diagnostic::{Diagnostics, Span},
        scope::Scope,
        settings::{check_count, check_file},
        source::Sources,
        suggest,
        yaml::Word,
    },
    limit::{PREFIX_MAX, WIDEST_V4, WIDEST_V6},
    model::Account,
    net::{AddressClass, Network, Networks, Origin, Prefix, PrefixError, Source, Whose},
};

const COLUMNS: [&str; 4] = ["prefix", "account", "confidence", "source"];
/// Columns that need not be there.
const OPTIONAL: [&str; 2] = ["wide", "seen"];
const SOURCE_CHAR_MAX: usize = 200;

/// Prefixes, ascending, each with its place in its file.
pub(super) type Listed = BTreeMap<Prefix, (Network, Span)>;

/// The networks of the accounts.
pub(super) fn read(file: &Word, sources: &Sources, scope: &Scope<'_>, log: &mut Diagnostics) -> Listed {
    let mut networks = Listed::default();
    if !check_file(file, sources, log) {
        return networks;
    }
    let Some(source) = sources.open(&file.text, log) else { return networks };
    let Some(sheet) = Sheet::read(source, code::N001, log) else { return networks };
    let Some(columns) = columns(&sheet, log) else { return networks };
    for row in sheet.rows() {
        if let Some((network, span)) = (Reader { sheet: &sheet, row, columns, scope }).network(log) {
            take(&mut networks, network, span, log);
        }
    }
    networks
}

/// Takes a network into a list, unless the list has its prefix.
pub(super) fn take(networks: &mut Listed, network: Network, span: Span, log: &mut Diagnostics) {
    match networks.get(&network.prefix) {
        Some((first, first_span)) => {
            let how = match (first.origin.whose, network.origin.whose) {
                (Whose::Account(first), Whose::Account(second)) if first != second => "for two accounts",
                _ => "twice",
            };
            log.error(code::N004, span, format!("the prefix `{}` is listed {how}", network.prefix))
                .related(*first_span, "the first");
        }
        None => drop(networks.insert(network.prefix, (network, span))),
    }
}

/// The networks of the accounts and those that many share. What lies in shared egress is no account's, however long the prefix that
/// says so: who listed it is told.
pub(super) fn join(networks: Listed, shared: Listed, log: &mut Diagnostics) -> Networks {
    let last = networks.values().chain(shared.values()).map(|(_, span)| *span).next_back();
    let mut all: Vec<(Network, Span)> = shared.into_values().chain(networks.into_values()).collect();
    // The sort is stable: of equal prefixes the shared one comes first.
    all.sort_by_key(|(network, _)| network.prefix);
    let mut outer: Option<(Prefix, &'static str, Span)> = None;
    all.retain(|(Network { prefix, origin }, span)| {
        let around = outer.filter(|(outer, ..)| outer.contains(prefix.first()));
        match (origin.whose, around) {
            (Whose::Account(_), Some((outer, usage, place))) => {
                log.warning(
                    code::N007,
                    *span,
                    format!("`{prefix}` can match nobody: `{outer}` is shared egress ({usage})"),
                )
                .related(place, "the shared prefix");
                return false;
            }
            (Whose::Shared(usage), None) => outer = Some((*prefix, usage.name(), *span)),
            _ => {}
        }
        true
    });
    if let Some(span) = last {
        check_count("prefixes", all.len(), PREFIX_MAX, span, log);
    }
    Networks::new(all.into_iter().map(|(network, _)| network))
}

/// Where the columns are: those that must be there, and the others.
type Columns = ([usize; 4], [Option<usize>; 2]);

fn columns(sheet: &Sheet<'_>, log: &mut Diagnostics) -> Option<Columns> {
    let known = [&COLUMNS[..], &OPTIONAL].concat();
    match COLUMNS.map(|name| sheet.column(name)) {
        [Some(prefix), Some(account), Some(confidence), Some(source)]
            if sheet.header().iter().all(|name| known.contains(&name.as_str())) =>
        {
            Some(([prefix, account, confidence, source], OPTIONAL.map(|name| sheet.column(name))))
        }
        _ => {
            let found = sheet.header().join(",");
            let (must, may) = (COLUMNS.join(","), OPTIONAL.join("` and `"));
            log.error(code::N001, sheet.stranger_span(&known), format!("the header is `{found}`"))
                .help(format!("expected `{must}`, and `{may}` where prefixes need them"));
            None
        }
    }
}

struct Reader<'a> {
    sheet: &'a Sheet<'a>,
    row: &'a Row,
    columns: Columns,
    scope: &'a Scope<'a>,
}

impl Reader<'_> {
    fn network(&self, log: &mut Diagnostics) -> Option<(Network, Span)> {
        let ([prefix, account, confidence, source], [wide, seen]) = self.columns;
        let may_have = |column: Option<usize>| self.sheet.cell(self.row, column?);
        let mut has = |column| cell(self.sheet, self.row, column, log);
        let [prefix, account, confidence, source] = [has(prefix), has(account), has(confidence), has(source)];
        let span = prefix.as_ref().map(|prefix| prefix.span);
        let is_wide = may_have(wide).is_some_and(|cell| cell.text == "yes");
        let prefix = prefix.and_then(|word| read_prefix(&word, is_wide, log));
        let account = account.and_then(|id| self.account(&id, log));
        let confidence = confidence.and_then(|cell| read_confidence(&cell, log));
        let source = source.filter(|source| check_source(source, log));
        let seen = may_have(seen).and_then(|cell| read_day(&cell, log));
        let (prefix, account, confidence) = (prefix?, account?, confidence?);
        let name = usize::try_from(account)
            .ok()
            .and_then(|account| self.scope.accounts.get(account))
            .map_or("", Account::name);
        let source = Source::new(&source?.text, name);
        Some((Network { prefix, origin: Origin { whose: Whose::Account(account), confidence, seen, source } }, span?))
    }

    fn account(&self, id: &Word, log: &mut Diagnostics) -> Option<u32> {
        let account = self.scope.account(&id.text);
        if account.is_none() && !self.scope.may_be_account(&id.text) {
            let may_search = log.may_search(self.scope.accounts.len());
            let found = log.error(code::N005, id.span, format!("there is no account `{}`", id.text));
            if may_search {
                found
                    .help(format!("the account list has {}", suggest::listing(self.scope.account_ids())))
                    .maybe_help(suggest::sentence("an account", &id.text, self.scope.account_ids()))
                    .maybe_help(self.scope.account_of_name(&id.text).map(suggest::question));
            }
        }
        account
    }
}

/// A cell that must not be empty.
pub(super) fn cell(sheet: &Sheet<'_>, row: &Row, column: usize, log: &mut Diagnostics) -> Option<Word> {
    let cell = sheet.cell(row, column);
    if cell.is_none() {
        let name = sheet.header().get(column).map_or("", String::as_str);
        log.error(code::N001, sheet.row_span(row), format!("the row has no `{name}`"));
    }
    cell
}

pub(super) fn read_prefix(word: &Word, is_wide: bool, log: &mut Diagnostics) -> Option<Prefix> {
    let text = &word.text;
    let prefix = match Prefix::parse(text) {
        Ok(prefix) => prefix,
        Err(PrefixError::Shape) => {
            log.error(code::N002, word.span, format!("`{text}` is not a prefix"))
                .help("write an address and a length, such as `192.0.2.0/24` or `2001:db8::/32`")
                .maybe_help(meant_prefix(text));
            return None;
        }
        Err(PrefixError::Length) => {
            log.error(code::N002, word.span, format!("the length of `{text}` is too large"))
                .help("an IPv4 prefix has up to 32 bits, an IPv6 prefix up to 128");
            return None;
        }
        Err(PrefixError::HostBits(meant)) => {
            log.error(code::N003, word.span, format!("`{text}` has bits set behind its length"))
                .help(format!("did you mean `{meant}`?"));
            return None;
        }
    };
    let widest = if matches!(prefix, Prefix::V4 { .. }) { WIDEST_V4 } else { WIDEST_V6 };
    if prefix.length() < widest && !is_wide {
        log.error(code::N006, word.span, format!("`{text}` is wider than /{widest}"))
            .help("if the account really has all of it, add a column `wide` and write `yes` in it");
        return None;
    }
    if let AddressClass::Special(class) = prefix.first().class() {
        log.warning(code::N007, word.span, format!("`{text}` can match nobody: it is {class} space"))
            .help("list the addresses that a site on the internet sees");
    }
    Some(prefix)
}

/// What to write for a text that is nearly a prefix.
fn meant_prefix(text: &str) -> Option<String> {
    let bare: String = text.split_whitespace().collect();
    if let Ok(prefix) = Prefix::parse(&bare) {
        return Some(suggest::question(&prefix.to_string()));
    }
    let (first, last) = text.split_once('-').map_or((text, None), |(first, last)| (first, Some(last)));
    let length =
        |address: &str| address.trim().parse::<IpAddr>().ok().map(|address| if address.is_ipv4() { 32 } else { 128 });
    let all = length(first)?;
    match last {
        None => Some(format!("write `{first}/{all}` for this address alone")),
        Some(last) => length(last).map(|_| "a range is not read: write its prefixes, one a row".to_owned()),
    }
}

fn read_confidence(cell: &Word, log: &mut Diagnostics) -> Option<u8> {
    let confidence = cell.text.parse().ok().filter(|confidence| *confidence <= 100);
    if confidence.is_none() {
        let meant = suggest::number(&cell.text).filter(|number| (0..=100).contains(number));
        log.error(code::N008, cell.span, format!("the confidence is `{}`; expected 0 to 100", cell.text))
            .help("write a whole number, such as `80`")
            .maybe_help(meant.map(|number| format!("write `{number}`")));
    }
    confidence
}

/// Days since 1970.
fn read_day(cell: &Word, log: &mut Diagnostics) -> Option<u32> {
    let date = cell.text.parse::<Date>().ok().filter(|_| cell.text.len() == "2026-01-31".len());
    let days = date.and_then(|date| date.since(Date::constant(1970, 1, 1)).ok()?.get_days().try_into().ok());
    if days.is_none() {
        log.error(code::N010, cell.span, format!("`{}` is not a day since 1970", cell.text))
            .help("write the day of the address database, such as `2026-01-31`");
    }
    days
}

pub(super) fn check_source(cell: &Word, log: &mut Diagnostics) -> bool {
    let count = cell.text.chars().count();
    if count > SOURCE_CHAR_MAX {
        log.error(code::N009, cell.span, format!("the source has {count} characters; at most {SOURCE_CHAR_MAX} fit"));
    }
    count <= SOURCE_CHAR_MAX
}
