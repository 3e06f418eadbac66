//! The rewriter against html5ever, as a browser would parse the page: what it changes is what the tag would have changed, what the tag
//! puts back is what the author wrote, and nothing else moves.

use std::{cell::RefCell, fmt::Write, fs, path::Path, rc::Rc};

use html5ever::{
    ParseOpts, QualName, driver::parse_document, interface::Attribute, ns, tendril::TendrilSink,
    tree_builder::TreeBuilderOpts,
};
use markup5ever_rcdom::{Handle, Node, NodeData, RcDom};
use nameplate::{
    model::{AppliedChange, SlotChange},
    rewrite::Rewriter,
};

use crate::unread;

const REFUSED: &str =
    "base body embed frame frameset head html iframe link math meta noscript object script style svg template";

fn parse(html: &[u8]) -> Handle {
    let tree_builder = TreeBuilderOpts { scripting_enabled: true, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    parse_document(RcDom::default(), options).from_utf8().one(html).document
}

fn rewrite(html: &[u8], slots: &[SlotChange], chunk: usize) -> (Vec<u8>, usize) {
    let mut rewriter = Rewriter::new(slots.to_vec(), None);
    let mut out = Vec::new();
    for chunk in html.chunks(chunk.max(1)) {
        rewriter.write(chunk, &mut out);
    }
    rewriter.end(&[], &mut out);
    (out, rewriter.rewrites())
}

fn slot(changes: Vec<AppliedChange>) -> SlotChange {
    SlotChange {
        slot: "hero".into(),
        selector: "[data-np-slot]".into(),
        experience: "e".into(),
        variant: "v".into(),
        changes,
    }
}

fn text(value: &str) -> AppliedChange {
    AppliedChange::Text { value: value.to_owned() }
}

fn html(value: &str) -> AppliedChange {
    AppliedChange::Html { value: value.to_owned() }
}

fn attribute(name: &str, value: &str) -> AppliedChange {
    AppliedChange::Attribute { name: name.into(), value: value.to_owned() }
}

/// A tree as text: an element with its attributes in order of their names, then what is in it.
fn print(node: &Handle, depth: usize, out: &mut String) {
    let indent = " ".repeat(depth);
    match &node.data {
        NodeData::Element { name, attrs, template_contents, .. } => {
            let mut attributes: Vec<_> =
                attrs.borrow().iter().map(|one| format!(" {}={:?}", one.name.local, &*one.value)).collect();
            attributes.sort();
            writeln!(out, "{indent}<{}:{}{}>", &*name.ns, name.local, attributes.concat()).unwrap();
            if let Some(contents) = &*template_contents.borrow() {
                print(contents, depth + 1, out);
            }
        }
        NodeData::Text { contents } => writeln!(out, "{indent}{:?}", &*contents.borrow()).unwrap(),
        NodeData::Comment { contents } => writeln!(out, "{indent}<!--{contents:?}").unwrap(),
        _ => {}
    }
    for child in node.children.borrow().iter() {
        print(child, depth + 1, out);
    }
}

fn printed(node: &Handle) -> String {
    let mut out = String::new();
    print(node, 0, &mut out);
    out
}

/// Every element that the page holds, templates and all.
fn elements(node: &Handle, found: &mut Vec<Handle>) {
    if let NodeData::Element { template_contents, .. } = &node.data {
        found.push(node.clone());
        if let Some(contents) = &*template_contents.borrow() {
            elements(contents, found);
        }
    }
    for child in node.children.borrow().iter() {
        elements(child, found);
    }
}

fn all(document: &Handle) -> Vec<Handle> {
    let mut found = Vec::new();
    elements(document, &mut found);
    found
}

fn attributes(element: &Handle) -> &RefCell<Vec<Attribute>> {
    match &element.data {
        NodeData::Element { attrs, .. } => attrs,
        _ => panic!("no element"),
    }
}

fn local(element: &Handle) -> String {
    match &element.data {
        NodeData::Element { name, .. } => name.local.to_string(),
        _ => String::new(),
    }
}

fn get(element: &Handle, name: &str) -> Option<String> {
    attributes(element).borrow().iter().find(|one| &*one.name.local == name).map(|one| one.value.to_string())
}

fn remove(element: &Handle, name: &str) {
    attributes(element).borrow_mut().retain(|one| &*one.name.local != name);
}

fn set(element: &Handle, name: &str, value: &str) {
    remove(element, name);
    attributes(element)
        .borrow_mut()
        .push(Attribute { name: QualName::new(None, ns!(), name.into()), value: value.into() });
}

/// Takes what was inserted beside elements out of what `node` holds, with its marks.
fn take_out_beside(node: &Handle) {
    let (mut depth, mut kept) = (0, Vec::new());
    for child in node.children.take() {
        let mark = if let NodeData::Comment { contents } = &child.data { &**contents } else { "" };
        depth += usize::from(mark == "np");
        if depth == 0 {
            take_out_beside(&child);
            kept.push(child.clone());
        } else {
            // The one behind a template stands alone.
            depth -= usize::from(mark == "/np");
        }
    }
    *node.children.borrow_mut() = kept;
}

/// What the tag does before it takes over.
fn put_back(document: &Handle) {
    take_out_beside(document);
    for element in all(document) {
        let Some(names) = get(&element, "data-np-edge").filter(|_| local(&element) != "template") else { continue };
        remove(&element, "data-np-edge");
        for name in names.split(' ').filter(|name| !name.is_empty() && !name.starts_with('+')) {
            let was = format!("data-np-was-{name}");
            match get(&element, &was) {
                Some(value) => set(&element, name, &value),
                None => remove(&element, name),
            }
            remove(&element, &was);
        }
        let template = edge_template(&element);
        let Some(template) = template else { continue };
        let NodeData::Element { template_contents, .. } = &template.data else { panic!() };
        let contents = template_contents.borrow().clone().unwrap();
        *element.children.borrow_mut() = contents.children.take();
    }
}

fn edge_template(element: &Handle) -> Option<Handle> {
    let children = element.children.borrow();
    children.iter().find(|child| local(child) == "template" && get(child, "data-np-edge").is_some()).cloned()
}

/// Takes the marks off, and leaves the changes.
fn unmark(document: &Handle) -> usize {
    let mut count = 0;
    let is_mark =
        |node: &Handle| matches!(&node.data, NodeData::Comment { contents } if matches!(&**contents, "np" | "/np"));
    for element in [document.clone()].into_iter().chain(all(document)) {
        element.children.borrow_mut().retain(|child| !is_mark(child));
    }
    for element in all(document) {
        if local(&element) == "template" || get(&element, "data-np-edge").is_none() {
            continue;
        }
        count += 1;
        attributes(&element)
            .borrow_mut()
            .retain(|one| !one.name.local.starts_with("data-np-edge") && !one.name.local.starts_with("data-np-was-"));
        set(&element, "changed", "");
        if let Some(template) = edge_template(&element) {
            element.children.borrow_mut().retain(|child| !Rc::ptr_eq(child, &template));
        }
    }
    count
}

fn fragment(html: &str) -> Vec<Handle> {
    let page = parse(format!("<!doctype html><body><div>{html}</div>").as_bytes());
    let div = all(&page).into_iter().find(|element| local(element) == "div").unwrap();
    div.children.take()
}

/// As `classList.toggle(name, is_added)`.
fn set_class(element: &Handle, name: &str, is_added: bool) {
    let old = get(element, "class").unwrap_or_default();
    let mut names: Vec<&str> = Vec::new();
    for name in old.split_ascii_whitespace() {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.contains(&name) != is_added {
        names.retain(|known| *known != name);
        names.extend(is_added.then_some(name));
        set(element, "class", &names.join(" "));
    }
}

fn insert_beside(document: &Handle, element: &Handle, ahead: usize, html: &str) {
    for parent in [document.clone()].into_iter().chain(all(document)) {
        let place = parent.children.borrow().iter().position(|child| Rc::ptr_eq(child, element));
        if let Some(place) = place {
            parent.children.borrow_mut().splice(place + ahead..place + ahead, fragment(html));
        }
    }
}

/// What the tag does, to the elements with these numbers among those that have the slot's attribute.
fn apply(document: &Handle, changed: &[bool], changes: &[AppliedChange]) {
    let slots = all(document).into_iter().filter(|element| get(element, "data-np-slot").is_some());
    for (element, _) in slots.zip(changed).filter(|(_, is_changed)| **is_changed) {
        for change in changes {
            match change {
                AppliedChange::Attribute { name, value } => set(&element, name, value),
                AppliedChange::Text { value } => {
                    let contents = RefCell::new(value.as_str().into());
                    *element.children.borrow_mut() =
                        if value.is_empty() { Vec::new() } else { vec![Node::new(NodeData::Text { contents })] };
                }
                AppliedChange::Html { value } => *element.children.borrow_mut() = fragment(value),
                AppliedChange::Class { name, value } => set_class(&element, name, *value),
                AppliedChange::Visible { value: true } => remove(&element, "hidden"),
                AppliedChange::Visible { value: false } => set(&element, "hidden", "np"),
                AppliedChange::Before { value } => insert_beside(document, &element, 0, value),
                AppliedChange::After { value } => insert_beside(document, &element, 1, value),
                AppliedChange::Redirect { .. } => {}
            }
        }
        set(&element, "changed", "");
    }
}

/// Says what is wrong with how `page` was rewritten. Gives the number of elements changed.
fn check(page: &str, changes: &[AppliedChange]) -> usize {
    let slots = [slot(changes.to_vec())];
    let (whole, rewrites) = rewrite(page.as_bytes(), &slots, page.len());
    for chunk in [1, 7] {
        let (chunked, _) = rewrite(page.as_bytes(), &slots, chunk);
        assert_eq!(String::from_utf8_lossy(&chunked), String::from_utf8_lossy(&whole), "chunks of {chunk}: {page:?}");
    }
    unread::check(page, changes);
    if rewrites == 0 {
        assert_eq!(whole, page.as_bytes());
        return 0;
    }
    let shown = String::from_utf8_lossy(&whole);
    let before = parse(page.as_bytes());
    let back = parse(&whole);
    let changed: Vec<bool> = {
        let slots = all(&back).into_iter().filter(|element| get(element, "data-np-slot").is_some());
        // What stands in a template of ours is what was there, and is changed by nobody.
        slots.map(|element| get(&element, "data-np-edge").is_some()).collect()
    };
    put_back(&back);
    assert_eq!(printed(&back), printed(&before), "put back: {page:?} became {shown}");
    let after = parse(&whole);
    let marked = unmark(&after);
    // A tag that a browser passes over, and a formatting element that it doubles, have their attributes changed for nothing.
    let is_held =
        changes.iter().any(|change| matches!(change, AppliedChange::Text { .. } | AppliedChange::Html { .. }));
    assert!(marked == rewrites || !is_held, "{page:?} became {shown}");
    apply(&before, &changed, changes);
    assert_eq!(printed(&after), printed(&before), "changed: {page:?} became {shown}");
    for element in all(&after) {
        if get(&element, "changed").is_some() {
            assert!(!REFUSED.split(' ').any(|name| name == local(&element)), "{page:?}");
        }
    }
    rewrites
}

fn kinds() -> Vec<Vec<AppliedChange>> {
    let class = |name: &str, value| AppliedChange::Class { name: name.into(), value };
    let before = |value: &str| AppliedChange::Before { value: value.to_owned() };
    let after = |value: &str| AppliedChange::After { value: value.to_owned() };
    vec![
        vec![text("New <text> & \"quotes\" é\r\n")],
        vec![html("New <b>bold</b> <a href=\"/x\">link</a>")],
        vec![html("<div><p>One</p><ul><li>Two</li></ul></div>")],
        vec![attribute("title", "New \"title\" <&> é"), attribute("href", "/new"), text("x")],
        vec![class("new", true), class("old", false), AppliedChange::Visible { value: false }],
        vec![
            AppliedChange::Visible { value: true },
            before("One <i>two</i>"),
            before("<p>three</p>"),
            after("four"),
            after("<b>five</b>"),
        ],
    ]
}

/// The page with the slot's attribute in one of its start tags, for each of them.
fn with_slot(page: &str) -> Vec<String> {
    let starts = page.match_indices('<').map(|(at, _)| at + 1);
    let starts = starts.filter(|at| page[*at..].starts_with(|letter: char| letter.is_ascii_alphabetic()));
    let is_in_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let ends = starts.map(|at| page[at..].find(|letter| !is_in_name(letter)).map_or(page.len(), |end| at + end));
    ends.map(|at| format!("{} data-np-slot{}", &page[..at], &page[at..])).collect()
}

#[test]
fn changes_what_the_tag_would_change() {
    let page = "<!doctype html><head><title>T</title></head><body><main><h1 data-np-slot title='a \"b\"' class=x>Hello <b>you</b></h1><p>More</p></main>";
    let (out, _) =
        rewrite(page.as_bytes(), &[slot(vec![attribute("title", "New"), html("Hello, <i>Alder</i>")])], 4096);
    let expected = page
        .replace("<h1 ", "<h1 data-np-edge=\"title +content\" data-np-was-title='a \"b\"' ")
        .replace(" title='a \"b\"' class", "  title=\"New\" class")
        .replace("Hello <b>you</b>", "Hello, <i>Alder</i><template data-np-edge>Hello <b>you</b></template><!--/np-->");
    assert_eq!(String::from_utf8_lossy(&out), expected);
    for changes in kinds() {
        assert_eq!(check(page, &changes), 1);
    }
    assert_eq!(check("<!doctype html><p>a<img class='old  x&amp;y old' hidden data-np-slot>b", &kinds()[4]), 1);
    assert_eq!(check("<!doctype html><div>a<img hidden data-np-slot>b</div>", &kinds()[5]), 1);
}

/// Every page of html5lib's tree construction tests, with the slot on each of its elements in turn.
#[test]
fn never_breaks_a_page_of_html5lib() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html5lib/tree-construction");
    let (mut pages, mut changed) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let file = fs::read_to_string(entry.unwrap().path()).unwrap();
        let tests = file.split("#data\n").skip(1);
        for test in tests.filter(|test| !test.contains("#document-fragment") && !test.contains("#script-off")) {
            for page in with_slot(test.split("\n#errors").next().unwrap()) {
                pages += 1;
                changed += kinds().iter().filter(|changes| check(&page, changes) > 0).count();
            }
        }
    }
    println!("{pages} pages, {changed} of {} rewritten", pages * kinds().len());
    assert!(pages > 3_000 && changed > 400, "{pages} pages, {changed} rewritten");
}

