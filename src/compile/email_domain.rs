//! Domains of e-mail addresses that tell a company.

use crate::compile::link::is_host;

/// Whoever asks for a mailbox there gets one: the large providers, by what stands before the first point, with whatever ending.
const PROVIDERS: [&str; 15] = [
    "aol",
    "fastmail",
    "gmail",
    "gmx",
    "googlemail",
    "hotmail",
    "icloud",
    "laposte",
    "live",
    "msn",
    "naver",
    "outlook",
    "rediffmail",
    "yahoo",
    "ymail",
];
/// Those whose name is a company's with another ending.
const DOMAINS: [&str; 36] = [
    "126.com",
    "139.com",
    "163.com",
    "bigpond.com",
    "bluewin.ch",
    "bol.com.br",
    "btinternet.com",
    "comcast.net",
    "cox.net",
    "daum.net",
    "foxmail.com",
    "free.fr",
    "freenet.de",
    "hanmail.net",
    "hey.com",
    "libero.it",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailbox.org",
    "me.com",
    "orange.fr",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "seznam.cz",
    "sina.com",
    "t-online.de",
    "tuta.com",
    "uol.com.br",
    "verizon.net",
    "virgilio.it",
    "wanadoo.fr",
    "web.de",
    "yandex.ru",
];

/// Why no account is found by this domain; `None` for one by which it may be.
pub(super) fn problem(domain: &str) -> Option<&'static str> {
    let lower = domain.to_ascii_lowercase();
    let is_provider = lower.split_once('.').is_some_and(|(name, _)| PROVIDERS.contains(&name));
    if !is_host(&lower) || !lower.contains('.') {
        Some("expected a domain, such as `example.com`")
    } else if is_provider || DOMAINS.contains(&&*lower) {
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
        let free =
            ["gmail.com", "GMX.net", "yahoo.co.uk", "outlook.fr", "web.de", "qq.com", "t-online.de", "proton.me"];
        assert_eq!(says(&free), ["whoever likes has an e-mail address there"; 8]);
        let none = ["", "com", "example", "https://example.com", "anna@example.com", "example.com/a", "a b.com"];
        assert_eq!(says(&none), ["expected a domain, such as `example.com`"; 7]);
        assert_eq!(
            says(&["example.com", "siemens.com", "web.example.de", "live-nation.example", "orange.com", "Example.COM"]),
            [""; 0]
        );
    }
}
