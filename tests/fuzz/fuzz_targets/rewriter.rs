//! Any page in any chunks: what the rewriter gives does not depend on how the page was cut, and a page of no slots comes back as it was.

#![cfg_attr(fuzzing, no_main)]

use nameplate::{
    model::{AppliedChange, SlotChange},
    rewrite::Rewriter,
};
use nameplate_fuzz::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let [cut, kind, page @ ..] = bytes else { return };
    assert_eq!(rewrite(page, usize::from(*cut), &[]), page);
    let slots = [slot(*kind)];
    let whole = rewrite(page, page.len(), &slots);
    assert_eq!(rewrite(page, usize::from(*cut), &slots), whole);
    let mut rewriter = Rewriter::new(slots.to_vec(), None);
    let mut out = Vec::new();
    let (first, last) = page.split_at(usize::from(*cut).min(page.len()));
    rewriter.write(first, &mut out);
    rewriter.end(last, &mut out);
    assert_eq!(out, whole, "with bytes that are known to be the last");
});

fn rewrite(page: &[u8], chunk: usize, slots: &[SlotChange]) -> Vec<u8> {
    let mut rewriter = Rewriter::new(slots.to_vec(), None);
    let mut out = Vec::new();
    for chunk in page.chunks(chunk.max(1)) {
        rewriter.write(chunk, &mut out);
    }
    rewriter.end(&[], &mut out);
    out
}

fn slot(kind: u8) -> SlotChange {
    let value = "New <b>one</b>".to_owned();
    let change = match kind % 6 {
        0 => AppliedChange::Text { value },
        1 => AppliedChange::Html { value },
        2 => AppliedChange::Attribute { name: "title".into(), value },
        3 => AppliedChange::Class { name: "new".into(), value: true },
        4 => AppliedChange::Before { value },
        _ => AppliedChange::After { value },
    };
    // Any element of one of these names, so that the fuzzer need not find a selector; or by values only, which say where a page's last one is.
    let selector = if kind < 128 { "p, div > b, h1 a, li, [id], .c, td, img" } else { "#a, p .c, [title^=a]" };
    SlotChange {
        slot: "s".into(),
        selector: selector.into(),
        experience: "e".into(),
        variant: "v".into(),
        changes: vec![change],
    }
}