const STARTS: &str = "div p b a li ul span h1 h2 table tr td tbody button form select option dl dt dd section i font template svg title textarea br \
     img input hr x-y math mi foreignobject desc script style nobr body html head caption col object marquee ruby rt noscript pre iframe em main \
     label center";
const OTHERS: [&str; 10] =
    ["text", " ", "&amp;", "<!-- c -->", "<!-->", "<![CDATA[", "]]>", "</br>", "</p>", "<a href='>'>"];

/// Random pages: elements in each other as they should be, but for some tags that are missing, doubled or astray.
#[test]
fn never_breaks_a_random_page() {
    let names: Vec<&str> = STARTS.split_whitespace().collect();
    let mut seed = 7_u64;
    let mut chance = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let mut changed = 0;
    for _ in 0..10_000 {
        let (mut page, mut open) = ("<!doctype html>".to_owned(), Vec::new());
        for _ in 0..4 + chance(12) {
            let name = names[chance(names.len())];
            match chance(16) {
                0..=1 => page += &format!("<{name}>"),
                2..=3 => page += &format!("</{name}>"),
                4..=5 => page += OTHERS[chance(OTHERS.len())],
                6..=11 => {
                    page += &format!("<{name}>");
                    open.push(name);
                }
                _ => page.extend(open.pop().map(|name| format!("x</{name}>"))),
            }
        }
        page.extend(open.into_iter().rev().map(|name| format!("x</{name}>")));
        let pages = with_slot(&page);
        if !pages.is_empty() {
            let page = &pages[chance(pages.len())];
            changed += usize::from(check(page, &kinds()[chance(kinds().len())]) > 0);
        }
    }
    println!("{changed} of 10000 rewritten");
    assert!(changed > 1_000, "{changed}");
}

