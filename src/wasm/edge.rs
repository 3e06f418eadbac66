//! What a server's module can do beside a browser's.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    bundle::PublicKey,
    decide::{cohort, explain_resolved, resolve_found, slot_change},
    model::AccountField,
    wasm::{Core, json::to_json, whole},
};

#[wasm_bindgen]
impl Core {
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

    /// The list of `Candidate`s for the visit, as in its `Explanation`.
    pub fn explain(&mut self) -> usize {
        let resolved = resolve_found(&self.bundle, &self.visit, self.found);
        self.say(to_json(&explain_resolved(&self.bundle, &self.visit, resolved).candidates))
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
