//! Content never runs: HTML variants are cleaned, URLs are allowed one by one, values are escaped for their place.

use nameplate::{
    bundle::{Bundle, pack},
    compile::compile,
    decide::decide,
    model::{AppliedChange, Visit},
};

use crate::{
    clean::{check_clean, read_clean},
    diagnostics::reported,
    payloads::{HTML, URLS, WORDS},
    site,
};

/// The site with this content in the slot `body`, shown to everybody.
fn sources(content: &str, accounts: &str) -> nameplate::compile::Sources {
    let hero = site::EXPERIENCE.replace("account.tier == 1", "true");
    let hero = hero.replace("title: { text: Hello }", &format!("body: {content}"));
    site::with(&[("experiences/hero.yaml", &hero), ("accounts.csv", accounts)])
}

/// What the content becomes for an account, or `None` when it is refused.
fn shown(content: &str, accounts: &str, account: &str) -> Option<Vec<AppliedChange>> {
    let sources = sources(content, accounts);
    let compiled = compile(&sources);
    let Some(contents) = compiled.contents else {
        let codes: Vec<_> = compiled.diagnostics.iter().map(|found| found.code.0).collect();
        assert!(codes.iter().all(|code| ["C005", "C006", "C009"].contains(code)), "{codes:?} {content}");
        return None;
    };
    let visit = Visit { account: Some(account.to_owned()), ..Visit::default() };
    let decision = decide(&Bundle::open(&pack(&contents)).unwrap(), &visit);
    Some(decision.slots[0].changes.clone())
}

fn check_html(html: &str) {
    let html = site::quoted(html);
    for content in [format!("{{ html: {html} }}"), format!("{{ before: {html} }}"), format!("{{ after: {html} }}")] {
        for change in shown(&content, site::ACCOUNTS, "alder").unwrap_or_default() {
            let (AppliedChange::Html { value } | AppliedChange::Before { value } | AppliedChange::After { value }) =
                change
            else {
                panic!("{change:?}")
            };
            check_clean(&value);
        }
    }
}

#[test]
fn no_payload_survives_in_html() {
    for payload in HTML.iter() {
        check_html(payload);
        check_html(&format!("<p>before</p>{payload}<p>after</p>"));
    }
}

#[test]
fn no_payload_survives_inside_other_html() {
    for payload in HTML.iter() {
        for (open, close) in [
            ("<p title=\"", "\">x</p>"),
            ("<p title='", "'>x</p>"),
            ("<p title=", ">x</p>"),
            ("<table><tr><td>", "</td></tr></table>"),
            ("<ul><li>", ""),
            ("<a href=\"/x?y=", "\">x</a>"),
            ("<!-- ", " -->"),
            ("<svg>", "</svg>"),
            ("<math><mtext>", "</mtext></math>"),
            ("<style>", "</style>"),
            ("<textarea>", "</textarea>"),
            ("<noscript>", "</noscript>"),
            ("<template>", "</template>"),
            ("<select><option>", "</select>"),
            ("<title>", "</title>"),
            ("<pre>\n", "</pre>"),
        ] {
            check_html(&format!("{open}{payload}{close}"));
        }
    }
}

/// What an HTML creative becomes for an account, or `None` when it is refused.
fn framed(html: &str, accounts: &str, account: &str) -> Option<String> {
    let ad = site::AD
        .replace("account.tier == 1", "true")
        .replace("headline: Plans", &format!("html: {}", site::quoted(html)));
    let sources = site::with(&[("ads/offer.yaml", &ad), ("accounts.csv", accounts)]);
    let contents = compile(&sources).contents?;
    let visit = Visit { account: Some(account.to_owned()), ..Visit::default() };
    decide(&Bundle::open(&pack(&contents)).unwrap(), &visit).ads[0].html.clone()
}

/// The same as of a variant, but for styles and ids.
fn check_framed(html: &str) {
    let mut rest = html.to_owned();
    for (begin, end) in [("<style>", "</style>"), (" style=\"", "\""), (" id=\"", "\"")] {
        while let Some(start) = rest.find(begin) {
            let length = rest[start + begin.len()..].find(end).unwrap_or_else(|| panic!("{begin} is open: {html}"));
            rest.replace_range(start..start + begin.len() + length + end.len(), "");
        }
    }
    check_clean(&rest);
}

