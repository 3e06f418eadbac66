//! `nameplate.yaml`: the site's name, its files, and the names that all other files use.

use std::cell::RefCell;

use crate::{
    compile::{
        allow, code,
        columns::{self, Column},
        cookies, custom,
        diagnostic::{Diagnostics, Span},
        holdings::Holding,
        link::{host_in, is_host},
        lint::Spot,
        scope::Doubts,
        source::{Source, Sources},
        suggest,
        table::{Table, check_unique},
        yaml::{self, Node, Value, Word},
    },
    limit::{LIST_MAX, PLACEMENT_MAX, SEGMENT_MAX, SLOT_MAX},
    model::{AccountField, Grade, Kind, Placement, Site, Size, Slot, Targeting, Text},
};

/// Where the settings are, in every site folder.
pub(super) const FILE: &str = "nameplate.yaml";
/// Characters that a slot may allow its text.
pub(super) const TEXT_CHAR_MAX: i64 = 100_000;
/// What `targeting` may name.
pub(super) const TOLD: [&str; 3] = ["tier", "stage", "segments"];
/// Stands for [`FILE`] where it is missing.
const NO_FILE: usize = usize::MAX;

/// What `nameplate.yaml` says.
pub(super) struct Settings<'a> {
    pub(super) source: Source<'a>,
    /// Name, salt, holdout, confidence, hosts, slots and placements are filled.
    pub(super) site: Site,
    /// Hosts that content may link to beside the site's own.
    pub(super) link_hosts: Vec<String>,
    pub(super) accounts: Option<AccountsSetting>,
    pub(super) networks: Option<Word>,
    /// The list of shared egress.
    pub(super) shared: Option<Word>,
    /// Where address databases have what, beside what is known: fields and paths.
    pub(super) databases: Vec<(Word, Word)>,
    /// Names and conditions; a condition that could not be read is `None`.
    pub(super) segments: Vec<(Word, Option<Word>)>,
    /// For each slot, in their order, how many characters its text may have.
    pub(super) max_lengths: Vec<Option<usize>>,
    /// Where slots and placements are named, in their order.
    pub(super) slot_places: Vec<Spot>,
    pub(super) placement_places: Vec<Spot>,
    /// What pages tell on their own: names and types.
    pub(super) custom: Vec<(Text, Kind)>,
    /// Parameters of the page's query that conditions read, as they are met.
    pub(super) query: RefCell<Vec<Text>>,
    /// Paths on the site and the files that show them in a preview.
    pub(super) pages: Vec<(Word, Word)>,
    /// Lists that could not be read.
    pub(super) doubts: Doubts,
}

/// Where the accounts are, and which column is which field.
pub(super) struct AccountsSetting {
    pub(super) file: Word,
    pub(super) columns: Vec<(AccountField, Word)>,
    pub(super) holdings: Vec<(Holding, Word)>,
    /// Columns that are no field of ours.
    pub(super) custom: Vec<Column>,
    /// Whether the domain of a visitor's e-mail address finds his account.
    pub(super) email_domains: bool,
}

