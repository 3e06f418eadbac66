//! The JavaScript door. No logic: visits come in as bytes and choices go out as numbers, because the way across costs more than
//! a decision; `www/src` makes objects of them, each part once.
//!
//! A visit is written in two steps: [`Core::room`] gives an address in the module's memory for its texts, one behind the other,
//! and [`Core::take`] says how long each is. Then [`Core::choose`] gives the address of the answer, as [`write_choice`] lays it
//! out. Everything else answers with a JSON text: a call says how many bytes it has, and [`Core::text`] where they stand. None is
//! handed over as a string, because the generated code would then call an instance again that has trapped.

#[cfg(feature = "edge")]
mod edge;
mod json;
#[cfg(feature = "rewrite")]
mod page;
#[cfg(feature = "edge")]
mod slice;

use serde::Serialize;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use crate::{
    bundle::{Bundle, HAS_NETWORKS},
    decide::{
        AdChoice, Choice, Chooser, Company, How, Resolved, SlotChoice, Whom, account_view, ad, matched,
        placement_reason, resolve_found, slot_change, slot_reason,
    },
    model::{Account, CustomValue, Experience, Origin, Visit, Visitor},
    rule::{Field, Instruction},
    wasm::json::to_json,
};

#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// An open bundle, and the visit that was written last.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Core {
    bundle: Bundle,
    input: Vec<u8>,
    output: Vec<u32>,
    text: String,
    visit: Visit,
    /// What the address says that was looked for last.
    found: Resolved,
    chooser: Chooser,
}

/// Stands for the described company where the position of an account is asked for.
const DESCRIBED: i32 = -2;

