//! Autonomous systems that carry people of many companies: an address there is nobody's alone, whoever owns the network.

use std::collections::{BTreeMap, HashMap};

use crate::{
    net::{Usage, parse_asn},
    recognise::{
        ReadError,
        lexicon::{Class, LEXICON},
        read_error::quoted,
        sheet::Sheet,
        text::{Umlaut, words},
    },
};

/// The list that the program brings along: `data/shared-egress.csv`.
const OWN: &str = include_str!("../../data/shared-egress.csv");

const COLUMNS: [&str; 5] = ["asn", "usage", "name", "reason", "source"];

/// The list.
#[derive(Debug, Clone, Default)]
pub struct SharedEgress {
    by_asn: BTreeMap<u32, Shared>,
    /// The first system of each organisation.
    by_name: HashMap<String, u32>,
}

/// One autonomous system that many share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// What it is used for; never business.
    pub usage: Usage,
    /// Its organisation, as the address data has it.
    pub name: String,
    /// Who comes from there.
    pub reason: String,
    /// Where that is public.
    pub source: String,
}

impl SharedEgress {
    /// The list that the program brings along.
    #[must_use]
    pub fn own() -> Self {
        // A test reads it, so it can be read.
        Self::read(OWN.as_bytes()).unwrap_or_default()
    }

    /// A list of the same shape.
    ///
    /// # Errors
    /// The first row that is none, with its line.
    pub fn read(text: &[u8]) -> Result<Self, ReadError> {
        let sheet = Sheet::read(text, COLUMNS, &[])?;
        let mut by_asn = BTreeMap::new();
        for (line, [asn, usage, name, reason, source]) in sheet.rows() {
            let number = parse_asn(asn).ok_or_else(|| {
                ReadError::in_line(
                    line,
                    format!("the number of the autonomous system is {}; expected digits", quoted(asn)),
                )
            })?;
            let usage =
                Usage::ALL.into_iter().find(|known| known.is_shared() && known.name() == usage).ok_or_else(|| {
                    let known: Vec<_> =
                        Usage::ALL.into_iter().filter(|usage| usage.is_shared()).map(Usage::name).collect();
                    ReadError::in_line(
                        line,
                        format!("the usage is {}; expected one of {}", quoted(usage), known.join(", ")),
                    )
                })?;
            if name.is_empty() || reason.is_empty() || source.is_empty() {
                let message = format!("AS{number} has an empty cell; expected a name, a reason and a source");
                return Err(ReadError::in_line(line, message));
            }
            let [name, reason, source] = [name, reason, source].map(str::to_owned);
            if by_asn.insert(number, Shared { usage, name, reason, source }).is_some() {
                return Err(ReadError::in_line(line, format!("AS{number} is listed twice")));
            }
        }
        let by_name = by_asn.iter().rev().map(|(asn, shared): (&u32, &Shared)| (bare(&shared.name), *asn)).collect();
        Ok(Self { by_asn, by_name })
    }

    /// What is known of an autonomous system; `None` when it is not on the list.
    #[must_use]
    pub fn get(&self, asn: u32) -> Option<&Shared> {
        self.by_asn.get(&asn)
    }

    /// The first system on the list that is of the same organisation, as far as names say.
    #[must_use]
    pub fn of_organisation(&self, name: &str) -> Option<(u32, &Shared)> {
        let asn = self.by_name.get(&bare(name))?;
        Some((*asn, self.by_asn.get(asn)?))
    }

    /// All that are on the list, ascending by number.
    #[must_use]
    pub fn all(&self) -> Vec<(u32, &Shared)> {
        self.by_asn.iter().map(|(asn, shared)| (*asn, shared)).collect()
    }
}

/// A name without its legal forms.
fn bare(name: &str) -> String {
    let words = words(name, Umlaut::Short);
    let parsed = LEXICON.parse(&words);
    let rest = parsed.iter().filter(|(_, class)| !matches!(class, Some(Class::Form(_))));
    rest.flat_map(|(words, _)| *words).map(String::as_str).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{OWN, SharedEgress};

    #[test]
    fn the_own_list_is_read() {
        assert_eq!(SharedEgress::read(OWN.as_bytes()).unwrap().all().len(), SharedEgress::own().all().len());
        assert!(SharedEgress::own().all().len() > 200);
    }

    #[test]
    fn a_row_that_is_none_says_its_line() {
        let check = |row: &str, expect: &str| {
            let text = format!("asn,usage,name,reason,source\n64500,hosting,Example,servers,PeeringDB\n{row}\n");
            assert_eq!(SharedEgress::read(text.as_bytes()).unwrap_err().to_string(), expect, "{row}");
        };
        check(
            "64501,business,A,B,C",
            "line 3: the usage is `business`; expected one of access, mobile, hosting, education, government, proxy, crawler",
        );
        check("x,hosting,A,B,C", "line 3: the number of the autonomous system is `x`; expected digits");
        check("64501,hosting,A,,C", "line 3: AS64501 has an empty cell; expected a name, a reason and a source");
        check("64500,hosting,A,B,C", "line 3: AS64500 is listed twice");
        check("64501,hosting,A,B", "line 3: the record has 4 cells; the header has 5");
        let wrong = SharedEgress::read(b"asn,kind\n").unwrap_err().to_string();
        assert_eq!(wrong, "line 1: the header has no column `usage`; expected `asn,usage,name,reason,source`");
    }
}