/// The settings, or `None` when the file is missing or no table.
pub(super) fn read<'a>(sources: &'a Sources, log: &mut Diagnostics) -> Option<Settings<'a>> {
    let Some(source) = sources.open(FILE, log) else {
        if !sources.contains(FILE) {
            let nowhere = Span { file: NO_FILE, start: 0, end: 0 };
            log.error(code::S001, nowhere, format!("the folder has no `{FILE}`"))
                .help("it names the site, its accounts and its slots; see data/site for a whole example");
        }
        return None;
    };
    let mut table = Table::new(yaml::parse(source, log)?, "nameplate.yaml", source, log)?;
    let mut doubts = Doubts::default();
    let name = table.text("site", log);
    let salt = table.optional_text("salt", log);
    let hosts = table.texts("hosts", log);
    let mut site = Site {
        salt: salt.or_else(|| name.clone()).map(|salt| salt.shared()).unwrap_or_default(),
        name: name.map(|name| name.shared()).unwrap_or_default(),
        holdout_bp: basis_points(table.int("holdout_percent", 0..=100, 0, log)),
        hosts: hosts.iter().flatten().map(Word::shared).collect(),
        ..Site::default()
    };
    check_hosts(hosts.iter().flatten(), log);
    let place = hosts.iter().flatten().nth(LIST_MAX).map_or(table.span(), |host| host.span);
    check_count("hosts", site.hosts.len(), LIST_MAX, place, log);
    if hosts.is_none() {
        let message = "nameplate.yaml needs the key `hosts`".to_owned();
        table.miss(
            "hosts",
            table.span(),
            message,
            Some("the hosts of the site itself, such as `hosts: [www.example.com]`"),
        );
    }
    read_confidence(&mut table, &mut site, log);
    let accounts = read_accounts(&mut table, log);
    let named = accounts.iter().flat_map(|accounts| &accounts.custom);
    site.names.columns = named.map(|column| column.own.clone()).collect();
    let mut max_lengths = Vec::new();
    let slot_places = read_slots(&mut table, source, &mut site, &mut max_lengths, log);
    let placement_places = read_placements(&mut table, source, &mut site, log);
    (doubts.slots, doubts.placements) = (slot_places.is_none(), placement_places.is_none());
    allow::read(&mut table, log);
    site.targeting = read_targeting(&mut table, log);
    let custom = custom::read(&mut table, source, log);
    site.names.page = custom.iter().map(|(name, _)| name.clone()).collect();
    cookies::read(&mut table, source, &mut site.names, log);
    let link_hosts = table.texts("link_hosts", log).unwrap_or_default();
    check_hosts(link_hosts.iter(), log);
    let segments = read_segments(&mut table, source, log);
    doubts.segments = segments.is_none();
    let settings = Settings {
        source,
        site,
        link_hosts: link_hosts.into_iter().map(|host| host.text).collect(),
        accounts,
        networks: table.optional_text("networks", log),
        shared: table.optional_text("shared", log),
        databases: read_databases(&mut table, log),
        segments: segments.unwrap_or_default(),
        max_lengths,
        slot_places: slot_places.unwrap_or_default(),
        placement_places: placement_places.unwrap_or_default(),
        custom,
        query: RefCell::default(),
        pages: read_pages(&mut table, source, sources, log),
        doubts,
    };
    table.finish(log);
    Some(settings)
}

/// A share in percent, 0 to 100, as basis points.
pub(super) fn basis_points(percent: i64) -> u16 {
    u16::try_from(percent.saturating_mul(100)).unwrap_or(0)
}

fn check_hosts<'a>(hosts: impl Iterator<Item = &'a Word>, log: &mut Diagnostics) {
    for host in hosts.filter(|host| !is_host(&host.text)) {
        log.error(code::S013, host.span, format!("`{}` is not a host", host.text))
            .help("write it as URLs do, without scheme and path: `www.example.com`")
            .maybe_help(host_in(&host.text).map(|host| suggest::question(&host)));
    }
}

fn read_confidence(table: &mut Table<'_>, site: &mut Site, log: &mut Diagnostics) {
    let Some(mut confidence) = table.table("confidence", "confidence", log) else { return };
    site.content_confidence = least_confidence(&mut confidence, "content", log);
    site.ads_confidence = least_confidence(&mut confidence, "ads", log);
    confidence.finish(log);
}

/// From which confidence on something acts: a number, or the grade that begins there.
fn least_confidence(table: &mut Table<'_>, key: &'static str, log: &mut Diagnostics) -> u8 {
    let Some(node) = table.take(key) else { return 0 };
    match &node.value {
        Value::Text(text) if text.starts_with(char::is_alphabetic) => {
            let grade = Grade::from_name(text);
            if grade.is_none() {
                let grades = suggest::listing(Grade::ALL.map(Grade::name));
                log.error(code::S013, node.span, format!("`{text}` is no grade"))
                    .help(format!("expected 0 to 100, or one of {grades}"))
                    .maybe_help(suggest::nearest(text, Grade::ALL.map(Grade::name)).map(suggest::question));
            }
            grade.map_or(0, Grade::least)
        }
        _ => table.whole(key, &node, 0..=100, log).and_then(|percent| u8::try_from(percent).ok()).unwrap_or(0),
    }
}

