//! Prefixes of one account that lie in those of another.

use super::{Subject, plural};
use crate::{
    compile::{code, diagnostic::Diagnostics},
    net::{Network, Origin, Prefix},
};

/// Says once for all how many prefixes take addresses out of another account's.
pub(super) fn check(subject: &Subject<'_>, log: &mut Diagnostics) {
    let Some(span) = subject.places.networks else { return };
    let networks = subject.networks;
    // Ascending, so those that hold a prefix stand before it and have not ended yet.
    let mut open: Vec<Network> = Vec::new();
    let mut found: Vec<(Prefix, String)> = Vec::new();
    for (position, prefix) in networks.prefixes().iter().enumerate() {
        // What many share is no account's, and takes addresses out of all.
        let Some(origin) = networks.origin(position).filter(|origin| origin.account().is_some()) else { continue };
        open.retain(|outer| outer.prefix.contains(prefix.first()));
        if let Some(outer) = open.last().filter(|outer| outer.origin.account() != origin.account()) {
            let id = |origin: &Origin| {
                let account = origin.account().and_then(|account| subject.site.accounts.get(account));
                account.map_or("", |account| account.id())
            };
            let (inner, outer_id) = (id(origin), id(&outer.origin));
            found.push((*prefix, format!("`{prefix}` of `{inner}` lies in `{}` of `{outer_id}`", outer.prefix)));
        }
        open.push(Network { prefix: *prefix, origin: origin.clone() });
    }
    if let Some((_, first)) = found.first() {
        let count = plural(found.len(), "prefix").replace("prefixs", "prefixes");
        log.note(code::L009, span, format!("{count} in that of another account: the longer one counts"))
            .help(format!("the first: {first}"));
    }
}
