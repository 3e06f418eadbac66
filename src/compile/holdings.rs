//! What accounts are called and hold beside what rules read: `nameplate match` looks for it, and no bundle carries it.

use std::collections::BTreeMap;

use crate::{
    compile::{
        accounts::items,
        code,
        csv::{Row, Sheet},
        diagnostic::Diagnostics,
        settings::check_count,
        yaml::Word,
    },
    limit::LIST_MAX,
    net::{Prefix, parse_asn},
};

/// What one account is called and holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holdings {
    /// Brands and other names.
    pub aliases: Vec<String>,
    /// Names that it, or what has merged into it, once had.
    pub former_names: Vec<String>,
    /// Names of companies that it owns and that are no account.
    pub subsidiaries: Vec<String>,
    /// Its autonomous systems.
    pub asns: Vec<u32>,
    /// Its prefixes.
    pub prefixes: Vec<Prefix>,
}

/// A column of the account list with some of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holding {
    Aliases,
    FormerNames,
    Subsidiaries,
    Asns,
    Prefixes,
}

impl Holding {
    pub(super) const ALL: [Self; 5] =
        [Self::Aliases, Self::FormerNames, Self::Subsidiaries, Self::Asns, Self::Prefixes];

    /// Its key under `accounts.columns`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Aliases => "aliases",
            Self::FormerNames => "former_names",
            Self::Subsidiaries => "subsidiaries",
            Self::Asns => "asns",
            Self::Prefixes => "prefixes",
        }
    }
}

/// What a row holds.
pub(super) fn read(
    sheet: &Sheet<'_>,
    row: &Row,
    columns: &BTreeMap<Holding, usize>,
    log: &mut Diagnostics,
) -> Holdings {
    let cell = |holding| columns.get(&holding).and_then(|column| sheet.cell(row, *column));
    let list = |holding: Holding, log: &mut Diagnostics| {
        let cell = cell(holding)?;
        check_count(holding.name(), items(&cell).count(), LIST_MAX, cell.span, log);
        Some(cell)
    };
    let names = |holding, log: &mut Diagnostics| {
        list(holding, log).iter().flat_map(items).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut holdings = Holdings {
        aliases: names(Holding::Aliases, log),
        former_names: names(Holding::FormerNames, log),
        subsidiaries: names(Holding::Subsidiaries, log),
        ..Holdings::default()
    };
    if let Some(cell) = list(Holding::Asns, log) {
        holdings.asns =
            parsed(&cell, parse_asn, "an autonomous system", "write `AS64500`, several with `;` between", log);
    }
    if let Some(cell) = list(Holding::Prefixes, log) {
        let prefix = |text: &str| Prefix::parse(text).ok();
        let help = "write an address and a length, such as `192.0.2.0/24`, without bits behind the length; several with `;` between";
        holdings.prefixes = parsed(&cell, prefix, "a prefix", help, log);
    }
    holdings
}

fn parsed<T>(cell: &Word, parse: impl Fn(&str) -> Option<T>, what: &str, help: &str, log: &mut Diagnostics) -> Vec<T> {
    let mut found = Vec::new();
    for item in items(cell) {
        match parse(item) {
            Some(value) => found.push(value),
            None => {
                log.error(code::A003, cell.span, format!("`{item}` is not {what}")).help(help);
            }
        }
    }
    found
}
