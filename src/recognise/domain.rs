//! Web domains as evidence: whose a domain is.

use crate::net::is_shared_domain;

/// The domain in small letters, without `www.` and without a dot at its end; `None` where it says nothing of an organisation.
pub(super) fn own(domain: &str) -> Option<String> {
    let domain = domain.trim().trim_end_matches('.').to_ascii_lowercase();
    let domain = domain.strip_prefix("www.").unwrap_or(&domain);
    (domain.contains('.') && !is_shared_domain(domain)).then(|| domain.to_owned())
}

/// A domain and those above it, the nearest first, up to where they are shared.
pub(super) fn and_above(domain: &str) -> impl Iterator<Item = String> {
    std::iter::successors(own(domain), |domain| domain.split_once('.').and_then(|(_, above)| own(above)))
}

#[cfg(test)]
mod tests {
    use super::{and_above, own};

    #[test]
    fn a_domain_is_an_organisations_unless_anybody_can_have_it() {
        let check = |domain: &str, expect: Option<&str>| assert_eq!(own(domain).as_deref(), expect, "{domain}");
        check("WWW.Example.COM.", Some("example.com"));
        check("gmail.com", None);
        check("yahoo.co.uk", None);
        check("github.io", None);
        check("google.com", Some("google.com"));
        check("co.uk", None);
        check("com", None);
        check("", None);
        check("example.github.io", Some("example.github.io"));
        check("group.bnpparibas", Some("group.bnpparibas"));
    }

    #[test]
    fn above_a_domain_are_its_owners_others_and_never_a_shared_one() {
        let check =
            |domain: &str, expect: &[&str]| assert_eq!(and_above(domain).collect::<Vec<_>>(), expect, "{domain}");
        check("mail.de.example.com", &["mail.de.example.com", "de.example.com", "example.com"]);
        check("shop.example.co.uk", &["shop.example.co.uk", "example.co.uk"]);
        check("example.blogspot.com", &["example.blogspot.com"]);
        check("gmail.com", &[]);
    }
}
