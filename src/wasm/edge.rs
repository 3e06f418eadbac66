//! What a server's module can do beside a browser's.

use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    bundle::{PublicKey, TokenKey},
    decide::{by_address, by_no_address, cohort, resolve_found, signals, slot_change, trace},
    model::{AccountField, Candidate, Signal},
    net::Address,
    wasm::{Core, json::to_json, whole},
};

#[wasm_bindgen]
impl Core {
    /// Position of the account whose prefix holds an IPv4 address, -1 when there is none. The next visit comes from there.
    pub fn find_v4(&mut self, bits: u32) -> i32 {
        self.find(Address::V4(bits))
    }

    /// The same of an IPv6 address, in four numbers, the first bits first.
    pub fn find_v6(&mut self, a: u32, b: u32, c: u32, d: u32) -> i32 {
        let bits = [a, b, c, d].iter().fold(0, |bits: u128, word| bits << 32 | u128::from(*word));
        self.find(Address::from_v6(bits))
    }

    /// The same of the address that the first `length` bytes of the room spell; no text is no address.
    pub fn find_text(&mut self, length: usize) -> i32 {
        let text = self.input.get(..length).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default();
        if let Some(address) = Address::parse(text) {
            return self.find(address);
        }
        self.found = by_no_address(text);
        self.position()
    }

    /// Adds a text to the attributes of the visit that was taken: the first `length` bytes of the room, for the field of this code.
    /// To a list it is added as an item.
    pub fn add_text(&mut self, field: u8, length: usize) {
        let text = self.input.get(..length).map(|text| String::from_utf8_lossy(text).into_owned());
        let attributes = self.visit.attributes.get_or_insert_default();
        let Some((field, text)) = AccountField::from_code(field).zip(text) else { return };
        if let Some(items) = attributes.list_mut(field) {
            items.get_or_insert_default().push(text);
        } else if let Some(place) = attributes.text_mut(field) {
            *place = Some(text);
        }
    }

    /// The same with a whole number.
    pub fn add_int(&mut self, field: u8, value: f64) {
        let attributes = self.visit.attributes.get_or_insert_default();
        if let Some(place) = AccountField::from_code(field).and_then(|field| attributes.int_mut(field)) {
            *place = whole(value);
        }
    }

    /// Whether `signature` is one of `message` by the public `key`: Ed25519, strictly.
    pub fn verifies(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        let key = key.try_into().ok().and_then(PublicKey::from_bytes);
        key.is_some_and(|key| key.verifies(message, signature))
    }

    /// What the `Explanation` of the visit has beside the decision.
    pub fn explain(&mut self) -> usize {
        #[derive(Serialize)]
        struct Rest {
            signals: Vec<Signal>,
            candidates: Vec<Candidate>,
        }
        let (bundle, visit) = (&self.bundle, &self.visit);
        let resolved = resolve_found(bundle, visit, self.found);
        let (_, candidates) = trace(bundle, visit, resolved);
        self.say(to_json(&Rest { signals: signals(bundle, visit, self.found, resolved), candidates }))
    }

    /// Takes the key that account tokens are checked with: a text that was written. Whether it is long enough to be one.
    pub fn set_token_key(&mut self, length: usize) -> bool {
        let key = self.input.get(..length).and_then(TokenKey::new);
        let is_key = key.is_some();
        if is_key {
            self.bundle.set_token_key(key);
        }
        is_key
    }

    /// The cohort of the visit that was chosen for last.
    pub fn cohort(&mut self) -> usize {
        let choice = self.chooser.choice();
        let account = choice.account(&self.bundle, choice.content_whom);
        let shown = |(slot, chosen): (_, &_)| slot_change(&self.bundle, slot, *chosen, account);
        let slots: Vec<_> = choice.slots.iter().enumerate().filter_map(shown).collect();
        self.say(to_json(&cohort(&self.bundle, choice, &slots)))
    }

    /// What a preview lists: the `SiteIndex`.
    pub fn site(&mut self) -> usize {
        self.say(to_json(&self.bundle.index()))
    }
}

impl Core {
    /// Never inlined, so that there is one copy of all that it inlines itself.
    #[inline(never)]
    fn find(&mut self, address: Address) -> i32 {
        self.found = by_address(&self.bundle, address);
        self.position()
    }

    fn position(&self) -> i32 {
        self.found.account.and_then(|account| i32::try_from(account).ok()).unwrap_or(-1)
    }
}
