//! The rewriter, as a static site's build or a server in Rust calls it: a page in pieces of 64 KB, a decision's slots made before.

use std::{collections::HashMap, fs};

use nameplate::{
    model::{AppliedChange, SlotChange},
    rewrite::Rewriter,
};
use serde_json::{Value, json};

use crate::{Config, Contender, Opener};

const CHUNK_BYTES: usize = 64 << 10;

struct Pages {
    slots: Vec<SlotChange>,
    pages: HashMap<String, Vec<u8>>,
}

impl Pages {
    fn rewrite(&self, of: &str) -> Vec<u8> {
        let mut rewriter = Rewriter::new(self.slots.clone(), None);
        let mut out = Vec::new();
        for chunk in self.pages[of].chunks(CHUNK_BYTES) {
            rewriter.write(chunk, &mut out);
        }
        rewriter.end(&[], &mut out);
        out
    }
}

impl Contender for Pages {
    fn run(&mut self, of: &str, _: usize, count: usize) -> u64 {
        (0..count).map(|_| self.rewrite(of).len() as u64).sum()
    }

    fn answer(&mut self, of: &str, _: usize) -> Value {
        json!(String::from_utf8(self.rewrite(of)).expect("UTF-8"))
    }

    fn len(&self, _: &str) -> usize {
        1
    }
}

pub fn opener(config: &Config) -> Opener {
    let folder = config.set.clone();
    Box::new(move || {
        let slots: Vec<Value> =
            serde_json::from_slice(&fs::read(format!("{folder}/slots.json")).expect("slots")).expect("valid JSON");
        let pages = ["20", "100", "1000"].map(|size| {
            let page = fs::read(format!("{folder}/{size}.html")).expect("a page");
            (size.to_owned(), page)
        });
        Box::new(Pages { slots: slots.iter().map(slot).collect(), pages: pages.into() })
    })
}

fn slot(slot: &Value) -> SlotChange {
    let text = |value: &Value, key: &str| value[key].as_str().expect("a text").to_owned();
    let change = |change: &Value| match change["kind"].as_str() {
        Some("text") => AppliedChange::Text { value: text(change, "value") },
        Some("html") => AppliedChange::Html { value: text(change, "value") },
        Some("attribute") => {
            AppliedChange::Attribute { name: text(change, "name").into(), value: text(change, "value") }
        }
        other => panic!("the sets have no change {other:?}"),
    };
    SlotChange {
        slot: text(slot, "slot").into(),
        selector: text(slot, "selector").into(),
        experience: text(slot, "experience").into(),
        variant: text(slot, "variant").into(),
        changes: slot["changes"].as_array().expect("changes").iter().map(change).collect(),
    }
}
