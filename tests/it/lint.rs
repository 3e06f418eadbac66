//! What a compiler knows that has every account before it: what never shows, what nobody uses, what stands in each other's way.

use std::collections::BTreeSet;

use nameplate::compile::{CODES, Severity, compile, compile_observed, flatten};

use crate::site;

const HERO: &str = "experiences/hero.yaml";
const AD: &str = "ads/offer.yaml";
const SETTINGS: &str = "nameplate.yaml";

/// What the small site reports with these files, of one code: `L001 level file:line:column message | label | help`.
fn found(code: &str, files: &[(&str, &str)]) -> Vec<String> {
    let sources = site::with(files);
    let compiled = compile_observed(&sources, Some(1_790_000_000), &|_| ());
    assert!(compiled.contents.is_some(), "{:?}", compiled.diagnostics);
    let ours = compiled.diagnostics.iter().chain(&compiled.notes).filter(|found| found.code.0 == code);
    ours.map(|found| {
        let flat = flatten(found, &sources);
        let place = format!("{}:{}:{}", flat.place.file, flat.place.line, flat.place.column);
        [flat.severity, &place, &found.message, &found.label, &flat.help.unwrap_or_default()].join(" | ")
    })
    .collect()
}

fn check(code: &str, files: &[(&str, &str)], expect: &[&str]) {
    COVERED.with_borrow_mut(|covered| covered.insert(code.to_owned()));
    assert_eq!(found(code, files), expect, "{files:?}");
}

thread_local! {
    static COVERED: std::cell::RefCell<BTreeSet<String>> = const { std::cell::RefCell::new(BTreeSet::new()) };
}

fn hero(from: &str, to: &str) -> String {
    assert!(site::EXPERIENCE.contains(from));
    site::EXPERIENCE.replace(from, to)
}

fn rule(when: &str) -> String {
    hero("account.tier == 1", &format!("'{}'", when.replace('\'', "''")))
}

/// One test, so that every code is known to be checked.
#[test]
fn each_fact_is_said_where_it_is_one_and_nowhere_else() {
    conditions();
    shadows();
    line_items();
    windows();
    tokens();
    lengths();
    accounts();
    networks();
    seen();
    tests_by_account();
    unused();
    variants();
    pages();
    // A text's length is another matter for everybody who reads it.
    let is_fact = |code: &String| code.starts_with('L') || code == "C008";
    let codes: BTreeSet<String> = CODES.iter().map(|code| code.0.to_owned()).filter(is_fact).collect();
    assert_eq!(COVERED.take(), codes);
}

