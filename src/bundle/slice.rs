//! The slice: what one visitor may know of a bundle, as a bundle of its own.
//!
//! It holds at most one account, and of it id and name, and what the site lets browsers tell ad servers; no prefix; what can show to that account, in content
//! and rules with all that is known now already put in; and the places where it shows. Deciding in it, with its account named,
//! gives the slots, ads and exposures that the whole bundle gives, because both look at the same candidates with the same
//! residual rules and draw with the same salt.
//!
//! It is not made for companies that a visit describes: their rules are those of all.

mod settle;

use std::collections::BinaryHeap;

use crate::{
    bundle::{Bundle, Candidate, Class, Classes, Contents, header, networks, pack_sections},
    limit::SLICE_BYTE_STEP,
    model::{
        Account, AccountField, Accounts, Column, Creative, Experience, Facts, LineItem, Names, Origin, Placement,
        Segment, Site, Slot, SlotContent, Targeting, Template, Variant, Visit,
    },
    net::{Address, Networks, Prefix},
    rule::{Context, Field, Instruction, Program, Programs, Rules, Truth, truth},
};

/// Whom a slice is for. Numbers are positions of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recipient {
    /// Nobody who is known.
    Stranger,
    /// Somebody of an account that the whole site holds out: there is nothing to show, only that to report.
    HeldOut(usize),
    /// Somebody of an account.
    Account {
        /// Which.
        position: usize,
        /// Whether content acts on the account; if not, it takes it for a stranger.
        content: bool,
        /// The same for ads.
        ads: bool,
    },
}

/// The slice of `bundle` for a recipient who calls from `address`. The same arguments give the same bytes, and so do two addresses
/// that lie in the same ones of the [`asked_prefixes`].
#[must_use]
pub fn slice(bundle: &Bundle, recipient: Recipient, address: Option<Address>) -> Vec<u8> {
    header::pack_padded(pack_sections(&contents(bundle, recipient, address), networks::pack_none), SLICE_BYTE_STEP)
}

/// The prefixes that rules ask about with `in_cidr`: a browser does not know its address, so a slice knows the answers.
#[must_use]
pub fn asked_prefixes(bundle: &Bundle) -> Vec<Prefix> {
    let prefix = |atom: &Instruction| match atom {
        Instruction::InCidr(prefix) => Some(*prefix),
        _ => None,
    };
    bundle.rules().atoms().iter().filter_map(prefix).collect()
}

fn contents(bundle: &Bundle, recipient: Recipient, address: Option<Address>) -> Contents {
    let whole = bundle.site();
    let account = |position| whole.accounts.get(position);
    let (named, content, ads) = match recipient {
        Recipient::Stranger => (None, None, None),
        Recipient::HeldOut(position) => (account(position), None, None),
        Recipient::Account { position, content, ads } => {
            let account = account(position);
            (account, account.filter(|_| content), account.filter(|_| ads))
        }
    };
    let mut rules = Programs::default();
    let (mut experiences, mut line_items) = (Vec::new(), Vec::new());
    if !matches!(recipient, Recipient::HeldOut(_)) {
        experiences = Cut::new(bundle, content, address).experiences(&mut rules);
        line_items = Cut::new(bundle, ads, address).line_items(&mut rules);
    }
    let least = |account: Option<Account<'_>>| if account.is_some() { 0 } else { Site::NEVER_SURE };
    let told = ads.map_or_else(Targeting::default, |_| whole.targeting);
    let segments =
        named.filter(|_| told.segments).map_or_else(Vec::new, |account| its_segments(whole, account, &mut rules));
    let rules = rules.to_rules();
    let classes = classes(named.is_some(), content.is_some(), ads.is_some(), &experiences, &line_items);
    let site = Site {
        name: whole.name.clone(),
        salt: whole.salt.clone(),
        holdout_bp: whole.holdout_bp,
        content_confidence: least(content),
        ads_confidence: least(ads),
        targeting: told,
        // Hosts, and segments of others, may be named after other accounts.
        hosts: Vec::new(),
        names: take_names(&whole.names, &rules),
        segments,
        accounts: named.map_or_else(Accounts::default, |account| alone(account, told)),
        slots: take_slots(&whole.slots, &mut experiences),
        placements: take_placements(&whole.placements, &mut line_items),
        experiences,
        line_items,
    };
    Contents { site, rules, networks: Networks::default(), classes }
}

