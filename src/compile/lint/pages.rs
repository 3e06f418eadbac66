//! Slots and placements that no sample page has, and slots that are empty where they are. A site without sample pages says nothing of them.

use scraper::{ElementRef, Html, Selector};

use super::Subject;
use crate::compile::{code, diagnostic::Diagnostics};

/// Shows something without words.
const SHOWN: &str = "audio, button, canvas, embed, iframe, img, input, object, picture, select, svg, textarea, video";

pub(super) fn check(subject: &Subject<'_>, log: &mut Diagnostics) {
    let pages: Vec<Html> = subject.pages.iter().map(|page| Html::parse_document(page)).collect();
    let Some(shown) = Selector::parse(SHOWN).ok().filter(|_| !pages.is_empty()) else { return };
    for (slot, spot) in subject.site.slots.iter().zip(&subject.places.slots) {
        // What this cannot read, a browser may.
        let Ok(selector) = Selector::parse(&format!("{}, np-slot[name=\"{}\"]", slot.selector, slot.name)) else {
            continue;
        };
        let found: Vec<ElementRef<'_>> = pages.iter().flat_map(|page| elements(page, &selector)).collect();
        if found.is_empty() {
            log.warning(code::L016, spot.selector, format!("no sample page has the slot `{}`", slot.name))
                .help("what is written for it shows nowhere; is the selector that of the page, or is the page not under `pages`?");
        } else if found.iter().all(|element| is_empty(*element, &shown)) {
            log.note(code::L017, spot.selector, format!("the slot `{}` is empty on every sample page", slot.name))
                .help("who gets no variant sees nothing there: give it a text that is right for everybody");
        }
    }
    for (placement, spot) in subject.site.placements.iter().zip(&subject.places.placements) {
        let Ok(selector) = Selector::parse(&placement.selector) else { continue };
        if !pages.iter().any(|page| elements(page, &selector).next().is_some()) {
            log.warning(code::L016, spot.selector, format!("no sample page has the placement `{}`", placement.name))
                .help("its ads show nowhere; is the selector that of the page, or is the page not under `pages`?");
        }
    }
}

/// The elements of a page. What lies in a template is none of it, unless that is a shadow root.
fn elements<'a>(page: &'a Html, selector: &'a Selector) -> impl Iterator<Item = ElementRef<'a>> {
    let is_inert = |element: &ElementRef<'_>| {
        let mut around = element.ancestors().filter_map(|node| node.value().as_element());
        around.any(|element| element.name() == "template" && element.attr("shadowrootmode").is_none())
    };
    page.select(selector).filter(move |element| !is_inert(element))
}

/// Whether an element shows neither words nor anything else.
fn is_empty(element: ElementRef<'_>, shown: &Selector) -> bool {
    let has_words = element.text().any(|text| !text.trim().is_empty());
    !has_words && !shown.matches(&element) && element.select(shown).next().is_none()
}
