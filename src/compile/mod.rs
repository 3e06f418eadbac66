//! A site folder to a bundle's contents.
//!
//! `parse` (YAML, CSV, CEL) → `check` and `lower` (names, types, programs) → [`Contents`]. Nothing here stops at the first
//! mistake: every file is read to its end and all that is wrong is reported, in the order of the files.

mod accounts;
mod allow;
mod case;
mod cel;
mod code;
mod columns;
mod contact;
mod content;
mod cookies;
mod count;
mod csv;
mod custom;
mod diagnostic;
mod email_domain;
mod experience;
mod groups;
mod holdings;
mod kin;
mod line_item;
mod link;
mod lint;
mod lower;
mod networks;
mod order;
mod pattern;
mod placed;
mod read;
mod render;
mod residual;
mod roster;
mod sanitise;
mod schema;
mod scope;
mod settings;
mod shared;
mod slices;
mod source;
mod specialise;
mod stack;
mod suggest;
mod syntax;
mod table;
mod template;
mod visit;
mod window;
mod written;
mod yaml;
mod zone;

pub use case::{Case, Expectation, Expected, Shown};
pub use code::{CODES, Code};
pub use count::plural;
pub use diagnostic::{Diagnostic, Severity, Span};
pub use holdings::Holdings;
pub use render::{FlatDiagnostic, Place, flatten, render};
pub use roster::{Roster, read_roster};
pub use schema::{FileSchema, schemas};
pub use source::Sources;
pub use specialise::Specialised;
pub use window::instant_of;

use std::collections::BTreeSet;

use crate::{
    bundle::Contents,
    compile::{
        diagnostic::Diagnostics,
        link::LinkPolicy,
        lint::{Places, Written},
        lower::{Reads, lower},
        placed::Placed,
        scope::Scope,
        settings::{Settings, check_count},
        table::check_unique,
        yaml::Word,
    },
    limit::{EXPERIENCE_MAX, LINE_ITEM_MAX},
    model::{Account, AccountField, Accounts, Change, Experience, Facts, LineItem, Segment, Site, Slot, Text, Visit},
    net::Networks,
    rule::{Context, Program, Programs, Truth, evaluate},
};

/// Where the experiences are, one a file.
const EXPERIENCES: &str = "experiences/";
/// Where the line items are, one a file.
const ADS: &str = "ads/";
/// Where the tests are, any number a file.
const TESTS: &str = "tests/";

/// What compiling a site gave.
#[derive(Debug)]
pub struct Compiled {
    /// What goes into a bundle; `None` when there was an error.
    pub contents: Option<Contents>,
    /// What specialising the rules for every account came to.
    pub specialised: Specialised,
    /// All that was found to be wrong, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// What is good to know, in the same order.
    pub notes: Vec<Diagnostic>,
    /// Paths on the site and the files that show them in a preview.
    pub pages: Vec<(String, String)>,
    /// The site's own tests, those without mistakes.
    pub cases: Vec<Case>,
}

/// What a compilation is at, for whoever waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Files are parsed and checked.
    Checking,
    /// Rules are specialised.
    Specialising {
        /// So many are done.
        done: usize,
        /// Of so many.
        of: usize,
    },
}

/// Who is told; the compiler itself prints nothing.
type Observer<'a> = &'a (dyn Fn(Step) + Sync);

/// Compiles a site. The same sources give the same contents.
#[must_use]
pub fn compile(sources: &Sources) -> Compiled {
    compile_observed(sources, None, &|_| ())
}

/// [`compile`], which tells `observer` of every step. With the time, Unix seconds, it also says what is over; the contents are the same.
#[must_use]
pub fn compile_observed(sources: &Sources, now: Option<i64>, observer: &(dyn Fn(Step) + Sync)) -> Compiled {
    stack::with_room(|| compile_here(sources, now, observer))
}

