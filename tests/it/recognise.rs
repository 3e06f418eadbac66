//! Who a holder of addresses is.

mod labels;

use nameplate::{
    net::{Holder, Prefix},
    recognise::{Matcher, Target, Verdict},
};
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

fn named(organisation: &str) -> Holder {
    Holder { organisation: Some(organisation.to_owned()), ..Holder::default() }
}

#[test]
fn what_only_shares_a_word_with_an_account_is_not_the_account() {
    let accounts = labels::accounts();
    let matcher = Matcher::new(&accounts);
    for name in [
        "Delta Electronics, Inc.",
        "Delta Community Credit Union",
        "Apple Valley Unified School District",
        "Siemens Stiftung",
        "Siemens Energy AG",
        "Siemens Retirees Club",
        "Boeing Employees Credit Union",
        "Nova Ltd",
        "Novaris AG",
        "Allianz Arena Muenchen Stadion GmbH",
        "Bayer 04 Leverkusen Fussball GmbH",
        "Shell Rock Telephone Company",
        "Fan Shop Bayer",
        "BMW of Austin, Inc.",
        "Mercedes-Benz of Houston",
        "Tony Graham Toyota",
        "Ford Foundation",
        "Henry Ford Health System",
        "Visa Services Ltd",
        "Continental Resources, Inc.",
        "Portland General Electric Company",
        "Roche Bobois SA",
        "Target Australia Pty. Ltd.",
        "Linde Primary School",
        "Oracle Wireless LLC",
    ] {
        let verdict = matcher.find(&named(name));
        assert!(!matches!(verdict, Verdict::Match(_)), "{name}: {verdict:?}");
    }
}

/// A matcher for a few accounts that are called what the test needs.
fn matcher(targets: &[Target]) -> Matcher {
    Matcher::new(targets)
}

fn target(id: &str, name: &str) -> Target {
    Target { id: id.to_owned(), name: name.to_owned(), ..Target::default() }
}

/// What is found, in words: the account, how sure, and the evidence or the doubt.
fn said(targets: &[Target], holder: &Holder) -> String {
    match matcher(targets).find(holder) {
        Verdict::Match(found) => format!("{} {}: {}", targets[found.target].id, found.confidence, found.evidence),
        Verdict::Close(found, reason) => format!("close to {}: {reason}", targets[found.target].id),
        Verdict::Tie(found) => {
            let ids: Vec<&str> = found.iter().map(|found| targets[found.target].id.as_str()).collect();
            format!("as close to {}", ids.join(", "))
        }
        Verdict::None => "none".to_owned(),
    }
}

#[test]
fn a_name_with_one_letter_wrong_is_left_to_a_person() {
    let mut alder = target("alder", "Alderbrook AG");
    alder.aliases = vec!["Grünwalder".to_owned()];
    let targets =
        [alder, target("birch", "Alderbroek N.V."), target("home", "Home Depot Ltd"), target("ash", "Ashen AG")];
    let check = |organisation: &str, expect: &str| {
        assert_eq!(said(&targets, &named(organisation)), expect, "{organisation}");
    };
    check("Alderbrok AG", "close to alder: it is `Alderbrook AG` but for one letter");
    check("Aldebrrook GmbH", "close to alder: it is `Alderbrook AG` but for one letter");
    check("THE ALDERBROOOK GROUP", "none");
    check("Grunvalder S.A.", "close to alder: it is `Grünwalder` but for one letter");
    // It is both but for one letter: the first by its id.
    check("Alderbrok", "close to alder: it is `Alderbrook AG` but for one letter");
    check("Alderbrowk", "close to alder: it is `Alderbrook AG` but for one letter");
    check("Alderbroxk", "close to alder: it is `Alderbrook AG` but for one letter");
    // A whole name is nearer, and words beside it, common words, another first letter and short names say too little.
    check("Alderbroek", "birch 90: organisation `Alderbroek`");
    check("Alderbrok Timber AG", "none");
    check("Elderbrook AG", "none");
    check("Home Deport Ltd", "none");
    check("Ashem AG", "none");
}