#[wasm_bindgen]
impl Core {
    /// Opens the bundle in `bytes`, with the SHA-256 of what its checksum covers if the host has computed that, or else nothing.
    ///
    /// # Errors
    /// An `Error` whose message says which section, at which byte, and what was expected there.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8], digest: &[u8]) -> Result<Core, JsError> {
        let bundle = Bundle::open_hashed(bytes, digest.try_into().ok())?;
        Ok(Self {
            bundle,
            input: Vec::new(),
            output: Vec::new(),
            text: String::new(),
            visit: Visit::default(),
            found: Resolved::default(),
            chooser: Chooser::default(),
        })
    }

    /// Where `length` bytes of text may be written. Holds until the next call.
    pub fn room(&mut self, length: usize) -> *const u8 {
        if self.input.len() < length {
            self.input.resize(length, 0);
        }
        self.input.as_ptr()
    }

    /// Takes the visit whose texts were written: `url`, `account`, `referrer`, `id`, `role` and `language` have these lengths, a
    /// negative one is missing. `now` and `visits` are whole numbers; no number is missing. It comes from the address that was looked for last.
    #[expect(clippy::too_many_arguments, reason = "an object across the boundary costs more than all of them")]
    pub fn take(
        &mut self,
        url: i32,
        account: i32,
        referrer: i32,
        id: i32,
        role: i32,
        language: i32,
        now: f64,
        visits: f64,
    ) {
        // The package writes nothing else than UTF-8; what it wrote before may stand behind.
        let lengths = [url, account, referrer, id, role, language];
        let written = lengths.iter().filter_map(|length| usize::try_from(*length).ok()).fold(0, usize::saturating_add);
        let mut rest = self.input.get(..written).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        let mut text = |place: &mut Option<String>, length: i32| {
            let Ok(length) = usize::try_from(length) else {
                *place = None;
                return;
            };
            let (head, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
            rest = tail;
            let place = place.get_or_insert_default();
            place.clear();
            place.push_str(head);
        };
        let visit = &mut self.visit;
        text(&mut visit.url, url);
        text(&mut visit.account, account);
        text(&mut visit.referrer, referrer);
        text(&mut visit.visitor.id, id);
        text(&mut visit.visitor.role, role);
        text(&mut visit.visitor.language, language);
        visit.now = whole(now);
        visit.visitor.visits = whole(visits);
        (visit.token, visit.cookie, visit.email_domain, visit.attributes) = (None, None, None, None);
        let Visitor { campaign, days_away, device, time_zone, viewport_width, visibility, custom, cookies, .. } =
            &mut visit.visitor;
        (*campaign, *days_away, *device, *time_zone, *viewport_width, *visibility) =
            (None, None, None, None, None, None);
        custom.clear();
        cookies.clear();
    }

    /// Adds a text to the visit that was taken, which few visits have: the room holds the name of the field, so long, and the text behind it.
    pub fn tell_text(&mut self, name: usize, length: usize) {
        let told = self.input.get(..name).zip(self.input.get(name..name.saturating_add(length)));
        let Some((name, text)) = told else { return };
        // The package writes nothing else.
        let text = std::str::from_utf8(text).unwrap_or_default().to_owned();
        let visit = &mut self.visit;
        let visitor = &mut visit.visitor;
        let place = match name {
            // A slice has nothing to check it with.
            b"token" if HAS_NETWORKS => &mut visit.token,
            b"cookie" if HAS_NETWORKS => &mut visit.cookie,
            b"email_domain" if HAS_NETWORKS => &mut visit.email_domain,
            b"visitor.campaign" => &mut visitor.campaign,
            b"visitor.device" => &mut visitor.device,
            b"visitor.time_zone" => &mut visitor.time_zone,
            b"visitor.visibility" => &mut visitor.visibility,
            name => return tell_custom(visitor, name, CustomValue::Text(text)),
        };
        *place = Some(text);
    }

    /// The same with a whole number.
    pub fn tell_int(&mut self, name: usize, value: f64) {
        let visitor = &mut self.visit.visitor;
        let place = match self.input.get(..name).unwrap_or_default() {
            b"visitor.days_away" => &mut visitor.days_away,
            b"visitor.viewport_width" => &mut visitor.viewport_width,
            name => return tell_custom(visitor, name, CustomValue::Int(whole(value).unwrap_or(0))),
        };
        *place = whole(value);
    }

    /// The same with a boolean.
    pub fn tell_bool(&mut self, name: usize, value: bool) {
        let name = self.input.get(..name).unwrap_or_default();
        tell_custom(&mut self.visit.visitor, name, CustomValue::Bool(value));
    }

    /// Where the choice for the visit stands, as numbers of 32 bits. Holds until the next call.
    pub fn choose(&mut self) -> *const u32 {
        let resolved = resolve_found(&self.bundle, &self.visit, self.found);
        let choice = self.chooser.choose(&self.bundle, &self.visit, resolved);
        write_choice(&self.bundle, choice, &mut self.output);
        self.output.as_ptr()
    }

    /// Where the text of the last answer stands. Holds until the next call.
    pub fn text(&self) -> *const u8 {
        self.text.as_ptr()
    }

    /// The `AccountView` of the account at a position, or at -2 of the company that the visit described.
    pub fn account_view(&mut self, account: i32) -> usize {
        let site = &self.bundle.site().segments;
        let company = self.chooser.choice().company.as_deref();
        let segments = company.filter(|_| account == DESCRIBED).map_or(site.as_slice(), Company::segments);
        self.say(to_json(&self.account(account).map(|account| account_view(account, segments))))
    }

    /// The `Match` of a choice: how, and of the network its position and its age in days, or -1.
    pub fn matched(&mut self, how: usize, network: i32, age_days: i32) -> usize {
        let how = How::ALL.get(how).copied().unwrap_or(How::Miss);
        let (network, age_days) = (usize::try_from(network).ok(), u16::try_from(age_days).ok());
        self.say(to_json(&matched(&self.bundle, Resolved { network, age_days, how, ..Resolved::default() })))
    }

    /// The `SlotChange` of a slot for the account at a position, or a stranger at -1, or the described company at -2; `null` for Default.
    pub fn slot_change(&mut self, slot: usize, kind: u32, experience: usize, variant: usize, account: i32) -> usize {
        let chosen = slot_choice(kind, experience, variant);
        self.say(to_json(&slot_change(&self.bundle, slot, chosen, self.account(account))))
    }

    /// The `Reason` of a slot.
    pub fn slot_reason(&mut self, slot: usize, kind: u32, experience: usize, variant: usize) -> usize {
        self.say(to_json(&slot_reason(&self.bundle, slot, slot_choice(kind, experience, variant))))
    }

    /// The `Ad` in a placement for the account at a position, or a stranger at -1, or the described company at -2.
    pub fn ad(&mut self, placement: usize, line_item: usize, creative: usize, account: i32) -> usize {
        let chosen = AdChoice { line_item, creative };
        self.say(to_json(&ad(&self.bundle, placement, chosen, self.account(account))))
    }

    /// The `Reason` of a placement that a line item fills, or at -1 none does.
    pub fn placement_reason(&mut self, placement: usize, line_item: i32, is_held_out: bool) -> usize {
        let chosen = usize::try_from(line_item).ok().map(|line_item| AdChoice { line_item, creative: 0 });
        self.say(to_json(&placement_reason(&self.bundle, placement, chosen, is_held_out)))
    }

    /// What an `Exposure` says of an experience and a variant (-1: held out), without the bucket.
    pub fn exposure(&mut self, experience: usize, variant: i32) -> usize {
        #[derive(Serialize)]
        struct Part<'a> {
            experience: &'a str,
            variant: Option<&'a str>,
            unit: &'static str,
        }
        let found = self.bundle.site().experiences.get(experience);
        let variant = usize::try_from(variant).ok().and_then(|variant| found?.variants.get(variant));
        let part = |found: &Experience| {
            let (variant, unit) = (variant.map(|variant| &*variant.name), found.test.unit.name());
            to_json(&Part { experience: &found.name, variant, unit })
        };
        self.say(found.map_or_else(|| "null".to_owned(), part))
    }

    /// The fields of a visit that rules read, a bit each: of the field's code less 64.
    pub fn reads(&self) -> u32 {
        let fields = self.bundle.rules().atoms().iter().flat_map(Instruction::fields);
        let place = |field: &Field| match field.name_place() {
            // It is a part of the URL.
            Some((Origin::Query, _)) => Some(URL_PLACE),
            Some((Origin::Page | Origin::Cookie, _)) => None,
            None => field.code.checked_sub(64),
        };
        fields.filter_map(place).fold(0, |reads, place| reads | 1_u32.wrapping_shl(place.into()))
    }

    /// The names of the cookies that rules read, each with a blank before it; `;` stands in its place before the first that is read only
    /// with consent.
    pub fn cookies(&mut self) -> usize {
        let names = &self.bundle.site().names;
        let mut text = String::new();
        for (position, name) in names.cookies.iter().enumerate() {
            text.push(if position == names.necessary_cookies { ';' } else { ' ' });
            text.push_str(name);
        }
        self.say(text)
    }

    /// How many slots a choice speaks of.
    pub fn slot_count(&self) -> usize {
        self.bundle.site().slots.len()
    }

    /// How many placements a choice speaks of.
    pub fn placement_count(&self) -> usize {
        self.bundle.site().placements.len()
    }
}

