//! What a server's module gives a visitor's browser: the slice.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    bundle::{Recipient, SealKind, SecretKey, Statement, asked_prefixes, seal, slice},
    decide::{recipient, resolve_found, told},
    net::{Address, without_addresses},
    wasm::{Core, whole},
};

#[wasm_bindgen]
impl Core {
    /// The slice for whoever makes the visit that was taken.
    pub fn slice(&self) -> Vec<u8> {
        let (recipient, address) = self.recipient();
        slice(&self.bundle, recipient, address)
    }

    /// A text that visits share whose slices are the same.
    pub fn slice_key(&mut self) -> usize {
        let (recipient, address) = self.recipient();
        let mut key = match recipient {
            Recipient::Stranger => String::new(),
            Recipient::HeldOut(position) => format!("{position} held out"),
            Recipient::Account { position, content, ads } => format!("{position} {content} {ads}"),
        };
        if let Some(address) = address {
            let lies_in = asked_prefixes(&self.bundle).into_iter().map(|prefix| prefix.contains(address));
            key.extend(lies_in.map(|is_in| if is_in { '+' } else { '-' }));
        }
        self.say(key)
    }

    /// What the tokens of the visit that was taken tell of the visitor, as the tag hears it.
    pub fn told(&mut self) -> usize {
        self.say(told(&self.bundle, &self.visit).text())
    }

    /// The slice with a seal behind it, made at `now` by a secret key. The rest is what the seal of the bundle says; without one `counter` is no
    /// number. A slice that cannot be sealed stays as it is: who insists on a signature refuses it.
    #[expect(clippy::too_many_arguments, reason = "an object across the boundary costs more than all of them")]
    pub fn seal(
        &self,
        slice: &[u8],
        secret: &[u8],
        now: f64,
        environment: &[u8],
        counter: f64,
        created: f64,
        expires: f64,
    ) -> Vec<u8> {
        let [now, created, expires] = [now, created, expires].map(|time| whole(time).unwrap_or(0));
        let of_bundle = |counter: i64| Statement {
            kind: SealKind::Bundle,
            site: String::new(),
            environment: String::from_utf8_lossy(environment).into_owned(),
            counter: counter.try_into().unwrap_or(0),
            created,
            expires,
        };
        let of_bundle = whole(counter).map(of_bundle);
        let statement = Statement::of_slice(&self.bundle.site().name, of_bundle.as_ref(), now);
        let sealed = secret.try_into().ok().and_then(|secret| seal(slice, &statement, &SecretKey::new(secret)).ok());
        sealed.unwrap_or_else(|| slice.to_vec())
    }

    /// A text with `-` in the place of every address.
    pub fn without_addresses(&mut self, text: &[u8]) -> usize {
        self.say(without_addresses(&String::from_utf8_lossy(text)))
    }
}

impl Core {
    fn recipient(&self) -> (Recipient, Option<Address>) {
        let resolved = resolve_found(&self.bundle, &self.visit, self.found);
        (recipient(&self.bundle, resolved), resolved.address)
    }
}
