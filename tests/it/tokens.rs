//! An account's values in texts: made safe for their place, with a fallback for those who have none.

use nameplate::{
    decide::decide,
    model::{AppliedChange, Visit},
};

use crate::site;

/// What `content` of the slot `body` becomes for `account` ("" is a stranger).
fn rendered(content: &str, account: &str) -> String {
    let hero = site::EXPERIENCE.replace("title: { text: Hello }", &format!("body: {content}"));
    let hero = hero.replace("when: account.tier == 1", "when: true");
    let bundle = site::bundle(&site::with(&[("experiences/hero.yaml", &hero)]));
    let visit = Visit { account: Some(account.to_owned()), ..Visit::default() };
    let decision = decide(&bundle, &visit);
    let change = |change: &AppliedChange| match change {
        AppliedChange::Text { value } | AppliedChange::Html { value } => value.clone(),
        AppliedChange::Attribute { name, value } => format!("{name}={value}"),
        AppliedChange::Before { value } | AppliedChange::After { value } | AppliedChange::Redirect { value } => {
            value.clone()
        }
        AppliedChange::Class { name, value } => format!("{}{name}", if *value { '+' } else { '-' }),
        AppliedChange::Visible { value } => format!("visible {value}"),
    };
    decision.slots[0].changes.iter().map(change).collect::<Vec<_>>().join("\n")
}

fn check(content: &str, account: &str, expect: &str) {
    assert_eq!(rendered(content, account), expect, "{content} {account}");
}

#[test]
fn a_token_is_the_accounts_value_or_its_fallback() {
    let text = "{ text: 'For {{account.short_name | your plant}}, tier {{account.tier|?}}.' }";
    check(text, "alder", "For Alder, tier 1.");
    check(text, "dogwood", "For your plant, tier ?.");
    check(text, "", "For your plant, tier ?.");
    check("{ text: '{{ account.revenue|none }}{{account.id | x}}' }", "alder", "-5alder");
}

#[test]
fn every_field_but_the_lists_can_stand_in_a_token() {
    let fields = ["id", "name", "short_name", "industry", "employees", "revenue", "country", "tier", "stage", "intent"];
    let text: Vec<String> = fields.iter().map(|field| format!("{{{{account.{field} | -}}}}")).collect();
    let expect = "alder|Alder Bank AG|Alder|Banking|84000|-5|Germany|1|customer|70";
    check(&format!("{{ text: {:?} }}", text.join("|")), "alder", expect);
    check(&format!("{{ text: {:?} }}", text.join("|")), "", "-|-|-|-|-|-|-|-|-|-");
    check("{ text: '{{account.owner | nobody}}, {{account.lifetime_value | -}}' }", "alder", "nobody, -");
}

