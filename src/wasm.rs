//! The JavaScript door: visits come in and decisions go out as plain objects. No logic; `www/src` wraps it with types.

use serde::Serialize;
use serde_wasm_bindgen::{Serializer, from_value};
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

use crate::{
    bundle::Bundle,
    decide::{decide, explain},
    model::Visit,
};

/// An open bundle.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Core {
    bundle: Bundle,
}

#[wasm_bindgen]
impl Core {
    /// Opens the bundle in `bytes`.
    ///
    /// # Errors
    /// An `Error` whose message says which section, at which byte, and what was expected there.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Core, JsError> {
        Ok(Self { bundle: Bundle::open(bytes)? })
    }

    /// The `Decision` for a `Visit`.
    ///
    /// # Errors
    /// An `Error` when `visit` is no object of that shape.
    pub fn decide(&self, visit: JsValue) -> Result<JsValue, JsError> {
        to_object(&decide(&self.bundle, &from_value::<Visit>(visit)?))
    }

    /// The `Explanation` for a `Visit`.
    ///
    /// # Errors
    /// An `Error` when `visit` is no object of that shape.
    pub fn explain(&self, visit: JsValue) -> Result<JsValue, JsError> {
        to_object(&explain(&self.bundle, &from_value::<Visit>(visit)?))
    }

    /// What a preview lists: the `SiteIndex`.
    ///
    /// # Errors
    /// None that is known.
    pub fn site(&self) -> Result<JsValue, JsError> {
        to_object(&self.bundle.index())
    }
}

/// Plain objects with `null` for what is missing, the same shape as the JSON that the program writes.
fn to_object(value: &impl Serialize) -> Result<JsValue, JsError> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}
