//! From address databases to the networks of accounts: what `nameplate match` finds.

mod command;

use nameplate::{
    net::{Holder, Usage},
    recognise::{Database, Found, Matcher, Range, Review, SharedEgress, Survey, Target, read_ranges},
};
fn target(id: &str, asns: &[u32], prefixes: &[&str]) -> Target {
    Target {
        id: id.to_owned(),
        name: format!("Invented {id} 7391"),
        asns: asns.to_vec(),
        prefixes: prefixes.iter().map(|prefix| nameplate::net::Prefix::parse(prefix).unwrap()).collect(),
        ..Target::default()
    }
}

/// What is found in lists: `prefix account confidence` a line, and the same of the rows that a person has to decide.
fn check(targets: &[Target], review: &str, lists: &[&str], networks: &[&str], undecided: &[&str]) -> Found {
    let with_header = format!("decision,account,asn,organisation,domain,prefix,confidence,ranges,reason\n{review}");
    let matcher = Matcher::new(targets);
    let list = SharedEgress::own();
    let survey_of = |lists: &[&str]| {
        let mut survey = Survey::new(targets, &matcher, Review::read(with_header.as_bytes()).unwrap(), &list);
        for list in lists {
            let database = Database { label: "a.csv".to_owned(), seen: None, may_overlap: true };
            let mut pass = survey.pass(database);
            read_ranges(list.as_bytes(), |range, holder| pass.record(range, holder)).unwrap();
            pass.finish();
        }
        survey.resolve()
    };
    let found = survey_of(lists);
    let backwards = survey_of(&lists.iter().copied().rev().collect::<Vec<_>>());
    assert_eq!(
        found.networks_csv(targets),
        backwards.networks_csv(targets),
        "the order of the databases does not count"
    );
    assert_eq!(found.review.write(), backwards.review.write());
    let line = |(prefix, number): &(_, u32)| {
        let origin = found.origin(*number).unwrap();
        format!("{prefix} {} {}", targets[origin.target].id, origin.confidence)
    };
    assert_eq!(found.networks.iter().map(line).collect::<Vec<_>>(), networks);
    let rows = found.review.entries().filter(|(_, entry)| entry.decision.is_none());
    let row = |(subject, entry): (&nameplate::recognise::Subject, &nameplate::recognise::Entry)| {
        let what =
            subject.prefix.map_or_else(|| format!("AS{}", subject.asn.unwrap_or(0)), |prefix| prefix.to_string());
        format!("{} {what}: {}", subject.account, entry.reason)
    };
    assert_eq!(rows.map(row).collect::<Vec<_>>(), undecided);
    found
}

/// The public addresses of invented cases: a test about what is found cannot use those that are found for nobody.
const LIST: &str = "132.186.0.0,132.186.0.255,64500,Alder AG
132.186.1.0,132.186.1.255,64500,Alder AG
132.186.2.0,132.186.2.127,64501,Birch Ltd
132.186.4.0,132.186.6.255,64502,Cedar SE
2a00:1450::,2a00:1450:1:ffff:ffff:ffff:ffff:ffff,64500,Alder AG
";

#[test]
fn ranges_of_an_account_become_the_fewest_prefixes() {
    let targets = [target("alder", &[64500], &[]), target("cedar", &[64502], &[])];
    let expect = [
        "132.186.0.0/23 alder 100",
        "132.186.4.0/23 cedar 100",
        "132.186.6.0/24 cedar 100",
        "2a00:1450::/47 alder 100",
    ];
    let found = check(&targets, "", &[LIST], &expect, &[]);
    let networks = String::from_utf8(found.networks_csv(&targets)).unwrap();
    assert!(networks.starts_with("prefix,account,confidence,source\n"), "{networks}");
    assert!(networks.contains("\"Alder AG, AS64500 is listed (a.csv)\""), "{networks}");
}

#[test]
fn a_system_that_two_accounts_list_is_shown_to_both_until_one_is_refused() {
    let targets = [target("alder", &[64501], &[]), target("birch", &[64501], &[])];
    let both = ["alder AS64501: it says as much of `birch`", "birch AS64501: it says as much of `alder`"];
    check(&targets, "", &[LIST], &[], &both);
    check(&targets, "refuse,birch,64501,,,,,,not theirs\n", &[LIST], &[], &both[..1]);
    let accepted = "accept,alder,64501,,,,90,,theirs\n";
    check(&targets, accepted, &[LIST], &["132.186.2.0/25 alder 90"], &[]);
}