fn compile_here(sources: &Sources, now: Option<i64>, observer: Observer<'_>) -> Compiled {
    let mut log = Diagnostics::default();
    let mut pages = Vec::new();
    let mut specialised = Specialised::default();
    observer(Step::Checking);
    check_unread(sources, &mut log);
    let mut cases = Vec::new();
    let mut places = Places::default();
    let mut email_domains = false;
    let assembled = settings::read(sources, &mut log).map(|settings| {
        email_domains = settings.accounts.as_ref().is_some_and(|accounts| accounts.email_domains);
        pages = settings.pages.iter().map(|(path, file)| (path.text.clone(), file.text.clone())).collect();
        assemble(settings, sources, (&mut cases, &mut places), &mut log)
    });
    let contents = assembled.filter(|_| !log.has_errors()).map(|(mut site, mut rules, networks)| {
        let (classes, left, found) = specialise::specialise(&site, &mut rules, observer);
        specialised = found;
        let shown: Vec<_> = pages.iter().map(|(_, file)| sources.lossy(file)).collect();
        let subject = lint::Subject {
            site: &site,
            rules: &rules,
            networks: &networks,
            classes: &classes,
            cases: &left,
            places: &places,
            pages: &shown,
            now,
        };
        lint::check(&subject, &mut log);
        read::keep_what_is_read(&mut site, rules.all(), email_domains);
        if email_domains {
            kin::tell_countries(&mut site.accounts);
        }
        Contents { site, rules: rules.to_rules(), networks, classes }
    });
    if let Some(contents) = &contents {
        slices::check(contents, &places, &mut log);
    }
    let (notes, diagnostics) = log.into_sorted(sources).into_iter().partition(|found| found.severity == Severity::Note);
    Compiled { contents, specialised, diagnostics, notes, pages, cases }
}

/// A site with its names resolved, before it is specialised.
type Assembled = (Site, Programs, Networks);

fn assemble(
    mut settings: Settings<'_>,
    sources: &Sources,
    (cases, places): (&mut Vec<Case>, &mut Places),
    log: &mut Diagnostics,
) -> Assembled {
    let links = LinkPolicy::new(settings.site.hosts.iter().map(|host| &**host), &settings.link_hosts);
    let mut rules = Programs::default();
    let accounts::Listed { accounts, places: account_places, .. } = match &settings.accounts {
        Some(setting) => accounts::read(setting, sources, &mut settings.doubts, log),
        None => {
            settings.doubts.accounts = true;
            accounts::Listed::default()
        }
    };
    let scope = scope_of(&settings, &links, &accounts);
    let networks = settings.networks.as_ref().map(|file| networks::read(file, sources, &scope, log));
    let shared = settings.shared.as_ref().map(|file| shared::read(file, sources, log));
    let networks = networks::join(networks.unwrap_or_default(), shared.unwrap_or_default(), log);
    let segments: Vec<Segment> = settings
        .segments
        .iter()
        .zip(segment_programs(&settings, &scope, log))
        .map(|((name, _), program)| {
            let members = members(&accounts, &program);
            Segment { name: name.shared(), rule: rules.add(program), members }
        })
        .collect();

    let scope = Scope { segments: &segments, ..scope_of(&settings, &links, &accounts) };
    let errors = log.error_count();
    let experiences = read_experiences(sources, &scope, &mut rules, log);
    let line_items = read_line_items(sources, &scope, &mut rules, log);
    let in_doubt = log.error_count() > errors;
    let (experiences, experience_places) = ordered(experiences, |one| (one.priority, &one.name));
    let (line_items, line_item_places) = ordered(line_items, |one| (one.priority, &one.name));
    let known = case::Known { scope, experiences: &experiences, line_items: &line_items, in_doubt };
    *cases = case::read(paths(sources, TESTS), sources, &known, log);
    *places = Places {
        experiences: experience_places,
        line_items: line_item_places,
        accounts: account_places,
        segments: settings.segments.iter().map(|(name, _)| name.span).collect(),
        slots: settings.slot_places,
        placements: settings.placement_places,
        networks: settings.networks.as_ref().or(settings.accounts.as_ref().map(|all| &all.file)).map(|file| file.span),
        columns: settings.accounts.map_or_else(Vec::new, |accounts| {
            let for_recognising = [AccountField::Domains, AccountField::Parent];
            let is_optional = |field: &AccountField| !for_recognising.contains(field) && !read::ALWAYS.contains(field);
            let optional = accounts.columns.into_iter().filter(|(field, _)| is_optional(field));
            let custom = accounts.custom.iter().map(|column| (column.own.field, column.place));
            optional.map(|(field, column)| (field, column.span)).chain(custom).collect()
        }),
    };
    let mut site = Site { accounts, segments, experiences, line_items, ..settings.site };
    site.names.query = settings.query.into_inner();
    if site.experiences.iter().any(redirects) {
        site.slots.push(Slot::redirect());
    }
    (site, rules, networks)
}

fn redirects(experience: &Experience) -> bool {
    let contents = experience.variants.iter().flat_map(|variant| &variant.contents);
    contents.flat_map(|content| &content.changes).any(|change| matches!(change, Change::Redirect(_)))
}