fn read_targeting(table: &mut Table<'_>, log: &mut Diagnostics) -> Targeting {
    let mut targeting = Targeting::default();
    for word in table.texts("targeting", log).unwrap_or_default() {
        match word.text.as_str() {
            "tier" => targeting.tier = true,
            "stage" => targeting.stage = true,
            "segments" => targeting.segments = true,
            _ => {
                log.error(code::S013, word.span, format!("`{}` is nothing that ads are chosen by", word.text))
                    .help(format!("expected some of {}", suggest::listing(TOLD)))
                    .maybe_help(suggest::nearest(&word.text, TOLD).map(suggest::question));
            }
        }
    }
    targeting
}

fn read_accounts(table: &mut Table<'_>, log: &mut Diagnostics) -> Option<AccountsSetting> {
    let node = table.require("accounts")?;
    let mut accounts = Table::new(node, "accounts", table.source(), log)?;
    let file = accounts.text("file", log);
    let (mut columns, mut holdings) = (Vec::new(), Vec::new());
    if let Some(node) = accounts.take("columns") {
        let mut table = Table::new(node, "accounts.columns", accounts.source(), log)?;
        for field in AccountField::ALL {
            let column = match field {
                AccountField::Id | AccountField::Name => table.text(field.name(), log),
                _ => table.optional_text(field.name(), log),
            };
            columns.extend(column.map(|column| (field, column)));
        }
        for holding in Holding::ALL {
            holdings.extend(table.optional_text(holding.name(), log).map(|column| (holding, column)));
        }
        table.finish(log);
    } else {
        let help = "which column is which field, such as `columns: { id: Account ID, name: Account Name }`";
        accounts.miss("columns", accounts.span(), "accounts needs the key `columns`".to_owned(), Some(help));
    }
    let custom = columns::read(&mut accounts, table.source(), log);
    let email_domains = accounts.boolean("email_domains", log).unwrap_or(false);
    if email_domains && !columns.iter().any(|(field, _)| *field == AccountField::Domains) {
        let message = "accounts with `email_domains` need the column `domains`".to_owned();
        accounts.miss("columns", accounts.span(), message, Some("add it, such as `columns: { domains: Website }`"));
    }
    accounts.finish(log);
    Some(AccountsSetting { file: file?, columns, holdings, custom, email_domains })
}

/// Fields of address databases, and one or more paths for each.
fn read_databases(table: &mut Table<'_>, log: &mut Diagnostics) -> Vec<(Word, Word)> {
    let source = table.source();
    let mut found = Vec::new();
    for (field, node) in table.entries("databases", log).unwrap_or_default() {
        let nodes = match node {
            Node { value: Value::List(nodes), .. } => nodes,
            node => vec![node],
        };
        let paths = nodes.into_iter().filter_map(|node| super::table::text(node, source, log));
        found.extend(paths.map(|path| (field.clone(), path)));
    }
    found
}