#[test]
fn what_people_decided_counts_before_what_is_found() {
    let targets = [target("alder", &[64500], &[]), target("birch", &[], &[]), target("cedar", &[64502], &[])];
    let review =
        "refuse,cedar,64502,,,,,,sold\naccept,birch,64501,,,,70,,their own\nrefuse,alder,,,,132.186.1.0/25,,,a hotel\n";
    let networks = [
        "132.186.0.0/24 alder 100",
        "132.186.1.128/25 alder 100",
        "132.186.2.0/25 birch 70",
        "2a00:1450::/47 alder 100",
    ];
    let found = check(&targets, review, &[LIST], &networks, &[]);
    let written = String::from_utf8(found.review.write()).unwrap();
    assert_eq!(written.lines().count(), 4, "{written}");
    assert!(written.contains("\naccept,birch,64501,,,,70,,their own\n"), "{written}");
    assert!(String::from_utf8(found.networks_csv(&targets)).unwrap().contains("Birch Ltd, accepted by hand (a.csv)"));
    assert_eq!(Review::read(written.as_bytes()).unwrap().write(), found.review.write());
}

#[test]
fn a_row_can_speak_of_one_organisation_in_a_system() {
    let list = "132.186.0.0,132.186.0.255,64500,Alder AG\n132.186.1.0,132.186.1.255,64500,Guests of Alder\n";
    let targets = [target("alder", &[64500], &[])];
    check(&targets, "refuse,alder,64500,Guests of Alder,,,,,guests\n", &[list], &["132.186.0.0/24 alder 100"], &[]);
    let both = "refuse,alder,64500,,,,,,sold\naccept,alder,64500,Alder AG,,,90,,not this part\n";
    check(&targets, both, &[list], &["132.186.0.0/24 alder 90"], &[]);
}

#[test]
fn a_system_that_many_share_is_nobodys_whoever_accepted_it() {
    let list = "132.186.0.0,132.186.0.255,16509,\"Amazon.com, Inc.\"\n132.186.1.0,132.186.1.255,64500,Alder AG\n";
    let why = "alder AS16509: hosting: AS16509 Amazon.com, Inc.: servers and functions that anybody rents, crawlers and relays among them";
    let targets = [target("alder", &[16509, 64500], &[])];
    let found = check(&targets, "", &[list], &["132.186.1.0/24 alder 100"], &[why]);
    let shared = String::from_utf8(found.shared_csv()).unwrap();
    assert!(
        shared.starts_with("prefix,kind,source\n132.186.0.0/24,hosting,\"AS16509 Amazon.com, Inc.: servers"),
        "{shared}"
    );
    check(&targets, "accept,alder,16509,,,,90,,ours\n", &[list], &["132.186.1.0/24 alder 100"], &[why]);
    // A prefix that a person names is another matter: companies do have their own in a cloud.
    let named = "accept,alder,,,,132.186.0.128/25,90,,ours\n";
    let found = check(&targets, named, &[list], &["132.186.0.128/25 alder 90", "132.186.1.0/24 alder 100"], &[why]);
    let shared: Vec<String> = found.shared.iter().map(|(prefix, _)| prefix.to_string()).collect();
    assert_eq!(shared, ["132.186.0.0/25"], "what is left of it");
}

/// Nobody lists all systems of a carrier.
#[test]
fn an_unlisted_system_of_a_carrier_is_left_to_a_person() {
    let carrier = Target { id: "att".to_owned(), name: "AT&T".to_owned(), ..Target::default() };
    let targets = [carrier, target("birch", &[], &[])];
    let list = "132.186.0.0,132.186.0.255,64999,AT&T Corp.\n132.186.1.0,132.186.1.255,64500,Invented birch 7391\n";
    let birch = "132.186.1.0/24 birch 90";
    let why = "att AS64999: the same organisation's AS2685 has homes, small offices and the companies that buy access from it";
    check(&targets, "", &[list], &[birch], &[why]);
    check(&targets, "accept,att,64999,,,,70,,staff\n", &[list], &["132.186.0.0/24 att 70", birch], &[]);
    let listing = [Target { asns: vec![64999], ..targets[0].clone() }, targets[1].clone()];
    check(&listing, "", &[list], &["132.186.0.0/24 att 100", birch], &[]);
}

