//! What beside the address says whom a visitor works for, in which order it counts, and that what counts for less is shown.

use nameplate::{
    bundle::{Bundle, TokenKey},
    decide::{decide, explain},
    model::{AccountField, Attributes, CustomValue, MatchOutcome, Signal, SignalVerdict, Visit},
    serve::clock,
};
use serde_json::{Value, json};

use crate::{
    diagnostics::reported,
    program::Folder,
    serve::account,
    server::{ALDER, KEY as SERVER_KEY, Server},
    site,
};

const NOW: i64 = 1_795_424_400;
const KEY: &[u8] = b"a text that nobody guesses";

/// Of two companies of one group, one domain; of elm, one below it.
///
/// Hazel belongs to gorse, and gorse to furze, of which both have the domain: hazel has an address that is very sure, and one that is not.
const ACCOUNTS: &str = "Id,Name,Country,Domains,Parent
alder,Alder Bank AG,Germany,alder.example;alder.example.org,
birch,Birch Chemicals,France,group.example;birch.example,
cedar,Cedar & Sons,Germany,Group.Example,
dogwood,Dogwood,,,
elm,Elm,,elm.group.example,
furze,Furze Holding,Germany,furze.example,
gorse,Gorse,France,furze.example;gorse.example,furze
hazel,Hazel,Germany,furze.example;hazel.example,gorse
";

const NETWORKS: &str = "134.244.30.0/24,hazel,95,AS4 Example
134.244.31.0/24,hazel,69,AS5 Example
134.244.32.0/24,furze,95,AS6 Example
";

const SETTINGS: &str = "site: Example
hosts: [www.example.com]
accounts:
  file: accounts.csv
  columns: { id: Id, name: Name, country: Country, domains: Domains, parent: Parent }
  email_domains: true
networks: networks.csv
confidence: { content: 50, ads: 70 }
";

fn bundle() -> Bundle {
    let mut sources = nameplate::compile::Sources::default();
    let networks = format!("{}{NETWORKS}", site::NETWORKS);
    for (file, text) in [("nameplate.yaml", SETTINGS), ("accounts.csv", ACCOUNTS), ("networks.csv", &networks)] {
        sources.insert(file, text);
    }
    let mut bundle = site::bundle(&sources);
    bundle.set_token_key(TokenKey::new(KEY));
    bundle
}

fn token(account: &str, expires: i64) -> Option<String> {
    Some(TokenKey::new(KEY).unwrap().sign("Example", account, expires))
}

/// By the address: birch.
fn visit() -> Visit {
    Visit { ip: Some("134.244.29.7".to_owned()), now: Some(NOW), ..Visit::default() }
}

fn domain(domain: &str) -> Visit {
    Visit { email_domain: Some(domain.to_owned()), ..visit() }
}

/// `alder by token`, then what became of each signal.
fn said(bundle: &Bundle, visit: &Visit) -> String {
    let decision = decide(bundle, visit);
    let explanation = explain(bundle, visit);
    assert_eq!(explanation.decision, decision);
    let name = |value: serde_json::Value| value.as_str().unwrap().to_owned();
    let account = decision.account.map_or("nobody".to_owned(), |account| account.id.to_string());
    let signal = |one: &Signal| {
        let accounts = one.accounts.join(" ");
        format!(
            "{} {}{}{accounts}",
            name(json!(one.signal)),
            name(json!(one.verdict)),
            if accounts.is_empty() { "" } else { " " }
        )
    };
    let signals: Vec<String> = explanation.signals.iter().map(signal).collect();
    format!("{account} by {}: {}", name(json!(decision.matched.kind)), signals.join(", "))
}

fn evidence(bundle: &Bundle, visit: &Visit) -> String {
    explain(bundle, visit).signals.first().unwrap().evidence.clone()
}

