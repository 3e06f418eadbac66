//! Domains of e-mail addresses that tell a company.

use crate::{compile::link::is_host, net::is_shared_domain};

/// Why no account is found by this domain; `None` for one by which it may be.
pub(super) fn problem(domain: &str) -> Option<&'static str> {
    let lower = domain.to_ascii_lowercase();
    if !is_host(&lower) || !lower.contains('.') {
        Some("expected a domain, such as `example.com`")
    } else if is_shared_domain(&lower) {
        Some("whoever likes has an e-mail address there")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn a_mailbox_that_anybody_has_tells_no_company() {
        let says = |domains: &[&str]| domains.iter().filter_map(|domain| problem(domain)).collect::<Vec<_>>();
        let free = [
            "gmail.com",
            "GMX.net",
            "yahoo.co.uk",
            "outlook.fr",
            "web.de",
            "qq.com",
            "t-online.de",
            "proton.me",
            "abv.bg",
            "alice.it",
            "ziggo.nl",
            "yopmail.com",
            "privaterelay.appleid.com",
        ];
        assert_eq!(says(&free), ["whoever likes has an e-mail address there"; 13]);
        let none = ["", "com", "example", "https://example.com", "anna@example.com", "example.com/a", "a b.com"];
        assert_eq!(says(&none), ["expected a domain, such as `example.com`"; 7]);
        assert_eq!(
            says(&[
                "example.com",
                "siemens.com",
                "alibaba.com",
                "web.example.de",
                "live-nation.example",
                "orange.com",
                "Example.COM"
            ]),
            [""; 0]
        );
    }
}