impl Core {
    fn account(&self, position: i32) -> Option<Account<'_>> {
        match position {
            DESCRIBED => self.chooser.choice().company.as_ref()?.account(),
            position => self.bundle.site().accounts.get(usize::try_from(position).ok()?),
        }
    }

    /// Keeps a text to be read; its length.
    fn say(&mut self, text: String) -> usize {
        self.text = text;
        self.text.len()
    }
}

fn tell_custom(visitor: &mut Visitor, name: &[u8], value: CustomValue) {
    let Some((kind, name)) = name.split_at_checked(CUSTOM.len()) else { return };
    let place = match kind {
        CUSTOM => &mut visitor.custom,
        b"cookie." => &mut visitor.cookies,
        _ => return,
    };
    if let Ok(name) = std::str::from_utf8(name) {
        place.add(name, value);
    }
}

/// Stands before the names of what pages tell; `cookie.`, before those of cookies, is as long.
const CUSTOM: &[u8] = b"custom.";
/// The bit of `page.url` in [`Core::reads`].
const URL_PLACE: u8 = 5;
/// What became of a slot, as a number of three bits.
const UNCLAIMED: u32 = 0;
const UNMATCHED: u32 = 1;
const SITE_HELD_OUT: u32 = 2;
const HELD_OUT: u32 = 3;
const CONTROL: u32 = 4;
const SHOWN: u32 = 5;