#[test]
fn stronger_evidence_is_taken_before_weaker() {
    let mut alder = target("alder", "Alderbrook AG");
    alder.asns = vec![64500];
    alder.domains = vec!["alder.example".to_owned()];
    let birch = target("birch", "Birkenfeldt SE");
    let targets = [alder, birch];
    let holder = |asn: Option<u32>, domain: Option<&str>| Holder {
        asn,
        domain: domain.map(str::to_owned),
        ..named("Birkenfeldt SE")
    };
    assert_eq!(said(&targets, &holder(Some(64500), None)), "alder 100: AS64500 is listed");
    assert_eq!(said(&targets, &holder(Some(64501), Some("www.alder.example"))), "alder 95: domain alder.example");
    assert_eq!(said(&targets, &holder(None, Some("mail.alder.example"))), "alder 95: domain alder.example");
    assert_eq!(said(&targets, &holder(None, Some("gmail.com"))), "birch 90: organisation `Birkenfeldt SE`");
}

#[test]
fn each_kind_of_name_says_what_it_is() {
    let mut alder = target("alder", "Alderbrook AG");
    alder.country = Some("Germany".to_owned());
    alder.aliases = vec!["Erlenbach".to_owned()];
    alder.former_names = vec!["Alderbach".to_owned()];
    alder.subsidiaries = vec!["Weidenholz GmbH".to_owned()];
    let check =
        |name: &str, expect: &str| assert_eq!(said(std::slice::from_ref(&alder), &named(name)), expect, "{name}");
    check("ALDERBROOK Aktiengesellschaft", "alder 90: organisation `ALDERBROOK Aktiengesellschaft`");
    check("Alderbrook Ltd", "alder 80: organisation `Alderbrook Ltd`");
    check(
        "Alderbrook IT Services Polska Sp. z o.o.",
        "alder 80: organisation `Alderbrook IT Services Polska Sp. z o.o.`, `Alderbrook AG` with `it services polska`",
    );
    check("Erlenbach KG", "alder 70: organisation `Erlenbach KG`, alias `Erlenbach`");
    check(
        "Weidenholz GmbH",
        "alder 70: organisation `Weidenholz GmbH`, subsidiary `Weidenholz GmbH` of `Alderbrook AG`",
    );
    check("Alderbach AG", "alder 60: organisation `Alderbach AG`, former name `Alderbach`");
    check("ALDERBROOK-AS", "alder 70: handle `ALDERBROOK-AS`");
    check("AS-ALDERBROOK", "alder 70: handle `AS-ALDERBROOK`");
    check("ALDERBACH-AS", "alder 60: handle `ALDERBACH-AS`");
    check("ALDERBROOK-AS-AP - Alderbrook AG", "alder 90: organisation `ALDERBROOK-AS-AP - Alderbrook AG`");
    check(
        "Alderbrook Employees Federal Credit Union",
        "close to alder: `employees` says that it is a body of its staff",
    );
    check("Alderbrook Stiftung", "close to alder: `stiftung` says that it is a foundation");
    check("Alderbrook Zwiebelkuchen AG", "close to alder: nothing is known of `zwiebelkuchen` in its name");
    check("Alderbrooks AG", "close to alder: it is `Alderbrook AG` but for one letter");
    check("Alderbrookers AG", "none");
}

