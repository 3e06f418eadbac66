//! A slice decides like the whole bundle, says nothing of anybody else, and is a bundle like any other.

use nameplate::{
    bundle::{Bundle, Recipient, asked_prefixes, slice},
    compile::Sources,
    decide::{account_view, decide, recipient, resolve},
    limit::SLICE_BYTE_STEP,
    model::{Decision, Template, Value, Visit},
    net::Address,
    rule::FIELDS,
};
use proptest::prelude::{ProptestConfig, prop, proptest};

use crate::{
    random::{quoted, sources, visit},
    site,
};

/// The slice that a server gives to the maker of a visit.
fn slice_for(bundle: &Bundle, visit: &Visit) -> Vec<u8> {
    let resolved = resolve(bundle, visit);
    slice(bundle, recipient(bundle, resolved), resolved.address)
}

/// The visit as a page with this slice makes it: it knows no address, and of accounts the slice's.
fn in_page(slice: &Bundle, visit: &Visit) -> Visit {
    let account = slice.site().accounts.get(0).map(|account| account.id().to_owned());
    Visit { ip: None, account, ..visit.clone() }
}

fn check(bundle: &Bundle, visit: &Visit) -> Bundle {
    let bytes = slice_for(bundle, visit);
    assert_eq!(bytes.len() % SLICE_BYTE_STEP, 0);
    let slice = Bundle::open(&bytes).unwrap();
    let shown = |decision: Decision| (decision.slots, decision.ads, decision.exposures);
    assert_eq!(shown(decide(&slice, &in_page(&slice, visit))), shown(decide(bundle, visit)), "{visit:?}");
    slice
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_slice_decides_like_the_whole_bundle(
        sources in sources(),
        visits in prop::collection::vec(visit(), 12),
        ids in prop::collection::vec(prop::option::of("[a-d]"), 12),
        ips in prop::collection::vec(
            prop::sample::select(vec!["132.186.88.7", "134.244.1.7", "134.244.29.7", "134.244.128.7", "2a00:1450:4001::7", "8.8.8.8"]), 12,
        ),
    ) {
        let bundle = site::bundle(&sources);
        for ((mut visit, id), ip) in visits.into_iter().zip(ids).zip(ips) {
            visit.visitor.id = id;
            check(&bundle, &visit);
            // By address the confidence counts, too.
            check(&bundle, &Visit { account: None, ip: Some(ip.to_owned()), ..visit });
        }
    }

    #[test]
    fn addresses_between_which_no_rule_tells_get_the_same_bytes(sources in sources(), visit in visit()) {
        let bundle = site::bundle(&sources);
        let asked = asked_prefixes(&bundle);
        let addresses = ["192.0.2.1", "192.0.2.2", "134.244.29.7", "134.244.1.1", "8.8.8.8", "2001:db8::9", "2a00::1"];
        let recipient = recipient(&bundle, resolve(&bundle, &visit));
        for a in addresses.map(|text| Address::parse(text).unwrap()) {
            for b in addresses.map(|text| Address::parse(text).unwrap()) {
                if asked.iter().all(|prefix| prefix.contains(a) == prefix.contains(b)) {
                    assert_eq!(slice(&bundle, recipient, Some(a)), slice(&bundle, recipient, Some(b)));
                }
            }
        }
    }
}

fn bundle_of(files: &[(&str, &str)]) -> Bundle {
    site::bundle(&site::with(files))
}