/// What is not to be changed goes on as it came, whatever it is.
#[test]
fn passes_through_what_it_does_not_change() {
    let long = "x".repeat(100_000);
    let deep = "<div>".repeat(88_000);
    let stray = "</i><b>".repeat(100_000);
    let utf16: String = "\u{feff}<p data-np-slot>x</p>".to_owned();
    let utf16: Vec<u8> = utf16.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for page in [
        b"".as_slice(),
        b"<",
        b"</",
        b"<p data-np-slot>never closed",
        b"<p data-np-slot title='never closed",
        b"<!-- <p data-np-slot>x</p>",
        b"<script>'<p data-np-slot>x</p>'</script>",
        b"<script><!-- <script> </script> <p data-np-slot>x</p> --></script>",
        b"<style><p data-np-slot>x</p></style><textarea><p data-np-slot>x</p></textarea>",
        b"<template><p data-np-slot>x</p></template><!--/np--><svg><desc data-np-slot>x</desc></svg>",
        b"<meta charset=iso-2022-jp><p data-np-slot>x</p>",
        b"<p data-np-slot><script>x()</script></p>",
        b"\xff\xfe\x00<p data-np-slot>x</p>",
        &utf16,
        format!("<p data-np-slot>{}</p>", long.repeat(3)).as_bytes(),
        format!("<p title='{long}' data-np-slot>x</p>").as_bytes(),
        format!("{deep}<p data-np-slot>x</p>").as_bytes(),
        format!("{stray}<p data-np-slot>x</p>").as_bytes(),
    ] {
        for chunk in [1_000, 65_536] {
            let (out, rewrites) = rewrite(page, &[slot(vec![text("New")])], chunk);
            assert!(out == page && rewrites == 0, "{}", String::from_utf8_lossy(&page[..page.len().min(200)]));
        }
    }
}

