//! The elements that are open, as the standard's tree construction (13.2.6) would have them, as far as it matters for knowing where an
//! element ends. Where a browser would move things about, it says that the markup is not regular.

use super::{
    DEPTH_MAX,
    name::{self, Kind, Name},
    selector::Marks,
};

/// What the content of an element is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Space {
    Html,
    Svg,
    Math,
}

#[derive(Debug, Clone, Copy)]
struct Element {
    name: Name,
    kind: Kind,
    /// What itself is.
    space: Space,
    /// What its children are.
    inside: Space,
    marks: Marks,
}

/// What became of a start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Started {
    /// Its element is open.
    Open,
    /// Its element has no content.
    Empty,
    /// A browser passes over it.
    Ignored,
    /// What follows cannot be told any more: elements are nested too deep, or what they are is not said by their names.
    Lost,
}

/// The open elements, the outermost first.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    open: Vec<Element>,
    /// How many of those are open, which every tag asks.
    templates: usize,
    selects: usize,
    /// Formatting elements that were closed without their end tag: a browser opens them again in what follows.
    loose: Vec<Name>,
    /// Formatting elements stood across others: a browser has moved what is open since.
    is_lost: bool,
    /// How few were open since `watch`.
    lowest: usize,
    is_irregular: bool,
    has_body: bool,
    /// The body was closed and nothing came since; and whether it was so before the last start tag.
    is_after_body: bool,
    was_after_body: bool,
}

/// Elements whose children are HTML.
const IN_SVG: &[Name] = &[Name::new("desc"), Name::new("foreignobject"), Name::new("title")];
const IN_MATH: &[Name] = &[Name::new("mi"), Name::new("mn"), Name::new("mo"), Name::new("ms"), Name::new("mtext")];
/// In MathML, what its children are depends on what its author says of them.
const ANNOTATION: Name = Name::new("annotation-xml");
/// What every browser reads in a `<select>`; with others, old ones and new ones differ.
const IN_SELECT: &[Name] = &[name::HR, name::OPTGROUP, name::OPTION, name::SCRIPT, name::SELECT, name::TEMPLATE];
/// What a part of a table stands in.
const TABLE_SCOPE: &[Name] = &[name::HTML, name::TABLE_NAME, name::TEMPLATE];

impl Tree {
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The tree without the element that is open last.
    pub(super) fn around_last(&self) -> Self {
        let mut around = self.clone();
        around.close(self.open.len().saturating_sub(1), true);
        around
    }

    /// Whether the element that is open last is one of the body: before the body, a browser puts most things elsewhere.
    pub(super) fn is_in_body(&self) -> bool {
        !self.was_after_body
            && self.open.last().is_some_and(|element| element.name != name::HTML && element.name != name::HEAD)
    }

    /// What the element that is open last says of its children.
    pub(super) fn marks(&self) -> Marks {
        self.open.last().map(|element| element.marks).unwrap_or_default()
    }

    /// Whether `<![CDATA[` begins a text.
    pub(super) fn has_cdata(&self) -> bool {
        self.open.last().is_some_and(|element| element.space != Space::Html)
    }

    /// In SVG or MathML.
    pub(super) fn is_foreign(&self) -> bool {
        self.open.last().is_some_and(|element| element.inside != Space::Html)
    }

    /// Whether an element that is no part of a table may not come to stand, with all that is in it, in the element that is open last.
    pub(super) fn moves_others(&self) -> bool {
        self.is_lost
            || !self.loose.is_empty()
            || self.open.last().is_some_and(|element| element.kind.is(name::FIXED_CONTENT))
            || self.is_between_cells()
            || self.is_in_select()
    }

    /// Between the parts of a table, or in what was moved out of there.
    fn is_between_cells(&self) -> bool {
        let is_table = |element: &Element| element.kind.is(name::TABLE_PART) || TABLE_SCOPE.contains(&element.name);
        let table = self.find(is_table, |_| false).and_then(|place| self.open.get(place));
        table.is_some_and(|element| element.kind.is(name::FIXED_CONTENT))
    }

    fn is_in_select(&self) -> bool {
        self.selects > 0
    }

    /// Nothing in a template is a part of the page.
    pub(super) fn is_in_template(&self) -> bool {
        self.templates > 0
    }

    /// From now on it is noted how far elements are closed, and whether all is regular.
    pub(super) fn watch(&mut self) {
        self.lowest = self.open.len();
        self.is_irregular = false;
    }

    /// How few elements were open since `watch`.
    pub(super) fn lowest(&self) -> usize {
        self.lowest
    }

    /// Whether each element was closed where its markup says, since `watch`.
    pub(super) fn is_regular(&self) -> bool {
        !self.is_irregular
    }