#[test]
fn no_payload_survives_in_a_creative() {
    for payload in HTML.iter() {
        for (open, close) in
            [("", ""), ("<style>", "</style>"), ("<p style=\"", "\">x</p>"), ("<style>a { content: '", "' }")]
        {
            if let Some(html) = framed(&format!("{open}{payload}{close}"), site::ACCOUNTS, "alder") {
                check_framed(&html);
            }
        }
    }
}

#[test]
fn a_creative_keeps_its_styles_and_an_accounts_name_stays_text_in_it() {
    let html = "<style>b > i { color: red } @media (width < 300px) { b { content: \"<\" } }</style><b id=\"a\" style=\"color: red\">";
    for payload in HTML.iter() {
        let accounts = format!("{}evil,\"{}\",,,,,,,,,\n", site::ACCOUNTS, payload.replace('"', "\"\""));
        let found = framed(
            &format!("{html}<i title='{{{{account.name | x}}}}'>{{{{account.name | x}}}}</i></b>"),
            &accounts,
            "evil",
        );
        let found = found.unwrap();
        assert!(found.starts_with(html), "{found}");
        check_framed(&found);
        assert_eq!(found.matches('<').count(), 8, "{found}");
    }
}

#[test]
fn what_is_harmless_stays() {
    let html = "<h2 class=\"big\" lang=\"de\">Grüße &amp; mehr</h2><ul><li>a &lt; b</li></ul><p><a href=\"/a?b=1&amp;c=2\" \
        rel=\"noopener noreferrer\">x</a> <img src=\"https://cdn.example.net/x.png\" alt=\"X\" width=\"1\" height=\"2\"><br>\
        <strong aria-label=\"y\">s</strong></p><table><thead><tr><th scope=\"col\">t</th></tr></thead><tbody><tr><td colspan=\"2\">d\
        </td></tr></tbody></table>";
    let expect = Some(vec![AppliedChange::Html { value: html.to_owned() }]);
    assert_eq!(shown(&format!("{{ html: {} }}", site::quoted(html)), site::ACCOUNTS, "alder"), expect);
    check_clean(html);
}

/// The checker above must be able to see what it looks for.
#[test]
fn the_checker_refuses_every_payload_as_it_is_written() {
    for payload in HTML.iter() {
        assert!(read_clean(payload).is_err(), "{payload}");
    }
}

/// An account can be called anything; its name comes from a CRM that others write into.
#[test]
fn a_payload_as_an_accounts_name_stays_text() {
    let content = "{ html: '<p class=\"c\" title=\"{{account.name | x}}\">{{account.name | x}} <a href=\"/a?b={{account.name | x}}\">x</a></p>', \
        attributes: { href: '/a?b={{account.name | x}}', title: '{{account.name | x}}' } }";
    for payload in HTML.iter().chain(WORDS.iter()).chain(URLS.iter()) {
        let accounts = format!("{}evil,\"{}\",,,,,,,,,\n", site::ACCOUNTS, payload.replace('"', "\"\""));
        let changes = shown(content, &accounts, "evil").unwrap();
        let [AppliedChange::Html { value: html }, AppliedChange::Attribute { value: href, .. }, _] = changes.as_slice()
        else {
            panic!("{changes:?}")
        };
        check_clean(html);
        assert_eq!(html.matches('<').count(), 4, "{html}");
        let query = href.strip_prefix("/a?b=").unwrap();
        assert!(query.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)), "{href}");
    }
}

#[test]
fn a_payload_as_text_or_plain_attribute_is_handed_on_as_it_is() {
    for &payload in HTML.iter() {
        let text = site::quoted(payload);
        let content = format!("{{ text: {text}, attributes: {{ title: {text}, data-x: {text} }} }}");
        let value = payload.to_owned();
        let attribute = |name: &str| AppliedChange::Attribute { name: name.into(), value: payload.to_owned() };
        let expect = vec![AppliedChange::Text { value }, attribute("title"), attribute("data-x")];
        assert_eq!(shown(&content, site::ACCOUNTS, "alder"), Some(expect));
    }
}