/// A list of one account, with what a page may say of it.
fn alone(account: Account<'_>, told: Targeting) -> Accounts {
    let mut alone = Accounts::with_count(1);
    let stage = account.text(AccountField::Stage).filter(|_| told.stage);
    let texts = [
        (AccountField::Id, Some(account.id())),
        (AccountField::Name, Some(account.name())),
        (AccountField::Stage, stage),
    ];
    for (field, text) in texts {
        if let Some(text) = text {
            let span = alone.add_text(text);
            alone.set_column(field, Column::Texts(vec![span]));
        }
    }
    if let Some(tier) = account.int(AccountField::Tier).filter(|_| told.tier) {
        alone.set_column(AccountField::Tier, Column::Ints(vec![Some(tier)]));
    }
    alone
}

/// The segments that an account is in, by name alone.
fn its_segments(whole: &Site, account: Account<'_>, rules: &mut Programs) -> Vec<Segment> {
    let own = whole.segments.iter().filter(|segment| segment.has(account));
    own.map(|own| Segment { name: own.name.clone(), rule: rules.add(Program::constant(true)), members: vec![0] })
        .collect()
}

/// The class of the account, if there is one, and that of strangers: the one whom content acts on sees the experiences, and the same for
/// ads.
fn classes(
    has_account: bool,
    is_content_for_account: bool,
    are_ads_for_account: bool,
    experiences: &[Experience],
    line_items: &[LineItem],
) -> Classes {
    let candidates = |rules: &mut dyn Iterator<Item = u32>| -> Vec<Candidate> {
        (0..).zip(rules).map(|(position, rule)| Candidate { position, rule }).collect()
    };
    let experiences = candidates(&mut experiences.iter().map(|one| one.rule));
    let line_items = candidates(&mut line_items.iter().map(|one| one.rule));
    let class = |is_of_account: bool| Class {
        experiences: if is_content_for_account == is_of_account { &experiences } else { &[] },
        line_items: if are_ads_for_account == is_of_account { &line_items } else { &[] },
    };
    let strangers = class(false);
    match has_account {
        true => Classes::new([class(true), strangers].into_iter(), vec![0, 1]),
        false => Classes::new([strangers].into_iter(), vec![0]),
    }
}

/// Takes out of a bundle what content, or ads, can show to an account or to a stranger.
struct Cut<'a> {
    bundle: &'a Bundle,
    account: Option<Account<'a>>,
    address: Option<Address>,
}

impl<'a> Cut<'a> {
    fn new(bundle: &'a Bundle, account: Option<Account<'a>>, address: Option<Address>) -> Self {
        Self { bundle, account, address }
    }

    fn experiences(&self, rules: &mut Programs) -> Vec<Experience> {
        let class = self.bundle.contents().classes.of(self.account.map(Account::position));
        let experience = |candidate: &Candidate| {
            let whole = self.bundle.site().experiences.get(usize::try_from(candidate.position).ok()?)?;
            let rule = rules.add(self.settle(candidate.rule)?);
            let variants = whole.variants.iter().map(|variant| self.variant(variant)).collect();
            Some(Experience { rule, variants, name: whole.name.clone(), ..*whole })
        };
        class.map_or(&[][..], |class| class.experiences).iter().filter_map(experience).collect()
    }

    fn line_items(&self, rules: &mut Programs) -> Vec<LineItem> {
        let class = self.bundle.contents().classes.of(self.account.map(Account::position));
        let line_item = |candidate: &Candidate| {
            let whole = self.bundle.site().line_items.get(usize::try_from(candidate.position).ok()?)?;
            let rule = rules.add(self.settle(candidate.rule)?);
            let creatives = whole.creatives.iter().map(|creative| self.creative(creative)).collect();
            let placements = whole.placements.clone();
            Some(LineItem { rule, creatives, placements, name: whole.name.clone(), ..*whole })
        };
        class.map_or(&[][..], |class| class.line_items).iter().filter_map(line_item).collect()
    }

