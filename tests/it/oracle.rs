//! A slow oracle for whole sites: it reads the sources by itself, has every `when` interpreted, and lets the strongest have the places.
//! Only buckets are ours, which known answers hold, and who a visitor is found to be.

use std::{cmp::Reverse, collections::BTreeMap};

use cel::Program;
use nameplate::{
    bucket::{Salt, pick},
    bundle::Bundle,
    decide::{SITE_HOLDOUT, decide, explain},
    model::{Attributes, Decision, MatchKind, Slot, Visit},
};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::{
    interpreter::{Interpreter, listed, program},
    site,
};

#[derive(Deserialize)]
struct Settings {
    salt: String,
    confidence: Confidence,
    holdout_percent: u32,
    segments: BTreeMap<String, String>,
    placements: BTreeMap<String, Placement>,
}

#[derive(Deserialize)]
struct Confidence {
    content: u8,
    ads: u8,
}

#[derive(Deserialize)]
struct Placement {
    sizes: Vec<String>,
}

#[derive(Deserialize)]
struct Experience {
    name: String,
    when: String,
    priority: u16,
    schedule: Window,
    test: Test,
    variants: Vec<Variant>,
}

#[derive(Deserialize)]
struct Test {
    unit: String,
    holdout_percent: u32,
}

#[derive(Deserialize)]
struct Variant {
    name: String,
    weight: u32,
    #[serde(default)]
    slots: BTreeMap<String, IgnoredAny>,
    redirect: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct LineItem {
    name: String,
    when: String,
    priority: u16,
    #[serde(default)]
    flight: Window,
    #[serde(default = "one")]
    weight: u32,
    placements: Vec<String>,
    creatives: Vec<Creative>,
}

#[derive(Deserialize)]
struct Creative {
    name: String,
    size: String,
    #[serde(default = "one")]
    weight: u32,
}

#[derive(Deserialize, Default)]
struct Window {
    from: Option<String>,
    until: Option<String>,
}

fn one() -> u32 {
    1
}

/// A site, as its sources have it.
pub(crate) struct Oracle {
    salt: Salt,
    settings: Settings,
    segments: Vec<(String, Program)>,
    /// The strongest first.
    experiences: Vec<(Experience, Program)>,
    /// The strongest first.
    line_items: Vec<(LineItem, Program)>,
}

/// What shows, in words.
#[derive(Debug, PartialEq, Eq, Default)]
struct Shown {
    /// The experience and the variant in each slot.
    slots: BTreeMap<String, (String, String)>,
    /// Each experience that took a slot, with its variant.
    exposures: BTreeMap<String, Option<String>>,
    /// The line item and the creative in each placement.
    ads: BTreeMap<String, (String, String)>,
}

impl From<&Decision> for Shown {
    fn from(decision: &Decision) -> Self {
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        let slot = |slot: &nameplate::model::SlotChange| (slot.slot.to_string(), pair(&slot.experience, &slot.variant));
        let ad = |ad: &nameplate::model::Ad| (ad.placement.to_string(), pair(&ad.line_item, &ad.creative));
        let exposure = |exposure: &nameplate::model::Exposure| {
            (exposure.experience.to_string(), exposure.variant.as_deref().map(str::to_owned))
        };
        Self {
            slots: decision.slots.iter().map(slot).collect(),
            exposures: decision.exposures.iter().map(exposure).collect(),
            ads: decision.ads.iter().map(ad).collect(),
        }
    }
}

/// Somebody who looks at a page: what may be asked of the visit, and whom it is drawn for.
struct Viewer<'a> {
    interpreter: Interpreter,
    account: Option<&'a str>,
    visitor: Option<&'a str>,
    now: Option<i64>,
}

