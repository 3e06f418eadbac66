//! The bundle: a site, its rules and its networks in one file. [`pack`] writes it, [`Bundle::open`] is the only gate for
//! its bytes: before it they are hostile, after it they are valid and nothing that reads them can fail.
//!
//! # Format, version 4
//!
//! The header's numbers are little-endian and unsigned; offsets count from the start of the file.
//!
//! | offset | size | what |
//! | --- | --- | --- |
//! | 0 | 8 | magic `NPBUNDLE` |
//! | 8 | 2 | major version, 4: a reader refuses any other |
//! | 10 | 2 | zero |
//! | 12 | 32 | SHA-256 of bytes 44 to the end: of one piece, so that a host can compute it without a copy |
//! | 44 | 2 | minor version, 2: a reader takes any; 0 knew no parents of accounts, 1 no names of their countries |
//! | 46 | 2 | number of sections, at most 64 |
//! | 48 | 4 | length of the file |
//! | 52 | 12 each | section table, ascending by id: id (2), flags (2), offset (4), length (4) |
//!
//! Sections follow the table without gaps, in its order. Flag bit 0 means critical: a reader that does not know such a
//! section refuses the file; it passes over unknown sections without it. The other bits are zero.
//!
//! | id | section | holds |
//! | --- | --- | --- |
//! | 1 | strings | every text once, UTF-8; all others name a text by its number |
//! | 2 | site | name, salt, holdout, confidence, hosts |
//! | 3 | rules | atoms and programs |
//! | 4 | segments | name, rule and members |
//! | 5 | accounts | ascending by id |
//! | 6 | networks | those of accounts and shared egress, ascending by prefix |
//! | 7 | slots | in the order of the source |
//! | 8 | placements | in the order of the source |
//! | 9 | experiences | the highest priority first, then by name |
//! | 10 | line items | the highest priority first, then by name |
//! | 11 | classes | for every account, what of the rules is left to decide |
//! | 12 | query | parameters of the page's query that rules read; only where there are some |
//! | 13 | columns | columns of the account list that the site has named; only where there are some |
//! | 14 | cookies | cookies that rules read; only where there are some |
//! | 65535 | padding | zeros; only in a [`slice`](fn@slice) |
//!
//! Behind the last byte may stand a [seal](Seal), which says who answers for the bundle: what reads files takes it off first.
//!
//! Every section but the padding is critical. In all of them
//!
//! - a number is a *varint*, seven bits a byte, the lowest first, the top bit set on all but the last, unless its size in bytes
//!   stands behind it in brackets,
//! - an *int* may be negative: 0, -1, 1, -2 ... are written as 0, 1, 2, 3; an int that may be missing is 0 then, else one more,
//! - a *list* is a count and so many items,
//! - a *text* is 1 for the string behind the highest that the section named before (at first, string 0), or a string's number + 2; a
//!   text that may be missing is 0 then,
//! - a *position* counts from 0 in the section it names,
//! - a *template* is a list of pieces: a byte 0 and a text, or a byte 1, a field's code (1), an escape (1) and a text,
//!   the fallback.
//!
//! What each section's items are is written beside the code, a section a file: `pack` and `open` side by side and in the
//! same order.

mod accounts;
mod ads;
mod classes;
mod columns;
mod content;
mod header;
#[cfg(feature = "edge")]
mod key;
mod names;
mod networks;
mod parts;
mod prefixes;
mod rules;
#[cfg(feature = "edge")]
mod seal;
mod settings;
mod slice;
mod stakes;
mod strings;
#[cfg(feature = "edge")]
mod token;

pub use classes::{Candidate, Class, Classes};
pub use header::SectionEntry;
#[cfg(feature = "edge")]
pub use key::{KeyError, KeyId, PublicKey, SecretKey};
pub use parts::OpenError;
#[cfg(feature = "edge")]
pub use seal::{Seal, SealError, SealKind, Statement, Trust, seal, unseal};
pub use slice::{Recipient, asked_prefixes, slice};
pub use stakes::{AdStake, SHARING, Stake};
#[cfg(feature = "edge")]
pub use token::{Token, TokenKey};

