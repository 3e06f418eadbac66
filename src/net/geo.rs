//! Address databases in MaxMind's format: what a vendor says of whoever holds an address.
//!
//! A database comes from outside, so nothing in it is believed before it was checked, and looking into it costs no more than a budget
//! says, whatever its bytes are. An address is found, or not found, or the database cannot answer for it: three outcomes, because a broken
//! record is no stranger.

mod decode;
mod networks;
mod record;
mod schema;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use maxminddb::Reader;

pub use networks::{Networks, NetworksError};
pub use record::Record;
pub use schema::{Field, Mapping, MappingError};

use self::{decode::Pieces, schema::Node};
use crate::{
    limit::{DATABASE_BYTE_MAX, DATABASE_EPOCH_MAX, DATABASE_METADATA_BYTE_MAX},
    model::Visit,
    net::{Address, AddressClass},
};

/// What stands before the metadata.
const MARKER: &[u8] = b"\xab\xcd\xefMaxMind.com";

/// An open database. Holds its bytes.
pub struct Database {
    reader: Reader<Vec<u8>>,
    schema: Node,
    about: About,
    byte_count: usize,
}

/// What a database says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its type, `GeoLite2-ASN`: a name for people.
    pub kind: String,
    /// When it was built, Unix seconds.
    pub built: u64,
    /// 4, or 6 with or without IPv4.
    pub ip_version: u16,
    /// Nodes in its tree: it has at most so many prefixes, and one more.
    pub node_count: u32,
}

/// Why bytes are no database: what was expected, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseError(String);

impl std::fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no address database in MaxMind's format: {}", self.0)
    }
}

impl std::error::Error for DatabaseError {}

/// What a database says of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It has a record.
    Record(Record),
    /// It has none: an ordinary miss.
    Nothing,
    /// It has one that cannot be read, or costs more than a visitor may wait for.
    NotAnswerable,
}

impl Database {
    /// Opens a database, with fields that the table of schemas does not know.
    ///
    /// # Errors
    /// [`DatabaseError`]: too large, no metadata near the end, metadata that contradict the file. Records are read when they are asked for.
    pub fn open(bytes: Vec<u8>, mapping: &Mapping) -> Result<Self, DatabaseError> {
        let length = bytes.len();
        if length > DATABASE_BYTE_MAX {
            return Err(DatabaseError(format!("expected at most {DATABASE_BYTE_MAX} bytes, found {length}")));
        }
        // The crate would search all of the file.
        let tail = bytes.get(length.saturating_sub(DATABASE_METADATA_BYTE_MAX)..).unwrap_or_default();
        if !tail.windows(MARKER.len()).any(|window| window == MARKER) {
            let text = format!("expected its metadata in the last {DATABASE_METADATA_BYTE_MAX} bytes, found none");
            return Err(DatabaseError(text));
        }
        let reader = Reader::from_source(bytes).map_err(|error| DatabaseError(error.to_string()))?;
        let metadata = reader.metadata();
        // Where clocks have 64 bits the crate refuses later ones, and elsewhere it does not.
        if metadata.build_epoch > DATABASE_EPOCH_MAX {
            let text = format!("expected it built before {DATABASE_EPOCH_MAX}, found {}", metadata.build_epoch);
            return Err(DatabaseError(text));
        }
        let about = About {
            kind: metadata.database_type.clone(),
            built: metadata.build_epoch,
            ip_version: metadata.ip_version,
            node_count: metadata.node_count,
        };
        Ok(Self { reader, schema: Node::new(mapping), about, byte_count: length })
    }

    /// What it says of itself.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Bytes of the file.
    #[must_use]
    pub fn byte_count(&self) -> usize {
        self.byte_count
    }

    /// What it says of an address, at a cost that its bytes cannot raise: at most 128 nodes and a record of
    /// [`RECORD_VALUE_MAX`](crate::limit::RECORD_VALUE_MAX) values. An address that is not of the public internet is never found: a tree
    /// leads from a tunnel's to whoever holds the IPv4 address in it.
    #[must_use]
    pub fn find(&self, address: Address) -> Found {
        let Some(address) = self.asked(address) else { return Found::Nothing };
        match self.reader.lookup(address).and_then(|found| found.decode::<Pieces<'_, false>>()) {
            Ok(Some(pieces)) => Found::Record(pieces.read(&self.schema)),
            Ok(None) => Found::Nothing,
            Err(_) => Found::NotAnswerable,
        }
    }

    /// Where the record of an address begins, which need not be a good one: what has one offset has one record.
    #[must_use]
    pub fn offset(&self, address: Address) -> Option<usize> {
        self.reader.lookup(self.asked(address)?).ok()?.offset()
    }

    /// The address as the reader is asked for it, if it can have a record.
    fn asked(&self, address: Address) -> Option<IpAddr> {
        match address {
            _ if address.class() != AddressClass::Public => None,
            Address::V4(bits) => Some(IpAddr::V4(Ipv4Addr::from_bits(bits))),
            Address::V6(bits) => (self.about.ip_version != 4).then(|| IpAddr::V6(Ipv6Addr::from_bits(bits))),
        }
    }

    /// Adds to a visit what it says of the visit's address, see [`Record::describe`].
    pub fn describe(&self, visit: &mut Visit) {
        let address = visit.ip.as_deref().and_then(Address::parse);
        if let Some(Found::Record(record)) = address.map(|address| self.find(address)) {
            record.describe(visit);
        }
    }

    /// Every prefix that has a record, and the record: for tools, whose budget is larger.
    #[must_use]
    pub fn networks(&self) -> Networks<'_> {
        Networks::new(self)
    }
}

/// Several databases, for countries here and companies there: of what two know, the first counts.
#[derive(Debug, Default)]
pub struct Databases(pub Vec<Database>);

impl Databases {
    /// Adds to a visit what they say of its address, see [`Record::describe`].
    pub fn describe(&self, visit: &mut Visit) {
        self.0.iter().for_each(|database| database.describe(visit));
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("about", &self.about).finish_non_exhaustive()
    }
}