#[test]
fn of_databases_that_say_the_same_the_latest_gives_the_day() {
    let targets = [target("alder", &[64500], &[])];
    let matcher = Matcher::new(&targets);
    let list = SharedEgress::default();
    let (old, new) = ("2026-06-17".parse().unwrap(), "2026-11-21".parse().unwrap());
    for databases in [[("a", old), ("b", new)], [("a", new), ("b", old)], [("b", old), ("a", new)]] {
        let mut survey = Survey::new(&targets, &matcher, Review::default(), &list);
        for (label, seen) in databases {
            let database = Database { label: label.to_owned(), seen: Some(seen), may_overlap: true };
            let mut pass = survey.pass(database);
            read_ranges(&b"132.186.0.0,132.186.0.255,64500,Alder AG\n"[..], |range, holder| pass.record(range, holder))
                .unwrap();
            pass.finish();
        }
        let found = survey.resolve();
        let seen: Vec<_> = found.networks.iter().map(|(_, number)| found.origin(*number).unwrap().seen).collect();
        assert_eq!(seen, [Some(new)], "{databases:?}");
    }
}

#[test]
fn what_a_database_says_is_shared_is_cut_out_of_what_another_gives_to_an_account() {
    let targets = [target("alder", &[64500], &[])];
    let matcher = Matcher::new(&targets);
    let list = SharedEgress::default();
    let review = |text: &str| {
        Review::read(
            format!("decision,account,asn,organisation,domain,prefix,confidence,ranges,reason\n{text}").as_bytes(),
        )
        .unwrap()
    };
    let range = |first: &str, last: &str| {
        let address = |text| nameplate::net::Address::parse(text).unwrap();
        Range::new(address(first), address(last)).unwrap()
    };
    let found = |text: &str| {
        let mut survey = Survey::new(&targets, &matcher, review(text), &list);
        let holder = Holder { asn: Some(64500), ..Holder::default() };
        let mut pass = survey.pass(Database { label: "asn".to_owned(), seen: None, may_overlap: false });
        pass.record(range("132.186.0.0", "132.186.0.255"), &holder);
        pass.finish();
        let mut pass = survey.pass(Database { label: "relays".to_owned(), seen: None, may_overlap: false });
        let relay = Holder { usage: Some(Usage::Proxy), ..Holder::default() };
        pass.record(range("132.186.0.64", "132.186.0.127"), &relay);
        pass.record(range("132.186.9.0", "132.186.9.127"), &relay);
        pass.record(
            range("132.186.0.0", "132.186.0.31"),
            &Holder { usage: Some(Usage::Business), ..Holder::default() },
        );
        pass.finish();
        survey.resolve()
    };
    let prefixes = |found: &Found| found.networks.iter().map(|(prefix, _)| prefix.to_string()).collect::<Vec<_>>();
    let first = found("");
    assert_eq!(prefixes(&first), ["132.186.0.0/26", "132.186.0.128/25"]);
    let shared: Vec<String> =
        first.shared.iter().map(|(prefix, origin)| format!("{prefix} {:?}", origin.usage)).collect();
    assert_eq!(shared, ["132.186.0.64/26 Proxy"], "only what touches an account's");
    assert_eq!(prefixes(&found("refuse,alder,64500,,,,,,sold\n")), [""; 0]);
}