use std::{fmt::Write as _, sync::OnceLock};

use crate::{
    bucket::Salt,
    model::{AccountEntry, AccountField, Experience, PlacementEntry, Site, SiteIndex, SlotEntry, Text},
    net::{Networks, Table},
    rule::{Index, Program, Rules},
};

/// Whether networks are read: a browser's core is given slices, which have none.
pub const HAS_NETWORKS: bool = cfg!(feature = "edge");

/// What a bundle is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    /// All that a marketer wrote.
    pub site: Site,
    /// The programs that segments, experiences and line items name by position.
    pub rules: Rules,
    /// The accounts' prefixes, ascending, each once.
    pub networks: Networks,
    /// For every account, what of the rules is left to decide.
    pub classes: Classes,
}

/// An open bundle.
#[derive(Debug, Clone)]
pub struct Bundle {
    contents: Contents,
    table: Table,
    stakes: Vec<Stake>,
    ad_stakes: Vec<AdStake>,
    salt: Salt,
    /// Of each placement, for its contests.
    contest_salts: Vec<Salt>,
    experience_slots: Vec<Vec<usize>>,
    slot_candidates: Vec<Vec<usize>>,
    placement_candidates: Vec<Vec<usize>>,
    /// Made when the first company comes that is in no list: most sites never meet one.
    experience_index: OnceLock<Index>,
    line_item_index: OnceLock<Index>,
    sections: Vec<SectionEntry>,
    hash: [u8; 32],
    size: usize,
    #[cfg(feature = "edge")]
    token_key: Option<TokenKey>,
}

type PackNetworks = fn(&Networks, &mut parts::Packer) -> Vec<u8>;

/// The bytes of `contents`: the same contents, the same bytes.
#[must_use]
pub fn pack(contents: &Contents) -> Vec<u8> {
    header::pack(&pack_sections(contents, networks::pack))
}

fn pack_sections(contents: &Contents, pack_networks: PackNetworks) -> Vec<(header::Id, Vec<u8>)> {
    let mut packer = parts::Packer::default();
    let site = &contents.site;
    let sections = [
        (header::SITE, settings::pack(site, &mut packer)),
        (header::RULES, rules::pack(&contents.rules, &mut packer)),
        (header::SEGMENTS, accounts::pack_segments(&site.segments, &mut packer)),
        (header::ACCOUNTS, accounts::pack(&site.accounts, &mut packer)),
        (header::NETWORKS, pack_networks(&contents.networks, &mut packer)),
        (header::SLOTS, content::pack_slots(&site.slots, &mut packer)),
        (header::PLACEMENTS, ads::pack_placements(&site.placements, &mut packer)),
        (header::EXPERIENCES, content::pack(&site.experiences, &mut packer)),
        (header::LINE_ITEMS, ads::pack(&site.line_items, &mut packer)),
        (header::CLASSES, classes::pack(&contents.classes, &mut packer)),
    ];
    let mut all = vec![(header::STRINGS, Vec::new())];
    all.extend(sections);
    names::pack(&site.names, &mut packer, &mut all);
    // They come first in the file, but only now are they all known.
    let strings = strings::pack(&packer.strings);
    if let Some((_, bytes)) = all.first_mut() {
        *bytes = strings;
    }
    all
}

impl Bundle {
    /// The bundle that `bytes` hold, every one of them checked. Costs one pass over the bytes and one over the prefixes.
    ///
    /// # Errors
    /// [`OpenError`] says which section, at which byte, and what was expected there.
    pub fn open(bytes: &[u8]) -> Result<Self, OpenError> {
        Self::open_hashed(bytes, None)
    }