/// cedar's short name is `<b>"C&S"'`.
#[test]
fn a_value_is_escaped_for_its_place() {
    check("{ text: '{{account.short_name | x}}' }", "cedar", r#"<b>"C&S"'"#);
    check(
        "{ html: '<i title=\"{{account.short_name | x}}\">{{account.short_name | x}}</i>' }",
        "cedar",
        r#"<i title="&lt;b&gt;&quot;C&amp;S&quot;&#39;">&lt;b&gt;&quot;C&amp;S&quot;&#39;</i>"#,
    );
    check("{ attributes: { title: '{{account.short_name | x}}' } }", "cedar", r#"title=<b>"C&S"'"#);
    check(
        "{ attributes: { href: '/a?b={{account.short_name | x}}&c={{account.id | y}}#d' } }",
        "cedar",
        "href=/a?b=%3Cb%3E%22C%26S%22%27&c=cedar#d",
    );
    check(
        "{ html: '<a href=\"/a?b={{account.short_name | x}}&c=1\">x</a>' }",
        "cedar",
        "<a href=\"/a?b=%3Cb%3E%22C%26S%22%27&amp;c=1\" rel=\"noopener noreferrer\">x</a>",
    );
}

#[test]
fn a_fallback_is_escaped_like_a_value() {
    check("{ text: '{{account.name | <i>&}}' }", "", "<i>&");
    check("{ html: '<p>{{account.name | <i>&\"}}</p>' }", "", "<p>&lt;i&gt;&amp;&quot;</p>");
    check("{ attributes: { href: '/a?b={{account.name | é/?&=#}}' } }", "", "href=/a?b=%C3%A9%2F%3F%26%3D%23");
}

#[test]
fn a_token_stands_as_often_as_it_is_written() {
    let tokens = "{{account.id | x}}".repeat(12);
    check(&format!("{{ html: '<p>{tokens}</p>' }}"), "alder", &format!("<p>{}</p>", "alder".repeat(12)));
    check("{ html: 'nptoken0z {{account.id | x}} nptoken nptokenq0z' }", "alder", "nptoken0z alder nptoken nptokenq0z");
    check("{ html: '{{account.id | nptoken0z}} {{account.id | nptoken1z}}' }", "", "nptoken0z nptoken1z");
}

#[test]
fn braces_that_are_no_token_are_text() {
    check("{ text: 'a } b }} c { d' }", "", "a } b }} c { d");
    check("{ html: 'a }} {b}' }", "", "a }} {b}");
}

#[test]
fn a_value_with_braces_is_not_read_again() {
    let accounts = site::ACCOUNTS.replace("Cedar & Sons", "{{account.id | x}}");
    let hero =
        site::EXPERIENCE.replace("text: Hello", "text: '{{account.name | y}}'").replace("account.tier == 1", "true");
    let bundle = site::bundle(&site::with(&[("accounts.csv", &accounts), ("experiences/hero.yaml", &hero)]));
    let decision = decide(&bundle, &Visit { account: Some("cedar".to_owned()), ..Visit::default() });
    assert_eq!(decision.slots[0].changes, [AppliedChange::Text { value: "{{account.id | x}}".to_owned() }]);
}

#[test]
fn a_very_long_value_is_cut() {
    let accounts = site::ACCOUNTS.replace("Alder Bank AG", &"é".repeat(500));
    let hero = site::EXPERIENCE.replace("title: { text: Hello }", "body: { text: '{{account.name | y}}' }");
    let bundle = site::bundle(&site::with(&[("accounts.csv", &accounts), ("experiences/hero.yaml", &hero)]));
    let decision = decide(&bundle, &Visit { account: Some("alder".to_owned()), ..Visit::default() });
    assert_eq!(decision.slots[0].changes, [AppliedChange::Text { value: "é".repeat(200) }]);
}

#[test]
fn classes_and_what_is_shown_are_the_same_for_all() {
    let content = "{ visible: true, classes: { add: [big, wide], remove: small }, after: 'x', before: y }";
    check(content, "alder", "y\nx\n-small\n+big\n+wide\nvisible true");
    check("{ visible: false }", "", "visible false");
}

#[test]
fn what_stands_beside_a_slot_is_html_with_tokens() {
    check(
        "{ after: '<p title=\"{{account.short_name | x}}\">{{account.short_name | x}}</p>' }",
        "cedar",
        r#"<p title="&lt;b&gt;&quot;C&amp;S&quot;&#39;">&lt;b&gt;&quot;C&amp;S&quot;&#39;</p>"#,
    );
}

#[test]
fn changes_come_in_the_order_text_attributes_image() {
    let content = "{ image: { src: /a.png, alt: 'For {{account.name | you}}' }, attributes: { Title: T, data-x: '1' }, text: Hi }";
    check(content, "dogwood", "Hi\ntitle=T\ndata-x=1\nsrc=/a.png\nalt=For Dogwood\nsrcset=");
    check(
        "{ image: { src: /a.png, alt: A, srcset: '/a.png 1x, /b.png 2x' } }",
        "",
        "src=/a.png\nalt=A\nsrcset=/a.png 1x, /b.png 2x",
    );
}

/// YAML 1.1 takes them for booleans; nobody who writes a button means that.
#[test]
fn yes_and_no_are_words() {
    check("{ text: Yes }", "", "Yes");
    check("{ text: no, attributes: { title: 'Off', alt: y, lang: no } }", "", "no\ntitle=Off\nalt=y\nlang=no");
}
