//! Address databases, broken ones too: how long a look-up takes. Every address is looked for once a pass, in a database that was opened for
//! the pass, and has the median of its passes: what the machine does otherwise meets one pass, what a file does meets all.

use std::{collections::HashMap, fs, time::Instant};

use nameplate::net::{
    Address,
    geo::{Database, Mapping},
};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct List {
    passes: usize,
    /// By name.
    addresses: HashMap<String, Vec<String>>,
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    path: String,
    /// Which addresses.
    of: String,
}

/// Of each file that opens: nanoseconds of a look-up, the median of all addresses and the most.
pub fn look(list: &str) -> Value {
    let list: List = serde_json::from_str(&fs::read_to_string(list).expect("a list")).expect("JSON");
    let addresses: HashMap<&str, Vec<Address>> = list
        .addresses
        .iter()
        .map(|(name, all)| (&**name, all.iter().map(|text| Address::parse(text).expect("an address")).collect()))
        .collect();
    let mut found = Vec::new();
    for File { path, of } in &list.files {
        let bytes = fs::read(path).expect("a file");
        let addresses = &addresses[&**of];
        let mut spent = vec![Vec::new(); addresses.len()];
        for _ in 0..list.passes {
            let Ok(database) = Database::open(bytes.clone(), &Mapping::default()) else { break };
            for (spent, address) in spent.iter_mut().zip(addresses) {
                let began = Instant::now();
                std::hint::black_box(database.find(std::hint::black_box(*address)));
                spent.push(began.elapsed().as_nanos());
            }
        }
        if spent[0].is_empty() {
            continue;
        }
        let mut medians: Vec<u128> = spent.iter_mut().map(|spent| median(spent)).collect();
        found.push(json!({ "path": path, "medianNs": median(&mut medians), "worstNs": medians.last() }));
    }
    json!(found)
}

/// Sorts them.
fn median(values: &mut [u128]) -> u128 {
    values.sort_unstable();
    values[values.len() / 2]
}
