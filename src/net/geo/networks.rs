//! Every prefix of a database, for tools.

use std::{collections::HashMap, net::IpAddr, sync::Arc};

use maxminddb::{LookupResult, Within, WithinOptions};

use super::{Database, Record, decode::Pieces};
use crate::net::Prefix;

/// In a tree there are as many leaves as nodes, and one more. A node that several others lead to, in a database that
/// was made to be large, gives many more.
const LEAVES_PER_NODE: usize = 3;
/// Many records share maps, those of countries above all.
const PIECES_PER_BYTE: usize = 64;

/// Why a database is not read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworksError(pub(super) &'static str);

impl std::fmt::Display for NetworksError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NetworksError {}

/// The prefixes for which a database has a record, ascending, and what it says. A record that many prefixes share is read once. Ends with
/// the first error.
pub struct Networks<'a> {
    database: &'a Database,
    within: Option<Within<'a, Vec<u8>>>,
    /// What was read, by its place in the file.
    records: HashMap<usize, Arc<Record>>,
    leaves: usize,
    pieces: usize,
}

impl std::fmt::Debug for Networks<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Networks").field("leaves", &self.leaves).finish_non_exhaustive()
    }
}

impl<'a> Networks<'a> {
    pub(super) fn new(database: &'a Database) -> Self {
        // Leaves without data are seen too: what would be passed over inside the crate could be all addresses there are.
        let options = WithinOptions::default().include_networks_without_data();
        let nodes = usize::try_from(database.about.node_count).unwrap_or(usize::MAX);
        Self {
            within: database.reader.networks(options).ok(),
            leaves: nodes.saturating_mul(LEAVES_PER_NODE).saturating_add(1),
            pieces: database.byte_count().saturating_mul(PIECES_PER_BYTE),
            records: HashMap::new(),
            database,
        }
    }

    fn entry(&mut self, found: LookupResult<'a, Vec<u8>>) -> Result<Option<(Prefix, Arc<Record>)>, NetworksError> {
        self.leaves = self.leaves.checked_sub(1).ok_or(NetworksError("its tree has more leaves than nodes could"))?;
        let Some(offset) = found.offset() else { return Ok(None) };
        let prefix = prefix(&found).ok_or(NetworksError("its tree holds a prefix that is none"))?;
        if let Some(record) = self.records.get(&offset) {
            return Ok(Some((prefix, record.clone())));
        }
        let pieces = found.decode::<Pieces<'_, true>>().ok().flatten();
        let pieces = pieces.ok_or(NetworksError("a record of it cannot be read"))?;
        let left = self.pieces.checked_sub(pieces.count());
        self.pieces = left.ok_or(NetworksError("its records hold more values than its bytes could"))?;
        let record = Arc::new(pieces.read(&self.database.schema));
        self.records.insert(offset, record.clone());
        Ok(Some((prefix, record)))
    }
}

impl Iterator for Networks<'_> {
    type Item = Result<(Prefix, Arc<Record>), NetworksError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let found = self.within.as_mut()?.next()?;
            let entry = found
                .map_err(|_| NetworksError("its tree leads beyond its addresses, or beyond its data"))
                .and_then(|found| self.entry(found));
            match entry {
                Ok(None) => {}
                Ok(Some(entry)) => return Some(Ok(entry)),
                Err(error) => {
                    self.within = None;
                    return Some(Err(error));
                }
            }
        }
    }
}

fn prefix(found: &LookupResult<'_, Vec<u8>>) -> Option<Prefix> {
    let network = found.network().ok()?;
    let length = network.prefix();
    let prefix = match network.network() {
        IpAddr::V4(v4) => Prefix::V4 { bits: v4.to_bits(), length },
        IpAddr::V6(v6) => Prefix::V6 { bits: v6.to_bits(), length },
    };
    prefix.is_valid().then_some(prefix)
}