#[test]
fn a_name_is_found_however_it_is_written() {
    let check = |account: &str, organisation: &str, is_found: bool| {
        let targets = [target("it", account)];
        let verdict = matcher(&targets).find(&named(organisation));
        assert_eq!(matches!(verdict, Verdict::Match(_)), is_found, "{account}, {organisation}: {verdict:?}");
    };
    check("JPMorgan Chase & Co.", "J.P. MORGAN CHASE AND CO", true);
    check("Wal-Mart Stores, Inc.", "Walmart Stores", true);
    check("Müller Erlenwerk", "MUELLER ERLENWERK GMBH", true);
    check("Mueller Erlenwerk", "Müller Erlenwerk", true);
    check("Müller Erlenwerk", "Muller Erlenwerk", true);
    check("The Erlenwerk Group, Inc.", "Erlenwerk LLC", true);
    check("Deere & Company", "Deere & Co", true);
    check("AB Erlenwerk", "Erlenwerk AB", true);
    check("Erlenwerk AG", "PT Erlenwerk Indonesia Tbk", true);
    check("Erlenwerk AG", "OOO \"Erlenwerk RUS\"", true);
    check("Erlenwerk AG", "Erlenwerk Logistcs GmbH", true);
    check("Erlenwerk AG", "Dr. Ing. F. Erlenwerk AG", true);
    check("UB Corporation", "UB Tech", false);
    check("UB Corporation", "UB Korea Ltd", true);
    check("United Bank Limited", "United Bank for Africa", false);
    check("United Bank Limited", "United Bank Africa Ltd", true);
    // Words that only together have the letters of a short name.
    check("Enel S.p.A.", "Estudios en el Exterior", false);
    check("Enel S.p.A.", "EN EL", false);
    check("Southern Group, Inc.", "Southern Inc.", false);
    check("Merck KGaA", "Merck Deutschland Kommanditgesellschaft auf Aktien", true);
    let merck = Target { short_name: Some("Merck KGaA".to_owned()), ..target("merck", "Merck KGaA") };
    assert_eq!(
        said(&[merck], &named("Merck Inc.")),
        "close to merck: `Merck KGaA` without its legal form is also another company's"
    );
}

#[test]
fn a_company_that_does_something_else_than_the_account_may_be_its_sister() {
    let check = |account: &str, name: &str, expect: &str| {
        let target = Target { short_name: Some("Alderbrook".to_owned()), ..target("alder", account) };
        let found = said(&[target], &named(name));
        assert!(found.starts_with(expect), "{account}, {name}: {found}");
    };
    check("Alderbrook Motor Corporation", "Alderbrook Motor Sales Inc.", "alder 80");
    check("Alderbrook Motor Corporation", "Alderbrook Deutschland GmbH", "alder 80");
    check("Alderbrook Motor Corporation", "Alderbrook Bank Ltd", "alder 60");
    check("Alderbrook Health, Inc.", "Alderbrook Logistics Corporation", "alder 60");
    check("Alderbrook Resorts, Inc.", "Alderbrook Systems", "alder 60");
    check("Alderbrook Advertising Company", "Alderbrook Services LLC", "alder 80");
    check("Alderbrook Technologies plc", "Alderbrook Systems", "alder 80");
}

#[test]
fn a_common_word_is_an_account_only_as_it_is_written() {
    let mut delta = target("delta", "Delta Air Lines, Inc.");
    delta.short_name = Some("Delta".to_owned());
    let targets = [delta, target("apple", "Apple Inc."), target("merck", "Merck KGaA")];
    let check = |name: &str, expect: &str| assert!(said(&targets, &named(name)).starts_with(expect), "{name}");
    check("Apple Inc", "apple 90");
    check("Apple Valley Unified School District", "none");
    check("Apple Technologies LLC", "close to apple");
    check("Apple", "close to apple");
    check("Delta Air Lines", "delta 90");
    check("Delta Electronics, Inc.", "close to delta");
    check("Delta Telecom Ltd", "none");
    check("Delta Inc.", "close to delta");
    check("Merck and Co., Inc.", "close to merck");
    check("Merck KGaA", "merck 90");
}

