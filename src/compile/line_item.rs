//! `ads/*.yaml`: one line item a file.

use crate::{
    compile::{
        allow, code,
        content::read_file,
        diagnostic::{Diagnostics, Span},
        experience::{priority, weight},
        link,
        lower::{Reads, lower},
        placed::Placed,
        sanitise,
        scope::Scope,
        settings::{check_count, size},
        source::{Source, Sources},
        table::{Table, check_unique},
        template,
        window::window,
        yaml::{self, Node, Word},
    },
    limit::CREATIVE_MAX,
    model::{Creative, LineItem, Placement, Template},
    rule::Programs,
};

/// The line item of a file, or `None` when it has no name.
pub(super) fn read(
    source: Source<'_>,
    sources: &Sources,
    scope: &Scope<'_>,
    rules: &mut Programs,
    log: &mut Diagnostics,
) -> Option<Placed<LineItem>> {
    let mut table = Table::new(yaml::parse(source, log)?, "a line item", source, log)?;
    let name = table.name(log);
    table.optional_text("about", log);
    let when = table.condition("when", log);
    let rule = when.as_ref().and_then(|when| lower(when, source, scope, Reads::All, log));
    let priority = priority(&mut table, log);
    let weight = weight(&mut table, log);
    let place = table.place("flight");
    let flight = window(&mut table, "flight", log);
    allow::read(&mut table, log);
    let placements = read_placements(&mut table, scope, log);
    let creatives = read_creatives(&mut table, (source, sources), scope, placements.as_deref(), log);
    table.finish(log);
    let name = name?;
    // Without a rule there was an error, and no bundle: any position will do.
    let rule = rule.map_or(0, |rule| rules.add(rule));
    let placements = placements.unwrap_or_default();
    let item = LineItem { name: name.shared(), rule, priority, weight, flight, placements, creatives };
    let when = when.map_or(name.span, |when| when.span);
    Some(Placed { item, name, when, window: place, test: None, texts: Vec::new(), variants: Vec::new() })
}

/// Positions, ascending; `None` when one of them is wrong.
fn read_placements(table: &mut Table<'_>, scope: &Scope<'_>, log: &mut Diagnostics) -> Option<Vec<u32>> {
    let Some(words) = table.texts("placements", log) else {
        table.miss("placements", table.span(), "a line item needs the key `placements`".to_owned(), None);
        return None;
    };
    check_unique("placement", words.iter(), log);
    let found: Vec<Option<u32>> = words.iter().map(|word| scope.placement(word, log)).collect();
    let mut placements = found.into_iter().collect::<Option<Vec<u32>>>()?;
    placements.sort_unstable();
    placements.dedup();
    (!placements.is_empty()).then_some(placements)
}

fn read_creatives(
    table: &mut Table<'_>,
    files: (Source<'_>, &Sources),
    scope: &Scope<'_>,
    placements: Option<&[u32]>,
    log: &mut Diagnostics,
) -> Vec<Creative> {
    let items = table.list("creatives", "a list of creatives", "the line item has no creative", log);
    let place = items.get(CREATIVE_MAX).map_or(table.span(), |item| item.start());
    check_count("creatives", items.len(), CREATIVE_MAX, place, log);
    let read: Vec<_> = items.into_iter().filter_map(|item| read_creative(item, files, scope, log)).collect();
    check_unique("creative", read.iter().map(|(name, ..)| name), log);
    let position = |position: &u32| scope.placements.get(usize::try_from(*position).ok()?);
    let placements: Vec<&Placement> = placements.unwrap_or_default().iter().filter_map(position).collect();
    // Where a placement or its sizes are wrong, nobody can say what does not fit.
    if !placements.is_empty() && placements.iter().all(|placement| !placement.sizes.is_empty()) {
        for (name, size, creative) in &read {
            check_fits(name, *size, creative, &placements, log);
        }
    }
    read.into_iter().map(|(.., creative)| creative).collect()
}

/// A creative, its name, and the place of its size.
fn read_creative(
    node: Node,
    (source, sources): (Source<'_>, &Sources),
    scope: &Scope<'_>,
    log: &mut Diagnostics,
) -> Option<(Word, Span, Creative)> {
    let mut table = Table::new(node, "a creative", source, log)?;
    let name = table.name(log);
    let size = table.text("size", log).and_then(|word| size(&word, log).map(|size| (size, word.span)));
    let weight = weight(&mut table, log);
    let link = table.text("link", log).and_then(|word| template::url(&word, source, |url| scope.links.check(url), log));
    let alt = table.text("alt", log).and_then(|word| template::plain(&word, source, log));
    let image = table.optional_text("image", log);
    if let Some(image) = &image
        && let Err(reason) = scope.links.check(&image.text)
    {
        link::refuse(&image.text, &reason, image.span, log);
    }
    let span = table.span();
    let words = ["headline", "body", "cta"].map(|key| table.optional_text(key, log));
    let frames = [table.optional_text("html", log), table.optional_text("file", log)];
    let is_framed = frames.iter().any(Option::is_some);
    let is_empty = !is_framed && image.is_none() && words.first().is_none_or(Option::is_none);
    let beside = words.iter().chain([&image]).flatten().chain(frames.iter().flatten().skip(1)).next();
    if let (Some(frame), Some(beside)) = (frames.iter().flatten().next(), beside) {
        log.error(
            code::C003,
            beside.span,
            "only one of `html` and `file` can fill a creative, and nothing beside it".to_owned(),
        )
        .related(frame.span, "this fills all of it");
    }
    let html = frame(frames, source, sources, scope, log);
    let [headline, body, cta] =
        words.map(|word| word.and_then(|word| -> Option<Template> { template::plain(&word, source, log) }));
    let errors = log.error_count();
    table.finish(log);
    // A key that is misspelt was meant to be one of them.
    if is_empty && log.error_count() == errors {
        log.error(code::D002, span, "the creative has neither `image`, `headline` nor `html`".to_owned())
            .help("an image creative needs `image`, a text creative `headline`, an HTML creative `html` or `file`");
    }
    let (name, (size, size_span)) = (name?, size?);
    let creative = Creative {
        name: name.shared(),
        size,
        weight,
        link: link.unwrap_or_default(),
        alt: alt.unwrap_or_default(),
        image: image.map(|image| image.shared()),
        headline,
        body,
        cta,
        html,
    };
    Some((name, size_span, creative))
}

/// The HTML of a creative: as it stands in the line item, or in a file.
fn frame(
    [html, file]: [Option<Word>; 2],
    source: Source<'_>,
    sources: &Sources,
    scope: &Scope<'_>,
    log: &mut Diagnostics,
) -> Option<Template> {
    if let Some(html) = html {
        return sanitise::creative(&html, source, scope.links, log);
    }
    let (html, source) = read_file(&file?, sources, log)?;
    sanitise::creative(&html, source, scope.links, log)
}

/// Warns of a creative that no placement of its line item has room for: it would never show.
fn check_fits(name: &Word, size: Span, creative: &Creative, placements: &[&Placement], log: &mut Diagnostics) {
    if placements.iter().any(|placement| placement.sizes.contains(&creative.size)) {
        return;
    }
    let sizes = placements.iter().flat_map(|placement| &placement.sizes).map(|size| format!("`{size}`"));
    let sizes: std::collections::BTreeSet<String> = sizes.collect();
    let sizes: Vec<String> = sizes.into_iter().collect();
    log.warning(
        code::D003,
        size,
        format!("`{}` is {}; no placement of its line item takes that", name.text, creative.size),
    )
    .help(format!("the placements take {}", sizes.join(", ")));
}
