//! Times the inner parts: `cargo bench`. Nothing here decides whether a change may land; `make bench` measures us beside peers.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

use std::{fs, path::Path};

use divan::{Bencher, black_box, counter::ItemsCount};
use nameplate::{
    bundle::{Bundle, pack},
    compile::{Sources, compile},
    decide::{choose, decide, explain},
    model::{Attributes, Visit, Visitor},
    net::{Address, Prefix, Prefixes, Table},
};

fn main() {
    divan::main();
}

/// Numbers that are the same in every run (SplitMix64).
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Prefixes as companies announce them: IPv4 /20 to /24, IPv6 /32 to /48 of a few registries' blocks.
fn prefixes(count: usize, is_v4: bool) -> Vec<Prefix> {
    let mut seeded = Seeded(7);
    let mut prefixes: Vec<Prefix> = (0..count)
        .map(|_| {
            let random = seeded.next();
            let text = if is_v4 {
                let length = 20 + random % 5;
                let bits = ((random >> 8) as u32) >> (32 - length) << (32 - length);
                format!("{}/{length}", std::net::Ipv4Addr::from_bits(bits))
            } else {
                let length = 32 + random % 17;
                let block: u64 = [0x2001, 0x2400, 0x2600, 0x2a00][(random >> 60) as usize % 4];
                let bits = (block << 48 | (random >> 8) & 0xffff_ffff_ffff) >> (64 - length) << (64 - length);
                format!("{}/{length}", std::net::Ipv6Addr::from_bits(u128::from(bits) << 64))
            };
            Prefix::parse(&text).unwrap()
        })
        .collect();
    prefixes.sort();
    prefixes.dedup();
    prefixes
}

/// An address in each of the prefixes, in random order.
fn addresses(prefixes: &[Prefix]) -> Vec<Address> {
    let mut seeded = Seeded(11);
    (0..4_096).map(|_| prefixes[(seeded.next() % prefixes.len() as u64) as usize].last()).collect()
}

#[divan::bench(args = [3_000, 40_000, 1_000_000], consts = [true, false])]
fn table_find<const IS_V4: bool>(bencher: Bencher<'_, '_>, count: usize) {
    let prefixes = prefixes(count, IS_V4);
    let (table, addresses) = (Table::new(&prefixes.iter().copied().collect()), addresses(&prefixes));
    bencher
        .counter(ItemsCount::new(addresses.len()))
        .bench(|| addresses.iter().filter_map(|address| table.find(black_box(*address))).sum::<usize>());
}

#[divan::bench(args = [40_000, 1_000_000], consts = [true, false])]
fn table_new<const IS_V4: bool>(bencher: Bencher<'_, '_>, count: usize) {
    let prefixes: Prefixes = prefixes(count, IS_V4).into_iter().collect();
    bencher.bench(|| Table::new(black_box(&prefixes)));
}

fn sample() -> Vec<u8> {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/site");
    pack(&compile(&Sources::read(&site).unwrap()).contents.unwrap())
}

fn visit() -> Visit {
    let address = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/site/networks.csv")).unwrap();
    let siemens = address.lines().find(|line| line.contains(",siemens,")).unwrap();
    Visit {
        ip: siemens.split('/').next().map(str::to_owned),
        url: Some("https://www.tidewater.example/pricing?utm_source=news".to_owned()),
        now: Some(1_790_000_000),
        visitor: Visitor { visits: Some(2), role: Some("champion".to_owned()), ..Visitor::default() },
        ..Visit::default()
    }
}

#[divan::bench]
fn bundle_open(bencher: Bencher<'_, '_>) {
    let bytes = sample();
    bencher.bench(|| Bundle::open(black_box(&bytes)));
}

/// A site of so many rules, of the kind that account-based marketing has: an industry or a segment, a tier, a page.
fn site(rules: usize) -> Bundle {
    let mut sources = Sources::default();
    sources.insert(
        "nameplate.yaml",
        "site: Bench\nhosts: [www.example.com]\naccounts: { file: accounts.csv, columns: { id: id, name: name, industry: industry } }\n\
         segments: { large: account.employees > 5000 }\nslots: { a: { selector: a }, b: { selector: b }, c: { selector: c } }\n",
    );
    let rows: String =
        (0..5_000).map(|number| format!("company-{number},Company {number},Industry {}\n", number % 18)).collect();
    sources.insert("accounts.csv", format!("id,name,industry\n{rows}"));
    let mut seeded = Seeded(3);
    for number in 0..rules {
        let random = seeded.next();
        let who = match random % 10 {
            0..6 => format!("account.id == 'company-{}'", random % 5_000),
            6..9 => format!("account.industry == 'Industry {}' && account.tier <= {}", random % 18, 1 + random % 3),
            _ => "in_segment('large')".to_owned(),
        };
        let (path, slot, priority) = (random % 20, ["a", "b", "c"][number % 3], random % 1_000);
        sources.insert(
            format!("experiences/e{number}.yaml"),
            format!(
                "name: e{number}\nwhen: \"{who} && page.path == '/page-{path}'\"\npriority: {priority}\n\
                 variants: [{{ name: v, slots: {{ {slot}: {{ text: Hello }} }} }}]\n"
            ),
        );
    }
    Bundle::open(&pack(&compile(&sources).contents.unwrap())).unwrap()
}

/// A company that is in no list: whole rules, by the index.
#[divan::bench(args = [1_000, 10_000, 100_000])]
fn choose_described(bencher: Bencher<'_, '_>, rules: usize) {
    let bundle = site(rules);
    let attributes = Attributes {
        name: Some("Birch".to_owned()),
        industry: Some("Industry 7".to_owned()),
        employees: Some(9_000),
        tier: Some(2),
        ..Attributes::default()
    };
    let url = Some("https://www.example.com/page-3".to_owned());
    let visit = Visit { attributes: Some(attributes), url, ..Visit::default() };
    bencher.bench(|| choose(&bundle, black_box(&visit)));
}

#[divan::bench]
fn choose_sample(bencher: Bencher<'_, '_>) {
    let bundle = Bundle::open(&sample()).unwrap();
    let visit = visit();
    bencher.bench(|| choose(&bundle, black_box(&visit)));
}

#[divan::bench]
fn decide_sample(bencher: Bencher<'_, '_>) {
    let bundle = Bundle::open(&sample()).unwrap();
    let visit = visit();
    bencher.bench(|| decide(&bundle, black_box(&visit)));
}

#[divan::bench]
fn explain_sample(bencher: Bencher<'_, '_>) {
    let bundle = Bundle::open(&sample()).unwrap();
    let visit = visit();
    bencher.bench(|| explain(&bundle, black_box(&visit)));
}
