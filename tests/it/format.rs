//! Which files a reader takes and which it refuses, and with what words.

use nameplate::bundle::Bundle;

use crate::{
    forge::{Forge, ForgedSection},
    site,
};

fn forge() -> Forge {
    Forge::of(&site::bytes(&site::with(&[])))
}

/// Opens the small site's bundle after a change; the words of the error, or nothing when it opens.
fn check(change: impl FnOnce(&mut Forge), expect: &str) {
    let mut forge = forge();
    change(&mut forge);
    check_bytes(&forge.bytes(), expect);
}

fn check_bytes(bytes: &[u8], expect: &str) {
    assert_eq!(Bundle::open(bytes).err().map_or(String::new(), |error| error.to_string()), expect);
}

#[test]
fn the_format_is_as_it_is_written_down() {
    let bytes = site::bytes(&site::with(&[]));
    assert_eq!(Forge::of(&bytes).bytes(), bytes);
    let ids: Vec<u16> = forge().sections.iter().map(|section| section.id).collect();
    assert_eq!(ids, (1..=11).collect::<Vec<_>>());
    assert!(forge().sections.iter().all(|section| section.flags == 1));
}

#[test]
fn a_file_that_is_no_bundle_of_ours_says_so() {
    let bytes = site::bytes(&site::with(&[]));
    let with = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        bytes
    };
    let end = bytes.len() - 1;
    check_bytes(b"", "bundle section `header` at byte 0: expected more bytes");
    check_bytes(
        b"PK\x03\x04----------------",
        "bundle section `header` at byte 0: expected the magic `NPBUNDLE`: this is no bundle",
    );
    check_bytes(
        &with(8, 1),
        "bundle section `header` at byte 8: expected major version 4: this bundle was built by another version of nameplate",
    );
    check_bytes(
        &bytes[..end],
        "bundle section `header` at byte 48: expected as many bytes as the header says: the file is cut short or has grown",
    );
    check_bytes(
        &with(end, bytes[end] ^ 1),
        "bundle section `header` at byte 12: expected the checksum of the file: it was changed or damaged",
    );
}

#[test]
fn versions_are_told_apart_by_the_major_number() {
    let refused = "bundle section `header` at byte 8: expected major version 4: this bundle was built by another version of \
        nameplate";
    check(|forge| forge.major = 0, refused);
    check(|forge| forge.major = 1, refused);
    check(|forge| forge.major = 3, refused);
    check(|forge| forge.major = 5, refused);
    check(|forge| forge.minor = 1, "");
    check(|forge| forge.minor = u16::MAX, "");
    check(|forge| forge.reserved = 1, "bundle section `header` at byte 10: expected zero");
}

#[test]
fn an_unknown_section_is_passed_over_unless_it_is_critical() {
    let unknown = |id: u16, flags: u16| ForgedSection { id, flags, bytes: b"of another time".to_vec() };
    check(|forge| forge.sections.push(unknown(30, 0)), "");
    check(|forge| forge.sections.push(unknown(u16::MAX, 0)), "");
    check(|forge| forge.sections.insert(0, unknown(0, 0)), "");
    check(
        |forge| forge.sections.push(unknown(30, 1)),
        "bundle section `header` at byte 196: expected no critical section that this version does not know",
    );
    let mut forge = forge();
    forge.sections.push(unknown(77, 0));
    let bundle = Bundle::open(&forge.bytes()).unwrap();
    let last = bundle.sections().last().unwrap();
    assert_eq!((last.id, last.name, last.length), (77, "unknown", 15));
}