    /// A start tag.
    pub(super) fn start(&mut self, name: Name, kind: Kind, is_self_closing: bool, marks: Marks) -> Started {
        self.was_after_body = std::mem::replace(&mut self.is_after_body, false);
        let mut around = self.open.last().map_or(Space::Html, |element| element.inside);
        if around != Space::Html && kind.is(name::BREAKOUT) {
            self.leave_foreign();
            around = Space::Html;
        }
        let space = match (around, name) {
            (Space::Html, name::SVG) => Space::Svg,
            (Space::Html, name::MATH) => Space::Math,
            (Space::Math, ANNOTATION) => return Started::Lost,
            (around, _) => around,
        };
        if around == Space::Html && !self.make_room(name, kind) {
            return Started::Ignored;
        }
        let is_empty = if space == Space::Html { kind.is(name::VOID) } else { is_self_closing };
        if is_empty {
            return Started::Empty;
        }
        if self.open.len() >= DEPTH_MAX {
            return Started::Lost;
        }
        let inside = match space {
            Space::Svg if IN_SVG.contains(&name) => Space::Html,
            Space::Math if IN_MATH.contains(&name) => Space::Html,
            space => space,
        };
        self.templates = self.templates.saturating_add(usize::from(name == name::TEMPLATE));
        self.selects = self.selects.saturating_add(usize::from(name == name::SELECT));
        self.open.push(Element { name, kind, space, inside, marks });
        Started::Open
    }

    pub(super) fn end(&mut self, name: Name, kind: Kind) {
        if name == name::BODY || name == name::HTML {
            // What follows still goes into the body.
            self.is_irregular = true;
            self.is_after_body = true;
            return;
        }
        self.is_lost |= self.is_in_select() && !IN_SELECT.contains(&name);
        if self.is_foreign() && (name == name::BR || name == name::P) {
            self.leave_foreign();
        }
        if self.tighten(name) {
            // Where it was opened again is not known.
            self.is_lost |= self.open.iter().any(|element| element.kind.is(name::FORMATTING));
            self.is_irregular = true;
            return;
        }
        let is_heading = kind.is(name::HEADING);
        let is_barrier = |element: &Element| match kind {
            _ if name == name::TEMPLATE => false,
            _ if name == name::TABLE_NAME || kind.is(name::TABLE_PART) => TABLE_SCOPE.contains(&element.name),
            _ if name == name::P => element.kind.is(name::SCOPE) || element.name == name::BUTTON,
            _ if kind.is(name::SPECIAL) => element.kind.is(name::SCOPE),
            _ => element.kind.is(name::SPECIAL),
        };
        let found = self.find(
            |element| {
                element.name == name || (is_heading && element.kind.is(name::HEADING) && element.space == Space::Html)
            },
            |element| element.space == Space::Html && is_barrier(element),
        );
        match found {
            Some(found) => {
                self.is_irregular |= self.open.get(found).is_some_and(|element| element.name != name);
                let mut inside = self.open.iter().skip(found.saturating_add(1));
                if name == name::FORM && !inside.all(|element| element.kind.is(name::OPTIONAL_END)) {
                    // It goes, and what is open in it stays open.
                    self.is_irregular = true;
                    self.lowest = self.lowest.min(found);
                    self.open.remove(found);
                } else {
                    self.close(found, true);
                }
            }
            // Ignored, or it makes an element of its own.
            None => {
                self.is_irregular = true;
                self.is_lost |= kind.is(name::FORMATTING) && self.open.iter().any(|element| element.name == name);
            }
        }
    }

    /// The last one that is `wanted`, unless a `barrier` comes first.
    fn find(&self, wanted: impl Fn(&Element) -> bool, barrier: impl Fn(&Element) -> bool) -> Option<usize> {
        for (place, element) in self.open.iter().enumerate().rev() {
            if wanted(element) {
                return Some(place);
            }
            if barrier(element) {
                return None;
            }
        }
        None
    }

    /// Closes an element and all in it. Those in it must be such that need no end tag.
    fn close(&mut self, place: usize, is_own_end: bool) {
        let mut needs_end = !is_own_end;
        for element in self.open.drain(place.min(self.open.len())..) {
            self.templates = self.templates.saturating_sub(usize::from(element.name == name::TEMPLATE));
            self.selects = self.selects.saturating_sub(usize::from(element.name == name::SELECT));
            // The first one may be closed by its own end tag; no other is.
            if std::mem::replace(&mut needs_end, true) {
                self.is_irregular |= !element.kind.is(name::OPTIONAL_END);
                self.loose.extend(element.kind.is(name::FORMATTING).then_some(element.name));
            }
        }
        self.lowest = self.lowest.min(place);
    }