/// A refused URL: in an attribute, an image, a `srcset`, an ad, and in HTML, where cleaning may remove it instead.
fn check_refused(url: &str) {
    let quoted = site::quoted(url);
    for content in [
        format!("{{ attributes: {{ href: {quoted} }} }}"),
        format!("{{ attributes: {{ SRC: {quoted} }} }}"),
        format!("{{ image: {{ src: {quoted}, alt: A }} }}"),
    ] {
        assert_eq!(shown(&content, site::ACCOUNTS, "alder"), None, "{content}");
    }
    let away = site::EXPERIENCE.replace("slots:\n      title: { text: Hello }", &format!("redirect: {quoted}"));
    assert!(reported(&[("experiences/hero.yaml", away.as_bytes())]).starts_with("C006 "), "{url}");
    let ad = |words: &str, key: &str| {
        let ad = site::AD.replace(words, &format!("{key}: {quoted}"));
        assert!(reported(&[("ads/offer.yaml", ad.as_bytes())]).starts_with("C006 "), "{url}");
    };
    ad("link: /plans", "link");
    ad("headline: Plans", "image");
    for html in
        [format!("<a href=\"{url}\">x</a>"), format!("<img src='{url}' alt=''>"), format!("<q cite={url}>x</q>")]
    {
        check_html(&html);
    }
}

#[test]
fn no_url_leads_out_or_runs() {
    URLS.iter().for_each(|url| check_refused(url));
}

/// All 33 control characters before `javascript:` still run in Chromium.
#[test]
fn no_control_character_hides_a_scheme() {
    for control in (0..=32).chain([127]).map(char::from) {
        check_refused(&format!("{control}javascript:alert(1)"));
        check_refused(&format!("java{control}script:alert(1)"));
        check_refused(&format!("/{control}/evil.example.org"));
    }
}

#[test]
fn srcset_is_checked_candidate_by_candidate() {
    for url in URLS.iter().filter(|url| !url.contains([',', '\n', '\r', '\t', ' ', '\u{a0}', '\u{2028}'])) {
        let content = format!("{{ attributes: {{ srcset: {} }} }}", site::quoted(&format!("/a.png 1x, {url} 2x")));
        assert_eq!(shown(&content, site::ACCOUNTS, "alder"), None, "{content}");
    }
    for srcset in ["", ",", "/a.png 1x,", "/a.png 1x,,/b.png 2x"] {
        let content = format!("{{ attributes: {{ srcset: {srcset:?} }} }}");
        assert_eq!(shown(&content, site::ACCOUNTS, "alder"), None, "{content}");
    }
}

#[test]
fn no_attribute_that_runs_or_styles_can_be_set() {
    for name in [
        "onclick",
        "OnError",
        "onx",
        "style",
        "srcdoc",
        "id",
        "name",
        "is",
        "slot",
        "form",
        "formaction",
        "action",
        "target",
        "ping",
        "rel",
        "type",
        "content",
        "http-equiv",
        "integrity",
        "nonce",
        "background",
        "poster",
        "data",
        "xlink:href",
        "xmlns",
        "aria",
        "data_x",
        "data-",
        "aria-",
        "data-é",
        "data-x y",
        "data-x\"",
        "",
        "href ",
        "sandbox",
        "allow",
        "autofocus",
        "contenteditable",
    ] {
        let hero = site::EXPERIENCE.replace("text: Hello", &format!("attributes: {{ {name:?}: x }}"));
        let found = reported(&[("experiences/hero.yaml", hero.as_bytes())]);
        assert!(found.starts_with("C007 ") && found.lines().count() == 2, "{name}: {found}");
    }
}

