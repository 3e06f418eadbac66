//! The end of a page that the rewriter does not read, since nothing there is of a slot: what comes of a page whose last bytes are known
//! to be the last is what comes of it in a stream.

use nameplate::{
    model::{AppliedChange, SlotChange},
    rewrite::Rewriter,
};

/// A value that selects, as it may stand in a tag; only the first five are read as that value.
const ATTRIBUTES: [&str; 7] = [
    " data-np-slot=hero",
    " DATA-np-SLOT = \"hero\"",
    " title='=>' data-np-slot\n=\n'hero' id=x",
    " class='a=b' data-np-slot=\thero ",
    " data-np-slot='hero'title=x",
    " data-np-slot='&#104;ero'",
    " data-np-slots=hero data-np-slot=heroes",
];
const SELECTORS: [&str; 5] = [
    "[data-np-slot=hero]",
    "[data-np-slot^='he']",
    "[data-np-slot$=ro]",
    "[data-np-slot*=er]",
    "p, body [data-np-slot~=hero]",
];

fn slot(selector: &str, changes: &[AppliedChange]) -> SlotChange {
    SlotChange {
        slot: "hero".into(),
        selector: selector.into(),
        experience: "e".into(),
        variant: "v".into(),
        changes: changes.to_vec(),
    }
}

/// What comes of a page, and how many elements were changed, where so many bytes come before the last ones.
fn rewrite(page: &[u8], slot: &SlotChange, before: usize) -> (String, usize) {
    let mut rewriter = Rewriter::new(vec![slot.clone()], Some(b"slice"));
    let mut out = Vec::new();
    let (first, last) = page.split_at(before);
    rewriter.write(first, &mut out);
    rewriter.end(last, &mut out);
    (String::from_utf8_lossy(&out).into_owned(), rewriter.rewrites())
}

/// The same of a page that has ` data-np-slot` somewhere, with any value there, and any selector of it.
pub(crate) fn check(page: &str, changes: &[AppliedChange]) {
    for (place, attribute) in ATTRIBUTES.iter().enumerate() {
        let page = page.replace(" data-np-slot", attribute);
        let slot = slot(SELECTORS[(place + page.len()) % SELECTORS.len()], changes);
        let streamed = rewrite(page.as_bytes(), &slot, page.len());
        for before in [0, page.len() / 3, page.len() / 2, page.len() - page.len() / 5] {
            assert_eq!(
                rewrite(page.as_bytes(), &slot, before),
                streamed,
                "{} behind {before} bytes of {page:?}",
                slot.selector
            );
        }
    }
}

#[test]
fn reads_up_to_the_end_of_the_last_element_of_a_slot() {
    let changes = [AppliedChange::Text { value: "New".to_owned() }];
    for page in [
        "",
        "<p>No slot",
        "<p data-np-slot>x</p>",
        "<p data-np-slot>x</p><p>y</p><i title=hero>z</i>",
        "<p data-np-slot>x<b>y</b></p><script>a=\"<p data-np-slot>\"</script><p>z",
        "<p data-np-slot>x</p><script src=/np/tag.js?a=1&b=2></script><p>y</p>",
        "<p data-np-slot>x</p><!-- <p data-np-slot> --><textarea><p data-np-slot></textarea>y",
        "<table><tr><td data-np-slot>x</table><p data-np-slot>x",
        "<p data-np-slot",
        "<p data-np-slot>x</p><p title='",
    ] {
        check(page, &changes);
    }
    // Long enough for all ways to look for a byte.
    let far = "<p class=\"other\">Others.</p>".repeat(50);
    check(&format!("{far}<p data-np-slot>x</p>{far}"), &changes);
    let (out, rewrites) = rewrite(format!("{far}<p id=a>x</p>{far}").as_bytes(), &slot("#a", &changes), 0);
    assert_eq!((out.matches("New").count(), rewrites), (1, 1));
}