    /// Ends a formatting element that was left open.
    fn tighten(&mut self, name: Name) -> bool {
        let found = self.loose.iter().rposition(|loose| *loose == name);
        found.map(|place| self.loose.remove(place)).is_some()
    }

    fn leave_foreign(&mut self) {
        self.is_irregular = true;
        let outer = self.find(|element| element.inside == Space::Html, |_| false);
        self.close(outer.map_or(0, |place| place.saturating_add(1)), false);
    }

    /// Closes what a start tag in HTML closes. `false` when it is ignored.
    fn make_room(&mut self, name: Name, kind: Kind) -> bool {
        let scope = |element: &Element| element.kind.is(name::SCOPE);
        let is_last =
            |tree: &Self, names: &[Name]| tree.open.last().is_some_and(|element| names.contains(&element.name));
        if is_last(self, &[name::HEAD]) && !kind.is(name::IN_HEAD) {
            self.close(self.open.len().saturating_sub(1), true);
        }
        let had_body = self.has_body;
        self.has_body |= !kind.is(name::IN_HEAD) && name != name::HTML && name != name::HEAD;
        if kind.is(name::ENDS_P) {
            self.close_found(&[name::P], |element| scope(element) || element.name == name::BUTTON);
        }
        if kind.is(name::HEADING) && self.open.last().is_some_and(|element| element.kind.is(name::HEADING)) {
            self.is_irregular = true;
            self.close(self.open.len().saturating_sub(1), true);
        }
        if kind.is(name::TABLE_PART) {
            return self.make_room_in_table(name);
        }
        let is_lost = self.is_in_select() && !IN_SELECT.contains(&name);
        self.is_lost |= is_lost;
        self.is_irregular |= is_lost;
        let special = |element: &Element| element.kind.is(name::SPECIAL) && !element.kind.is(name::TRANSPARENT);
        match name {
            name::HTML | name::HEAD => {
                self.is_irregular = true;
                return self.open.iter().all(|element| element.name == name::HTML && name == name::HEAD);
            }
            name::BODY => {
                self.is_irregular = true;
                return !had_body;
            }
            name::LI => self.close_found(&[name::LI], special),
            name::DD | name::DT => self.close_found(&[name::DD, name::DT], special),
            name::TABLE_NAME if self.is_between_cells() => {
                // A browser closes the table.
                if let Some(place) = self.find(|element| element.name == name, |_| false) {
                    self.is_irregular = true;
                    self.close(place, false);
                }
            }
            name::OPTION => self.close_last(&[name::OPTION]),
            name::OPTGROUP => {
                self.close_last(&[name::OPTION]);
                self.close_last(&[name::OPTGROUP]);
            }
            name::RP | name::RT => self.close_last(&[name::RP, name::RT]),
            name::A | name::NOBR | name::BUTTON | name::SELECT => {
                // A browser closes the one that is open.
                self.tighten(name);
                if let Some(place) = self.find(|element| element.name == name, scope) {
                    self.is_irregular = true;
                    self.is_lost |= self.open.iter().skip(place).any(|element| element.kind.is(name::SPECIAL));
                    self.close(place, true);
                }
            }
            name::FORM => {
                let is_open = self.templates == 0 && self.open.iter().any(|element| element.name == name::FORM);
                // Between the cells of a table it is closed at once, and in a template not made at all.
                self.is_irregular |= is_open || self.is_between_cells();
                return !is_open;
            }
            _ => {}
        }
        true
    }

    /// A part of a table closes all that is open in the part that it belongs into; without a table it is ignored.
    fn make_room_in_table(&mut self, name: Name) -> bool {
        const ROW: &[Name] = &[Name::new("tr"), Name::new("tbody"), Name::new("tfoot"), Name::new("thead")];
        let parts = match name {
            name::TD | name::TH => ROW,
            name::TR => ROW.get(1..).unwrap_or_default(),
            name::COL => &[Name::new("colgroup")],
            _ => &[],
        };
        let is_part = |element: &Element| parts.contains(&element.name);
        let found = self.find(|element| is_part(element) || TABLE_SCOPE.contains(&element.name), |_| false);
        let Some(place) = found.filter(|place| self.open.get(*place).is_some_and(|element| element.name != name::HTML))
        else {
            self.is_irregular = true;
            return false;
        };
        self.close(place.saturating_add(1), false);
        true
    }

    fn close_found(&mut self, names: &[Name], barrier: impl Fn(&Element) -> bool) {
        if let Some(place) = self.find(|element| names.contains(&element.name), barrier) {
            self.close(place, false);
        }
    }

    fn close_last(&mut self, names: &[Name]) {
        if self.open.last().is_some_and(|element| names.contains(&element.name)) {
            self.close(self.open.len().saturating_sub(1), false);
        }
    }
}