/// The names that the settings and the account list give.
fn scope_of<'a>(settings: &'a Settings<'_>, links: &'a LinkPolicy, accounts: &'a Accounts) -> Scope<'a> {
    Scope {
        accounts,
        segments: &[],
        slots: &settings.site.slots,
        max_lengths: &settings.max_lengths,
        placements: &settings.site.placements,
        custom: &settings.custom,
        columns: &settings.site.names.columns,
        cookies: &settings.site.names.cookies,
        query: &settings.query,
        links,
        doubts: &settings.doubts,
    }
}

/// The programs of the segments. One that has errors is never, so that the rest can be checked with its name.
fn segment_programs(settings: &Settings<'_>, scope: &Scope<'_>, log: &mut Diagnostics) -> Vec<Program> {
    let mut program = |condition: &Word| lower(condition, settings.source, scope, Reads::Account, log);
    let programs = settings.segments.iter().map(|(_, when)| when.as_ref().and_then(&mut program));
    programs.map(|program| program.unwrap_or_else(|| Program::constant(false))).collect()
}

/// Ordered as they compete, by priority, then by name; and where each is written.
fn ordered<T>(mut all: Vec<Placed<T>>, key: fn(&T) -> (u16, &Text)) -> (Vec<T>, Vec<Written>) {
    all.sort_by(|a, b| {
        let ((a, a_name), (b, b_name)) = (key(&a.item), key(&b.item));
        (b, a_name).cmp(&(a, b_name))
    });
    all.into_iter().map(Placed::part).unzip()
}

fn read_experiences(
    sources: &Sources,
    scope: &Scope<'_>,
    rules: &mut Programs,
    log: &mut Diagnostics,
) -> Vec<Placed<Experience>> {
    let mut found = Vec::new();
    for path in paths(sources, EXPERIENCES) {
        let source = sources.open(path, log);
        found.extend(source.and_then(|source| experience::read(source, sources, scope, rules, log)));
    }
    check_unique("experience", found.iter().map(|one| &one.name), log);
    if let Some(last) = found.last() {
        check_count("experiences", found.len(), EXPERIENCE_MAX, last.name.span, log);
    }
    found
}

fn read_line_items(
    sources: &Sources,
    scope: &Scope<'_>,
    rules: &mut Programs,
    log: &mut Diagnostics,
) -> Vec<Placed<LineItem>> {
    let mut found = Vec::new();
    for path in paths(sources, ADS) {
        let source = sources.open(path, log);
        found.extend(source.and_then(|source| line_item::read(source, sources, scope, rules, log)));
    }
    check_unique("line item", found.iter().map(|one| &one.name), log);
    if let Some(last) = found.last() {
        check_count("line items", found.len(), LINE_ITEM_MAX, last.name.span, log);
    }
    found
}

/// The YAML files directly in a folder.
fn paths<'a>(sources: &'a Sources, folder: &'static str) -> impl Iterator<Item = &'a str> {
    sources.paths().filter(move |path| {
        let name = path.strip_prefix(folder).filter(|name| !name.contains('/'));
        name.is_some_and(is_yaml)
    })
}

fn is_yaml(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("yaml" | "yml"))
}

/// Whether it is meant to be YAML: editors that hide endings write `banks.yaml.txt`.
fn looks_like_yaml(name: &str) -> bool {
    is_yaml(name.strip_suffix(".txt").unwrap_or(name))
}

/// Warns of YAML files that nothing reads: whoever wrote them thinks that they do something.
fn check_unread(sources: &Sources, log: &mut Diagnostics) {
    let folders = [EXPERIENCES, ADS, TESTS];
    let read: BTreeSet<&str> =
        folders.into_iter().flat_map(|folder| paths(sources, folder)).chain([settings::FILE]).collect();
    for path in sources.paths().filter(|path| looks_like_yaml(path) && !read.contains(path)) {
        log.warning(code::S014, sources.span_of(path), format!("nothing reads `{path}`")).help(format!(
            "experiences lie directly in `{EXPERIENCES}`, line items in `{ADS}` and tests in `{TESTS}`, in lower case, and end in `.yaml`"
        ));
    }
}

/// The accounts for which the rule of a segment holds. It reads only the account, so no visit is needed to know.
fn members(accounts: &Accounts, program: &Program) -> Vec<u32> {
    let visit = Visit::default();
    let is_in = |account: Account<'_>| {
        let facts = Facts::new(Some(account), &visit);
        evaluate(program, Context { facts: &facts, address: None, segments: &[] }) == Truth::Yes
    };
    (0_u32..).zip(accounts.iter()).filter(|(_, account)| is_in(*account)).map(|(position, _)| position).collect()
}