    /// What is left of a rule once account and address are known.
    fn settle(&self, rule: u32) -> Option<Program> {
        let nothing = Visit::default();
        let facts = Facts::new(self.account, &nothing);
        let context = Context { facts: &facts, address: self.address, segments: &self.bundle.site().segments };
        let known = |atom: &Instruction| -> Option<Truth> {
            let is_known = match atom {
                Instruction::Constant(_) | Instruction::InSegment(_) | Instruction::InCidr(_) => true,
                other => other.fields().all(|field| field.is_of_account()),
            };
            is_known.then(|| truth(atom, &context))
        };
        settle::settle(&self.bundle.rules().instructions(rule)?, known)
    }

    fn fill(&self, template: &Template) -> Template {
        template.filled(self.account)
    }

    fn variant(&self, variant: &Variant) -> Variant {
        let content = |content: &SlotContent| SlotContent {
            slot: content.slot,
            changes: content.changes.iter().map(|change| change.filled(self.account)).collect(),
        };
        let contents = variant.contents.iter().map(content).collect();
        Variant { name: variant.name.clone(), weight: variant.weight, contents }
    }

    fn creative(&self, creative: &Creative) -> Creative {
        let optional = |template: &Option<Template>| template.as_ref().map(|template| self.fill(template));
        Creative {
            name: creative.name.clone(),
            size: creative.size,
            weight: creative.weight,
            link: self.fill(&creative.link),
            alt: self.fill(&creative.alt),
            image: creative.image.clone(),
            headline: optional(&creative.headline),
            body: optional(&creative.body),
            cta: optional(&creative.cta),
            html: optional(&creative.html),
        }
    }
}

/// The slots that experiences name, which then name them by their new positions.
fn take_slots(whole: &[Slot], experiences: &mut [Experience]) -> Vec<Slot> {
    let variants = experiences.iter_mut().flat_map(|experience| &mut experience.variants);
    let kept = renumber(variants.flat_map(|variant| &mut variant.contents).map(|content| &mut content.slot).collect());
    let slot = |slot: &Slot| Slot { name: slot.name.clone(), selector: slot.selector.clone(), about: None };
    kept.iter().filter_map(|position| whole.get(*position)).map(slot).collect()
}

/// The site's own names that rules ask for, in their places; of the others nothing.
fn take_names(whole: &Names, rules: &Rules) -> Names {
    let asked: Vec<(Origin, usize)> =
        rules.atoms().iter().flat_map(Instruction::fields).filter_map(Field::name_place).collect();
    let take = |origin| whole.asked(origin, &asked);
    let [page, query, cookies] = [take(Origin::Page), take(Origin::Query), take(Origin::Cookie)];
    Names { page, query, cookies, necessary_cookies: whole.necessary_cookies, columns: Vec::new() }
}

/// The same for the placements of line items.
fn take_placements(whole: &[Placement], line_items: &mut [LineItem]) -> Vec<Placement> {
    let kept = renumber(line_items.iter_mut().flat_map(|line_item| &mut line_item.placements).collect());
    kept.iter().filter_map(|position| whole.get(*position)).cloned().collect()
}

/// Leaves no gap between positions, and says which they were, ascending. Their order stays.
fn renumber(positions: Vec<&mut u32>) -> Vec<usize> {
    // A heap sorts as well here, in a tenth of the code of a sort.
    let mut kept = positions.iter().map(|position| **position).collect::<BinaryHeap<u32>>().into_sorted_vec();
    kept.dedup();
    for position in positions {
        let place = kept.binary_search(position).unwrap_or_else(|place| place);
        *position = u32::try_from(place).unwrap_or(u32::MAX);
    }
    kept.into_iter().filter_map(|position| usize::try_from(position).ok()).collect()
}