fn conditions() {
    let never = "so it never shows; `nameplate decide --explain` says of one account what is missing";
    let none =
        |why: &str| format!("warning | {HERO}:2:7 | this holds for none of 4 accounts, and for no stranger |  | {why}");
    let contradicts = format!("warning | {HERO}:2:7 | no visit can satisfy this: it contradicts itself |  | {never}");
    for (when, why) in [
        ("account.tier == 9", never),
        ("account.tier == 1 && account.tier == 2", never),
        ("false", never),
        ("account.industry == \"Iron\"", never),
        (
            "account.industry == \"Steel\"",
            "no account has `Steel` as its `account.industry`, but one has `Steel, wide`",
        ),
        (
            "\"scade\" in account.technologies",
            "no account has `scade` as its `account.technologies`, but one has `scada`",
        ),
        ("has(account.owner)", "no account has a value of `account.owner`: `columns` says which column it is in"),
    ] {
        check("L001", &[(HERO, &rule(when))], &[&none(why)]);
    }
    for when in [
        "visitor.visits > 5 && visitor.visits < 3",
        "page.path == \"/a\" && page.path.startsWith(\"/b\")",
        "time.hour > 23",
        "account.known && visitor.visits > 1 && !(visitor.visits > 1)",
        "page.path == \"pricing\"",
        "page.path.startsWith(\"shop\")",
        "page.utm_source == \"\"",
        "page.path.matches(\"^shop\")",
        "page.path.matches(\"^/a\") && page.path.matches(\"^/b\")",
        "page.path.matches(\"^/a\") && page.path.startsWith(\"/b\")",
        "page.path.glob(\"/shop/*\") && !page.path.glob(\"/shop/**\")",
        "visitor.language.matches(\"^de\") && visitor.language.matches(\"^[a-c]\")",
        "now.getHours(\"Europe/Berlin\") > 20 && now.getHours(\"Europe/Berlin\") < 4",
        "now.getDayOfWeek(\"UTC\") == 7",
        "now.getMonth(\"UTC\") > 11",
        "visitor.visits + visitor.days_away > 9 && visitor.visits < 3 && visitor.days_away < 3",
        "visitor.visits - visitor.days_away > 2 && visitor.days_away - visitor.visits > 2",
        "time.hour + time.weekday > 30",
        "in_cidr(visitor.ip, \"192.0.2.0/24\") && in_cidr(visitor.ip, \"198.51.100.0/24\")",
        "in_cidr(visitor.ip, \"192.0.2.0/25\") && !in_cidr(visitor.ip, \"192.0.2.0/24\")",
    ] {
        check("L001", &[(HERO, &rule(when))], &[&contradicts]);
    }
    for when in [
        "account.tier == 3",
        "true",
        "visitor.visits > 5 || visitor.visits < 3",
        "!account.known",
        "time.hour > 22",
        "page.path == \"/pricing\"",
        "page.path.matches(\"^/a\") && page.path.matches(\"b$\")",
        "page.path.glob(\"/shop/**\") && !page.path.glob(\"/shop/*\")",
        "now.getHours(\"Europe/Berlin\") > 20 && now.getHours(\"UTC\") < 20",
        "visitor.visits + visitor.days_away > 9 && visitor.visits < 3 && visitor.days_away < 10",
        "visitor.visits - visitor.days_away > 2 && visitor.days_away - visitor.visits > -5",
        "in_cidr(visitor.ip, \"192.0.2.0/24\") && !in_cidr(visitor.ip, \"192.0.2.0/25\")",
        "in_cidr(visitor.ip, \"192.0.2.0/24\") && in_cidr(visitor.ip, \"192.0.2.0/25\")",
    ] {
        check("L001", &[(HERO, &rule(when))], &[]);
    }
}

fn shadows() {
    let weaker = |when: &str| rule(when).replace("name: hero", "name: weaker").replace("priority: 500", "priority: 5");
    let both =
        |strong: &str, weak: &str| found("L002", &[(HERO, &rule(strong)), ("experiences/weaker.yaml", &weaker(weak))]);
    let shadowed = "warning | experiences/weaker.yaml:1:7 | the experience `weaker` never shows: wherever its condition holds, stronger \
                    ones do too |  | before it come `hero`; raise its priority, or narrow theirs";
    check("L002", &[], &[]);
    assert_eq!(both("true", "true"), [shadowed]);
    assert_eq!(both("account.tier <= 2", "account.tier == 1 && visitor.visits > 3"), [shadowed]);
    assert_eq!(both("account.tier <= 2", "account.tier <= 3"), [""; 0]);
    assert_eq!(both("visitor.visits > 1", "visitor.visits > 2"), [""; 0], "only classes are told apart, not visits");
    let scheduled = rule("true").replace("priority: 500", "priority: 500\nschedule: { from: 2026-01-01 }");
    assert_eq!(found("L002", &[(HERO, &scheduled), ("experiences/weaker.yaml", &weaker("true"))]), [""; 0]);
}

fn line_items() {
    let offer = |from: &str, to: &str| site::AD.replace(from, to);
    check(
        "L003",
        &[(AD, &offer("size: 300x250,", "size: 300x250, weight: 0,"))],
        &[
            "warning | ads/offer.yaml:1:7 | the line item `offer` never shows: its creatives have weight 0 |  | to pause all of it, give the line item \
           weight 0",
        ],
    );
    // Said of each creative already.
    check("L003", &[(AD, &offer("300x250", "728x90"))], &[]);
    let house = offer("name: offer", "name: house").replace("account.tier == 1", "'true'").replace("700", "800");
    check(
        "L003",
        &[("ads/house.yaml", &house)],
        &[
            "warning | ads/offer.yaml:1:7 | the line item `offer` never shows: wherever its condition holds, stronger ones do too |  | \
           before it come `house`; raise its priority, or narrow theirs",
        ],
    );
    check("L003", &[(AD, &offer("priority: 700", "priority: 700\nweight: 0"))], &[]);
    check("L003", &[("ads/house.yaml", &house.replace("800", "700"))], &[]);
}

