//! `experiences/*.yaml`: one experience a file.

use crate::{
    compile::{
        allow, code,
        content::Reader,
        diagnostic::{Diagnostics, Span},
        lint::Limited,
        lower::{Reads, lower},
        placed::Placed,
        scope::Scope,
        settings::{basis_points, check_count},
        source::{Source, Sources},
        suggest,
        table::{Table, check_unique},
        window::window,
        yaml::{self, Node, Word},
    },
    limit::{PRIORITY_MAX, VARIANT_MAX, WEIGHT_MAX},
    model::{Experience, SlotContent, Test, Unit, Variant},
    rule::Programs,
};

/// Whom variants are drawn for, as it is written; the first unless it is.
pub(super) const UNITS: [&str; 2] = ["account", "visitor"];

/// The experience of a file, or `None` when it has no name.
pub(super) fn read(
    source: Source<'_>,
    sources: &Sources,
    scope: &Scope<'_>,
    rules: &mut Programs,
    log: &mut Diagnostics,
) -> Option<Placed<Experience>> {
    let mut table = Table::new(yaml::parse(source, log)?, "an experience", source, log)?;
    let name = table.name(log);
    table.optional_text("about", log);
    let when = table.condition("when", log);
    let rule = when.as_ref().and_then(|when| lower(when, source, scope, Reads::All, log));
    let priority = priority(&mut table, log);
    let places = [table.place("schedule"), table.place("test")];
    let schedule = window(&mut table, "schedule", log);
    let test = read_test(&mut table, log);
    allow::read(&mut table, log);
    let reader = Reader { source, sources, scope };
    let (variants, names, texts) = read_variants(&reader, &mut table, log);
    table.finish(log);
    let name = name?;
    // Without a rule there was an error, and no bundle: any position will do.
    let rule = rule.map_or(0, |rule| rules.add(rule));
    let item = Experience { name: name.shared(), rule, priority, schedule, test, variants };
    let when = when.map_or(name.span, |when| when.span);
    let [window, test] = places;
    Some(Placed { item, name, when, window, test, texts, variants: names })
}

/// The priority of an experience or line item. It must be written: who wins is for its author to say.
pub(super) fn priority(table: &mut Table<'_>, log: &mut Diagnostics) -> u16 {
    u16::try_from(table.require_int("priority", 0..=i64::from(PRIORITY_MAX), log)).unwrap_or(0)
}

/// The weight of a variant, line item or creative; 1 when none is written.
pub(super) fn weight(table: &mut Table<'_>, log: &mut Diagnostics) -> u32 {
    u32::try_from(table.int("weight", 0..=i64::from(WEIGHT_MAX), 1, log)).unwrap_or(1)
}

fn read_test(table: &mut Table<'_>, log: &mut Diagnostics) -> Test {
    let mut result = Test { unit: Unit::Account, holdout_bp: 0 };
    let Some(mut test) = table.table("test", "a test", log) else { return result };
    if let Some(unit) = test.optional_text("unit", log) {
        match unit.text.as_str() {
            "account" => {}
            "visitor" => result.unit = Unit::Visitor,
            other => {
                log.error(code::S013, unit.span, format!("`{other}` is not a unit"))
                    .help("expected `account` (everybody of an account gets the same) or `visitor`")
                    .maybe_help(suggest::nearest(other, UNITS).map(suggest::question));
            }
        }
    }
    result.holdout_bp = basis_points(test.int("holdout_percent", 0..=100, 0, log));
    test.finish(log);
    result
}

/// The variants, where their names are, and their texts in slots that have a limit.
fn read_variants(
    reader: &Reader<'_>,
    table: &mut Table<'_>,
    log: &mut Diagnostics,
) -> (Vec<Variant>, Vec<Span>, Vec<Limited>) {
    let items = table.list("variants", "a list of variants", "the experience has no variant", log);
    let place = |number: usize| items.get(number).map_or(table.span(), |item| item.start());
    check_count("variants", items.len(), VARIANT_MAX, place(VARIANT_MAX), log);
    let first = place(0);
    let mut texts = Vec::new();
    let read: Vec<_> = items.into_iter().filter_map(|item| read_variant(reader, item, &mut texts, log)).collect();
    check_unique("variant", read.iter().map(|(name, _)| name), log);
    let (names, variants): (Vec<Span>, Vec<Variant>) =
        read.into_iter().map(|(name, variant)| (name.span, variant)).unzip();
    if !variants.is_empty() && variants.iter().all(|variant| variant.weight == 0) {
        log.error(code::S006, first, "the weights of the variants add to nothing".to_owned())
            .help("give one of them a weight; without `weight` it is 1");
    }
    (variants, names, texts)
}

fn read_variant(
    reader: &Reader<'_>,
    node: Node,
    texts: &mut Vec<Limited>,
    log: &mut Diagnostics,
) -> Option<(Word, Variant)> {
    let mut table = Table::new(node, "a variant", reader.source, log)?;
    let name = table.name(log);
    let weight = weight(&mut table, log);
    let mut contents = Vec::new();
    for (slot, node) in table.entries("slots", log).unwrap_or_default() {
        let position = reader.scope.slot(&slot, log);
        let (changes, text) = reader.changes(&slot, position, node, log);
        texts.extend(text.filter(|_| weight > 0));
        contents.extend(position.map(|slot| SlotContent { slot, changes }));
    }
    contents.sort_by_key(|content| content.slot);
    if let Some(url) = table.optional_text("redirect", log) {
        if !contents.is_empty() {
            log.error(code::C003, url.span, "a variant redirects or fills slots, not both".to_owned())
                .help("who is sent to another page does not see the slots of this one");
        }
        contents.extend(reader.redirect(&url, log));
    }
    table.finish(log);
    let name = name?;
    let variant = Variant { name: name.shared(), weight, contents };
    Some((name, variant))
}
