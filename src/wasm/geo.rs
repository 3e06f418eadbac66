//! The JavaScript door to address databases: a module of its own, because a database is many times as large as all else, and its memory
//! ends with it.
//!
//! The bytes are written straight into the module's memory as they come: [`Database::new`] makes room for all, and [`Database::bytes`]
//! says where it is. Answers are JSON texts, as those of the core.

mod json;

use serde::Serialize;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use crate::{
    limit::DATABASE_BYTE_MAX,
    model::Attributes,
    net::{
        Address,
        geo::{self, About, Found, Mapping, Record},
    },
    wasm::json::to_json,
};

#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// An address that the database has no record for, and one that it cannot answer for, in the place of an offset or a length.
const NOTHING: i32 = -1;
const NOT_ANSWERABLE: i32 = -2;

/// A database: its bytes, and once they are all there what was opened of them.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Database {
    bytes: Vec<u8>,
    open: Option<geo::Database>,
    /// What was looked for last.
    address: Address,
    text: String,
}

#[wasm_bindgen]
impl Database {
    /// Room for a database of so many bytes.
    ///
    /// # Errors
    /// An `Error`, where that is more than a database may have, or than there is.
    #[wasm_bindgen(constructor)]
    pub fn new(length: usize) -> Result<Database, JsError> {
        let mut bytes = Vec::new();
        let fits = length <= DATABASE_BYTE_MAX && bytes.try_reserve_exact(length).is_ok();
        if !fits {
            return Err(JsError::new(&format!("there is no room for an address database of {length} bytes")));
        }
        bytes.resize(length, 0);
        Ok(Self { bytes, open: None, address: Address::V4(0), text: String::new() })
    }

    /// Where the bytes are to be written.
    pub fn bytes(&self) -> *const u8 {
        self.bytes.as_ptr()
    }

    /// Opens what was written, with the fields of an unknown schema. How long the JSON text is of what the database says of itself.
    ///
    /// # Errors
    /// An `Error` that says what was expected, and what was found.
    pub fn open(&mut self, mapping: &str) -> Result<usize, JsError> {
        let mapping: Mapping = mapping.parse()?;
        let database = geo::Database::open(std::mem::take(&mut self.bytes), &mapping)?;
        let About { kind, built, ip_version, node_count } = database.about();
        let built = i64::try_from(*built).unwrap_or(i64::MAX);
        let byte_count = u32::try_from(database.byte_count()).unwrap_or(u32::MAX);
        let about = AboutText { kind, built, ip_version: *ip_version, node_count: *node_count, byte_count };
        let length = self.say(to_json(&about));
        self.open = Some(database);
        Ok(length)
    }

    /// Where the record of an IPv4 address begins: who has read it before need not ask again. -1 for nothing, -2 where it cannot answer.
    pub fn find_v4(&mut self, bits: u32) -> i32 {
        self.find(Address::V4(bits))
    }

    /// The same of an IPv6 address, in four numbers, the first bits first.
    pub fn find_v6(&mut self, a: u32, b: u32, c: u32, d: u32) -> i32 {
        let bits = [a, b, c, d].iter().fold(0, |bits: u128, word| bits << 32 | u128::from(*word));
        self.find(Address::from_v6(bits))
    }

    /// The record of the address that was looked for last: how long its JSON text is, -2 where it cannot be read.
    pub fn read(&mut self) -> i32 {
        match self.open.as_ref().map(|database| database.find(self.address)) {
            Some(Found::Record(record)) => {
                let length = self.say(to_json(&RecordText::new(&record)));
                i32::try_from(length).unwrap_or(NOT_ANSWERABLE)
            }
            Some(Found::Nothing) => NOTHING,
            Some(Found::NotAnswerable) | None => NOT_ANSWERABLE,
        }
    }

    /// Where the text of the last answer stands. Holds until the next call.
    pub fn text(&self) -> *const u8 {
        self.text.as_ptr()
    }
}

impl Database {
    fn find(&mut self, address: Address) -> i32 {
        self.address = address;
        let offset = self.open.as_ref().and_then(|database| database.offset(address));
        // Files are not so large that an offset would not fit.
        offset.and_then(|offset| i32::try_from(offset).ok()).unwrap_or_else(|| self.read())
    }

    /// Keeps a text to be read; its length.
    fn say(&mut self, text: String) -> usize {
        self.text = text;
        self.text.len()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AboutText<'a> {
    kind: &'a str,
    built: i64,
    ip_version: u16,
    node_count: u32,
    byte_count: u32,
}

#[derive(Serialize)]
struct RecordText<'a> {
    asn: Option<u32>,
    organisation: Option<&'a str>,
    isp: Option<&'a str>,
    domain: Option<&'a str>,
    country: Option<&'a str>,
    usage: Option<&'static str>,
    company: Option<Attributes>,
}

impl<'a> RecordText<'a> {
    fn new(record: &'a Record) -> Self {
        let holder = &record.holder;
        Self {
            asn: holder.asn,
            organisation: holder.organisation.as_deref(),
            isp: holder.isp.as_deref(),
            domain: holder.domain.as_deref(),
            country: holder.country.as_deref(),
            usage: holder.usage.map(|usage| usage.name()),
            company: record.company(),
        }
    }
}
