//! What people decide of holders that the matcher is not sure of, in a CSV file that every run reads and writes again.

use std::collections::BTreeMap;

use crate::{
    limit::CONFIDENCE_MAX,
    net::{Holder, Prefix, parse_asn},
    recognise::{ReadError, read_error::quoted, sheet, sheet::Sheet},
};

const COLUMNS: [&str; 9] =
    ["decision", "account", "asn", "organisation", "domain", "prefix", "confidence", "ranges", "reason"];

/// The confidence of what is accepted, unless the row says another: that of a company of the group.
pub(super) const ACCEPTED: u8 = 80;

/// What a person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// It is the account's.
    Accept,
    /// It is not.
    Refuse,
}

/// What a row speaks of: an account, and either a prefix or the holders that have all that is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Subject {
    /// The id of the account.
    pub account: String,
    /// The autonomous system of the holder.
    pub asn: Option<u32>,
    /// Its organisation, as a database has it.
    pub organisation: Option<String>,
    /// Its domain, as a database has it.
    pub domain: Option<String>,
    /// These addresses, whoever holds them. Nothing else is named then.
    pub prefix: Option<Prefix>,
}

/// What is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// What a person decided; `None` while nobody has.
    pub decision: Option<Decision>,
    /// The confidence that it has if it is accepted.
    pub confidence: u8,
    /// How many ranges of the databases it is about.
    pub ranges: u64,
    /// Why it was close, or what the person wrote there.
    pub reason: String,
}

/// The rows of the file, each subject once.
#[derive(Debug, Clone, Default)]
pub struct Review {
    entries: BTreeMap<Subject, Entry>,
}

impl Subject {
    /// All of a holder, for an account.
    pub(super) fn of(account: &str, holder: &Holder) -> Self {
        let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Self {
            account: account.to_owned(),
            asn: holder.asn,
            organisation: text(&holder.organisation),
            domain: text(&holder.domain),
            prefix: None,
        }
    }

    /// How many things it names: the more, the closer it is.
    pub(super) fn weight(&self) -> usize {
        [self.asn.is_some(), self.organisation.is_some(), self.domain.is_some()].into_iter().filter(|is| *is).count()
    }

    fn read(cells: [&str; 5]) -> Result<Self, String> {
        let [account, asn, organisation, domain, prefix] = cells;
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let number = Some(asn)
            .filter(|asn| !asn.is_empty())
            .map(|asn| parse_asn(asn).ok_or_else(|| format!("the `asn` is {}; expected digits", quoted(asn))));
        let prefix = text(prefix).map(|prefix| {
            Prefix::parse(&prefix)
                .map_err(|_| format!("the `prefix` is {}; expected one such as `192.0.2.0/24`", quoted(&prefix)))
        });
        let subject = Self {
            account: account.to_owned(),
            asn: number.transpose()?,
            organisation: text(organisation),
            domain: text(domain),
            prefix: prefix.transpose()?,
        };
        match (subject.prefix, subject.weight()) {
            _ if account.is_empty() => Err("the row has no `account`".to_owned()),
            (None, 0) => Err("the row names no `asn`, `organisation`, `domain` or `prefix`".to_owned()),
            (Some(_), 1..) => Err("the row names a prefix and a holder; expected one of them".to_owned()),
            _ => Ok(subject),
        }
    }
}

impl Review {
    /// Reads what an earlier run wrote and people decided since. What nobody decided is left out: this run finds it again.
    ///
    /// # Errors
    /// The first row that is none, with its line.
    pub fn read(text: &[u8]) -> Result<Self, ReadError> {
        let sheet = Sheet::read(text, COLUMNS, &["confidence", "ranges", "organisation", "domain", "prefix", "asn"])?;
        let mut entries = BTreeMap::new();
        for (line, [decision, account, asn, organisation, domain, prefix, confidence, ranges, reason]) in sheet.rows() {
            let wrong = |message: String| ReadError::in_line(line, message);
            let decision = match decision {
                "" => continue,
                "accept" => Decision::Accept,
                "refuse" => Decision::Refuse,
                _ => {
                    return Err(wrong(format!(
                        "the decision is {}; expected `accept`, `refuse` or nothing",
                        quoted(decision)
                    )));
                }
            };
            let subject = Subject::read([account, asn, organisation, domain, prefix]).map_err(wrong)?;
            let entry = Entry {
                decision: Some(decision),
                confidence: read_confidence(confidence).map_err(wrong)?,
                ranges: ranges.parse().unwrap_or(0),
                reason: reason.to_owned(),
            };
            if entries.insert(subject, entry).is_some() {
                return Err(wrong("the row decides what another decides already".to_owned()));
            }
        }
        Ok(Self { entries })
    }

    /// The file, ascending by account.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let row = |(subject, entry): (&Subject, &Entry)| {
            let (decision, confidence) = match entry.decision {
                Some(Decision::Accept) => ("accept", entry.confidence.to_string()),
                Some(Decision::Refuse) => ("refuse", String::new()),
                None => ("", entry.confidence.to_string()),
            };
            vec![
                decision.to_owned(),
                subject.account.clone(),
                subject.asn.map(|asn| asn.to_string()).unwrap_or_default(),
                text(&subject.organisation),
                text(&subject.domain),
                subject.prefix.map(|prefix| prefix.to_string()).unwrap_or_default(),
                confidence,
                if entry.ranges == 0 { String::new() } else { entry.ranges.to_string() },
                entry.reason.clone(),
            ]
        };
        sheet::write(COLUMNS.into_iter(), self.entries.iter().map(row))
    }

    /// All rows, ascending.
    pub fn entries(&self) -> impl Iterator<Item = (&Subject, &Entry)> {
        self.entries.iter()
    }

    /// Adds what was found close, and about how many ranges it is; what people decided stays.
    pub(super) fn add(&mut self, subject: Subject, entry: Entry, ranges: u64) {
        let known = self.entries.entry(subject).or_insert(entry);
        if known.decision.is_none() {
            known.ranges += ranges;
        }
    }

    /// How many rows are accepted, refused and undecided.
    #[must_use]
    pub fn counts(&self) -> [usize; 3] {
        let count = |decision| self.entries.values().filter(|entry| entry.decision == decision).count();
        [Some(Decision::Accept), Some(Decision::Refuse), None].map(count)
    }
}

fn read_confidence(cell: &str) -> Result<u8, String> {
    match cell {
        "" => Ok(ACCEPTED),
        _ => cell
            .parse()
            .ok()
            .filter(|confidence| *confidence <= CONFIDENCE_MAX)
            .ok_or_else(|| format!("the confidence is {}; expected 0 to {CONFIDENCE_MAX}", quoted(cell))),
    }
}
