//! Addresses and prefixes: what an address is, and which prefix holds it.

mod address;
mod asn;
mod client;
#[cfg(feature = "compiler")]
mod country;
#[cfg(feature = "geo")]
pub mod geo;
mod holder;
mod mask;
mod nat64;
mod networks;
mod prefix;
mod prefixes;
#[cfg(feature = "compiler")]
mod shared_domain;
mod table;

pub use address::{Address, AddressClass};
pub use asn::parse_asn;
pub use client::{ClientPolicy, ClientSource, HEADERS, SourceError, Trusted};
#[cfg(feature = "compiler")]
pub use country::country_words;
pub use holder::{Holder, Usage};
pub use mask::without_addresses;
pub use nat64::{Nat64, Nat64Error};
pub use networks::{Network, Networks, Origin, Source, Whose};
pub use prefix::{Prefix, PrefixError};
pub use prefixes::{Column, Prefixes};
#[cfg(feature = "compiler")]
pub use shared_domain::is_shared_domain;
pub use table::Table;
