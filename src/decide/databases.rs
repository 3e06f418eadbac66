//! What address databases know of visitors who are no account's.

use super::{How, by_text};
use crate::{bundle::Bundle, model::Visit, net::geo::Databases};

/// Adds to a visit what databases say of its address. Where the site's list says that the address is shared, no database makes somebody from
/// there a company's: it knows who holds the range, and the list who else comes from there.
pub fn ask_databases(bundle: &Bundle, databases: &Databases, visit: &mut Visit) {
    let is_described = visit.attributes.is_some();
    databases.describe(visit);
    let is_shared = || by_text(bundle, visit.ip.as_deref().unwrap_or_default()).how == How::Shared;
    if !is_described && visit.attributes.is_some() && is_shared() {
        visit.attributes = None;
    }
}
