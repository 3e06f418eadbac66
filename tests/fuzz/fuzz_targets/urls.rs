//! Whatever a link is written as: what the compiler lets through goes, from any page of the site, to one of its hosts, or opens a mail
//! program or a telephone; whatever an account's fields put into it.

#![cfg_attr(fuzzing, no_main)]

use nameplate::model::AppliedChange;
use nameplate_fuzz::{fuzz_target, shown};
use url::{Position, Url};

const HOSTS: [&str; 2] = ["www.example.com", "cdn.example.net"];

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for name in ["href", "src"] {
        for changes in shown::in_body(&format!("{{ attributes: {{ {name}: TEXT }} }}"), text) {
            let [AppliedChange::Attribute { value, .. }] = &*changes else { panic!("{changes:?}") };
            check(value, name == "href");
        }
    }
});

/// As a browser reads it, on pages that lie deep and on the other host.
fn check(value: &str, is_link: bool) {
    assert!(!value.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\'), "{value:?}");
    for page in ["https://www.example.com/", "https://www.example.com/a/b?c=//d#e", "https://cdn.example.net"] {
        let url = Url::parse(page).unwrap().join(value).unwrap();
        let host = &url[Position::BeforeHost..Position::AfterPort];
        let is_of_site =
            url.scheme() == "https" && HOSTS.contains(&host) && url.username().is_empty() && url.password().is_none();
        let is_contact = is_link && ["mailto", "tel"].contains(&url.scheme());
        assert!(is_of_site || is_contact, "{value:?} is {url}");
    }
}