#[test]
fn what_is_surer_counts_first_and_the_rest_is_shown() {
    let bundle = bundle();
    let check = |visit: Visit, expect: &str| assert_eq!(said(&bundle, &visit), expect);
    let all = Visit {
        token: token("dogwood", NOW),
        account: Some("cedar".to_owned()),
        email_domain: Some("alder.example".to_owned()),
        cookie: token("birch", NOW),
        ..visit()
    };
    let rest = "cookie overruled birch, address overruled birch";
    check(
        all.clone(),
        &format!("dogwood by token: token wins dogwood, hint overruled cedar, email overruled alder, {rest}"),
    );
    let all = Visit { token: None, ..all };
    check(all.clone(), &format!("cedar by hint: hint wins cedar, email overruled alder, {rest}"));
    let all = Visit { account: None, ..all };
    check(all.clone(), &format!("alder by email: email wins alder, {rest}"));
    let all = Visit { email_domain: None, ..all };
    check(all.clone(), "birch by cookie: cookie wins birch, address agrees birch");
    let all = Visit { cookie: None, ..all };
    check(all.clone(), "birch by address: address wins birch");
    check(Visit { ip: None, ..all }, "nobody by none: ");
    // A caller who names somebody unknown knows better, as ever; a token that is good knows better still.
    let unknown = Visit { account: Some("oak".to_owned()), ..visit() };
    check(unknown.clone(), "nobody by none: hint silent, address overruled birch");
    let known = Visit { token: token("alder", NOW), ..unknown };
    check(known, "alder by token: token wins alder, hint silent, address overruled birch");
}

#[test]
fn a_token_that_is_not_good_counts_as_none() {
    let bundle = bundle();
    let check = |token: Option<String>, now: Option<i64>, expect: &str| {
        for (given, name) in [
            (Visit { token: token.clone(), now, ..visit() }, "token"),
            (Visit { cookie: token.clone(), now, ..visit() }, "cookie"),
        ] {
            assert_eq!(said(&bundle, &given), format!("birch by address: {name} silent, address wins birch"));
            assert_eq!(evidence(&bundle, &given), expect);
        }
    };
    check(token("alder", NOW - 1), Some(NOW), "it has expired");
    check(token("alder", NOW), None, "the visit has no time");
    check(token("oak", NOW), Some(NOW), "it names an account that is not in the list");
    check(
        token("alder", NOW).map(|token| token.replace("alder", "cedar")),
        Some(NOW),
        "it is signed with another key, or for another site",
    );
    check(Some("np".to_owned()), Some(NOW), "it is no account token");
    check(Some("x".repeat(100_000)), Some(NOW), "it is no account token");
    let mut keyless = bundle.clone();
    keyless.set_token_key(None);
    let given = Visit { token: token("alder", NOW), ..visit() };
    assert_eq!(evidence(&keyless, &given), "there is no key to check it with");
    assert_eq!(evidence(&bundle, &given), "a signed token names the account");
}

#[test]
fn a_domain_finds_the_account_that_has_it_or_the_one_above() {
    let bundle = bundle();
    let check = |text: &str, expect: &str| {
        let said = said(&bundle, &Visit { ip: None, ..domain(text) });
        assert_eq!(said.split(": ").next().unwrap(), expect, "{text}");
    };
    check("alder.example", "alder by email");
    check("ALDER.example.org.", "alder by email");
    check("mail.fr.alder.example", "alder by email");
    check("malder.example", "nobody by none");
    check("alder.example.com", "nobody by none");
    check("example", "nobody by none");
    check("", "nobody by none");
    check(".", "nobody by none");
    check("é.alder.example", "alder by email");
    // The longer domain counts.
    check("elm.group.example", "elm by email");
    check("x.elm.group.example", "elm by email");
    // Nobody takes in who it is.
    check("anna@alder.example", "nobody by none");
    assert_eq!(evidence(&bundle, &domain("anna@alder.example")), "expected a domain, found an e-mail address");
    assert_eq!(evidence(&bundle, &domain("oak.example")), "the domain of the visitor's e-mail address is no account's");
}

