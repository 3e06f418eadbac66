//! Address databases: what each vendor writes is read, and what is broken costs nobody more than it may.

mod command;
mod hostile;
mod matched;
mod open;
mod same;
mod schemas;
mod write;

use nameplate::net::{
    Address,
    geo::{Database, Found, Mapping, Record},
};

/// The record of an address that has one.
fn found(database: &Database, address: &str) -> Option<Record> {
    match database.find(Address::parse(address).unwrap()) {
        Found::Record(record) => Some(record),
        Found::Nothing => None,
        Found::NotAnswerable => panic!("{address} cannot be answered"),
    }
}

fn open(bytes: Vec<u8>) -> Database {
    Database::open(bytes, &Mapping::default()).unwrap()
}