#[test]
fn of_claims_to_the_same_addresses_the_better_stands_and_ties_are_left_to_a_person() {
    let targets = [target("alder", &[], &[]), target("birch", &[], &[])];
    let wide = "132.186.0.0,132.186.3.255,64500,Alder AG\n";
    let narrow = "132.186.1.0,132.186.1.255,64501,Birch Ltd\n";
    let same = "132.186.0.0,132.186.3.255,64501,Birch Ltd\n";
    let review = |alder: u8, birch: u8| format!("accept,alder,64500,,,,{alder},,\naccept,birch,64501,,,,{birch},,\n");
    // In two databases: both stand, and the longer prefix counts for an address in it.
    check(&targets, &review(90, 60), &[wide, narrow], &["132.186.0.0/22 alder 90", "132.186.1.0/24 birch 60"], &[]);
    let better = "birch 132.186.0.0/22: `alder` has a better claim: AS64500 Alder AG, accepted by hand (a.csv)";
    check(&targets, &review(90, 60), &[wide, same], &["132.186.0.0/22 alder 90"], &[better]);
    let ties = [
        "alder 132.186.0.0/22: `birch` has as good a claim: AS64501 Birch Ltd, accepted by hand (a.csv)",
        "birch 132.186.0.0/22: `alder` has as good a claim: AS64500 Alder AG, accepted by hand (a.csv)",
    ];
    check(&targets, &review(80, 80), &[wide, same], &[], &ties);
    // The person decides by the prefix, and the other claim is only weaker now.
    let decided = format!("{}accept,birch,,,,132.186.0.0/22,90,,\nrefuse,alder,,,,132.186.0.0/22,,,\n", review(80, 80));
    check(&targets, &decided, &[wide, same], &["132.186.0.0/22 birch 90"], &[]);
}

#[test]
fn a_part_of_a_prefix_is_anothers_unless_the_whole_is_much_surer() {
    let birch = Target { former_names: vec!["Birkenfeld 7391 Werke".to_owned()], ..target("birch", &[], &[]) };
    let targets = [target("alder", &[], &[]), birch];
    let wide = |name: &str| format!("132.186.0.0,132.186.3.255,64500,{name}\n");
    let narrow = |name: &str| format!("132.186.1.0,132.186.1.255,64501,{name}\n");
    let (alder, birch, former) = ("Invented alder 7391", "Invented birch 7391", "Birkenfeld 7391 Werke");
    let both = ["132.186.0.0/22 alder 90", "132.186.1.0/24 birch 90"];
    check(&targets, "", &[&wide(alder), &narrow(birch)], &both, &[]);
    let why = "birch 132.186.1.0/24: `alder` has a better claim, to 132.186.0.0/22: AS64500, organisation `Invented alder 7391` (a.csv)";
    check(&targets, "", &[&wide(alder), &narrow(former)], &both[..1], &[why]);
    let weaker = ["132.186.0.0/22 birch 60", "132.186.1.0/24 alder 90"];
    check(&targets, "", &[&wide(former), &narrow(alder)], &weaker, &[]);
    // What a person said of the whole counts, whatever the confidence.
    let said = "birch 132.186.1.0/24: `alder` has a better claim, to 132.186.0.0/22: AS64500 Invented alder 7391, accepted by hand (a.csv)";
    check(
        &targets,
        "accept,alder,64500,,,,60,,\n",
        &[&wide(alder), &narrow(birch)],
        &["132.186.0.0/22 alder 60"],
        &[said],
    );
}

#[test]
fn in_one_list_the_narrower_range_counts_even_when_it_is_nobodys() {
    let targets = [target("alder", &[64500], &[])];
    let list = "132.186.0.0,132.186.3.255,64500,Alder AG\n132.186.1.0,132.186.1.255,64509,Somebody Else\n132.186.2.0,132.186.2.127,64500,Alder AG\n";
    check(&targets, "", &[list], &["132.186.0.0/24 alder 100", "132.186.2.0/23 alder 100"], &[]);
}

#[test]
fn what_no_company_has_and_what_nobody_comes_from_is_no_network() {
    let targets = [target("alder", &[64500], &[])];
    let list = "10.0.0.0,10.0.0.255,64500,Alder AG\n132.186.0.0,132.186.0.255,64500,Alder AG\n2001:db8::,2001:db8::ffff,64500,Alder AG\n";
    check(&targets, "", &[list], &["132.186.0.0/24 alder 100"], &[]);
    let review = "accept,alder,64501,,,,80,,\n";
    let too_wide =
        "alder 16.0.0.0/4: wider than /8: more than one company has (AS64501 Alder AG, accepted by hand (a.csv))";
    check(&targets, review, &["16.0.0.0,31.255.255.255,64501,Alder AG\n"], &["16.0.0.0/4 alder 80"], &[]);
    let found = "16.0.0.0,31.255.255.255,64502,Invented alder 7391\n";
    let too_wide =
        too_wide.replace("AS64501 Alder AG, accepted by hand", "AS64502, organisation `Invented alder 7391`");
    check(&targets, "", &[found], &[], &[&too_wide]);
}