#[test]
fn of_several_accounts_with_one_domain_the_country_decides_or_nobody_does() {
    let bundle = bundle();
    let among = |country: Option<&str>, name: Option<&str>| {
        let attributes = Some(Attributes {
            country: country.map(str::to_owned),
            name: name.map(str::to_owned),
            ..Attributes::default()
        });
        let visit = Visit { attributes, ..domain("mail.group.example") };
        (said(&bundle, &visit), decide(&bundle, &visit).matched.outcome)
    };
    let ambiguous = "nobody by email: email silent birch cedar, address overruled birch".to_owned();
    assert_eq!(among(None, None), (ambiguous.clone(), MatchOutcome::Ambiguous));
    assert_eq!(among(Some("Spain"), None), (ambiguous.clone(), MatchOutcome::Ambiguous));
    // What the caller says of the company is no account of the list.
    assert_eq!(among(None, Some("Group")), (ambiguous.clone(), MatchOutcome::Ambiguous));
    let cedar = "cedar by email: email wins cedar, address overruled birch".to_owned();
    assert_eq!(among(Some("Germany"), None), (cedar.clone(), MatchOutcome::Match));
    let birch = "birch by email: email wins birch, address agrees birch".to_owned();
    assert_eq!(among(Some("France"), None), (birch.clone(), MatchOutcome::Match));
    // By letters, and by other names of it.
    for country in ["DE", "de", "Deutschland"] {
        assert_eq!(among(Some(country), None), (cedar.clone(), MatchOutcome::Match), "{country}");
    }
    // Of the address, as a database or an edge's header has it; what is said of the company counts before.
    let from = |custom: &str, country: Option<&str>| {
        let mut visit = domain("group.example");
        visit.visitor.custom.add("country", CustomValue::Text(custom.to_owned()));
        visit.attributes =
            country.map(|country| Attributes { country: Some(country.to_owned()), ..Attributes::default() });
        (said(&bundle, &visit), decide(&bundle, &visit).matched.outcome)
    };
    assert_eq!(from("DE", None), (cedar.clone(), MatchOutcome::Match));
    assert_eq!(from("FR", None), (birch, MatchOutcome::Match));
    assert_eq!(from("FR", Some("Germany")), (cedar, MatchOutcome::Match));
    assert_eq!(from("ES", None), (ambiguous.clone(), MatchOutcome::Ambiguous));
    assert_eq!(from("FR", Some("Spain")), (ambiguous, MatchOutcome::Ambiguous));
}

#[test]
fn only_who_shares_a_domain_has_the_words_for_its_country_in_a_bundle() {
    let countries = |bundle: &Bundle, id: &str| {
        let accounts = &bundle.site().accounts;
        let account = accounts.get(accounts.find(id).unwrap()).unwrap();
        account.list(AccountField::Countries).iter().collect::<Vec<_>>().join(" ")
    };
    let bundle = bundle();
    let found = ["alder", "birch", "cedar", "dogwood", "elm", "gorse"].map(|id| countries(&bundle, id));
    assert_eq!(found, ["", "France FR", "Germany DE Deutschland", "", "", "France FR"]);
}