fn windows() {
    let over = "the schedule is over: this never shows again |  | move its end, or delete the file";
    let until = |date: &str| hero("priority: 500", &format!("priority: 500\nschedule: {{ until: {date} }}"));
    check("L004", &[(HERO, &until("2026-09-21"))], &[&format!("warning | {HERO}:4:1 | {over}")]);
    check("L004", &[(HERO, &until("2026-09-22"))], &[]);
    let flight = site::AD.replace("priority: 700", "priority: 700\nflight: { until: 2026-01-01 }");
    let over = over.replace("schedule", "flight");
    check("L004", &[(AD, &flight)], &[&format!("warning | {AD}:5:1 | {over}")]);
    // Who has no clock says nothing.
    let sources = site::with(&[(HERO, &until("2026-09-21"))]);
    assert!(compile(&sources).diagnostics.iter().all(|found| found.code.0 != "L004"));
}

fn tokens() {
    let text = |when: &str| rule(when).replace("Hello", "'{{account.short_name | you}}'");
    let missing = "note | experiences/hero.yaml:1:7 | `{{account.short_name}}` has no value for 1 account of those who see it |  | they read the \
                   words behind its `|`: `dogwood`";
    check("L005", &[(HERO, &text("account.known"))], &[missing]);
    check("L005", &[(HERO, &text("account.tier == 1 || !account.known"))], &[]);
}

/// Forty letters fit. The longest name is `Birch Chemicals`, of 15; strangers read `you`.
fn lengths() {
    let long = "x".repeat(26);
    let text = |when: &str, rest: &str| rule(when).replace("Hello", &format!("'{rest}{{{{account.name | you}}}}'"));
    let said = |message: &str| format!("warning | {HERO}:7:22 | {message}; its slot allows 40 |  | ");
    check("C008", &[(HERO, &text("true", &long))], &[&said("the text has 41 characters for Birch Chemicals")]);
    // Only those who can see it are asked: not birch, and no stranger.
    for when in
        ["account.tier == 1", "account.tier == 3", "!account.known", "account.tier == 9", "account.tier == 2 && false"]
    {
        check("C008", &[(HERO, &text(when, &long))], &[]);
    }
    let longer = format!("{long}{}", "x".repeat(3));
    let both = "of those who see it, it is too long for 2 accounts: `birch`, `alder`";
    let found = said("the text has 44 characters for Birch Chemicals") + both;
    check("C008", &[(HERO, &text("account.tier <= 2", &longer))], &[&found]);
    let strangers = rule("!account.known").replace("Hello", &format!("'{{{{account.name | {}}}}}'", "x".repeat(41)));
    check("C008", &[(HERO, &strangers)], &[&said("the text has 41 characters for a stranger")]);
    let paused = text("true", &longer) + "  - { name: two, slots: {} }\n";
    check("C008", &[(HERO, &paused.replace("- name: one", "- name: one\n    weight: 0"))], &[]);
}

fn accounts() {
    check(
        "L006",
        &[],
        &["note | nameplate.yaml:19:11 | 1 account of 4 without a prefix: no address finds them |  | `dogwood`"],
    );
    let nobody = "4 accounts of 4 without a prefix: no address finds them |  | `alder`, `birch`, `cedar`, `dogwood`";
    check(
        "L006",
        &[("networks.csv", "prefix,account,confidence,source\n")],
        &[&format!("note | nameplate.yaml:19:11 | {nobody}")],
    );
    let none = site::SETTINGS.replace("networks: networks.csv\n", "");
    check("L006", &[(SETTINGS, &none)], &[&format!("note | nameplate.yaml:6:9 | {nobody}")]);
    let twins = site::ACCOUNTS.replace("dogwood,Dogwood", "dogwood,birch  CHEMICALS");
    check(
        "L007",
        &[("accounts.csv", &twins)],
        &[
            "warning | accounts.csv:5:1 | `dogwood` has the name of `birch` |  | an address finds only one of them; merge them in the CRM, or tell them \
           apart by name",
        ],
    );
    check("L007", &[], &[]);
    let settings = site::SETTINGS.replace("    short_name: Short\n", "    domains: Short\n");
    let domains = site::ACCOUNTS
        .replace("Bank AG,Alder,", "Bank AG,alder.example;shared.example,")
        .replace("Chemicals,Birch,", "Chemicals,Shared.example,");
    check(
        "L008",
        &[(SETTINGS, &settings), ("accounts.csv", &domains)],
        &[
            "warning | accounts.csv:3:1 | the domain `shared.example` belongs to 2 accounts |  | `alder`, `birch`: by it alone nobody can say which is \
           meant",
        ],
    );
    check("L008", &[], &[]);
}

