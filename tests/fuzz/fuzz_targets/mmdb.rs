//! Any bytes are a database, or none: looking into one ends, and finds what listing it finds.

#![cfg_attr(fuzzing, no_main)]

use nameplate::net::{
    Address, AddressClass,
    geo::{Database, Found, Mapping},
};
use nameplate_fuzz::fuzz_target;

/// A tree may have more prefixes than a run should list.
const LISTED_MAX: usize = 1_000;

fuzz_target!(|bytes: &[u8]| {
    let Ok(database) = Database::open(bytes.to_vec(), &Mapping::default()) else { return };
    for address in ["0.0.0.0", "8.8.8.8", "255.255.255.255", "2000::", "2a00:1450::1", "3ffe:ffff::"] {
        let _ = database.find(Address::parse(address).unwrap());
    }
    for entry in database.networks().take(LISTED_MAX) {
        let Ok((prefix, record)) = entry else { return };
        let first = prefix.first();
        // Of a record that tools read and visitors do not wait for, nothing is known here.
        match database.find(first) {
            Found::Record(found) => assert_eq!(found, *record, "{prefix}"),
            Found::Nothing => assert_ne!(first.class(), AddressClass::Public, "{prefix}"),
            Found::NotAnswerable => {}
        }
    }
});