#[test]
fn a_company_and_one_that_it_owns_are_not_at_odds() {
    let bundle = bundle();
    let check = |visit: Visit, expect: &str| assert_eq!(said(&bundle, &visit), expect);
    let from = |ip: &str| Visit { ip: Some(ip.to_owned()), now: Some(NOW), ..Visit::default() };
    let [sure, unsure, above] = ["134.244.30.7", "134.244.31.7", "134.244.32.7"].map(from);
    let by_token = |visit: &Visit| Visit { token: token("furze", NOW), ..visit.clone() };
    // The division is more exact, where content and ads may act on it.
    check(by_token(&sure), "hazel by address: token agrees furze, address wins hazel");
    check(by_token(&unsure), "furze by token: token wins furze, address agrees hazel");
    check(by_token(&above), "furze by token: token wins furze, address agrees furze");
    // One that is above says nothing else.
    check(
        Visit { token: token("hazel", NOW), ..above.clone() },
        "hazel by token: token wins hazel, address agrees furze",
    );
    // From one to the next.
    let cookie = Visit { cookie: token("gorse", NOW), ..by_token(&sure) };
    check(cookie, "hazel by address: token agrees furze, cookie agrees gorse, address wins hazel");
    let domain = Visit { email_domain: Some("gorse.example".to_owned()), ..by_token(&unsure) };
    check(domain, "gorse by email: token agrees furze, email wins gorse, address agrees hazel");
    // The caller means whom he names.
    let hint = |id: &str| Visit { account: Some(id.to_owned()), ..sure.clone() };
    check(hint("furze"), "furze by hint: hint wins furze, address agrees hazel");
    check(by_token(&hint("gorse")), "gorse by hint: token agrees furze, hint wins gorse, address agrees hazel");
    // Others are at odds as ever.
    check(
        Visit { cookie: token("alder", NOW), ..by_token(&sure) },
        "hazel by address: token agrees furze, cookie overruled alder, address wins hazel",
    );
    let explained = explain(&bundle, &by_token(&sure)).signals;
    assert_eq!(explained[0].evidence, "a signed token names the account; `hazel`, which counts, belongs to it");
    let explained = explain(&bundle, &by_token(&unsure)).signals;
    assert!(explained[1].evidence.ends_with("; it belongs to `furze`, which counts"), "{}", explained[1].evidence);
}

#[test]
fn of_one_group_with_one_domain_the_country_decides_or_the_parent_is_meant() {
    let bundle = bundle();
    let check = |country: Option<&str>, ip: Option<&str>, expect: &str| {
        let attributes =
            country.map(|country| Attributes { country: Some(country.to_owned()), ..Attributes::default() });
        let visit = Visit { attributes, ip: ip.map(str::to_owned), ..domain("furze.example") };
        assert_eq!(said(&bundle, &visit), expect);
    };
    check(None, None, "furze by email: email wins furze");
    check(Some("Germany"), None, "furze by email: email wins furze");
    check(Some("france"), None, "gorse by email: email wins gorse");
    // Then the address says which.
    check(None, Some("134.244.30.7"), "hazel by address: email agrees furze, address wins hazel");
}

#[test]
fn a_rule_reads_the_parent() {
    let [settings, accounts] = site::family();
    let hero = site::EXPERIENCE.replace("account.tier == 1", "account.parent == \"alder\"");
    let files = [(settings.0, &*settings.1), (accounts.0, &accounts.1), ("experiences/hero.yaml", &hero)];
    let bundle = site::bundle(&site::with(&files));
    let seen = |id: &str| {
        let visit = Visit { account: Some(id.to_owned()), ..Visit::default() };
        assert_eq!(explain(&bundle, &visit).decision, decide(&bundle, &visit));
        !decide(&bundle, &visit).slots.is_empty()
    };
    assert_eq!(["alder", "birch", "cedar", "dogwood", ""].map(seen), [false, true, false, false, false]);
}

/// Whatever a visit says of whom it is from, no part of it that could be a person's stands in an answer.
#[test]
fn no_token_and_no_domain_is_repeated() {
    let bundle = bundle();
    let token = token("alder", NOW).unwrap();
    let said =
        Visit { token: Some(token.clone()), cookie: Some(format!("{token}0")), ..domain("anna.canary@alder.example") };
    let text = serde_json::to_string(&explain(&bundle, &said)).unwrap();
    let mac = token.rsplit('.').next().unwrap();
    assert!(text.contains("\"alder\"") && !text.contains(mac) && !text.contains("canary"), "{text}");
    assert!(explain(&bundle, &said).signals.iter().any(|signal| signal.verdict == SignalVerdict::Wins));
}