/// The slice stands before the tag's script, once, so that it is there when that runs; and only in a page that has the tag.
#[test]
fn hands_the_slice_to_the_tag() {
    const SLICE: &str = r#"<script id="np-slice" type="application/octet-stream">AAEC</script>"#;
    let check = |before: &str, behind: &str, expect: &str| {
        let page = format!("{before}{behind}<p data-np-slot>a</p>");
        for chunk in [1, page.len()] {
            let mut rewriter = Rewriter::new(vec![slot(vec![text("New")])], Some(&[0, 1, 2]));
            let mut out = Vec::new();
            page.as_bytes().chunks(chunk).for_each(|chunk| rewriter.write(chunk, &mut out));
            rewriter.end(&[], &mut out);
            let (found, _) = rewrite(page.as_bytes(), &[slot(vec![text("New")])], chunk);
            let expected = String::from_utf8_lossy(&found).replacen(before, &format!("{before}{expect}"), 1);
            assert_eq!(String::from_utf8_lossy(&out), expected, "{page}");
        }
    };
    for tag in [
        "<script async src=\"/np/tag.js\"></script>",
        "<script src=/np/tag.js></script>",
        "<SCRIPT type='module' SRC='https://cdn.example.com/a/np/tag.js?v=0#x'></script>",
        "<script src='/np/tag.js'></script><script src='/np/tag.js'></script>",
    ] {
        check("<!doctype html><title>t</title>", tag, SLICE);
    }
    check("<p data-np-slot>b", "<script src=/np/tag.js></script>", SLICE);
    for other in [
        "",
        "<script>/np/tag.js</script>",
        "<script src='/np/tag.js.map'></script>",
        "<script src='/tag.js'></script>",
        "<script src='/x?/np/tag.js'></script>",
        "<link href='/np/tag.js'>",
        "<!--<script src='/np/tag.js'></script>-->",
        "<template><script src='/np/tag.js'></script></template>",
        "<svg><script src='/np/tag.js'></script></svg>",
        "<textarea><script src='/np/tag.js'></script></textarea>",
    ] {
        check("<!doctype html>", other, "");
    }
}

/// A selector that is on every element, and a page with more of it than anybody wants.
#[test]
fn changes_no_more_than_its_limits() {
    let page = "<p data-np-slot>x</p>".repeat(100);
    assert_eq!(rewrite(page.as_bytes(), &[slot(vec![text("New")])], 4096).1, 64);
}
