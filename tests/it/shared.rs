//! Shared egress: people of many companies come from there, so an address in it is nobody's, whoever's it is beside.

use std::net::Ipv4Addr;

use nameplate::{
    bundle::{Bundle, pack},
    decide::{Resolved, by_text, decide},
    model::{Attributes, MatchKind, MatchOutcome, Visit},
    net::{Network, Networks, Origin, Prefix, Source, Usage, Whose},
};
use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_assert_eq, proptest};

use crate::{diagnostics::reported, site};

fn report(shared: &str) -> String {
    reported(&[("shared.csv", shared.as_bytes())])
}

fn bundle(rows: &str) -> Bundle {
    let shared = format!("prefix,kind,source\n{rows}");
    site::bundle(&site::with(&[("shared.csv", &shared)]))
}

fn visit(ip: &str) -> Visit {
    Visit { ip: Some(ip.to_owned()), ..Visit::default() }
}

/// Who it is and why: `shared 134.244.16.0/20: ...`, `alder`, `nobody`.
fn found(bundle: &Bundle, ip: &str) -> String {
    let decision = decide(bundle, &visit(ip));
    let matched = decision.matched;
    match matched.outcome {
        MatchOutcome::Match => decision.account.unwrap().id.to_string(),
        MatchOutcome::None | MatchOutcome::Ambiguous => "nobody".to_owned(),
        MatchOutcome::Shared => {
            assert_eq!((decision.account, matched.kind, matched.confidence), (None, MatchKind::None, None));
            format!("shared {}: {}", matched.prefix.unwrap(), matched.reason)
        }
    }
}

#[test]
fn an_address_that_many_share_is_nobodys() {
    let rows = "134.244.16.0/20,hosting,AS9 Example Cloud\n2a00:1450::/32,mobile,AS8 Example Mobile\n";
    let bundle = bundle(rows);
    let check = |ip: &str, expect: &str| assert_eq!(found(&bundle, ip), expect, "{ip}");
    let cloud = "shared 134.244.16.0/20: the address lies in 134.244.16.0/20, known from AS9 Example Cloud (hosting): \
        people of many companies come from there";
    // Inside alder's prefix.
    check("134.244.15.255", "alder");
    check("134.244.16.0", cloud);
    check("134.244.31.255", cloud);
    check("134.244.32.0", "alder");
    // Around birch's and cedar's.
    check("134.244.29.7", cloud);
    check(
        "2a00:1450:4001::7",
        "shared 2a00:1450::/32: the address lies in 2a00:1450::/32, known from AS8 Example Mobile (mobile): \
        people of many companies come from there",
    );
    check("132.186.88.7", "alder");
    check("8.8.8.8", "nobody");
    let json = serde_json::to_string(&decide(&bundle, &visit("134.244.16.0")).matched).unwrap();
    assert!(
        json.starts_with(
            r#"{"outcome":"shared","kind":"none","prefix":"134.244.16.0/20","source":"AS9 Example Cloud","#
        ),
        "{json}"
    );
}

#[test]
fn who_is_named_or_described_is_known_wherever_he_calls_from() {
    let bundle = bundle("134.244.0.0/16,proxy,AS9 Example\n");
    let hint = Visit { account: Some("birch".to_owned()), ..visit("134.244.29.7") };
    let decision = decide(&bundle, &hint);
    assert_eq!((&*decision.account.unwrap().id, decision.matched.kind), ("birch", MatchKind::Hint));
    let attributes = Some(Attributes { name: Some("Elm".to_owned()), ..Attributes::default() });
    let matched = decide(&bundle, &Visit { attributes, ..visit("134.244.29.7") }).matched;
    assert_eq!((matched.outcome, matched.kind, matched.prefix), (MatchOutcome::Match, MatchKind::Described, None));
}

#[test]
fn an_accounts_prefix_that_many_share_is_a_warning() {
    let check = |rows: &str, expect: &str| assert_eq!(report(&format!("prefix,kind,source\n{rows}")), expect);
    check(
        "134.244.16.0/20,hosting,AS9\n132.186.88.0/24,access,AS8\n",
        "warning N007 networks.csv:2:1 `132.186.88.0/24` can match nobody: `132.186.88.0/24` is shared egress (access)
warning N007 networks.csv:4:1 `134.244.29.0/24` can match nobody: `134.244.16.0/20` is shared egress (hosting)",
    );
    // One that lies in an account's, or touches none.
    check("134.244.255.0/24,crawler,AS9\n8.0.0.0/6,education,AS8\n8.8.8.0/24,government,AS7\n", "");
    assert_eq!(bundle("8.0.0.0/6,education,AS8\n8.8.8.0/24,government,AS7\n").contents().networks.len(), 6);
}