#[test]
fn domains_are_in_a_bundle_only_where_they_find_somebody() {
    let sources = |email_domains: &str| {
        let settings = site::SETTINGS
            .replace("    tech", "    domains: Short\n    tech")
            .replace("  file:", &format!("{email_domains}  file:"));
        site::bytes(&site::with(&[
            ("nameplate.yaml", &settings),
            ("accounts.csv", &site::ACCOUNTS.replace(",Birch,", ",canary.example,")),
        ]))
    };
    let holds = |bytes: &[u8]| {
        let bundle = Bundle::open(bytes).unwrap();
        let birch = bundle.site().accounts.find("birch").unwrap();
        bundle.site().accounts.get(birch).unwrap().list(AccountField::Domains).iter().count()
    };
    assert_eq!((holds(&sources("")), holds(&sources("  email_domains: false\n"))), (0, 0));
    assert_eq!(holds(&sources("  email_domains: true\n")), 1);
}

#[test]
fn a_mailbox_that_anybody_has_finds_nobody_and_is_a_warning() {
    let accounts =
        site::ACCOUNTS.replace("Id,Name", "Domains,Id,Name").replace("\nalder", "\nalder.example;gmail.com,alder");
    let accounts = accounts
        .replace("\nbirch", "\nhttps://birch.example,birch")
        .replace("\ncedar", "\n,cedar")
        .replace("\ndogwood", "\n,dogwood");
    let settings = site::SETTINGS
        .replace("    tech", "    domains: Domains\n    tech")
        .replace("  file:", "  email_domains: true\n  file:");
    let files = [("accounts.csv", accounts.as_bytes()), ("nameplate.yaml", settings.as_bytes())];
    assert_eq!(
        reported(&files),
        "warning A006 accounts.csv:2:1 `gmail.com` finds nobody: whoever likes has an e-mail address there
warning A006 accounts.csv:3:1 `https://birch.example` finds nobody: expected a domain, such as `example.com`"
    );
    let without = site::SETTINGS.replace("  file:", "  email_domains: true\n  file:");
    assert_eq!(
        reported(&[("nameplate.yaml", without.as_bytes())]),
        "S011 nameplate.yaml:6:3 accounts with `email_domains` need the column `domains`\n  add it, such as `columns: { domains: Website }`"
    );
}

#[test]
fn a_visitor_with_a_good_token_gets_the_slice_of_its_account() {
    let secret = "a-text-that-nobody-guesses";
    let folder = Folder::new();
    folder.write("token.key", secret);
    let server = Server::start(&["--token-key", folder.join("token.key").to_str().unwrap()]);
    let token = |site: &str, expires: i64| TokenKey::new(secret.as_bytes()).unwrap().sign(site, "birch", expires);
    let good = token("Example", clock() + 3_600);
    let asked = |token: &str, more: (&str, &str)| {
        let slice = account(&server.get("/np/slice", &[ALDER, ("np-token", token), more]));
        let decided = server.post("/np/decide", &[ALDER, more], &json!({ "token": token }).to_string()).json();
        assert_eq!(decided["account"]["id"].as_str(), slice.as_deref());
        slice
    };
    let nothing = ("X-Nothing", "1");
    assert_eq!(asked(&good, nothing).as_deref(), Some("birch"));
    for bad in [
        token("Example", clock() - 3_600),
        token("Other", clock() + 3_600),
        good.replace("birch", "alder"),
        "x".to_owned(),
    ] {
        assert_eq!(asked(&bad, nothing).as_deref(), Some("alder"), "{bad}");
    }
    assert_eq!(asked(&good, ("Sec-GPC", "1")), None, "who objects is a stranger");
    let keyless = Server::start(&[]);
    assert_eq!(account(&keyless.get("/np/slice", &[ALDER, ("np-token", &good)])).as_deref(), Some("alder"));
    let shown = format!("Bearer {SERVER_KEY}");
    let objecting = [ALDER, ("Sec-GPC", "1"), ("Authorization", shown.as_str())];
    let body = json!({ "token": good, "emailDomain": "x.example", "cookie": good }).to_string();
    assert_eq!(server.post("/np/decide", &objecting, &body).json()["account"], Value::Null);
}