#[test]
fn prefixes_that_an_account_lists_need_no_database() {
    let targets = [target("alder", &[], &["132.186.0.0/16", "2a00:1450::/32"]), target("birch", &[64501], &[])];
    let found = check(
        &targets,
        "",
        &[LIST],
        &["132.186.0.0/16 alder 100", "132.186.2.0/25 birch 100", "2a00:1450::/32 alder 100"],
        &[],
    );
    assert!(
        String::from_utf8(found.networks_csv(&targets))
            .unwrap()
            .contains("132.186.0.0/16,alder,100,132.186.0.0/16 is listed\n")
    );
}

#[test]
fn a_review_says_what_is_wrong_in_it_and_no_cell_of_it_is_a_formula() {
    let fails = |row: &str, expect: &str| {
        let text = format!("decision,account,asn,organisation,domain,prefix,confidence,ranges,reason\n{row}\n");
        assert_eq!(Review::read(text.as_bytes()).unwrap_err().to_string(), expect, "{row}");
    };
    fails("accept,alder,x,,,,,,", "line 2: the `asn` is `x`; expected digits");
    fails("accept,,64500,,,,,,", "line 2: the row has no `account`");
    fails("accept,alder,,,,,,,", "line 2: the row names no `asn`, `organisation`, `domain` or `prefix`");
    fails("accept,alder,64500,,,192.0.2.0/24,,,", "line 2: the row names a prefix and a holder; expected one of them");
    fails(
        "accept,alder,,,,192.0.2.1/24,,,",
        "line 2: the `prefix` is `192.0.2.1/24`; expected one such as `192.0.2.0/24`",
    );
    fails("accept,alder,64500,,,,101,,", "line 2: the confidence is `101`; expected 0 to 100");
    fails("refuse,alder,64500,,,,,,\naccept,alder,64500,,,,,,", "line 3: the row decides what another decides already");
    let text = "decision,account,asn,organisation,domain,prefix,confidence,ranges,reason\nrefuse,alder,,\"'=HYPERLINK(1)\",,,,,\"'=1\"\n";
    let review = Review::read(text.as_bytes()).unwrap();
    let (subject, entry) = review.entries().next().unwrap();
    assert_eq!((subject.organisation.as_deref(), &*entry.reason), (Some("=HYPERLINK(1)"), "=1"));
    assert_eq!(String::from_utf8(review.write()).unwrap(), text.replace('"', ""));
}

/// Whatever a list holds, it is read or refused, and what is found can be written and read.
#[test]
fn no_list_makes_it_panic() {
    let addresses = [
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "132.186.0.0",
        "132.186.255.255",
    ];
    let others = ["64500", "0", "", "=1+1", "\"", "\u{0}", "A,B", "'", "\u{feff}", "x"];
    let targets = [target("alder", &[64500, 0], &["0.0.0.0/0"]), target("birch", &[64500], &[])];
    let matcher = Matcher::new(&targets);
    let list = SharedEgress::default();
    let mut dice = 1_u64;
    let mut roll = |below: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) as usize % below
    };
    let mut read_count = 0;
    for _ in 0..3_000 {
        let mut text = String::new();
        for _ in 0..roll(6) {
            let (first, last) = (roll(addresses.len()), roll(addresses.len()));
            let (asn, name) = (others[roll(5)], others[roll(others.len())]);
            text.push_str(&format!("{},{},{asn},{name}\n", addresses[first], addresses[last.max(first)]));
        }
        let mut survey = Survey::new(&targets, &matcher, Review::default(), &list);
        let mut pass = survey.pass(Database { label: "a".to_owned(), seen: None, may_overlap: true });
        let read = read_ranges(text.as_bytes(), |range, holder| pass.record(range, holder));
        if read.is_ok() {
            read_count += 1;
            pass.finish();
            let found = survey.resolve();
            Review::read(&found.review.write()).unwrap();
            assert!(!found.networks_csv(&targets).is_empty());
        }
    }
    assert!((500..2_500).contains(&read_count), "{read_count} of 3000 were lists");
}