#[test]
fn a_mistake_in_the_list_of_shared_egress_is_one_error() {
    let check = |rows: &str, expect: &str| assert_eq!(report(rows), expect);
    check("", "N001 shared.csv:1:1 the file is empty; expected a row with the names of the columns");
    check("prefix,kind\n", "N001 shared.csv:1:1 the header is `prefix,kind`\n  expected `prefix,kind,source`");
    check(
        "prefix,kind,source,note\n",
        "N001 shared.csv:1:20 the header is `prefix,kind,source,note`\n  expected `prefix,kind,source`",
    );
    let row = |row: &str| format!("prefix,kind,source\n{row}\n");
    let kinds = "`access`, `mobile`, `hosting`, `education`, `government`, `proxy`, `crawler`";
    for kind in ["business", "vpn"] {
        let expect = format!("N011 shared.csv:2:12 `{kind}` is no kind of shared egress\n  expected one of {kinds}");
        check(&row(&format!("8.8.8.0/24,{kind},AS9")), &expect);
    }
    check(&row("8.8.8.0/24,,AS9"), "N001 shared.csv:2:1 the row has no `kind`");
    check(
        &row("8.8.8.1/24,proxy,AS9"),
        "N003 shared.csv:2:1 `8.8.8.1/24` has bits set behind its length\n  did you mean `8.8.8.0/24`?",
    );
    check(
        &row("8.8.8.0/24,proxy,AS9\n8.8.8.0/24,mobile,AS8"),
        "N004 shared.csv:3:1 the prefix `8.8.8.0/24` is listed twice",
    );
    check(
        &row("10.0.0.0/8,proxy,AS9"),
        "warning N007 shared.csv:2:1 `10.0.0.0/8` can match nobody: it is private space\n  list the addresses that a site on the internet sees",
    );
    let long = "x".repeat(201);
    check(
        &row(&format!("8.8.8.0/24,proxy,{long}")),
        "N009 shared.csv:2:18 the source has 201 characters; at most 200 fit",
    );
}

fn network(prefix: &str, whose: Whose) -> Network {
    let origin = Origin { whose, confidence: 0, seen: None, source: Source::new("x", "") };
    Network { prefix: Prefix::parse(prefix).unwrap(), origin }
}

#[test]
fn a_bundle_with_an_account_in_shared_egress_is_refused() {
    let open = |networks: &[(&str, Whose)]| {
        let mut contents = site::bundle(&site::with(&[])).contents().clone();
        contents.networks = Networks::new(networks.iter().map(|(prefix, whose)| network(prefix, *whose)));
        Bundle::open(&pack(&contents)).map_err(|error| error.expected)
    };
    let (account, last, none) = (Whose::Account(0), Whose::Account(3), Whose::Account(4));
    let shared = Whose::Shared(Usage::Crawler);
    assert!(
        open(&[("8.0.0.0/8", account), ("8.8.0.0/16", shared), ("8.8.8.0/24", shared), ("8.9.0.0/16", last)]).is_ok()
    );
    let inside = "no account's prefix in one of shared egress";
    assert_eq!(open(&[("8.8.0.0/16", shared), ("8.8.8.0/24", account)]).err(), Some(inside));
    assert_eq!(open(&[("8.8.0.0/16", shared), ("8.8.0.0/24", shared), ("8.8.8.0/24", account)]).err(), Some(inside));
    assert_eq!(open(&[("::/0", shared), ("2a00::/16", account)]).err(), Some(inside));
    let number = "the position of an account, or a kind of shared egress";
    assert_eq!(open(&[("8.8.0.0/16", none)]).err(), Some(number));
    assert_eq!(open(&[("8.8.0.0/16", Whose::Shared(Usage::Business))]).err(), Some(number));
    for usage in Usage::ALL.into_iter().filter(|usage| usage.is_shared()) {
        let opened = open(&[("8.8.0.0/16", Whose::Shared(usage))]).unwrap();
        assert_eq!(opened.contents().networks.origin(0).unwrap().whose, Whose::Shared(usage));
    }
}

/// Prefixes so close together that they nest.
fn prefix() -> impl Strategy<Value = (u32, u8)> {
    (any::<u16>(), 17..=32_u8).prop_map(|(low, length)| {
        let bits = 0x0808_0000 | u32::from(low);
        (bits & u32::MAX.checked_shl(32 - u32::from(length)).unwrap(), length)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn the_table_equals_a_naive_scan_in_which_shared_egress_wins(
        own in prop::collection::btree_map(prefix(), prop::sample::select(vec!["alder", "birch"]), 1..20),
        shared in prop::collection::btree_set(prefix(), 0..12),
    ) {
        let text = |(bits, length): &(u32, u8)| format!("{}/{length}", Ipv4Addr::from_bits(*bits));
        let networks: String = own.iter().map(|(prefix, id)| format!("{},{id},90,x\n", text(prefix))).collect();
        let listed: String = shared.iter().map(|prefix| format!("{},hosting,x\n", text(prefix))).collect();
        let bundle = site::bundle(&site::with(&[
            ("networks.csv", &format!("prefix,account,confidence,source\n{networks}")),
            ("shared.csv", &format!("prefix,kind,source\n{listed}")),
        ]));
        let holds = |(bits, length): &(u32, u8), address: u32| (address ^ bits).checked_shr(32 - u32::from(*length)).unwrap_or(0) == 0;
        for (bits, length) in own.keys().chain(&shared) {
            let last = bits | u32::MAX.checked_shr((*length).into()).unwrap_or(0);
            for address in [bits.wrapping_sub(1), *bits, last, last.wrapping_add(1)] {
                let longest = own.iter().filter(|(prefix, _)| holds(prefix, address)).max_by_key(|(prefix, _)| prefix.1);
                let is_shared = shared.iter().any(|prefix| holds(prefix, address));
                let expect = longest.filter(|_| !is_shared).map(|(_, id)| *id);
                let Resolved { account, network, .. } = by_text(&bundle, &Ipv4Addr::from_bits(address).to_string());
                let found = account.and_then(|account| bundle.site().accounts.get(account));
                prop_assert_eq!(found.map(|account| account.id()), expect);
                prop_assert_eq!(network.is_some(), is_shared || longest.is_some());
            }
        }
    }
}
