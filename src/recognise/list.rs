//! What was found, as files of a site: the list of networks, and the list of what is shared.

use crate::{
    limit::{WIDEST_V4, WIDEST_V6},
    net::Prefix,
    recognise::{Found, Origin, Target, sheet},
};

impl Found {
    /// `networks.csv`. The columns `wide` and `seen` are there where a prefix needs them.
    #[must_use]
    pub fn networks_csv(&self, targets: &[Target]) -> Vec<u8> {
        let rows = || self.networks.iter().filter_map(|(prefix, number)| Some((*prefix, self.origin(*number)?)));
        let with_wide = rows().any(|(prefix, _)| is_wide(prefix));
        let with_seen = rows().any(|(_, origin)| origin.seen.is_some());
        let row = |(prefix, origin): (Prefix, &Origin)| {
            let account = targets.get(origin.target).map(|target| target.id.clone()).unwrap_or_default();
            let wide = with_wide.then(|| if is_wide(prefix) { "yes".to_owned() } else { String::new() });
            let seen = with_seen.then(|| origin.seen.map(|day| day.to_string()).unwrap_or_default());
            let cells = [prefix.to_string(), account, origin.confidence.to_string(), origin.source.clone()];
            cells.into_iter().chain(wide).chain(seen).collect()
        };
        let header = ["prefix", "account", "confidence", "source"].into_iter();
        let header = header.chain(with_wide.then_some("wide")).chain(with_seen.then_some("seen"));
        sheet::write(header, rows().map(row))
    }

    /// `shared.csv`.
    #[must_use]
    pub fn shared_csv(&self) -> Vec<u8> {
        let rows = self
            .shared
            .iter()
            .map(|(prefix, origin)| vec![prefix.to_string(), origin.usage.name().to_owned(), origin.source.clone()]);
        sheet::write(["prefix", "kind", "source"].into_iter(), rows)
    }

    /// Whose a network is.
    #[must_use]
    pub fn origin(&self, number: u32) -> Option<&Origin> {
        self.origins.get(usize::try_from(number).ok()?)
    }
}

/// Whether a list of networks takes it only with `yes` in the column `wide`.
fn is_wide(prefix: Prefix) -> bool {
    prefix.length() < if matches!(prefix, Prefix::V4 { .. }) { WIDEST_V4 } else { WIDEST_V6 }
}