fn by_account(id: &str) -> Visit {
    Visit { account: Some(id.to_owned()), ..Visit::default() }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn the_sample_sites_slices_decide_like_the_whole_bundle() {
    let bundle = site::bundle(&site::sample());
    let sizes: Vec<usize> = bundle
        .site()
        .accounts
        .iter()
        .map(|account| {
            let visit =
                Visit { url: Some("/pricing".to_owned()), now: Some(1_790_000_000), ..by_account(account.id()) };
            check(&bundle, &visit).size()
        })
        .collect();
    check(&bundle, &Visit::default());
    // A slice costs a page no more than a picture does.
    assert!(sizes.iter().max() < Some(&16_384), "{sizes:?}");
}

#[test]
fn content_and_ads_may_know_different_people() {
    // 134.244.29.0/24 is birch with a confidence of 60.
    let files = |content: u8, ads: u8| {
        let settings = format!("{}confidence: {{ content: {content}, ads: {ads} }}\n", site::SETTINGS);
        let two = "test: { unit: account }\nvariants: [{ name: a, slots: { title: { text: 'A {{account.name | x}}' } } }, { name: b, slots: { title: { text: B } } }]";
        let hero = format!("name: hero\nwhen: 'true'\npriority: 500\n{two}\n");
        let ad =
            site::AD.replace("account.tier == 1", "'true'").replace("alt: Plans", "alt: 'for {{account.name | x}}'");
        bundle_of(&[("nameplate.yaml", &settings), ("experiences/hero.yaml", &hero), ("ads/offer.yaml", &ad)])
    };
    let visit = Visit { ip: Some("134.244.29.7".to_owned()), ..Visit::default() };
    for (content, ads, name) in [(60, 60, true), (61, 60, true), (60, 61, true), (61, 61, false)] {
        let bundle = files(content, ads);
        let slice = check(&bundle, &visit);
        assert_eq!(slice.site().accounts.get(0).map(|account| account.name()), name.then_some("Birch Chemicals"));
        let decision = decide(&slice, &in_page(&slice, &visit));
        assert_eq!(decision.slots.len(), usize::from(content == 60), "a stranger has no unit to draw for");
        assert_eq!(decision.ads[0].alt == "for Birch Chemicals", ads == 60);
    }
}

#[test]
fn a_slice_of_an_account_in_the_holdout_reports_it_and_shows_nothing() {
    let settings = format!("{}holdout_percent: 100\n", site::SETTINGS);
    let bundle = bundle_of(&[("nameplate.yaml", &settings)]);
    let slice = check(&bundle, &by_account("alder"));
    let site = slice.site();
    assert_eq!((site.slots.len(), site.placements.len(), site.experiences.len(), site.line_items.len()), (0, 0, 0, 0));
    assert_eq!(decide(&slice, &by_account("alder")).exposures[0].experience.as_ref(), "*");
}

#[test]
fn a_slice_holds_id_and_name_of_its_account_and_what_can_show() {
    let hero = site::EXPERIENCE
        .replace("text: Hello", "text: 'Hello, {{account.short_name | you}} in {{account.country | x}}'");
    let other = "name: other\nwhen: account.industry == 'Chemicals'\npriority: 1\nvariants: [{ name: b, slots: { body: { text: Benzene } } }]\n";
    let bundle = bundle_of(&[("experiences/hero.yaml", &hero), ("experiences/other.yaml", other)]);
    let bytes = slice_for(&bundle, &by_account("alder"));
    let slice = Bundle::open(&bytes).unwrap();
    let account = slice.site().accounts.get(0).unwrap();
    let view = account_view(account, &slice.site().segments);
    assert_eq!((&*view.id, &*view.name, view.short_name, view.tier), ("alder", "Alder Bank AG", None, None));
    assert_eq!(slice.site().slots.iter().map(|slot| &*slot.name).collect::<Vec<_>>(), ["title"]);
    let literals = |experience: &nameplate::model::Experience| {
        let contents = experience.variants.iter().flat_map(|variant| &variant.contents);
        contents.flat_map(|content| &content.changes).all(|change| change.template().is_none_or(Template::is_literal))
    };
    assert!(slice.site().experiences.iter().all(literals));
    for text in [
        "Banking",
        "Benzene",
        "other",
        "body",
        "www.example.com",
        "customer",
        "scada",
        "banks",
        "Birch",
        "birch",
        "AS400242",
    ] {
        assert!(!holds(&bytes, text), "{text}");
    }
    // A stranger's holds nobody.
    let bytes = slice_for(&bundle, &Visit::default());
    assert!(Bundle::open(&bytes).unwrap().site().accounts.is_empty());
    for text in ["alder", "Alder", "Germany", "Benzene", "Hello"] {
        assert!(!holds(&bytes, text), "{text}");
    }
}

#[test]
fn a_rule_about_addresses_is_answered_and_leaves_no_prefix() {
    let secret = "in_cidr(visitor.ip, '203.0.113.0/24') && page.path == '/secret' || page.path == '/open'";
    let hero = site::EXPERIENCE.replace("account.tier == 1", &quoted(secret));
    let bundle = bundle_of(&[("experiences/hero.yaml", &hero)]);
    for (ip, sees) in [(Some("203.0.113.7"), true), (Some("198.51.100.7"), false), (Some("x"), false), (None, false)] {
        let visit = |url: &str| Visit { ip: ip.map(str::to_owned), url: Some(url.to_owned()), ..Visit::default() };
        assert_eq!(check(&bundle, &visit("/secret")).rules().atoms().len(), if sees { 2 } else { 1 });
        check(&bundle, &visit("/open"));
        assert_eq!(holds(&slice_for(&bundle, &visit("/")), "/secret"), sees, "{ip:?}");
    }
}

#[test]
fn what_is_not_in_the_bundle_gets_a_strangers_slice() {
    let bundle = bundle_of(&[]);
    let strangers = slice(&bundle, Recipient::Stranger, None);
    assert_eq!(slice_for(&bundle, &by_account("nobody")), strangers);
    let nobody = Recipient::Account { position: 4, content: true, ads: true };
    assert!(Bundle::open(&slice(&bundle, nobody, None)).unwrap().site().accounts.is_empty());
}

/// A site of 500 accounts, each with content, an ad, a segment, a domain and a prefix of its own.
fn canaries(count: usize) -> Sources {
    let mut sources = Sources::default();
    let lines = |line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let segments = lines(&|n| format!("  seg{n}x: account.owner == \"Owner{n}x\"\n"));
    // A bundle holds 256 of them.
    let hosts: String = (0..250).map(|n| format!(", host{n}x.example.com")).collect();
    let settings = format!(
        "site: S\nhosts: [www.example.com{hosts}]\nsalt: s\naccounts:\n  file: a.csv\n  columns: {{ id: id, name: name, domains: domains, owner: owner }}\nnetworks: n.csv\nsegments:\n{segments}slots:\n  title: {{ selector: h1 }}\nplacements:\n  side: {{ selector: '#side', sizes: [300x250] }}\n"
    );
    sources.insert("nameplate.yaml", settings);
    sources.insert(
        "a.csv",
        format!("id,name,domains,owner\n{}", lines(&|n| format!("id{n}x,Name{n}x,dom{n}x.example,Owner{n}x\n"))),
    );
    sources.insert(
        "n.csv",
        format!(
            "prefix,account,confidence,source\n{}",
            lines(&|n| format!("9.{}.{}.0/24,id{n}x,90,Source{n}x\n", n / 250, n % 250))
        ),
    );
    for n in 0..count {
        let when = [format!("account.id == \"id{n}x\""), format!("in_segment(\"seg{n}x\")")][n % 2].clone();
        let rule = format!(
            "{when} && (page.path != \"/path{n}x\" || in_cidr(visitor.ip, \"9.{}.{}.0/25\"))",
            n / 250,
            n % 250
        );
        sources.insert(
            format!("experiences/e{n}.yaml"),
            format!("name: exp{n}x\nwhen: {}\npriority: 500\nvariants: [{{ name: var{n}x, slots: {{ title: {{ text: 'Text{n}x for {{{{account.name | x}}}}', before: 'Text{n}x', after: 'Text{n}x of {{{{account.id | x}}}}', classes: {{ add: cre{n}x, remove: line{n}x }} }} }} }}]\n", quoted(&rule)),
        );
        sources.insert(
            format!("ads/l{n}.yaml"),
            format!("name: line{n}x\nwhen: {}\nplacements: [side]\npriority: 1\ncreatives: [{{ name: cre{n}x, size: 300x250, link: /link{n}x, alt: Alt{n}x, html: '<i>Alt{n}x</i> Text{n}x of {{{{account.name | x}}}}' }}]\n", quoted(&when)),
        );
    }
    sources
}

#[test]
fn a_slice_says_nothing_of_499_others() {
    let count = 500;
    let bundle = site::bundle(&canaries(count));
    let numbers = |bytes: &[u8]| -> Vec<usize> {
        // Every canary is a word, a number and an `x`.
        let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        let words = [
            "id", "ame", "dom", "wner", "ource", "seg", "host", "path", "exp", "var", "ext", "line", "cre", "link",
            "lt",
        ];
        let after = |word: &str| -> Vec<usize> {
            let number = |rest: &str| rest.split_once('x').and_then(|(number, _)| number.parse().ok());
            text.match_indices(word).filter_map(|(at, _)| number(&text[at + word.len()..])).collect()
        };
        let mut found: Vec<usize> = words.iter().flat_map(|word| after(word)).collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    let whole = nameplate::bundle::pack(bundle.contents());
    assert_eq!(numbers(&whole).len(), count, "the canaries can be seen at all");
    let mut lengths: Vec<usize> = Vec::new();
    for n in 0..count {
        let visit = Visit {
            ip: Some(format!("9.{}.{}.{}", n / 250, n % 250, n % 256)),
            url: Some("/".to_owned()),
            ..Visit::default()
        };
        let bytes = slice_for(&bundle, &visit);
        assert_eq!(numbers(&bytes), [n]);
        assert!(holds(&bytes, &format!("Text{n}x for ")) && holds(&bytes, &format!("Alt{n}x")));
        lengths.push(bytes.len());
        if n % 50 == 0 {
            check(&bundle, &visit);
        }
    }
    lengths.sort_unstable();
    lengths.dedup();
    assert!(lengths.len() <= 2, "lengths tell accounts apart: {lengths:?}");
    assert_eq!(numbers(&slice_for(&bundle, &Visit::default())), Vec::<usize>::new());
}

#[test]
fn a_damaged_slice_is_refused_like_any_bundle() {
    let bytes = slice_for(&bundle_of(&[]), &by_account("alder"));
    for length in 0..bytes.len() {
        assert!(Bundle::open(&bytes[..length]).is_err(), "{length}");
    }
    for at in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        assert!(Bundle::open(&bytes).is_err(), "{at}");
    }
}

#[test]
fn a_private_field_is_in_no_slice() {
    let bundle = site::bundle(&site::with(&[]));
    let visit = Visit { account: Some("alder".to_owned()), ..Visit::default() };
    let slice = check(&bundle, &visit);
    let account = slice.site().accounts.get(0).unwrap();
    for field in FIELDS.iter().filter(|field| field.account_field().is_some()) {
        let value = account.get(field.account_field().unwrap());
        let is_there = value != Value::Missing && value.to_string() != "[]";
        assert_eq!(is_there, !field.note.is_private, "{} is {value}", field.name);
    }
}