fn networks() {
    check(
        "L009",
        &[],
        &[
            "note | nameplate.yaml:19:11 | 1 prefix in that of another account: the longer one counts |  | the first: `134.244.29.0/24` of `birch` lies \
           in `134.244.0.0/16` of `alder`",
        ],
    );
    check("L009", &[("networks.csv", &site::NETWORKS.replace("/24,birch", "/24,alder"))], &[]);
}

fn seen() {
    let list = |day: &str| {
        format!(
            "prefix,account,confidence,source,seen\n132.186.88.0/24,alder,90,AS1 Example,{day}\n134.244.0.0/16,birch,90,AS2 Example,\n"
        )
    };
    // It is 21 September 2026.
    let stale = "note | nameplate.yaml:19:11 | 1 prefix was seen more than 45 days ago, the oldest 46 |  | run `nameplate match` on newer databases; \
                 after 180 days a prefix counts a grade less";
    check("L015", &[("networks.csv", &list("2026-08-06"))], &[stale]);
    check("L015", &[("networks.csv", &list("2026-08-07"))], &[]);
    check("L015", &[], &[]);
}

fn tests_by_account() {
    let test = |unit: &str| {
        hero("account.tier == 1", "account.known")
            .replace("priority: 500", &format!("priority: 500\ntest: {{ unit: {unit} }}"))
            .replace(
                "slots:\n      title: { text: Hello }\n",
                "slots: { title: { text: Hello } }\n  - { name: two, slots: {} }\n",
            )
    };
    let help = "where one account in ten does what the page is for; draw by visitor, widen the condition, or wait for more accounts";
    check(
        "L010",
        &[(HERO, &test("account"))],
        &[&format!(
            "note | {HERO}:4:1 | 4 accounts can be in this test: too few to learn from | 2 accounts in the smallest arm: a change of less than 84 \
             percentage points stays unseen | {help}"
        )],
    );
    check("L010", &[(HERO, &test("visitor"))], &[]);
}

fn unused() {
    let empty = site::SETTINGS.replace("\"Banking\"", "\"Iron\"");
    let asked = rule("in_segment(\"banks\")");
    check(
        "L011",
        &[(SETTINGS, &empty)],
        &[
            "warning | nameplate.yaml:21:3 | no account is in the segment `banks` |  | its condition holds for none of the list",
        ],
    );
    check("L011", &[], &[]);
    check("L012", &[], &["note | nameplate.yaml:24:3 | no experience fills the slot `body` |  | "]);
    check("L013", &[], &["note | nameplate.yaml:21:3 | no condition asks for the segment `banks` |  | "]);
    check("L013", &[(HERO, &asked)], &[]);
    let columns: Vec<String> = found("L014", &[]);
    assert_eq!(columns.len(), 4, "{columns:?}");
    check(
        "L014",
        &[(
            HERO,
            &rule(
                "account.revenue > 1 && account.employees > 1 && account.intent > 1 && \"bms\" in account.technologies",
            ),
        )],
        &[],
    );
}