    /// The same, with the SHA-256 of the bytes from 44 to the end where the caller has computed it: a host does so faster than cold
    /// WebAssembly. A digest of other bytes is refused, as damage is.
    ///
    /// # Errors
    /// As above.
    pub fn open_hashed(bytes: &[u8], digest: Option<[u8; 32]>) -> Result<Self, OpenError> {
        let header = header::open(bytes, digest)?;
        let strings = strings::open(&mut header.section(header::STRINGS, &[])?)?;
        let section = |id| header.section(id, &strings);

        let mut site = settings::open(&mut section(header::SITE)?)?;
        if header.has(header::QUERY) {
            site.names.query = names::open_query(&mut section(header::QUERY)?)?;
        }
        // No slice has any.
        if HAS_NETWORKS && header.has(header::COLUMNS) {
            site.names.columns = names::open_columns(&mut section(header::COLUMNS)?)?;
        }
        if header.has(header::COOKIES) {
            names::open_cookies(&mut section(header::COOKIES)?, &mut site.names)?;
        }
        let mut segments = section(header::SEGMENTS)?;
        let segments_offset = segments.offset();
        site.segments = accounts::open_segments(&mut segments)?;
        let rules = rules::open(&mut section(header::RULES)?, site.segments.len())?;
        site.accounts = accounts::open(&mut section(header::ACCOUNTS)?)?;
        accounts::check_segments(&site.segments, &rules, site.accounts.len(), segments_offset)?;
        let networks = networks::open(&mut section(header::NETWORKS)?, site.accounts.len())?;
        site.slots = content::open_slots(&mut section(header::SLOTS)?)?;
        site.placements = ads::open_placements(&mut section(header::PLACEMENTS)?)?;
        site.experiences = content::open(&mut section(header::EXPERIENCES)?, rules.len(), site.slots.len())?;
        site.line_items = ads::open(&mut section(header::LINE_ITEMS)?, rules.len(), site.placements.len())?;

        let counts = classes::Counts {
            accounts: site.accounts.len(),
            experiences: site.experiences.len(),
            line_items: site.line_items.len(),
            rules: rules.len(),
        };
        let classes = classes::open(&mut section(header::CLASSES)?, &counts)?;
        let salt = Salt::default().with(&site.salt);
        let experience_slots: Vec<Vec<usize>> = site.experiences.iter().map(slots_of).collect();
        Ok(Self {
            table: if HAS_NETWORKS { Table::new(networks.prefixes()) } else { Table::default() },
            stakes: site.experiences.iter().zip(&experience_slots).map(|(one, slots)| Stake::of(one, slots)).collect(),
            contest_salts: site.placements.iter().map(|one| salt.with(&one.name).with("line item")).collect(),
            salt,
            ad_stakes: site.line_items.iter().map(|one| AdStake::of(one, &widen(&one.placements))).collect(),
            slot_candidates: candidates(site.slots.len(), experience_slots.iter().cloned()),
            placement_candidates: candidates(
                site.placements.len(),
                site.line_items.iter().map(|line_item| widen(&line_item.placements)),
            ),
            experience_slots,
            experience_index: OnceLock::new(),
            line_item_index: OnceLock::new(),
            contents: Contents { site, rules, networks, classes },
            hash: header.hash,
            size: bytes.len(),
            sections: header.sections,
            #[cfg(feature = "edge")]
            token_key: None,
        })
    }

    /// Takes the key that account tokens are checked with. It is in no file: whoever runs the site hands it in.
    #[cfg(feature = "edge")]
    pub fn set_token_key(&mut self, token_key: Option<TokenKey>) {
        self.token_key = token_key;
    }

    /// The key that account tokens are checked with.
    #[cfg(feature = "edge")]
    #[must_use]
    pub fn token_key(&self) -> Option<&TokenKey> {
        self.token_key.as_ref()
    }

