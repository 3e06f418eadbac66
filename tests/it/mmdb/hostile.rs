//! Databases that no writer makes, and where each must fail: the table `tests/mmdb/stages.txt`, which `NAMEPLATE_WRITE=1` writes anew and
//! people read. The package in JavaScript is held to the same rows (`www/test/geo.test.mjs`).
//!
//! A row has a name, what is done with the bytes (`whole`; `cut` at every length; `flip` a bit of every byte), what comes of it, what comes of
//! listing it, and the bytes: hexadecimal, `ab*30` for a byte thirty times. What comes of it is `refused`, or a letter for each address in
//! PROBES: `r` for a record, `-` for nothing, `x` where the database cannot answer. After a sweep it is how often each came.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use nameplate::net::{
    Address,
    geo::{Database as Opened, Found, Mapping},
};

use super::write::{Database, LIST, MAP, U16, U32, U64, Value, control, encode, pack, text};

const PROBES: [&str; 3] = ["8.8.8.8", "9.9.9.9", "2a00:1450::1"];

fn record() -> Value {
    Value::Map(vec![("name", text("Alder Bank")), ("type", text("business")), ("asn", text("AS64496"))])
}

fn of(ip_version: u8, record_size: usize, record: Value) -> Database {
    let v6 = ("2a00:1450::/32", record.clone());
    let networks = [("8.0.0.0/8", record), v6];
    Database::new(ip_version, record_size, networks.get(..if ip_version == 6 { 2 } else { 1 }).unwrap())
}

fn base() -> Database {
    of(6, 24, record())
}

/// With a record of these bytes.
fn raw(bytes: &[u8]) -> Vec<u8> {
    of(6, 24, Value::Raw(bytes.to_vec())).bytes()
}

fn said(key: &str, value: Value) -> Vec<u8> {
    base().say(key, value).bytes()
}

/// A map with one value, of these bytes.
fn holding(bytes: &[u8]) -> Vec<u8> {
    raw(&encode(&Value::Map(vec![("name", Value::Raw(bytes.to_vec()))])))
}

/// Lists in each other.
fn nested(depth: usize) -> Vec<u8> {
    [control(LIST, 1).repeat(depth), encode(&text("in"))].concat()
}

/// A tree of these nodes, before a data section of one record.
fn tree(nodes: &[[usize; 2]]) -> Vec<u8> {
    let one = Database::new(6, 32, &[]);
    let bytes = nodes.iter().flat_map(|[left, right]| pack(32, *left, *right));
    let count = Value::Uint(U32, nodes.len() as u128);
    let rest = one.say("node_count", count).bytes();
    let record = [vec![0; 16], encode(&record())].concat();
    bytes.chain(record).chain(rest[8 + 16..].iter().copied()).collect()
}

/// A record in which each of so many maps holds the next one twice.
fn fan(levels: u32) -> Vec<u8> {
    let mut database = base();
    let mut below = database.add(&text("leaf"));
    for _ in 0..levels {
        let pointer = Value::Pointer(below as u32);
        below = database.add(&Value::Map(vec![("a", pointer.clone()), ("b", pointer)]));
    }
    database.point("8.0.0.0/8", below);
    database.bytes()
}

/// A record that points to where it stands, after so many bytes more.
fn ring(steps: u32) -> Vec<u8> {
    let mut database = base();
    let begin = database.data.len() as u32;
    let pointers: Vec<Value> = (0..steps).map(|step| Value::Pointer(begin + (step + 1) % steps * 5)).collect();
    for pointer in &pointers {
        database.add(pointer);
    }
    database.point("8.0.0.0/8", begin as usize);
    database.bytes()
}