impl Oracle {
    /// The site of these sources, and of the one ad that is in all sites.
    pub(crate) fn read(settings: &str, experiences: &[String], line_items: &[String]) -> Self {
        let settings: Settings = parse(settings);
        let named = |letter: char| move |(number, text): (usize, &String)| format!("name: {letter}{number}\n{text}");
        let mut experiences: Vec<Experience> =
            experiences.iter().enumerate().map(named('e')).map(|text| parse(&text)).collect();
        let mut line_items: Vec<LineItem> = line_items
            .iter()
            .enumerate()
            .map(named('l'))
            .chain([site::AD.to_owned()])
            .map(|text| parse(&text))
            .collect();
        experiences.sort_by_key(|one| (Reverse(one.priority), one.name.clone()));
        line_items.sort_by_key(|one| (Reverse(one.priority), one.name.clone()));
        Self {
            salt: Salt::default().with(&settings.salt),
            segments: settings.segments.iter().map(|(name, condition)| (name.clone(), program(condition))).collect(),
            settings,
            experiences: experiences
                .into_iter()
                .map(|one| {
                    let when = program(&one.when);
                    (one, when)
                })
                .collect(),
            line_items: line_items
                .into_iter()
                .map(|one| {
                    let when = program(&one.when);
                    (one, when)
                })
                .collect(),
        }
    }

    /// Whatever way a decision is come to, it is what the oracle says: by the class of the account, by every rule as it is written, and
    /// for an account of the list also by the general way, as a company that is in no list and is described with all that the list knows.
    pub(crate) fn check(&self, bundle: &Bundle, visit: &Visit) {
        let decision = decide(bundle, visit);
        assert_eq!(explain(bundle, visit).decision, decision, "{visit:?}");
        let account = decision.account.as_ref();
        let is_described = decision.matched.kind == MatchKind::Described;
        let company =
            if is_described { visit.attributes.clone() } else { account.and_then(|account| listed(&account.id)) };
        assert_eq!(company.is_some(), account.is_some());
        let sure = decision.matched.confidence.unwrap_or(0);
        // Sums that leave the range of numbers are errors in CEL, and no errors here.
        if company.as_ref().is_none_or(is_far_from_the_end) {
            assert_eq!(Shown::from(&decision), self.decide(visit, company.as_ref(), sure), "{visit:?}");
        }
        if company.is_some()
            && !is_described
            && sure >= self.settings.confidence.content.max(self.settings.confidence.ads)
        {
            let twin = Visit { account: Some("not-listed".to_owned()), attributes: company, ..visit.clone() };
            let described = decide(bundle, &twin);
            assert_eq!(described.matched.kind, MatchKind::Described);
            let shown = |decision: Decision| (decision.account, decision.slots, decision.ads, decision.exposures);
            assert_eq!(shown(described), shown(decision), "{twin:?}");
        }
    }

    /// What shows to somebody who was found to work for a company, and how sure that is.
    fn decide(&self, visit: &Visit, company: Option<&Attributes>, sure: u8) -> Shown {
        let Confidence { content, ads } = self.settings.confidence;
        if let Some(company) = company
            && self.bucket(&[SITE_HOLDOUT, "holdout"], key(company)) < self.settings.holdout_percent * 100
        {
            let exposures = BTreeMap::from([(SITE_HOLDOUT.to_owned(), None)]);
            return Shown { exposures, ..Shown::default() };
        }
        let viewer = |least: u8| {
            let company = company.filter(|_| sure >= least);
            Viewer {
                interpreter: Interpreter::new(visit, company, &self.segments),
                account: company.map(key),
                visitor: visit.visitor.id.as_deref().filter(|id| !id.is_empty()),
                now: visit.now,
            }
        };
        let mut shown = Shown::default();
        let mut seen = viewer(content);
        self.fill_slots(&seen, &mut shown);
        if (sure >= content) != (sure >= ads) {
            seen = viewer(ads);
        }
        self.fill_placements(&seen, &mut shown);
        shown
    }

    fn fill_slots(&self, viewer: &Viewer<'_>, shown: &mut Shown) {
        let mut taken = Vec::new();
        for (experience, when) in &self.experiences {
            if !experience.schedule.is_open(viewer.now) || !viewer.interpreter.holds(when) {
                continue;
            }
            // Nobody to draw for: the next one may have the slots.
            let Some(variant) = self.variant(experience, viewer) else { continue };
            for slot in experience.variants.iter().flat_map(Variant::slots) {
                if taken.contains(&slot) {
                    continue;
                }
                taken.push(slot);
                shown.exposures.insert(experience.name.clone(), variant.map(|variant| variant.name.clone()));
                if let Some(variant) = variant.filter(|variant| variant.slots().any(|one| one == slot)) {
                    shown.slots.insert(slot.to_owned(), (experience.name.clone(), variant.name.clone()));
                }
            }
        }
    }