#[test]
fn a_name_of_several_accounts_is_the_one_in_the_country_or_the_one_above_or_nobodys() {
    let mut group = target("group", "Alderbrook AG");
    group.country = Some("Germany".to_owned());
    let mut polska = target("polska", "Alderbrook S.A.");
    polska.country = Some("PL".to_owned());
    let twins = [group.clone(), polska.clone()];
    let in_country = |country: &str| Holder { country: Some(country.to_owned()), ..named("Alderbrook") };
    assert!(said(&twins, &in_country("PL")).starts_with("polska 90"));
    assert!(said(&twins, &in_country("DE")).starts_with("group 90"));
    assert_eq!(said(&twins, &in_country("FR")), "as close to group, polska");
    assert!(said(&twins, &named("Alderbrook Poland")).starts_with("polska"));
    assert!(said(&twins, &named("Alderbrook AG")).starts_with("group 90"));
    let in_germany = Holder { country: Some("DE".to_owned()), ..named("Alderbrook Poland") };
    assert!(said(&twins, &in_germany).starts_with("polska"));
    let placeless = twins.clone().map(|twin| Target { country: None, ..twin });
    assert!(said(&placeless, &named("Alderbrook S.A.")).starts_with("polska 90"));
    polska.parent = Some("group".to_owned());
    let family = [polska, group];
    assert!(said(&family, &in_country("FR")).starts_with("group 90"));
    let child = [target("group", "Alderbrook AG"), target("child", "Alderbrook Feinwerk AG")];
    assert!(said(&child, &named("Alderbrook Feinwerk Services GmbH")).starts_with("child 80"));
}

#[test]
fn a_database_shows_whether_a_word_is_one_companys() {
    let targets = [Target { country: Some("US".to_owned()), ..target("oracle", "Oracle Corporation") }];
    let found = |organisations: &[&str]| {
        let matcher = matcher(&targets).learn(organisations.iter().copied());
        matches!(matcher.find(&named("Oracle India Pvt. Ltd.")), Verdict::Match(_))
    };
    assert!(!found(&[]));
    assert!(!found(&["Oracle Corporation", "ORACLE CORPORATION", "Oracle corporation", "Oracle India Pvt. Ltd."]));
    assert!(found(&["Oracle Corporation", "Oracle America", "Oracle Systems", "Oracle India Pvt. Ltd."]));
    assert!(!found(&["Oracle Corporation", "Oracle Wireless", "Oracle Bakery", "Oracle India Pvt. Ltd."]));
    assert!(!found(&["Oracle Cloud", "Oracle America", "Oracle Systems", "Oracle India Pvt. Ltd."]), "all another's");
    assert!(!found(&["The Oracle Group Corporation", "Oracle America", "Oracle Systems"]), "not its own name");
}

#[test]
fn a_word_that_two_accounts_bear_is_not_one_companys() {
    let targets = [target("inc", "Vertex, Inc."), target("pharma", "Vertex Pharmaceuticals Incorporated")];
    let short = |target: &Target| Target { short_name: Some("Vertex".to_owned()), ..target.clone() };
    let organisations = ["Vertex, Inc.", "Vertex Aerospace LLC", "Vertex Research", "Vertex Software"];
    let found = |targets: &[Target]| {
        let matcher = matcher(targets).learn(organisations);
        matches!(matcher.find(&named("Vertex Aerospace LLC")), Verdict::Match(_))
    };
    assert!(found(&targets));
    assert!(!found(&targets.clone().map(|target| short(&target))));
}

#[test]
fn a_provider_of_connections_is_an_accounts_only_where_a_database_shows_whose_the_name_is() {
    let targets = [target("alder", "Alderbrook Corp.")];
    for (word, name) in [
        ("telecommunications", "Alderbrook Telecommunications"),
        ("internet", "Alderbrook Internet LLC"),
        ("networks", "Alderbrook Networks"),
    ] {
        let doubt = format!("close to alder: `{word}` says that it may be a provider of connections");
        assert_eq!(said(&targets, &named(name)), doubt);
        let learnt = |own| matcher(&targets).learn([own, "Alderbrook Polska", "Alderbrook Cloud", name]);
        assert!(matches!(learnt("Alderbrook Systems").find(&named(name)), Verdict::Close(..)), "all another's");
        let Verdict::Match(found) = learnt("Alderbrook Corporation").find(&named(name)) else { panic!("{name}") };
        assert_eq!(found.confidence, 80);
        let evidence = format!("organisation `{name}`, `Alderbrook Corp.` with `{word}`");
        assert_eq!(found.evidence.to_string(), evidence);
    }
    let group = ["Polska", "Brasil", "India", "Software", "Bank", "Logistics", "Finance"]
        .map(|part| format!("Alderbrook {part}"));
    let name = "Alderbrook Networks";
    let matcher = matcher(&targets).learn(group.iter().map(String::as_str).chain([name]));
    assert!(matches!(matcher.find(&named(name)), Verdict::Match(_)), "so many companies only a group has");
}

