//! Takes a record apart, and spends no more on it than its budget.
//!
//! The crate bounds what one record may cost, but for tools: a visitor must not wait for 65,536 values. So every value is counted here
//! before it is looked at, and a record that is over its budget is not answerable. The crate decodes types that know what they want, and
//! a schema is known at run time: hence the pieces in a row, along which a schema is then followed.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{
    record::{Draft, Record, Value},
    schema::Node,
};
use crate::limit::{
    RECORD_BYTE_MAX, RECORD_DEPTH_MAX, RECORD_VALUE_MAX, TOOL_RECORD_BYTE_MAX, TOOL_RECORD_DEPTH_MAX,
    TOOL_RECORD_VALUE_MAX,
};

/// What may yet be spent on a record.
#[derive(Debug)]
struct Budget {
    depth: u16,
    values: u32,
    bytes: u32,
}

impl Budget {
    /// While a visitor waits.
    const VISITOR: Self = Self { depth: RECORD_DEPTH_MAX, values: RECORD_VALUE_MAX, bytes: RECORD_BYTE_MAX };
    /// In tools.
    const TOOL: Self =
        Self { depth: TOOL_RECORD_DEPTH_MAX, values: TOOL_RECORD_VALUE_MAX, bytes: TOOL_RECORD_BYTE_MAX };

    fn value<E: Error>(&mut self) -> Result<(), E> {
        self.values = self.values.checked_sub(1).ok_or_else(|| E::custom("too many values"))?;
        Ok(())
    }

    fn bytes<E: Error>(&mut self, count: usize) -> Result<(), E> {
        let left = u32::try_from(count).ok().and_then(|count| self.bytes.checked_sub(count));
        self.bytes = left.ok_or_else(|| E::custom("too much text"))?;
        Ok(())
    }

    fn deeper<E: Error>(&mut self) -> Result<(), E> {
        self.depth = self.depth.checked_sub(1).ok_or_else(|| E::custom("nested too deep"))?;
        Ok(())
    }

    fn up(&mut self) {
        self.depth = self.depth.saturating_add(1);
    }
}

/// A piece of a record.
#[derive(Debug, Clone, Copy)]
enum Piece<'a> {
    /// What stands behind it, up to its end, is in it.
    Map,
    Key(&'a [u8]),
    List,
    End,
    Value(Value<'a>),
}

/// A record in pieces; `IS_TOOL` tells whose budget it has.
#[derive(Debug)]
pub(super) struct Pieces<'a, const IS_TOOL: bool>(Vec<Piece<'a>>);

impl<const IS_TOOL: bool> Pieces<'_, IS_TOOL> {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// What the record says in a schema.
    pub(super) fn read(&self, schema: &Node) -> Record {
        let mut draft = Draft::default();
        // Where the next value stands in the schema, and where the maps do that it is in.
        let mut here = Some(schema);
        let mut above: Vec<Option<&Node>> = Vec::new();
        for piece in &self.0 {
            match piece {
                Piece::Map => above.push(here),
                Piece::Key(key) => here = above.last().copied().flatten().and_then(|map| map.child(key)),
                Piece::List => {
                    above.push(None);
                    here = None;
                }
                Piece::End => {
                    // What follows is an item of a list, unless its key comes first.
                    (_, here) = (above.pop(), None);
                }
                Piece::Value(value) => {
                    if let Some(field) = here.and_then(|node| node.field) {
                        draft.put(field, *value);
                    }
                }
            }
        }
        draft.finish()
    }
}

impl<'de, const IS_TOOL: bool> Deserialize<'de> for Pieces<'de, IS_TOOL> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut pieces = Vec::new();
        let mut budget = if IS_TOOL { Budget::TOOL } else { Budget::VISITOR };
        Step { pieces: &mut pieces, budget: &mut budget }.deserialize(deserializer)?;
        Ok(Self(pieces))
    }
}

/// One value, and all that is in it.
struct Step<'a, 'de> {
    pieces: &'a mut Vec<Piece<'de>>,
    budget: &'a mut Budget,
}

impl<'de> Step<'_, 'de> {
    fn put<E>(self, value: Value<'de>) -> Result<(), E> {
        self.pieces.push(Piece::Value(value));
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Step<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.budget.value()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Step<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { pieces, budget } = self;
        budget.deeper()?;
        pieces.push(Piece::Map);
        while let Some(key) = map.next_key_seed(Key(budget))? {
            pieces.push(Piece::Key(key));
            map.next_value_seed(Step { pieces, budget })?;
        }
        pieces.push(Piece::End);
        budget.up();
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { pieces, budget } = self;
        budget.deeper()?;
        pieces.push(Piece::List);
        while list.next_element_seed(Step { pieces, budget })?.is_some() {}
        pieces.push(Piece::End);
        budget.up();
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<(), E> {
        self.budget.bytes(text.len())?;
        self.put(Value::Text(text))
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<(), E> {
        self.budget.bytes(bytes.len())?;
        self.put(Value::Other)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.put(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.put(Value::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.put(i64::try_from(value).map_or(Value::Other, Value::Int))
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<(), E> {
        self.put(Value::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.put(Value::Other)
    }
}

/// A key of a map.
struct Key<'a>(&'a mut Budget);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = &'de [u8];

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.0.value()?;
        deserializer.deserialize_identifier(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = &'de [u8];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_bytes<E: Error>(self, key: &'de [u8]) -> Result<Self::Value, E> {
        self.0.bytes(key.len())?;
        Ok(key)
    }
}
