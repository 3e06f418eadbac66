//! Web domains that are nobody's own.

/// Mail for everybody, hosts of pages for everybody, and what registries give domains below.
const DOMAINS: &str = include_str!("shared_domains.txt");
/// Mail for everybody, whatever the ending.
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

/// Whether anybody may have an address or a page at a domain in small letters, so that it tells no company.
#[must_use]
pub fn is_shared_domain(domain: &str) -> bool {
    let is_provider = domain.split_once('.').is_some_and(|(name, _)| PROVIDERS.contains(&name));
    let mut lines = DOMAINS.lines().filter(|line| !line.starts_with('#'));
    is_provider || lines.any(|line| line.split_whitespace().any(|shared| shared == domain))
}
