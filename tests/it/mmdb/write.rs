//! Writes databases in MaxMind's format, whole ones and such as no writer would.

use std::net::IpAddr;

/// A value of a record.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Map(Vec<(&'static str, Value)>),
    List(Vec<Value>),
    Text(String),
    Bool(bool),
    Double(f64),
    /// Type number and value; its bytes are as few as hold it.
    Uint(u8, u128),
    /// To an offset of the data section, in four bytes.
    Pointer(u32),
    /// Bytes as they are.
    Raw(Vec<u8>),
}

pub(super) const U16: u8 = 5;
pub(super) const U32: u8 = 6;
pub(super) const U64: u8 = 9;
pub(super) const MAP: u8 = 7;
pub(super) const LIST: u8 = 11;

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A type and a size, as the format packs them.
pub(super) fn control(kind: u8, size: usize) -> Vec<u8> {
    let (head, extended) = if kind > 7 { (0, Some(kind - 7)) } else { (kind << 5, None) };
    let (low, more): (u8, Vec<u8>) = match size {
        0..29 => (size as u8, vec![]),
        29..285 => (29, vec![(size - 29) as u8]),
        285..65_821 => (30, ((size - 285) as u16).to_be_bytes().to_vec()),
        _ => (31, ((size - 65_821) as u32).to_be_bytes()[1..].to_vec()),
    };
    [head | low].into_iter().chain(extended).chain(more).collect()
}

pub(super) fn encode(value: &Value) -> Vec<u8> {
    match value {
        Value::Map(entries) => {
            let inner = entries.iter().flat_map(|(key, value)| [encode(&text(key)), encode(value)].concat());
            control(MAP, entries.len()).into_iter().chain(inner).collect()
        }
        Value::List(items) => control(LIST, items.len()).into_iter().chain(items.iter().flat_map(encode)).collect(),
        Value::Text(text) => [control(2, text.len()), text.as_bytes().to_vec()].concat(),
        Value::Bool(bool) => control(14, usize::from(*bool)),
        Value::Double(double) => [control(3, 8), double.to_be_bytes().to_vec()].concat(),
        Value::Uint(kind, value) => {
            let bytes: Vec<u8> = value.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            [control(*kind, bytes.len()), bytes].concat()
        }
        Value::Pointer(offset) => [vec![0b0011_1000], offset.to_be_bytes().to_vec()].concat(),
        Value::Raw(bytes) => bytes.clone(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Child {
    Empty,
    Node(usize),
    Data(usize),
}

/// A database in parts, each of which can be made wrong.
#[derive(Debug, Clone)]
pub(super) struct Database {
    pub(super) record_size: usize,
    pub(super) ip_version: u8,
    pub(super) separator: Vec<u8>,
    pub(super) data: Vec<u8>,
    pub(super) metadata: Vec<(&'static str, Value)>,
    pub(super) behind: Vec<u8>,
    nodes: Vec<[Child; 2]>,
}

impl Database {
    /// Of prefixes, the wider first, and their records.
    pub(super) fn new(ip_version: u8, record_size: usize, networks: &[(&str, Value)]) -> Self {
        let mut database = Self {
            record_size,
            ip_version,
            separator: vec![0; 16],
            data: Vec::new(),
            metadata: Vec::new(),
            behind: Vec::new(),
            nodes: vec![[Child::Empty; 2]],
        };
        for (prefix, record) in networks {
            let offset = database.add(record);
            database.point(prefix, offset);
        }
        let node_count = database.nodes.len() as u128;
        database.metadata = vec![
            ("node_count", Value::Uint(U32, node_count)),
            ("record_size", Value::Uint(U16, record_size as u128)),
            ("ip_version", Value::Uint(U16, ip_version.into())),
            ("database_type", text("Test")),
            ("languages", Value::List(vec![text("en")])),
            ("binary_format_major_version", Value::Uint(U16, 2)),
            ("binary_format_minor_version", Value::Uint(U16, 0)),
            ("build_epoch", Value::Uint(U64, 1_790_000_000)),
            ("description", Value::Map(vec![("en", text("a test"))])),
        ];
        database
    }

    /// Adds a value to the data section; its offset.
    pub(super) fn add(&mut self, value: &Value) -> usize {
        self.data.extend(encode(value));
        self.data.len() - encode(value).len()
    }

    /// Leads a prefix to an offset of the data section.
    pub(super) fn point(&mut self, prefix: &str, offset: usize) {
        let (address, length) = prefix.split_once('/').unwrap();
        let length: usize = length.parse().unwrap();
        let (bits, depth): (u128, usize) = match (address.parse().unwrap(), self.ip_version) {
            (IpAddr::V4(v4), 4) => (u128::from(v4.to_bits()) << 96, length),
            (IpAddr::V4(v4), _) => (v4.to_bits().into(), 96 + length),
            (IpAddr::V6(v6), _) => (v6.to_bits(), length),
        };
        let mut node = 0;
        for at in 0..depth {
            let side = (bits >> (127 - at) & 1) as usize;
            if at + 1 == depth {
                self.nodes[node][side] = Child::Data(offset);
                return;
            }
            node = match self.nodes[node][side] {
                Child::Node(next) => next,
                inherited => {
                    self.nodes.push([inherited; 2]);
                    self.nodes[node][side] = Child::Node(self.nodes.len() - 1);
                    self.nodes.len() - 1
                }
            };
        }
    }

    /// Overwrites a value of the metadata.
    pub(super) fn say(mut self, key: &str, value: Value) -> Self {
        self.metadata.iter_mut().find(|(name, _)| *name == key).unwrap().1 = value;
        self
    }

    /// Leaves a value of the metadata out.
    pub(super) fn silent(mut self, key: &str) -> Self {
        self.metadata.retain(|(name, _)| *name != key);
        self
    }

    pub(super) fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Where the tree ends.
    pub(super) fn tree(&self) -> Vec<u8> {
        let count = self.nodes.len();
        let record = |child: Child| match child {
            Child::Empty => count,
            Child::Node(node) => node,
            Child::Data(offset) => count + 16 + offset,
        };
        self.nodes.iter().flat_map(|[left, right]| pack(self.record_size, record(*left), record(*right))).collect()
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        [
            self.tree(),
            self.separator.clone(),
            self.data.clone(),
            b"\xab\xcd\xefMaxMind.com".to_vec(),
            encode(&Value::Map(self.metadata.clone())),
            self.behind.clone(),
        ]
        .concat()
    }
}

/// A node of the tree.
pub(super) fn pack(record_size: usize, left: usize, right: usize) -> Vec<u8> {
    let (l, r) = ((left as u32).to_be_bytes(), (right as u32).to_be_bytes());
    match record_size {
        24 => [&l[1..], &r[1..]].concat(),
        28 => [&l[1..], &[l[0] << 4 | r[0] & 15], &r[1..]].concat(),
        _ => [l, r].concat(),
    }
}