#[test]
fn what_stands_before_or_behind_a_name_may_make_another_of_it() {
    let targets = [target("alder", "Alderbrook AG"), target("itv", "ITV plc"), target("root", "Root, Inc.")];
    let check = |name: &str, expect: &str| assert_eq!(said(&targets, &named(name)), expect, "{name}");
    check("East Alderbrook Manufacturing", "close to alder: `east` before `Alderbrook AG` may make another name of it");
    check("ITV-3", "none");
    check("ITV PLC", "itv 90: organisation `ITV PLC`");
    check("Root, Inc.", "root 90: organisation `Root, Inc.`");
    check("Alder-Brook AG", "alder 90: organisation `Alder-Brook AG`");
    let apart = "it is written otherwise than `Alderbrook AG`, and `pty ltd` is of another country";
    check("Alder-Brook Pty Ltd", &format!("close to alder: {apart}"));
    check("The Root Group, Inc.", "close to root: `Root, Inc.` is a word that many bear as their name");
    let school = "says that it is a school";
    check("Alderbrook Institute of Technology", &format!("close to alder: `institute of technology` {school}"));
    check("The Alderbrook Research Institute", &format!("close to alder: `research institute` {school}"));
    for word in
        ["Snap", "Plexus", "Regency", "Cardinal", "Benchmark", "Wish", "Hub", "Vail", "Lamar", "Penn", "Scripps"]
    {
        let targets = [target("it", &format!("{word} Inc."))];
        let found = said(&targets, &named(&format!("{word} Cloud Systems")));
        assert!(found.starts_with("close to it") && found.contains("many bear"), "{found}");
    }
}

#[test]
fn a_prefix_that_an_account_lists_is_its() {
    let prefix = Prefix::parse("192.0.2.0/24").unwrap();
    let targets = [Target { prefixes: vec![prefix], ..target("alder", "Alderbrook AG") }];
    let listed: Vec<String> =
        matcher(&targets).listed().map(|(prefix, found)| format!("{prefix} {}", found.evidence)).collect();
    assert_eq!(listed, ["192.0.2.0/24 192.0.2.0/24 is listed"]);
}

proptest! {
    #[test]
    fn case_accents_punctuation_and_legal_form_change_no_account(
        account in 0_usize..6,
        form in 0_usize..8,
        is_large in prop::collection::vec(any::<bool>(), 40),
        is_marked in prop::collection::vec(any::<bool>(), 40),
    ) {
        let names = ["Novartis", "Evonik", "Commerzbank", "Lanxess", "Caterham Motorworks", "Deutsche Erlenbank"];
        let forms = ["", " AG", " GmbH & Co. KG", ", Inc.", " S.p.A.", " Sp. z o.o.", " A/S", " Co., Ltd."];
        let targets: Vec<Target> = names.map(|name| target(name, name)).into();
        let written: String = format!("{}{}", names[account], forms[form])
            .chars()
            .zip(is_large.iter().zip(&is_marked))
            .map(|(c, (is_large, is_marked))| match c {
                'a' if *is_marked => 'á',
                'o' if *is_marked => 'ö',
                'e' if *is_marked => 'É',
                ' ' if *is_marked => '-',
                c if *is_large => c.to_ascii_uppercase(),
                c => c.to_ascii_lowercase(),
            })
            .collect();
        match matcher(&targets).find(&named(&written)) {
            Verdict::Match(found) => prop_assert_eq!(found.target, account),
            other => prop_assert!(false, "{}: {:?}", written, other),
        }
    }

    #[test]
    fn any_text_is_judged(organisation in "\\PC{0,80}", domain in "\\PC{0,40}") {
        let targets = [target("alder", "Alderbrook AG"), target("empty", ""), target("dot", "...")];
        let _ = matcher(&targets).find(&Holder { domain: Some(domain), ..named(&organisation) });
    }
}
