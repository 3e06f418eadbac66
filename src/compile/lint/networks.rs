//! Prefixes of one account that lie in those of another, and prefixes that were seen long ago.

use super::Subject;
use crate::{
    compile::{
        code,
        count::plural,
        diagnostic::{Diagnostics, Span},
    },
    limit::{DAY_SECONDS, SEEN_OLD_DAYS, SEEN_STALE_DAYS},
    net::{Network, Origin, Prefix},
};

/// Says once for all how many prefixes take addresses out of another account's, and how many were seen long ago.
pub(super) fn check(subject: &Subject<'_>, log: &mut Diagnostics) {
    let Some(span) = subject.places.networks else { return };
    check_nested(subject, span, log);
    check_seen(subject, span, log);
}

/// Addresses change hands: what was seen long ago is less sure.
fn check_seen(subject: &Subject<'_>, span: Span, log: &mut Diagnostics) {
    let Some(now) = subject.now else { return };
    let networks = subject.networks;
    let seen = (0..networks.len()).filter_map(|position| networks.origin(position)?.seen);
    let ages: Vec<i64> = seen.map(|day| now.div_euclid(DAY_SECONDS) - i64::from(day)).collect();
    let count = ages.iter().filter(|age| **age > i64::from(SEEN_STALE_DAYS)).count();
    if let Some(oldest) = ages.iter().max().filter(|_| count > 0) {
        let of = if count == 1 { "1 prefix was".to_owned() } else { format!("{count} prefixes were") };
        log.note(code::L015, span, format!("{of} seen more than {SEEN_STALE_DAYS} days ago, the oldest {oldest}"))
            .help(format!(
                "run `nameplate match` on newer databases; after {SEEN_OLD_DAYS} days a prefix counts a grade less"
            ));
    }
}

fn check_nested(subject: &Subject<'_>, span: Span, log: &mut Diagnostics) {
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
            found.push((prefix, format!("`{prefix}` of `{inner}` lies in `{}` of `{outer_id}`", outer.prefix)));
        }
        open.push(Network { prefix, origin: origin.clone() });
    }
    if let Some((_, first)) = found.first() {
        let count = plural(found.len(), "prefix");
        log.note(code::L009, span, format!("{count} in that of another account: the longer one counts"))
            .help(format!("the first: {first}"));
    }
}