/// Fills the slots; where they are named comes back.
fn read_slots(
    table: &mut Table<'_>,
    source: Source<'_>,
    site: &mut Site,
    max_lengths: &mut Vec<Option<usize>>,
    log: &mut Diagnostics,
) -> Option<Vec<Spot>> {
    let slots = table.named("slots", log)?;
    check_count("slots", slots.len(), SLOT_MAX, slots.get(SLOT_MAX).map_or(table.span(), |(name, _)| name.span), log);
    let mut places = Vec::new();
    for (name, node) in slots {
        if name.text == Slot::REDIRECT {
            log.error(code::S004, name.span, format!("`{}` is the slot that redirects take", name.text))
                .help("give this one another name");
        }
        let mut found = Slot { name: name.shared(), selector: Text::default(), about: None };
        let (mut max_length, mut spot) = (None, Spot { name: name.span, selector: name.span });
        if let Some(mut slot) = Table::new(node, "a slot", source, log) {
            max_length = usize::try_from(slot.int("max_length", 1..=TEXT_CHAR_MAX, 0, log)).ok().filter(|max| *max > 0);
            (found.selector, spot.selector) = selector(&mut slot, name.span, log);
            found.about = slot.optional_text("about", log).map(|about| about.shared());
            slot.finish(log);
        }
        // One with errors stays too, so that the rest can be checked with its name.
        site.slots.push(found);
        places.push(spot);
        max_lengths.push(max_length);
    }
    Some(places)
}

/// Fills the placements; where they are named comes back.
fn read_placements(
    table: &mut Table<'_>,
    source: Source<'_>,
    site: &mut Site,
    log: &mut Diagnostics,
) -> Option<Vec<Spot>> {
    let placements = table.named("placements", log)?;
    let mut places = Vec::new();
    let place = placements.get(PLACEMENT_MAX).map_or(table.span(), |(name, _)| name.span);
    check_count("placements", placements.len(), PLACEMENT_MAX, place, log);
    for (name, node) in placements {
        let mut spot = Spot { name: name.span, selector: name.span };
        let mut found = Placement { name: name.shared(), selector: Text::default(), sizes: Vec::new(), label: None };
        if let Some(mut placement) = Table::new(node, "a placement", source, log) {
            let words = placement.texts("sizes", log);
            if words.is_none() {
                let message = format!("placement `{}` needs the key `sizes`", name.text);
                let help = "the sizes that fit, the preferred one first, such as `sizes: [300x250]`";
                placement.miss("sizes", name.span, message, Some(help));
            }
            let words = words.unwrap_or_default();
            check_count("sizes", words.len(), LIST_MAX, words.get(LIST_MAX).map_or(name.span, |word| word.span), log);
            (found.selector, spot.selector) = selector(&mut placement, name.span, log);
            found.sizes = words.iter().filter_map(|word| size(word, log)).collect();
            // One wrong size leaves the others, but nobody can say then what does not fit.
            if found.sizes.len() < words.len() {
                found.sizes.clear();
            }
            found.label = placement.optional_text("label", log).map(|label| label.shared());
            placement.finish(log);
        }
        site.placements.push(found);
        places.push(spot);
    }
    Some(places)
}

/// The CSS selector of a slot or placement, and where it is written. What no browser would read is reported; the rest of the grammar is the
/// browser's.
fn selector(table: &mut Table<'_>, nowhere: Span, log: &mut Diagnostics) -> (Text, Span) {
    let Some(word) = table.text("selector", log) else { return (Text::default(), nowhere) };
    if !may_be_selector(&word.text) {
        log.error(code::S013, word.span, format!("`{}` is not a CSS selector", word.text))
            .help("write `#hero h1`, `.plans > li` or `[data-slot=\"hero\"]`");
    }
    (word.shared(), word.span)
}

/// Whether brackets and quotes close, nothing is left open at the end, and there is no sign that no selector has.
fn may_be_selector(text: &str) -> bool {
    let mut open = Vec::new();
    for c in text.chars() {
        match (open.last(), c) {
            (Some(quote @ ('"' | '\'')), c) if c == *quote => drop(open.pop()),
            (Some('"' | '\''), _) => {}
            (_, '(' | '[' | '"' | '\'') => open.push(c),
            (Some('('), ')') | (Some('['), ']') => drop(open.pop()),
            (_, ')' | ']' | '{' | '}' | ';' | '<' | '@' | '“' | '”' | '„' | '‘' | '’' | '`') => return false,
            _ => {}
        }
    }
    let text = text.trim();
    let is_number = text.strip_prefix('-').unwrap_or(text).starts_with(|c: char| c.is_ascii_digit());
    let is_unfinished = text.ends_with(['#', '.', ',', '>', '+', '~', ':']) || text.starts_with([',', '>', '+', '~']);
    open.is_empty() && !text.is_empty() && !is_number && !is_unfinished && !text.contains("##") && !text.contains("..")
}