fn variants() {
    let with = |when: &str, settings: &str, more: &str| {
        let text = rule(when)
            .replace("variants:", &format!("{settings}variants:"))
            .replace("name: one", &format!("name: one{more}"));
        text + "  - { name: two, weight: 1, slots: {} }\n"
    };
    let nobody = |place: &str, name: &str, help: &str| {
        format!("note | {HERO}:{place} | nobody gets the variant `{name}` |  | {help}")
    };
    let small = "its share of all weights is less than a bucket, of which there are 10000: give it more";
    let strangers = "only strangers may see it, who have no account to draw for: draw by `visitor`";
    let kept = "`holdout_percent: 100` keeps everybody on Default";
    let undrawn =
        "no account of the list that may see it is drawn for this one: draw by `visitor`, or widen the condition";
    let visitor = "test: { unit: visitor }\n";
    let paused = "its weight is 0: delete it, or `allow` this for as long as it is paused";
    check("L018", &[], &[]);
    check("L018", &[(HERO, &with("true", visitor, ""))], &[]);
    check("L018", &[(HERO, &with("true", visitor, "\n    weight: 9999"))], &[]);
    check("L018", &[(HERO, &with("true", visitor, "\n    weight: 10001"))], &[&nobody("10:13", "two", small)]);
    check("L018", &[(HERO, &with("true", visitor, "\n    weight: 0"))], &[&nobody("6:11", "one", paused)]);
    check("L018", &[(HERO, &with("account.known", "", ""))], &[]);
    check("L018", &[(HERO, &with("account.known", "", "\n    weight: 9999"))], &[&nobody("9:13", "two", undrawn)]);
    let both = |help: &str, first: &str, second: &str| [nobody(first, "one", help), nobody(second, "two", help)];
    let [one, two] = both(strangers, "5:11", "8:13");
    check("L018", &[(HERO, &with("!account.known", "", ""))], &[&one, &two]);
    check("L018", &[(HERO, &with("!account.known", visitor, ""))], &[]);
    let [one, two] = both(kept, "6:11", "9:13");
    check("L018", &[(HERO, &with("true", "test: { unit: visitor, holdout_percent: 100 }\n", ""))], &[&one, &two]);
    // Of what never shows that is said.
    check("L018", &[(HERO, &with("false", visitor, "\n    weight: 0"))], &[]);
}

fn pages() {
    let site = |slots: &str, pages: &str| {
        let slots = format!("slots:\n{slots}\nplacements:\n  side: {{ selector: \"#side\", sizes: [300x250] }}\n");
        let (before, rest) = site::SETTINGS.split_once("slots:").unwrap();
        let (_, after) = rest.split_once("sizes: [300x250] }\n").unwrap();
        format!("{before}{slots}{after}pages: {{{pages}}}\n")
    };
    let slot = |selector: &str| format!("  title: {{ selector: {selector:?} }}");
    let of = |code: &str, selector: &str, page: &str| {
        let page = format!("<!doctype html><div id=side></div>{page}");
        found(code, &[(SETTINGS, &site(&slot(selector), " /: index.html ")), ("index.html", &page)])
    };
    let nowhere = "warning | nameplate.yaml:23:22 | no sample page has the slot `title` |  | what is written for it shows nowhere; is the selector \
                   that of the page, or is the page not under `pages`?";
    let empty = "note | nameplate.yaml:23:22 | the slot `title` is empty on every sample page |  | who gets no variant sees nothing there: give it a \
                 text that is right for everybody";
    for (selector, page) in [
        ("h1", "<h2>Hello</h2>"),
        ("#hero h1", "<div id=hero></div><h1>Hello</h1>"),
        ("li:nth-child(2)", "<ul><li>Hello</ul>"),
        ("h1", "<!-- <h1>Hello</h1> --><template><h1>Hello</h1></template>"),
        ("h1", "<np-slot name=body>Hello</np-slot>"),
    ] {
        assert_eq!(
            (of("L016", selector, page), of("L017", selector, page)),
            (vec![nowhere.to_owned()], vec![]),
            "{selector} {page}"
        );
    }
    for (selector, page) in
        [("h1", "<h1> <b>\n</b></h1>"), ("p, h1", "<p><h1></h1>"), ("h1", "<np-slot name=title></np-slot>")]
    {
        assert_eq!(
            (of("L016", selector, page), of("L017", selector, page)),
            (vec![], vec![empty.to_owned()]),
            "{selector} {page}"
        );
    }
    for (selector, page) in [
        ("h1", "<h1>Hello</h1>"),
        ("h1", "<h1></h1><h1>Hello</h1>"),
        ("h1", "<h1><img src=a.png></h1>"),
        ("img", "<img src=a.png>"),
        ("h1", "<np-slot name=title>Hello</np-slot>"),
        ("h1", "<x-hero><template shadowrootmode=open><h1>Hello</h1></template></x-hero>"),
        ("a:hover", "<p>nobody here can read that selector</p>"),
    ] {
        assert_eq!((of("L016", selector, page), of("L017", selector, page)), (vec![], vec![]), "{selector} {page}");
    }
    // One page of several is enough, and without pages nothing is said.
    let pages = [("a.html", "<h1></h1><p id=side>"), ("b.html", "<h1>Hello</h1>")];
    let both = site(&slot("h1"), " /: a.html, /b: b.html ");
    check("L016", &[(SETTINGS, &both), pages[0], pages[1]], &[]);
    check("L017", &[(SETTINGS, &both), pages[0], pages[1]], &[]);
    check("L016", &[], &[]);
    let side = "warning | nameplate.yaml:25:21 | no sample page has the placement `side` |  | its ads show nowhere; is the selector that of the page, or \
                is the page not under `pages`?";
    check("L016", &[(SETTINGS, &site(&slot("h1"), " /: b.html ")), pages[1]], &[side]);
    let allowed = format!("{}allow: {{ L016: the page comes next week }}\n", site(&slot("h1"), " /: b.html "));
    check("L016", &[(SETTINGS, &allowed), pages[1]], &[]);
}

