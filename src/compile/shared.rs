//! The list of shared egress, prefix, kind and source: where people of many companies come from, whoever else's the addresses are.

use crate::{
    compile::{
        code,
        csv::{Row, Sheet},
        diagnostic::{Diagnostics, Span},
        networks::{Listed, cell, check_source, read_prefix, take},
        settings::check_file,
        source::Sources,
        suggest,
        yaml::Word,
    },
    net::{Network, Origin, Source, Usage, Whose},
};

const COLUMNS: [&str; 3] = ["prefix", "kind", "source"];

/// The prefixes, ascending.
pub(super) fn read(file: &Word, sources: &Sources, log: &mut Diagnostics) -> Listed {
    let mut shared = Listed::default();
    if !check_file(file, sources, log) {
        return shared;
    }
    let Some(source) = sources.open(&file.text, log) else { return shared };
    let Some(sheet) = Sheet::read(source, code::N001, log) else { return shared };
    let is_known = sheet.header().iter().all(|name| COLUMNS.contains(&name.as_str()));
    let ([Some(prefix), Some(kind), Some(source)], true) = (COLUMNS.map(|name| sheet.column(name)), is_known) else {
        let found = sheet.header().join(",");
        log.error(code::N001, sheet.stranger_span(&COLUMNS), format!("the header is `{found}`"))
            .help(format!("expected `{}`", COLUMNS.join(",")));
        return shared;
    };
    for row in sheet.rows() {
        if let Some((network, span)) = network(&sheet, row, [prefix, kind, source], log) {
            take(&mut shared, network, span, log);
        }
    }
    shared
}

fn network(
    sheet: &Sheet<'_>,
    row: &Row,
    [prefix, kind, source]: [usize; 3],
    log: &mut Diagnostics,
) -> Option<(Network, Span)> {
    let prefix = cell(sheet, row, prefix, log);
    let span = prefix.as_ref().map(|prefix| prefix.span);
    // However wide it is: to take many for nobody's is no mistake that anybody sees.
    let prefix = prefix.and_then(|word| read_prefix(&word, true, log));
    let usage = cell(sheet, row, kind, log).and_then(|word| usage(&word, log));
    let source = cell(sheet, row, source, log).filter(|source| check_source(source, log));
    let (prefix, whose) = (prefix?, Whose::Shared(usage?));
    let origin = Origin { whose, confidence: 0, seen: None, source: Source::new(&source?.text, "") };
    Some((Network { prefix, origin }, span?))
}

fn usage(word: &Word, log: &mut Diagnostics) -> Option<Usage> {
    let shared = || Usage::ALL.into_iter().filter(|usage| usage.is_shared());
    let found = shared().find(|usage| usage.name() == word.text);
    if found.is_none() {
        log.error(code::N011, word.span, format!("`{}` is no kind of shared egress", word.text))
            .help(format!("expected one of {}", suggest::listing(shared().map(Usage::name))))
            .maybe_help(suggest::nearest(&word.text, shared().map(Usage::name)).map(suggest::question));
    }
    found
}