/// Writes: how the account was found, its position + 1, its network's + 1 and the age of that in days + 1, the bucket of the site's
/// holdout + 1, and how many exposures have a bucket. Then a number for each slot ([`slot_number`]) and for each placement ([`ad_number`]); its lowest bit says
/// whether values of the account are in what is shown. Then for each exposure that has a bucket its place and the bucket. 0 stands for
/// none.
fn write_choice(bundle: &Bundle, choice: &Choice, out: &mut Vec<u32>) {
    let plus_one = |position: Option<usize>| position.map_or(0, |position| number(position.saturating_add(1)));
    let Resolved { account, network, age_days, how, .. } = choice.resolved;
    let age_days = age_days.map_or(0, |days| u32::from(days).saturating_add(1));
    let held_out = choice.held_out.map_or(0, |bucket| bucket.saturating_add(1));
    let buckets = || (0..).zip(&choice.exposures).filter_map(|(place, exposure)| Some([place, exposure.bucket?]));
    out.clear();
    out.extend([how as u32, plus_one(account), plus_one(network), age_days, held_out, number(buckets().count())]);
    out.extend(choice.slots.iter().map(|chosen| slot_number(bundle, choice, *chosen)));
    out.extend(choice.ads.iter().map(|chosen| chosen.map_or(0, |ad| ad_number(bundle, choice, ad))));
    out.extend(buckets().flatten());
}

/// What became of a slot in three bits, the variant in the next six, above them the experience: see the limits of both.
fn slot_number(bundle: &Bundle, choice: &Choice, chosen: SlotChoice) -> u32 {
    let (kind, experience, variant) = match chosen {
        SlotChoice::Unclaimed => (UNCLAIMED, 0, 0),
        SlotChoice::Unmatched => (UNMATCHED, 0, 0),
        SlotChoice::SiteHeldOut => (SITE_HELD_OUT, 0, 0),
        SlotChoice::HeldOut(experience) => (HELD_OUT, experience, 0),
        SlotChoice::Control(experience, variant) => (CONTROL, experience, variant),
        SlotChoice::Shown(experience, variant) => (SHOWN, experience, variant),
    };
    let is_literal = || bundle.stake(experience).is_some_and(|stake| stake.is_literal);
    let is_own = kind == SHOWN && choice.content_whom != Whom::Stranger && !is_literal();
    number(experience) << 10 | number(variant) << 4 | kind << 1 | u32::from(is_own)
}

/// The creative in six bits, above them the line item + 1.
fn ad_number(bundle: &Bundle, choice: &Choice, chosen: AdChoice) -> u32 {
    let is_literal = || bundle.ad_stake(chosen.line_item).is_some_and(|stake| stake.is_literal);
    let is_own = choice.ads_whom != Whom::Stranger && !is_literal();
    number(chosen.line_item.saturating_add(1)) << 7 | number(chosen.creative) << 1 | u32::from(is_own)
}

fn slot_choice(kind: u32, experience: usize, variant: usize) -> SlotChoice {
    match kind {
        UNCLAIMED => SlotChoice::Unclaimed,
        SITE_HELD_OUT => SlotChoice::SiteHeldOut,
        HELD_OUT => SlotChoice::HeldOut(experience),
        CONTROL => SlotChoice::Control(experience, variant),
        SHOWN => SlotChoice::Shown(experience, variant),
        _ => SlotChoice::Unmatched,
    }
}

/// Positions are bounded by the limits of a bundle, far below 32 bits.
fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// The package hands over only whole numbers that a double holds exactly.
#[expect(clippy::cast_possible_truncation, reason = "a cast of a double saturates")]
fn whole(value: f64) -> Option<i64> {
    (!value.is_nan()).then_some(value as i64)
}
