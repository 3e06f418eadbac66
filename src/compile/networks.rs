//! The network list: prefix, account, confidence, source, and `wide` where a very wide prefix is meant.

use std::collections::BTreeMap;

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
    net::{AddressClass, Network, Networks, Origin, Prefix, PrefixError, Source},
};

const COLUMNS: [&str; 4] = ["prefix", "account", "confidence", "source"];
const WIDE: &str = "wide";
const SOURCE_CHAR_MAX: usize = 200;

/// The networks, ascending by prefix.
pub(super) fn read(file: &Word, sources: &Sources, scope: &Scope<'_>, log: &mut Diagnostics) -> Networks {
    if !check_file(file, sources, log) {
        return Networks::default();
    }
    let Some(source) = sources.open(&file.text, log) else { return Networks::default() };
    let Some(sheet) = Sheet::read(source, code::N001, log) else { return Networks::default() };
    let Some(columns) = columns(&sheet, log) else { return Networks::default() };
    let mut networks: BTreeMap<Prefix, (Network, Span)> = BTreeMap::new();
    for row in sheet.rows() {
        let reader = Reader { sheet: &sheet, row, columns, scope };
        let Some((network, span)) = reader.network(log) else { continue };
        match networks.get(&network.prefix) {
            Some((first, first_span)) => {
                let whose = if first.origin.account == network.origin.account { "twice" } else { "for two accounts" };
                log.error(code::N004, span, format!("the prefix `{}` is listed {whose}", network.prefix))
                    .related(*first_span, "the first");
            }
            None => {
                networks.insert(network.prefix, (network, span));
            }
        }
    }
    check_count("prefixes", networks.len(), PREFIX_MAX, file.span, log);
    Networks::new(networks.into_values().map(|(network, _)| network))
}

/// Where the columns are; the last is `wide`, which need not be there.
fn columns(sheet: &Sheet<'_>, log: &mut Diagnostics) -> Option<[Option<usize>; 5]> {
    let [prefix, account, confidence, source] = COLUMNS.map(|name| sheet.column(name));
    let known = |name: &String| COLUMNS.contains(&name.as_str()) || name == WIDE;
    let is_whole = [prefix, account, confidence, source].iter().all(Option::is_some);
    if !is_whole || !sheet.header().iter().all(known) {
        let found = sheet.header().join(",");
        log.error(code::N001, sheet.header_span(), format!("the header is `{found}`"))
            .help(format!("expected `{}`, and `{WIDE}` if a prefix needs it", COLUMNS.join(",")));
        return None;
    }
    Some([prefix, account, confidence, source, sheet.column(WIDE)])
}

struct Reader<'a> {
    sheet: &'a Sheet<'a>,
    row: &'a Row,
    columns: [Option<usize>; 5],
    scope: &'a Scope<'a>,
}

impl Reader<'_> {
    fn network(&self, log: &mut Diagnostics) -> Option<(Network, Span)> {
        let [prefix, account, confidence, source, wide] = self.columns;
        let is_wide = wide.and_then(|column| self.sheet.cell(self.row, column)).is_some_and(|cell| cell.text == "yes");
        let prefix = self.cell(prefix, "prefix", log);
        let span = prefix.as_ref().map(|prefix| prefix.span);
        let prefix = prefix.and_then(|word| read_prefix(&word, is_wide, log));
        let account = self.cell(account, "account", log).and_then(|id| self.account(&id, log));
        let confidence = self.cell(confidence, "confidence", log).and_then(|cell| read_confidence(&cell, log));
        let source = self.cell(source, "source", log).filter(|source| check_source(source, log));
        let (prefix, account, confidence) = (prefix?, account?, confidence?);
        let name = usize::try_from(account)
            .ok()
            .and_then(|account| self.scope.accounts.get(account))
            .map_or("", Account::name);
        let origin = Origin { account, confidence, source: Source::new(&source?.text, name) };
        Some((Network { prefix, origin }, span?))
    }

    fn cell(&self, column: Option<usize>, name: &str, log: &mut Diagnostics) -> Option<Word> {
        let cell = self.sheet.cell(self.row, column?);
        if cell.is_none() {
            log.error(code::N001, self.sheet.row_span(self.row), format!("the row has no `{name}`"));
        }
        cell
    }

    fn account(&self, id: &Word, log: &mut Diagnostics) -> Option<u32> {
        let account = self.scope.account(&id.text);
        if account.is_none() && !self.scope.may_be_account(&id.text) {
            log.error(code::N005, id.span, format!("there is no account `{}`", id.text)).maybe_help(suggest::sentence(
                "an account",
                &id.text,
                self.scope.account_ids(),
            ));
        }
        account
    }
}

fn read_prefix(word: &Word, is_wide: bool, log: &mut Diagnostics) -> Option<Prefix> {
    let text = &word.text;
    let prefix = match Prefix::parse(text) {
        Ok(prefix) => prefix,
        Err(PrefixError::Shape) => {
            log.error(code::N002, word.span, format!("`{text}` is not a prefix"))
                .help("write an address and a length, such as `192.0.2.0/24` or `2001:db8::/32`");
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
            .help(format!("if the account really has all of it, add a column `{WIDE}` and write `yes` in it"));
        return None;
    }
    if let AddressClass::Special(class) = prefix.first().class() {
        log.warning(code::N007, word.span, format!("`{text}` can match nobody: it is {class} space"));
    }
    Some(prefix)
}

fn read_confidence(cell: &Word, log: &mut Diagnostics) -> Option<u8> {
    let confidence = cell.text.parse().ok().filter(|confidence| *confidence <= 100);
    if confidence.is_none() {
        log.error(code::N008, cell.span, format!("the confidence is `{}`; expected 0 to 100", cell.text));
    }
    confidence
}

fn check_source(cell: &Word, log: &mut Diagnostics) -> bool {
    let count = cell.text.chars().count();
    if count > SOURCE_CHAR_MAX {
        log.error(code::N009, cell.span, format!("the source has {count} characters; at most {SOURCE_CHAR_MAX} fit"));
    }
    count <= SOURCE_CHAR_MAX
}