/// All of them: name, what is done, bytes.
fn cases() -> Vec<(String, &'static str, Vec<u8>)> {
    let mut all: Vec<(String, &str, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| all.push((name.to_owned(), "whole", bytes));
    for size in [24, 28, 32] {
        add(&format!("good, records of {size} bits"), of(6, size, record()).bytes());
        add(&format!("good, IPv4 alone, records of {size} bits"), of(4, size, record()).bytes());
    }
    add("good, a record without anything we know", raw(&encode(&Value::Map(vec![("a", Value::Bool(true))]))));
    add("good, an empty map", raw(&control(MAP, 0)));
    add("good, a record that is a text", raw(&encode(&text("Alder Bank"))));
    add("good, a record that is a list", raw(&encode(&Value::List(vec![record()]))));
    add(
        "good, lists and maps in each other",
        raw(&encode(&Value::Map(vec![
            ("subdivisions", Value::List(vec![record(), Value::List(vec![]), record()])),
            ("name", text("x")),
        ]))),
    );
    // The metadata, and where they are.
    add("nothing at all", vec![]);
    add("text", b"<!doctype html>".repeat(9));
    add("a marker alone", b"\xab\xcd\xefMaxMind.com".to_vec());
    add("a marker in front of nothing", [base().tree(), b"\xab\xcd\xefMaxMind.com".to_vec()].concat());
    add(
        "a marker in a name",
        holding(&encode(&Value::Raw([control(2, 14), b"\xab\xcd\xefMaxMind.com".to_vec()].concat()))),
    );
    for (name, count) in [("just near enough", 130_000), ("too far", 131_073)] {
        let mut far = base();
        far.behind = vec![0; count];
        add(&format!("metadata {name} from the end"), far.bytes());
    }
    for (key, values) in [
        ("record_size", &[0, 16, 23, 25, 28, 32, 36, 65_535][..]),
        ("ip_version", &[0, 4, 5, 46]),
        ("binary_format_major_version", &[0, 1, 3]),
        ("binary_format_minor_version", &[1, 9]),
    ] {
        for value in values {
            add(&format!("{key} said to be {value}"), said(key, Value::Uint(U16, *value)));
        }
    }
    let count = base().node_count() as u128;
    for value in [0, 1, 2, count - 2, count - 1, count + 1, count + 2, count * 2, 1 << 24, u128::from(u32::MAX)] {
        add(&format!("node_count said to be {value}"), said("node_count", Value::Uint(U32, value)));
    }
    for (name, epoch) in [
        ("0", 0),
        ("2 to the 53rd less 1", (1 << 53) - 1),
        ("2 to the 53rd", 1 << 53),
        ("2 to the 63rd", 1 << 63),
        ("all bits", u128::from(u64::MAX)),
    ] {
        add(&format!("built at {name}"), said("build_epoch", Value::Uint(U64, epoch)));
    }
    for key in [
        "node_count",
        "record_size",
        "ip_version",
        "build_epoch",
        "database_type",
        "languages",
        "description",
        "binary_format_major_version",
    ] {
        add(&format!("{key} not said"), base().silent(key).bytes());
        add(&format!("{key} said in words"), said(key, text("many")));
        add(&format!("{key} nested"), said(key, Value::Raw(nested(200))));
    }
    add("a tree of IPv4 said to be one of IPv6", of(4, 24, record()).say("ip_version", Value::Uint(U16, 6)).bytes());
    let mut database = base();
    database.metadata.push(("unknown", Value::Raw(nested(100))));
    add("unknown metadata a hundred deep", database.bytes());
    database.metadata.push(("unknown", Value::Raw(nested(600))));
    add("unknown metadata six hundred deep", database.bytes());
    let mut database = base();
    database.metadata[0].1 = Value::Raw(encode(&Value::Pointer(0)));
    add("metadata that point to themselves", database.bytes());
    // The tree.
    let node = |levels: usize, last: [usize; 2]| -> Vec<[usize; 2]> {
        (0..levels).map(|at| if at + 1 == levels { last } else { [at + 1; 2] }).collect()
    };
    add("a tree whose root is its own child", tree(&[[0, 0]]));
    add("a tree in a circle", tree(&[[1, 1], [0, 0]]));
    add("a tree that never ends", tree(&node(128, [0, 0])));
    add("a tree with all addresses there are", tree(&node(128, [128 + 16; 2])));
    add("a tree with all addresses and no record", tree(&node(128, [128; 2])));
    add("a tree with a record at its root", tree(&[[1 + 16, 1 + 16]]));
    for (name, value) in [
        ("the separator", 1 + 8),
        ("the end of the separator", 1 + 15),
        ("behind the data", 1 + 16 + 90),
        ("far behind all", 1 << 30),
        ("the highest number", u32::MAX as usize),
    ] {
        add(&format!("a tree that leads into {name}"), tree(&[[value, value]]));
    }
    let mut database = base();
    database.separator = vec![0xff; 16];
    add("a separator that is none", database.bytes());
    database.separator = vec![];
    add("no separator", database.bytes());
    // Records.
    for steps in [1, 2, 3, 500] {
        add(&format!("pointers in a ring of {steps}"), ring(steps));
    }
    for levels in [3, 8, 9, 20, 60, 70, 400] {
        add(&format!("a fan of {levels} levels"), fan(levels));
    }
    for (name, to) in [("behind the data", 100_000), ("the highest place", u32::MAX), ("the metadata", 200)] {
        add(&format!("a pointer to {name}"), holding(&encode(&Value::Pointer(to))));
    }
    for (name, kind, size) in [
        ("map", MAP, 100),
        ("map", MAP, 16_000_000),
        ("list", LIST, 100),
        ("list", LIST, 16_000_000),
        ("text", 2, 200),
        ("text", 2, 16_000_000),
        ("bytes", 4, 16_000_000),
    ] {
        add(&format!("a {name} said to have {size}"), holding(&control(kind, size)));
        add(&format!("a record that is a {name} said to have {size}"), raw(&control(kind, size)));
    }
    for depth in [61, 62, 63, 64, 500, 5_000] {
        add(&format!("lists {depth} deep in a map"), holding(&nested(depth)));
    }
    for pairs in [500, 511, 512, 5_000, 40_000] {
        // Of texts with nothing in them.
        add(&format!("a map of {pairs}"), raw(&[control(MAP, pairs), vec![0x40; 2 * pairs]].concat()));
    }
    for length in [65_000, 65_532, 65_533, 70_000, 2_200_000] {
        add(&format!("a name of {length} letters"), holding(&encode(&text(&"a".repeat(length)))));
    }
    for (name, bytes) in [
        ("text that is no UTF-8", &[0x42, 0xc3, 0x28][..]),
        ("a bool of 2", &[0x02, 0x07]),
        ("a number of five bytes", &[0xc5, 1, 2, 3, 4, 5]),
        ("a number that ends early", &[0xc4]),
        ("a double of four bytes", &[0x64, 0, 0, 0, 0]),
        ("a float", &[0x04, 0x08, 0, 0, 0, 0]),
        ("a number of sixteen bytes", &[0x10, 0x03, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]),
        ("a signed number", &[0x04, 0x01, 0xff, 0xff, 0xff, 0xff]),
        ("bytes", &[0x82, 1, 2]),
        ("a cache of the writer's", &[0x00, 0x05]),
        ("an end mark", &[0x00, 0x06]),
        ("a type that there is not", &[0x00, 0xff]),
        ("an extended pointer", &[0x00, 0xfa]),
    ] {
        add(&format!("{name} as a value"), holding(bytes));
        add(&format!("{name} as a record"), raw(bytes));
        add(&format!("{name} as a key"), raw(&[control(MAP, 1), bytes.to_vec(), encode(&text("v"))].concat()));
    }
    for size in [24, 28, 32] {
        all.push((format!("cut, records of {size} bits"), "cut", of(6, size, record()).bytes()));
        all.push((format!("flipped, records of {size} bits"), "flip", of(6, size, record()).bytes()));
    }
    all
}

/// Hexadecimal, with runs of a byte.
fn recipe(bytes: &[u8]) -> String {
    let mut out = String::new();
    for run in bytes.chunk_by(|a, b| a == b) {
        match run.len() {
            0..5 => run.iter().for_each(|byte| write!(out, "{byte:02x}").unwrap()),
            count => write!(out, " {:02x}*{count} ", run[0]).unwrap(),
        }
    }
    out
}

fn outcome(bytes: Vec<u8>) -> String {
    let Ok(database) = Opened::open(bytes, &Mapping::default()) else { return "refused".to_owned() };
    let letter = |address: &&str| match database.find(Address::parse(address).unwrap()) {
        Found::Record(_) => 'r',
        Found::Nothing => '-',
        Found::NotAnswerable => 'x',
    };
    PROBES.iter().map(letter).collect()
}

/// What comes of listing it: how many prefixes, or why not all.
fn listed(bytes: Vec<u8>) -> String {
    let Ok(database) = Opened::open(bytes, &Mapping::default()) else { return "refused".to_owned() };
    let mut count = 0;
    for entry in database.networks() {
        match entry {
            Ok(_) => count += 1,
            Err(error) => return error.to_string(),
        }
    }
    count.to_string()
}

fn histogram(outcomes: impl Iterator<Item = String>) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    outcomes.for_each(|outcome| *counts.entry(outcome).or_default() += 1);
    counts.iter().map(|(outcome, count)| format!("{outcome} {count}")).collect::<Vec<_>>().join(", ")
}