#[test]
fn who_owns_whom_in_a_ring_is_said_once() {
    let of = |parents: [&str; 4]| {
        let rows = std::iter::once("Parent").chain(parents);
        let accounts: String =
            site::ACCOUNTS.lines().zip(rows).map(|(line, parent)| format!("{line},{parent}\n")).collect();
        let settings = site::SETTINGS.replace("    technologies:", "    parent: Parent\n    technologies:");
        found("A007", &[(SETTINGS, &settings), ("accounts.csv", &accounts)])
    };
    let said = |line: usize, column: usize, message: &str| {
        vec![format!(
            "warning | accounts.csv:{line}:{column} | {message} |  | leave the cell of the company empty that nobody owns"
        )]
    };
    // alder, birch, cedar and dogwood
    assert_eq!(of(["", "alder", "birch", "birch"]), [""; 0]);
    assert_eq!(of(["alder", "alder", "", ""]), said(2, 82, "`alder` is its own parent"));
    let over = |others: &str| said(3, 68, &format!("the parents of `birch` lead back to it, over {others}"));
    assert_eq!(of(["birch", "cedar", "birch", ""]), over("`cedar`"));
    assert_eq!(of(["birch", "dogwood", "birch", "cedar"]), over("`dogwood`, `cedar`"));
    assert_eq!(of(["birch", "alder", "dogwood", "cedar"]).len(), 2);
}

#[test]
fn what_is_allowed_with_a_reason_is_kept_back() {
    let never = rule("account.tier == 9");
    let allowed = never.replace("priority: 500", "priority: 500\nallow: { L001: kept for the next list }");
    assert_eq!(found("L001", &[(HERO, &allowed)]), [""; 0]);
    // In its own file alone, unless nameplate.yaml says so.
    let other = never.replace("name: hero", "name: other");
    assert_eq!(found("L001", &[(HERO, &allowed), ("experiences/other.yaml", &other)]).len(), 1);
    let settings = format!("{}allow: {{ L001: the list is not whole yet }}\n", site::SETTINGS);
    assert_eq!(found("L001", &[(HERO, &never), (SETTINGS, &settings)]), [""; 0]);

    let messages = |allow: &str| {
        let sources = site::with(&[(HERO, &never.replace("priority: 500", &format!("priority: 500\nallow: {allow}")))]);
        let compiled = compile(&sources);
        let errors = compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        errors.map(|found| format!("{} {}", found.code.0, found.message)).collect::<Vec<_>>()
    };
    assert_eq!(messages("{ L999: why not }"), ["S013 there is no code `L999`"]);
    assert_eq!(messages("{ L001: '' }"), ["S013 `L001` is allowed without a reason"]);
    assert_eq!(messages("[L001]"), ["S012 expected names and what they mean, found a list"]);
}
