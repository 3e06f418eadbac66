//! What tokens say of the visitor himself, role and campaign, and the cookie that keeps them where he agrees.

use std::{fs, os::unix::fs::PermissionsExt};

use nameplate::{
    bundle::{Bundle, Token, TokenKey},
    decide::{decide, explain, told},
    model::{Visit, Visitor},
    serve::clock,
};
use serde_json::json;

use crate::{program::run, serve::account, server::Server, site};

const NOW: i64 = 1_795_424_400;
const KEY: &str = "a-text-that-nobody-guesses";
const HERO: &str = "name: hero
when: visitor.role == \"champion\"
priority: 2
variants: [{ name: one, slots: { title: { text: Champion } } }]
";
const SPRING: &str = "name: spring
when: page.utm_campaign == \"spring\"
priority: 1
variants: [{ name: one, slots: { body: { text: Spring } } }]
";

fn bytes() -> Vec<u8> {
    site::bytes(&site::with(&[("experiences/hero.yaml", HERO), ("experiences/spring.yaml", SPRING)]))
}

fn bundle() -> Bundle {
    let mut bundle = Bundle::open(&bytes()).unwrap();
    bundle.set_token_key(TokenKey::new(KEY.as_bytes()));
    bundle
}

fn token(account: &str, role: Option<&str>, campaign: Option<&str>, expires: i64) -> Option<String> {
    Some(TokenKey::new(KEY.as_bytes()).unwrap().sign("Example", Token { account, role, campaign }, expires))
}

fn visit() -> Visit {
    Visit { now: Some(NOW), ..Visit::default() }
}

#[test]
fn rules_read_what_good_tokens_say_of_the_visitor() {
    let bundle = bundle();
    let seen = |visit: &Visit| {
        let decision = decide(&bundle, visit);
        assert_eq!(explain(&bundle, visit).decision, decision);
        decision.slots.iter().map(|slot| slot.experience.to_string()).collect::<Vec<_>>().join(" ")
    };
    let with = |token: Option<String>| Visit { token, ..visit() };
    let both = token("alder", Some("champion"), Some("spring"), NOW);
    assert_eq!(seen(&with(both.clone())), "hero spring");
    assert_eq!(seen(&Visit { cookie: both.clone(), ..visit() }), "hero spring");
    assert_eq!(seen(&with(token("alder", Some("champion"), None, NOW))), "hero");
    assert_eq!(seen(&with(token("alder", None, Some("spring"), NOW))), "spring");
    assert_eq!(seen(&with(token("alder", None, None, NOW))), "");
    // Of two, each says what the first does not.
    let two = Visit { cookie: both.clone(), ..with(token("birch", Some("user"), None, NOW)) };
    assert_eq!(seen(&two), "spring");
    // What is not good says nothing.
    let forged = both.clone().map(|token| token.replace("champion", "user"));
    for bad in [token("alder", Some("champion"), None, NOW - 1), token("oak", Some("champion"), None, NOW), forged] {
        assert_eq!(seen(&with(bad)), "");
    }
    // What the visit says itself stays.
    let visitor = Visitor { role: Some("user".to_owned()), ..Visitor::default() };
    let url = Some("/?utm_campaign=autumn".to_owned());
    assert_eq!(seen(&Visit { url, visitor, ..with(both.clone()) }), "");
    let visitor = Visitor { campaign: Some("spring".to_owned()), ..Visitor::default() };
    assert_eq!(seen(&Visit { visitor, ..visit() }), "spring");
    // As the tag hears it.
    let text = |token: Option<String>| told(&bundle, &with(token)).text();
    assert_eq!(text(both), "champion.spring");
    assert_eq!(text(token("alder", None, Some("spring"), NOW)), ".spring");
    assert_eq!((text(token("alder", None, None, NOW)), text(None)), (String::new(), String::new()));
}

