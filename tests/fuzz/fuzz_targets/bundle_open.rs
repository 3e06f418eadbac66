//! Any bytes under a right checksum: opening them never panics, and what opens decides and explains every visit.
//!
//! Left to itself a fuzzer never gets past the checksum, nor past the section table. So sections are changed, and table and
//! checksum are made anew for them.

#![cfg_attr(fuzzing, no_main)]

use std::sync::LazyLock;

use nameplate::{
    bundle::Bundle,
    decide::{decide, explain},
    model::{Attributes, Visit, Visitor},
};
use nameplate_fuzz::{fuzz_mutator, fuzz_target, fuzzer_mutate};

use crate::forge::Forge;

#[allow(dead_code, reason = "shared with tests/it")]
#[path = "../../it/forge.rs"]
mod forge;
#[allow(dead_code, reason = "shared with tests/it")]
#[path = "../../it/site.rs"]
mod site;

/// What a seed that is no bundle stands for.
static SMALL: LazyLock<Vec<u8>> = LazyLock::new(|| site::bytes(&site::with(&[])));

/// By how much a section may grow at once.
const GROWTH_MAX: usize = 256;

fuzz_target!(|bytes: &[u8]| {
    let Ok(bundle) = Bundle::open(bytes) else { return };
    for account in [None, Some("alder"), Some("dogwood"), Some("siemens")] {
        let visitor = Visitor {
            id: Some("v".into()),
            visits: Some(3),
            role: Some("user".into()),
            language: Some("de".into()),
            ..Visitor::default()
        };
        let visit = Visit {
            account: account.map(str::to_owned),
            ip: Some("134.244.29.1".into()),
            url: Some("https://www.example.com/pricing?utm_source=a".into()),
            referrer: Some("https://example.org/".into()),
            now: Some(1_790_000_000),
            visitor,
            ..Visit::default()
        };
        // Whoever forges the rules need not forge the classes that were made of them: the two may differ.
        let _ = (decide(&bundle, &visit), explain(&bundle, &visit));
    }
    let attributes = Attributes { name: Some("Elm".into()), industry: Some("Banking".into()), ..Attributes::default() };
    for visit in [Visit::default(), Visit { attributes: Some(attributes), ..Visit::default() }] {
        let _ = (decide(&bundle, &visit), explain(&bundle, &visit));
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let known = data.get(..size).filter(|bytes| bytes.starts_with(b"NPBUNDLE"));
    let mut forge = Forge::of(known.unwrap_or(&SMALL));
    let chosen = seed as usize % forge.sections.len();
    let section = &mut forge.sections[chosen];
    let length = section.bytes.len();
    section.bytes.resize(length + GROWTH_MAX, 0);
    let length = fuzzer_mutate(&mut section.bytes, length, length + GROWTH_MAX);
    section.bytes.truncate(length);
    match seed >> 20 & 0x7f {
        0 => forge.gap = 1,
        1 => forge.minor = 1,
        2 => section.id ^= 0x20,
        3 => section.flags ^= 1,
        _ => {}
    }
    let bytes = forge.bytes();
    if bytes.len() > max_size {
        return size;
    }
    data[..bytes.len()].copy_from_slice(&bytes);
    bytes.len()
});
