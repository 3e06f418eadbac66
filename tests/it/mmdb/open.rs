//! What is no database says what was expected, and what was found.

use nameplate::net::geo::{Database, Mapping};

use super::write::{self, U16, U32, U64, Value, text};

fn written() -> write::Database {
    write::Database::new(6, 24, &[("8.8.0.0/16", Value::Map(vec![("name", text("Alder"))]))])
}

fn check(bytes: Vec<u8>, expect: &[&str]) {
    let error = Database::open(bytes, &Mapping::default()).map_or_else(|error| error.to_string(), |_| String::new());
    assert_eq!(error.is_empty(), expect.is_empty(), "{error}");
    assert!(expect.iter().all(|part| error.contains(part)), "{error}");
}

#[test]
fn metadata_contradict_a_file_in_words() {
    check(written().bytes(), &[]);
    check(Vec::new(), &["expected its metadata in the last 131072 bytes, found none"]);
    check(b"a page".repeat(1_000), &["found none"]);
    check(written().say("record_size", Value::Uint(U16, 20)).bytes(), &["record_size", "24, 28, or 32", "20"]);
    check(written().say("ip_version", Value::Uint(U16, 5)).bytes(), &["ip_version", "4 or 6", "5"]);
    check(written().say("node_count", Value::Uint(U32, 0)).bytes(), &["node_count", "0"]);
    check(written().say("node_count", Value::Uint(U32, 1 << 20)).bytes(), &["search tree", "beyond"]);
    check(written().say("binary_format_major_version", Value::Uint(U16, 3)).bytes(), &["major_version", "2", "3"]);
    check(written().say("binary_format_minor_version", Value::Uint(U16, 9)).bytes(), &[]);
    check(written().say("node_count", text("many")).bytes(), &["expected u32"]);
    for key in ["node_count", "record_size", "ip_version", "database_type", "build_epoch"] {
        check(written().silent(key).bytes(), &["missing field", key]);
    }
    check(written().say("build_epoch", Value::Uint(U64, (1 << 53) - 1)).bytes(), &[]);
    check(
        written().say("build_epoch", Value::Uint(U64, 1 << 53)).bytes(),
        &["built before 9007199254740991", "9007199254740992"],
    );
    check(written().say("build_epoch", Value::Uint(U64, u64::MAX.into())).bytes(), &["18446744073709551615"]);
}

#[test]
fn metadata_are_near_the_end() {
    let far = |count: usize| {
        let mut database = written();
        // The metadata are read from their beginning; what follows is nobody's.
        database.behind = vec![b'x'; count];
        database.bytes()
    };
    let length = metadata_length();
    check(far((128 << 10) - length), &[]);
    check(far((128 << 10) - length + 1), &["in the last 131072 bytes, found none"]);
}

/// Bytes of the metadata and their marker.
fn metadata_length() -> usize {
    let bytes = written().bytes();
    bytes.len() - bytes.windows(14).position(|window| window == b"\xab\xcd\xefMaxMind.com").unwrap()
}