#[test]
fn the_program_writes_role_and_campaign_into_a_token() {
    let folder = crate::program::Folder::new();
    folder.write("site.npb", bytes());
    folder.write("key", KEY);
    let [bundle, key] = ["site.npb", "key"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    let made = |more: &[&str]| run(&[&["token", &bundle, "--account", "alder", "--key", &key], more].concat());
    let token = made(&["--role", "decision-maker", "--campaign", "Q3_launch"]);
    let said: Vec<&str> = token.out.trim().split('.').collect();
    assert_eq!((said[0], &said[2..4], said.len()), ("alder", &["decision-maker", "Q3_launch"][..], 5));
    assert_eq!(made(&["--campaign", "x"]).out.split('.').nth(2), Some(""));
    let warned = |mode: u32| {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        let ran = made(&[]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        ran.err.contains("everybody on this machine can read this key; `chmod 600` mends that")
    };
    assert_eq!([0o600, 0o640, 0o644].map(warned), [false, false, true]);
    for wrong in [["--role", "boss"], ["--campaign", "a.b"], ["--campaign", ""], ["--campaign", "é"]] {
        assert_eq!(made(&wrong).code, Some(2), "{wrong:?}");
    }
}

/// The tag is told by the server, which alone can check a token.
#[test]
fn a_slice_comes_with_what_the_token_told_and_is_kept_only_with_consent() {
    let server = |options: &[&str]| {
        let folder = crate::program::Folder::new();
        folder.write("token.key", KEY);
        let key = folder.join("token.key").to_str().unwrap().to_owned();
        Server::start_with(&bytes(), &[&["--token-key", &key], options].concat())
    };
    let keeps = server(&["--keep-token", "consent=yes"]);
    let good = token("birch", Some("champion"), Some("spring"), clock() + 3_600).unwrap();
    let (shown, agrees) = (("np-token", good.as_str()), ("Cookie", "a=b; consent=yes"));
    let answer = keeps.get("/np/slice", &[shown, agrees]);
    assert_eq!((account(&answer).as_deref(), answer.header("np-told")), (Some("birch"), Some("champion.spring")));
    let cookie = answer.header("set-cookie").unwrap().to_owned();
    let [kept, path, age, rest @ ..] = &*cookie.split("; ").collect::<Vec<_>>() else { panic!("{cookie}") };
    assert_eq!(
        (*kept, *path, rest),
        (&*format!("np-token={good}"), "Path=/", &["Secure", "HttpOnly", "SameSite=Lax"][..])
    );
    let seconds: i64 = age.strip_prefix("Max-Age=").unwrap().parse().unwrap();
    assert!((3_000..=3_600).contains(&seconds), "{age}");

    // Then the cookie is enough, as long as he agrees.
    let both = format!("{kept}; consent=yes");
    let known = keeps.get("/np/slice", &[("Cookie", &both)]);
    assert_eq!((account(&known).as_deref(), known.header("set-cookie")), (Some("birch"), None));
    let decided = keeps.post("/np/decide", &[("Cookie", &both)], "{}").json();
    assert_eq!((&decided["account"]["id"], decided["slots"].as_array().unwrap().len()), (&json!("birch"), 2));
    let strangers = [vec![("Cookie", *kept)], vec![("Cookie", both.as_str()), ("Sec-GPC", "1")]];
    for headers in strangers {
        let answer = keeps.get("/np/slice", &headers);
        assert_eq!((account(&answer), answer.header("np-told")), (None, None), "{headers:?}");
    }
    // Nothing is kept without his word, of one that is not good, or where nobody is to be remembered.
    let forged = good.replace("birch", "alder");
    let without = server(&[]);
    for (server, headers) in [
        (&keeps, vec![shown]),
        (&keeps, vec![shown, ("Cookie", "consent=no")]),
        (&keeps, vec![shown, agrees, ("Sec-GPC", "1")]),
        (&keeps, vec![("np-token", forged.as_str()), agrees]),
        (&without, vec![shown, agrees]),
    ] {
        assert_eq!(server.get("/np/slice", &headers).header("set-cookie"), None, "{headers:?}");
    }
    assert_eq!(account(&without.get("/np/slice", &[("Cookie", &both)])), None);
}
