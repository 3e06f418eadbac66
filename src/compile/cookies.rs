//! `cookies` in `nameplate.yaml`: which cookies conditions may read, and whether each is read without the visitor's consent to storage.

use crate::{
    compile::{
        code,
        diagnostic::Diagnostics,
        settings::check_count,
        source::Source,
        suggest,
        table::{Table, check_unique, text},
    },
    limit::{COOKIE_MAX, NAME_CHAR_MAX},
    model::Names,
};

/// When one is read: always, because the site does not work without it, or with consent.
pub(super) const NEEDS: [&str; 2] = [NECESSARY, "consent"];
const NECESSARY: &str = "necessary";

/// Fills in the names, those that are necessary first. One with errors is left out.
pub(super) fn read(settings: &mut Table<'_>, source: Source<'_>, names: &mut Names, log: &mut Diagnostics) {
    let Some(table) = settings.table("cookies", "names and needs", log) else { return };
    let span = table.span();
    let mut found = Vec::new();
    for (name, node) in table.rest() {
        if !is_name(&name.text) {
            log.error(code::S005, name.span, format!("`{}` is not a name that a cookie can have", name.text)).help(
                format!("write 1 to {NAME_CHAR_MAX} letters, digits and signs such as `-`, `_` and `.`, no blank"),
            );
        } else if is_ours(&name.text) {
            log.error(code::R013, name.span, format!("the cookie `{}` is Nameplate's own", name.text))
                .help("it says who the visitor is: ask for the account, such as `account.known`");
        }
        let Some(word) = text(node, source, log) else { continue };
        if NEEDS.contains(&word.text.as_str()) {
            found.push((name, word.text == NECESSARY));
        } else {
            log.error(code::S013, word.span, format!("`{}` does not say when a cookie is read", word.text))
                .help("write `necessary` for one without which the site does not work, or `consent`")
                .maybe_help(suggest::nearest(&word.text, NEEDS).map(suggest::question));
        }
    }
    check_unique("cookie", found.iter().map(|(name, _)| name), log);
    check_count("cookies", found.len(), COOKIE_MAX, span, log);
    let (necessary, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, is_necessary)| *is_necessary);
    names.necessary_cookies = necessary.len();
    names.cookies = necessary.into_iter().chain(others).map(|(name, _)| name.shared()).collect();
}

/// A token of RFC 6265, which browsers, servers and proxies all read alike.
fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    (1..=NAME_CHAR_MAX).contains(&text.len()) && text.bytes().all(is_part)
}

/// Tokens of accounts, and what else may come to be kept.
fn is_ours(name: &str) -> bool {
    name.starts_with("np-")
}