    /// What it is made of.
    #[must_use]
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// All that a marketer wrote.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.contents.site
    }

    /// The rules that segments, experiences and line items name by position.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.contents.rules
    }

    /// The prefixes, ready for look-ups; positions are those of [`Contents::networks`].
    #[must_use]
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// What the experience at a position wants.
    #[must_use]
    pub fn stake(&self, experience: usize) -> Option<Stake> {
        self.stakes.get(experience).copied()
    }

    /// What the line item at a position wants.
    #[must_use]
    pub fn ad_stake(&self, line_item: usize) -> Option<AdStake> {
        self.ad_stakes.get(line_item).copied()
    }

    /// The site's salt, for what is drawn.
    #[must_use]
    pub fn salt(&self) -> Salt {
        self.salt
    }

    /// The salt under which line items of one priority are drawn for the placement at a position.
    #[must_use]
    pub fn contest_salt(&self, placement: usize) -> Salt {
        self.contest_salts.get(placement).copied().unwrap_or_default()
    }

    /// Positions of the slots that the experience at a position wants, ascending.
    #[must_use]
    pub fn experience_slots(&self, experience: usize) -> &[usize] {
        self.experience_slots.get(experience).map_or(&[], Vec::as_slice)
    }

    /// For every slot, in their order, the positions of the experiences that want it, the strongest first.
    #[must_use]
    pub fn slot_candidates(&self) -> &[Vec<usize>] {
        &self.slot_candidates
    }

    /// For every placement, in their order, the positions of the line items that want it, the strongest first.
    #[must_use]
    pub fn placement_candidates(&self) -> &[Vec<usize>] {
        &self.placement_candidates
    }

    /// Which experiences may match, by their positions: for companies that no class was made for. Made at the first call.
    #[must_use]
    pub fn experience_index(&self) -> &Index {
        self.experience_index.get_or_init(|| self.index_of(self.site().experiences.iter().map(|one| one.rule)))
    }

    /// The same for line items.
    #[must_use]
    pub fn line_item_index(&self) -> &Index {
        self.line_item_index.get_or_init(|| self.index_of(self.site().line_items.iter().map(|one| one.rule)))
    }

    fn index_of(&self, rules: impl Iterator<Item = u32>) -> Index {
        let programs: Vec<Program> = rules.filter_map(|rule| self.rules().program(rule)).collect();
        Index::new(programs.iter())
    }

    /// Its sections, in the order of the file.
    #[must_use]
    pub fn sections(&self) -> &[SectionEntry] {
        &self.sections
    }

    /// Its length in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Its SHA-256, 64 hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        self.hash.iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}"); // Writing to a string cannot fail.
            hex
        })
    }

    /// What a preview lists of it.
    #[must_use]
    pub fn index(&self) -> SiteIndex {
        let site = self.site();
        SiteIndex {
            site: site.name.clone(),
            hosts: site.hosts.clone(),
            slots: site
                .slots
                .iter()
                .map(|slot| SlotEntry {
                    name: slot.name.clone(),
                    selector: slot.selector.clone(),
                    about: slot.about.clone(),
                })
                .collect(),
            placements: site
                .placements
                .iter()
                .map(|placement| PlacementEntry {
                    name: placement.name.clone(),
                    selector: placement.selector.clone(),
                    sizes: placement.sizes.iter().map(ToString::to_string).collect(),
                    label: placement.label.clone(),
                })
                .collect(),
            accounts: site
                .accounts
                .iter()
                .map(|account| AccountEntry {
                    id: account.id().into(),
                    name: account.name().into(),
                    short_name: account.text(AccountField::ShortName).map(Text::from),
                    industry: account.text(AccountField::Industry).map(Text::from),
                    country: account.text(AccountField::Country).map(Text::from),
                    tier: account.int(AccountField::Tier),
                    stage: account.text(AccountField::Stage).map(Text::from),
                })
                .collect(),
            segments: site.segments.iter().map(|segment| segment.name.clone()).collect(),
            hash: self.hash(),
        }
    }
}

/// Turns "who wants which places" around into "who wants each place", in the order of those who want.
fn candidates(places: usize, wanted: impl Iterator<Item = Vec<usize>>) -> Vec<Vec<usize>> {
    let mut candidates = vec![Vec::new(); places];
    for (position, wanted) in wanted.enumerate() {
        for place in wanted {
            if let Some(list) = candidates.get_mut(place) {
                list.push(position);
            }
        }
    }
    candidates
}

fn slots_of(experience: &Experience) -> Vec<usize> {
    widen(&experience.slots())
}

fn widen(positions: &[u32]) -> Vec<usize> {
    positions.iter().filter_map(|position| usize::try_from(*position).ok()).collect()
}
