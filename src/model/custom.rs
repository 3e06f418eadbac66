//! What a page tells of its visitor on its own: values by the names that `nameplate.yaml` declares.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Kind, Value};

/// Values by name. One of another type than was declared, or of a name that was not, is as good as missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Option<CustomValue>>", into = "BTreeMap<String, Option<CustomValue>>")]
pub struct Custom(Vec<(String, CustomValue)>);

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(feature = "compiler", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum CustomValue {
    /// See [`Kind::Bool`].
    Bool(bool),
    /// See [`Kind::Int`].
    Int(#[cfg_attr(test, ts(as = "f64"))] i64),
    /// See [`Kind::Text`].
    Text(String),
}

impl Custom {
    /// The value of a name, if it is of this kind.
    #[must_use]
    pub fn get(&self, name: &str, kind: Kind) -> Value<'_> {
        match (kind, self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)) {
            (Kind::Bool, Some(CustomValue::Bool(value))) => Value::Bool(*value),
            (Kind::Int, Some(CustomValue::Int(value))) => Value::Int(*value),
            (Kind::Text, Some(CustomValue::Text(value))) => Value::Text(value),
            _ => Value::Missing,
        }
    }

    /// Adds one. Of two with one name the first counts.
    pub fn add(&mut self, name: &str, value: CustomValue) {
        self.0.push((name.to_owned(), value));
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// `null` is how many programs write "nothing".
impl From<BTreeMap<String, Option<CustomValue>>> for Custom {
    fn from(values: BTreeMap<String, Option<CustomValue>>) -> Self {
        Self(values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
    }
}

impl From<Custom> for BTreeMap<String, Option<CustomValue>> {
    fn from(custom: Custom) -> Self {
        custom.0.into_iter().map(|(name, value)| (name, Some(value))).collect()
    }
}