fn row((name, how, bytes): &(String, &str, Vec<u8>)) -> String {
    let cut = || (0..bytes.len()).map(|length| bytes[..length].to_vec());
    let flip = || {
        (0..bytes.len()).map(|at| {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1 << (at % 8);
            bytes
        })
    };
    let (outcome, listed) = match *how {
        "cut" => (histogram(cut().map(outcome)), histogram(cut().map(listed))),
        "flip" => (histogram(flip().map(outcome)), histogram(flip().map(listed))),
        _ => (outcome(bytes.clone()), listed(bytes.clone())),
    };
    format!("{name}\t{how}\t{outcome}\t{listed}\t{}\n", recipe(bytes))
}

/// Without optimisation, 512 levels take more stack than a test's thread has.
const STACK_BYTES: usize = 64 << 20;

#[test]
fn broken_databases_fail_where_the_table_says() {
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(check_table).unwrap().join().unwrap();
}

fn check_table() {
    let head = "# Databases that no writer makes, and where each must fail: see tests/it/mmdb/hostile.rs, whose test writes this file with NAMEPLATE_WRITE=1.\n";
    let found: String = [head.to_owned()].into_iter().chain(cases().iter().map(row)).collect();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mmdb/stages.txt");
    if std::env::var_os("NAMEPLATE_WRITE").is_some() {
        fs::write(file, &found).unwrap();
    }
    let kept = fs::read_to_string(file).unwrap();
    for (found, kept) in found.lines().zip(kept.lines()) {
        assert!(found == kept, "found {}\nkept  {}", &found[..found.len().min(300)], &kept[..kept.len().min(300)]);
    }
    assert_eq!(found.lines().count(), kept.lines().count());
}
