//! Addresses and prefixes: what an address is, and which prefix holds it.

mod address;
mod prefix;
mod table;

pub use address::{Address, AddressClass};
pub use prefix::{Network, Prefix, PrefixError};
pub use table::Table;