/// The size that a word spells.
pub(super) fn size(word: &Word, log: &mut Diagnostics) -> Option<Size> {
    let size: Option<Size> = word.text.parse().ok();
    if size.is_none() {
        let bare: String = word.text.to_lowercase().split_whitespace().collect();
        let meant: Option<Size> = bare.replace(['×', '*'], "x").trim_end_matches("px").parse().ok();
        log.error(code::D004, word.span, format!("`{}` is not a size", word.text))
            .help(format!("write width and height in pixels, 1 to {}, such as `300x250`", Size::SIDE_MAX))
            .maybe_help(meant.map(|size| suggest::question(&size.to_string())));
    }
    size
}

fn read_segments(
    table: &mut Table<'_>,
    source: Source<'_>,
    log: &mut Diagnostics,
) -> Option<Vec<(Word, Option<Word>)>> {
    let segments = table.named("segments", log)?;
    let place = segments.get(SEGMENT_MAX).map_or(table.span(), |(name, _)| name.span);
    check_count("segments", segments.len(), SEGMENT_MAX, place, log);
    let mut segments: Vec<(Word, Option<Word>)> =
        segments.into_iter().map(|(name, node)| (name, super::table::condition(node, source, log))).collect();
    segments.sort_by(|a, b| a.0.text.cmp(&b.0.text));
    Some(segments)
}

fn read_pages(
    table: &mut Table<'_>,
    source: Source<'_>,
    sources: &Sources,
    log: &mut Diagnostics,
) -> Vec<(Word, Word)> {
    let Some(pages) = table.table("pages", "paths and files", log) else { return Vec::new() };
    let mut found = Vec::new();
    for (path, node) in pages.rest() {
        if !path.text.starts_with('/') {
            log.error(code::S013, path.span, format!("`{}` is not a path", path.text))
                .help("a path on the site begins with `/`");
        }
        let Some(file) = super::table::text(node, source, log) else { continue };
        if check_file(&file, sources, log) {
            found.push((path, file));
        }
    }
    check_unique("page", found.iter().map(|(path, _)| path), log);
    found
}

/// Whether the file that a source names is there; if not, that is reported.
pub(super) fn check_file(file: &Word, sources: &Sources, log: &mut Diagnostics) -> bool {
    let is_there = sources.contains(&file.text);
    if !is_there {
        log.error(code::S001, file.span, format!("there is no file `{}`", file.text))
            .help("paths are written from the site folder, with `/`")
            .maybe_help(suggest::sentence("a file", &file.text, sources.paths()));
    }
    is_there
}

/// Reports more of something than a bundle holds, at the first that is too many.
pub(super) fn check_count(what: &str, count: usize, max: usize, span: Span, log: &mut Diagnostics) {
    if count > max {
        log.error(code::S009, span, format!("there are {count} {what}; a bundle holds {max}"));
    }
}

#[cfg(test)]
mod tests {
    use super::may_be_selector;

    #[test]
    fn what_no_browser_reads_is_no_selector() {
        for good in
            ["h1", "#hero h1", ".a.b > li:nth-child(2n+1)", "[data-x=\"a;b\"]", "a[href='x)']", "np-slot, .b", "*"]
        {
            assert!(may_be_selector(good), "{good}");
        }
        for bad in [
            "",
            " ",
            "“#body”",
            "h1\"",
            "##body[",
            "#",
            ".a >",
            "> a",
            "a,",
            "a { b }",
            "a[b",
            "a)",
            "a..b",
            "`#a`",
            "5",
            "-1",
        ] {
            assert!(!may_be_selector(bad), "{bad}");
        }
    }
}