#[test]
fn the_table_has_neither_gaps_nor_doubles_nor_holes() {
    let at = |byte: usize, expected: &str| format!("bundle section `header` at byte {byte}: expected {expected}");
    check(|forge| forge.gap = 1, &at(64, "sections without gaps"));
    check(|forge| forge.sections.swap(3, 4), &at(112, "sections ascending by id"));
    check(|forge| forge.sections.insert(4, forge.sections[3].clone()), &at(112, "sections ascending by id"));
    let unknown = |number: u16| ForgedSection { id: 30 + number, flags: 0, bytes: Vec::new() };
    check(|forge| forge.sections.extend((0..53).map(unknown)), "");
    check(|forge| forge.sections.extend((0..54).map(unknown)), &at(46, "at most 64 sections"));
    for (number, name) in [(1, "strings"), (2, "site"), (6, "networks"), (10, "line items")] {
        let expect = format!("bundle section `{name}` at byte 52: expected this section in the section table");
        check(|forge| forge.sections.retain(|section| section.id != number), &expect);
    }
}

#[test]
fn a_section_must_end_where_its_table_entry_says() {
    let ends = |id: u16| {
        let mut forge = forge();
        forge.section(id).bytes.push(0);
        Bundle::open(&forge.bytes()).unwrap_err()
    };
    for id in 1..=11 {
        let error = ends(id);
        assert_eq!(error.expected, "the section's end", "{id}");
    }
    for id in 1..=11 {
        let mut forge = forge();
        forge.section(id).bytes.pop();
        assert_eq!(Bundle::open(&forge.bytes()).unwrap_err().expected, "more bytes", "{id}");
    }
}

#[test]
fn what_a_section_says_is_checked() {
    let offset = |id: u16| {
        let bundle = Bundle::open(&site::bytes(&site::with(&[]))).unwrap();
        bundle.sections().iter().find(|section| section.id == id).unwrap().offset
    };
    let check = |id: u16, at: std::ops::Range<usize>, bytes: &[u8], behind: usize, expected: &str| {
        let bundle = Bundle::open(&site::bytes(&site::with(&[]))).unwrap();
        let section = bundle.sections().iter().find(|section| section.id == id).unwrap().name;
        let expect = format!("bundle section `{section}` at byte {}: expected {expected}", offset(id) + behind);
        check(|forge| drop(forge.section(id).bytes.splice(at, bytes.iter().copied())), &expect);
    };
    check(1, 1..1, &[b'a'; 70_000], 70_009, "a string within its limit");
    check(1, 1..2, &[0xc3], 9, "UTF-8");
    check(2, 0..1, &[0], 1, "a text");
    check(2, 0..1, &[0xf6, 0x03], 2, "the number of a string");
    check(2, 2..3, &[0x91, 0x4e], 4, "a share of at most 10,000 basis points");
    check(2, 3..4, &[102], 4, "a number from 0 to 101");
    check(3, 1..2, &[16], 2, "an atom's code");
    check(3, 2..3, &[8], 10, "atoms that are well typed");
    check(3, 16..17, &[1], 17, "a program that is balanced and bounded, over these atoms");
    check(3, 16..17, &[6], 17, "a program that is balanced and bounded, over these atoms");
    check(4, 2..3, &[100], 0, "positions of accounts, and of a rule that reads only them");
    check(4, 4..5, &[4], 0, "positions of accounts, and of a rule that reads only them");
    check(5, 1..2, &[16], 2, "the code of a field, each once and in order");
    check(5, 54..55, &[7], 55, "the number of a text");
    check(5, 54..55, &[2], 58, "a cell for every text");
    check(5, 65..66, &[15], 66, "the beginning of an account's name");
    let whose = "the position of an account, or a kind of shared egress";
    check(6, 1..2, &[0], 2, whose);
    check(6, 1..2, &[12], 2, whose);
    check(6, 5..6, &[101], 6, "a number from 0 to 100");
    check(6, 9..10, &[0], 11, "a run of origins");
    check(6, 9..10, &[5], 10, "a count within its limit");
    check(6, 69..70, &[2], 70, "0 or 1, whether the account's name follows");
    check(8, 3..8, &[0], 5, "at least one size");
    check(9, 3..5, &[0xe9, 0x07], 5, "a priority within its limit");
    check(9, 15..16, &[8], 16, "0 to 7, the kind of a change");
    check(9, 15..17, &[4, 2], 17, "0 or 1, whether it is visible");
    check(11, 0..1, &[3], 1, "the class of every account");
    check(11, 1..2, &[9], 7, "positions of classes");
}