    /// `Some(None)` is the holdout.
    fn variant<'a>(&self, experience: &'a Experience, viewer: &Viewer<'_>) -> Option<Option<&'a Variant>> {
        let holdout = experience.test.holdout_percent * 100;
        if let ([only], 0) = (&*experience.variants, holdout) {
            return Some(Some(only));
        }
        let unit = if experience.test.unit == "account" { viewer.account } else { viewer.visitor }?;
        if self.bucket(&[&experience.name, "holdout"], unit) < holdout {
            return Some(None);
        }
        let weights = experience.variants.iter().map(|variant| variant.weight);
        let picked = pick(weights, self.bucket(&[&experience.name, "variant"], unit))?;
        Some(Some(&experience.variants[picked]))
    }

    fn fill_placements(&self, viewer: &Viewer<'_>, shown: &mut Shown) {
        let enters = |(line_item, when): &&(LineItem, Program)| {
            line_item.weight > 0 && line_item.flight.is_open(viewer.now) && viewer.interpreter.holds(when)
        };
        let entered: Vec<&LineItem> = self.line_items.iter().filter(enters).map(|(line_item, _)| line_item).collect();
        let unit = viewer.visitor.or(viewer.account).unwrap_or("");
        for (name, placement) in &self.settings.placements {
            let wanting = entered.iter().filter(|line_item| line_item.placements.contains(name));
            let fitting: Vec<(&LineItem, &Creative)> = wanting
                .filter_map(|line_item| Some((*line_item, self.creative(line_item, placement, unit)?)))
                .collect();
            let Some((strongest, _)) = fitting.first() else { continue };
            let equals = fitting.iter().take_while(|(one, _)| one.priority == strongest.priority);
            let bucket = self.bucket(&[name, "line item"], unit);
            let winner = pick(equals.map(|(line_item, _)| line_item.weight), bucket).unwrap();
            let (line_item, creative) = fitting[winner];
            shown.ads.insert(name.clone(), (line_item.name.clone(), creative.name.clone()));
        }
    }

    fn creative<'a>(&self, line_item: &'a LineItem, placement: &Placement, unit: &str) -> Option<&'a Creative> {
        placement.sizes.iter().find_map(|size| {
            let weights = line_item.creatives.iter().map(|one| if one.size == *size { one.weight } else { 0 });
            pick(weights, self.bucket(&[&line_item.name, "creative"], unit)).map(|picked| &line_item.creatives[picked])
        })
    }

    fn bucket(&self, of: &[&str], unit: &str) -> u32 {
        of.iter().fold(self.salt, |salt, part| salt.with(part)).bucket(unit)
    }
}

impl Variant {
    fn slots(&self) -> impl Iterator<Item = &str> {
        self.slots.keys().map(String::as_str).chain(self.redirect.map(|_| Slot::REDIRECT))
    }
}

impl Window {
    fn is_open(&self, now: Option<i64>) -> bool {
        let midnight = |day: &String| {
            let day: jiff::civil::Date = day.parse().unwrap();
            day.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second()
        };
        let (from, until) = (self.from.as_ref().map(midnight), self.until.as_ref().map(midnight));
        match now {
            Some(now) => from.is_none_or(|from| from <= now) && until.is_none_or(|until| now < until),
            None => from.is_none() && until.is_none(),
        }
    }
}

fn parse<T: DeserializeOwned>(yaml: &str) -> T {
    serde_saphyr::from_str(yaml).unwrap()
}

/// By what a company is drawn for.
fn key(company: &Attributes) -> &str {
    [&company.id, &company.name].into_iter().flatten().find(|text| !text.is_empty()).unwrap()
}

/// Whether no number of a company is the least there is.
fn is_far_from_the_end(company: &Attributes) -> bool {
    let numbers = [company.employees, company.revenue, company.tier, company.lifetime_value, company.intent];
    !numbers.contains(&Some(i64::MIN))
}