#[test]
fn a_token_is_refused_where_it_could_become_code() {
    let token = "{{account.name | x}}";
    for html in [
        "<script>TOKEN</script>",
        "<script>var a = \"TOKEN\"</script>",
        "<style>TOKEN</style>",
        "<p style=\"color: TOKEN\">x</p>",
        "<p onclick=\"TOKEN\">x</p>",
        "<p onclick=\"say('TOKEN')\">x</p>",
        "<p TOKEN>x</p>",
        "<p TOKEN=\"x\">x</p>",
        "<p data-TOKEN=\"x\">x</p>",
        "<p title=TOKEN>x</p>",
        "<p title=a-TOKEN lang=de>x</p>",
        "<p title=it's&TOKEN>x</p>",
        "<p lang='de' title = TOKEN>x</p>",
        "<a href=/?a=TOKEN>x</a>",
        "<TOKEN>x</TOKEN>",
        "<hTOKEN>x</h1>",
        "<!-- TOKEN -->",
        "<iframe srcdoc=\"TOKEN\"></iframe>",
        "<base href=\"TOKEN\">",
        "<base href=\"/?a=TOKEN\">",
        "<meta content=\"TOKEN\">",
        "<a href=\"TOKEN\">x</a>",
        "<a href=\"/TOKEN\">x</a>",
        "<a href=\"/#TOKEN\">x</a>",
        "<a href=\"/?TOKEN\">x</a>",
        "<a href=\"/?TOKEN=1\">x</a>",
        "<a href=\"/?a=1&TOKEN=1\">x</a>",
        "<a href=\"/?a=1#TOKEN\">x</a>",
        "<a href=\"/?a=1#b?c=TOKEN\">x</a>",
        "<a href=\"https://TOKEN/\">x</a>",
        "<a href=\"https://TOKEN.example.com/?a=1\">x</a>",
        "<a href=\"https://user:TOKEN@www.example.com/\">x</a>",
        "<a href=\"https://www.example.com:TOKEN/\">x</a>",
        "<a href=\"TOKEN:x\">x</a>",
        "<img src=\"TOKEN\" alt=\"\">",
        "<img srcset=\"TOKEN 1x\" src=\"/a\" alt=\"\">",
        "<q cite=\"/TOKEN\">x</q>",
        "<svg><text>TOKEN</text><script>TOKEN</script></svg>",
        "<template>TOKEN</template>",
        "<textarea TOKEN></textarea>",
        "<form action=\"/?a=TOKEN\"></form>",
        "<object data=\"/?a=TOKEN\"></object>",
    ] {
        let html = html.replace("TOKEN", token);
        let hero = site::EXPERIENCE.replace("title: { text: Hello }", &format!("body: {{ html: {html:?} }}"));
        let found = reported(&[("experiences/hero.yaml", hero.as_bytes())]);
        let errors: Vec<_> =
            found.lines().filter(|line| !line.starts_with("  ") && !line.starts_with("warning")).collect();
        assert!(!errors.is_empty() && errors.iter().all(|line| line.starts_with("C005 ")), "{html}: {found}");
    }
}

#[test]
fn a_token_is_refused_in_a_url_but_as_a_value_of_its_query() {
    let token = "{{account.id | x}}";
    let check = |url: &str, is_allowed: bool| {
        let url = url.replace("TOKEN", token);
        for content in
            [format!("{{ attributes: {{ href: {url:?} }} }}"), format!("{{ image: {{ src: {url:?}, alt: A }} }}")]
        {
            assert_eq!(shown(&content, site::ACCOUNTS, "alder").is_some(), is_allowed, "{content}");
        }
        let ad = site::AD.replace("link: /plans", &format!("link: {url:?}"));
        assert_eq!(reported(&[("ads/offer.yaml", ad.as_bytes())]).is_empty(), is_allowed, "{url}");
    };
    for good in [
        "/?a=TOKEN",
        "/b?a=TOKEN&c=TOKEN#d",
        "?a=1&b=xTOKENy",
        "https://cdn.example.net/?a=TOKEN",
        "/?a=b=TOKEN",
        "/?a=b?TOKEN",
    ] {
        check(good, true);
    }
    for bad in [
        "TOKEN",
        "/TOKEN",
        "//TOKEN",
        "/#TOKEN",
        "/?TOKEN",
        "/?a=1&TOKEN",
        "/?TOKEN=1",
        "/?a#b=TOKEN",
        "https://TOKEN/",
        "https://www.example.com:TOKEN/",
        "TOKEN://www.example.com/",
        "https://TOKEN@www.example.com/?a=TOKEN",
        "javascript:?a=TOKEN",
        "//evil.example.org/?a=TOKEN",
    ] {
        check(bad, false);
    }
    let hero = site::EXPERIENCE.replace("text: Hello", "attributes: { srcset: '/a?b={{account.id | x}} 1x' }");
    assert!(!reported(&[("experiences/hero.yaml", hero.as_bytes())]).is_empty(), "a `srcset` takes no tokens");
}
