//! Selectors that can be told from a start tag and those around it: of elements by name, id, class and attributes, and of their
//! descendants and children. What else CSS knows is left to the browser, where the tag applies it.

use super::{
    TAG_PATH,
    name::{self, Name},
    scan::{Attribute, Tag, is_space, letter, value_behind},
};
use crate::search::{contains, find_last};

/// Steps of all selectors of a page: one bit of [`Marks`] each.
const STEP_MAX: usize = 64;

/// Of all selectors together: which steps an element has reached.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks {
    own: u64,
    /// And the elements around it.
    around: u64,
}

/// The selectors of a page's slots.
#[derive(Debug, Default)]
pub(super) struct Selectors {
    steps: Vec<Step>,
    /// An element without any of these letters is of no step.
    letters: u32,
}

/// A compound selector, and how it stands to the one before.
#[derive(Debug)]
struct Step {
    tests: Vec<Test>,
    relation: Relation,
    /// The slot, where it is the last of its selector.
    slot: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    First,
    Descendant,
    Child,
}

#[derive(Debug, PartialEq, Eq)]
enum Test {
    Element(Name),
    /// Of an attribute by its name, in lower case.
    Attribute {
        name: String,
        operator: Operator,
        value: String,
    },
}

/// How a value must stand to the one that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Present,
    Equals,
    /// One of the words.
    Includes,
    /// It, or it and `-`.
    Dashed,
    Begins,
    Ends,
    Contains,
}

impl Selectors {
    /// Adds what selects a slot's elements. What it cannot read it leaves out, alone.
    pub(super) fn add(&mut self, slot: usize, selector: &str) {
        for one in split_list(selector) {
            let Some(mut steps) = parse(one) else { continue };
            if let Some(last) = steps.last_mut() {
                last.slot = Some(slot);
            }
            self.add_steps(steps);
        }
    }

    /// Adds what every slot has: `np-slot[name=...]`.
    pub(super) fn add_named(&mut self, slot: usize, name: &str) {
        let names = Test::Attribute { name: "name".to_owned(), operator: Operator::Equals, value: name.to_owned() };
        let tests = vec![Test::Element(name::NP_SLOT), names];
        self.add_steps(vec![Step { tests, relation: Relation::First, slot: Some(slot) }]);
    }

    fn add_steps(&mut self, mut steps: Vec<Step>) {
        if self.steps.len().saturating_add(steps.len()) <= STEP_MAX {
            self.letters |= steps.iter().fold(0, |letters, step| letters | step.letters());
            self.steps.append(&mut steps);
        }
    }

    /// The marks of an element in one with the marks of `parent`, and through `found` the slots that it is an element of.
    pub(super) fn mark(&self, parent: Marks, tag: &Tag, buffer: &[u8], mut found: impl FnMut(usize)) -> Marks {
        let mut own = 0_u64;
        if self.letters != u32::MAX && self.letters & tag.letters == 0 {
            return Marks { own, around: parent.around };
        }
        // The step before one is the one before it in the list.
        let (mut before_own, mut before_around, mut bit) = (0_u64, 0_u64, 1_u64);
        for step in &self.steps {
            let is_reached = match step.relation {
                Relation::First => true,
                Relation::Child => before_own != 0,
                Relation::Descendant => before_around != 0,
            };
            if is_reached && step.tests.iter().all(|test| test.holds(tag, buffer)) {
                own |= bit;
                if let Some(slot) = step.slot {
                    found(slot);
                }
            }
            (before_own, before_around) = (parent.own & bit, parent.around & bit);
            bit = bit.wrapping_shl(1);
        }
        Marks { own, around: parent.around | own }
    }

    /// Behind the last `=` in a page after which the value may stand that makes a tag one of a slot, or one that loads the tag's script if
    /// that is asked, too. All of the page where that cannot be told by values.
    pub(super) fn last_in(&self, html: &[u8], loads_tag: bool) -> usize {
        let last_steps = self.steps.iter().filter(|step| step.slot.is_some());
        let Some(mut wanted) = last_steps.map(Step::value).collect::<Option<Vec<_>>>() else { return html.len() };
        wanted.extend(loads_tag.then_some(("src", TAG_PATH)));
        // A page of tags needs less. One that was written to be slow here is read.
        let (mut before, mut steps) = (html, html.len().saturating_mul(4));
        while let Some(at) = find_last(b'=', before) {
            let (name, from) = html.split_at_checked(at).unwrap_or_default();
            before = name;
            let name = name.trim_ascii_end();
            steps = steps.saturating_sub(wanted.len());
            let mut is_wanted = false;
            for (_, part) in wanted.iter().filter(|(of, _)| ends_with(name, of.as_bytes())) {
                let value = value_behind(from);
                steps = steps.saturating_sub(value.len());
                is_wanted |= contains(value, part.as_bytes());
            }
            if is_wanted || steps == 0 {
                return at.saturating_add(1);
            }
        }
        0
    }
}

/// Whether it ends with a word in lower case, in letters of either case.
fn ends_with(text: &[u8], word: &[u8]) -> bool {
    let end = text.len().checked_sub(word.len()).and_then(|from| text.get(from..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(word))
}

impl Step {
    /// An attribute, and what its value must hold. `None` where it tests no value.
    fn value(&self) -> Option<(&str, &str)> {
        self.tests.iter().find_map(|test| match test {
            Test::Attribute { name, operator, value } if *operator != Operator::Present && !value.is_empty() => {
                Some((name.as_str(), value.as_str()))
            }
            _ => None,
        })
    }

    /// As of a [`Tag`], of the attributes that it tests; all where it tests none.
    fn letters(&self) -> u32 {
        let letters = self.tests.iter().fold(0, |letters, test| match test {
            Test::Element(_) => letters,
            Test::Attribute { name, .. } => letters | name.bytes().next().map_or(0, letter),
        });
        if letters == 0 { u32::MAX } else { letters }
    }
}

impl Test {
    fn holds(&self, tag: &Tag, buffer: &[u8]) -> bool {
        match self {
            Self::Element(name) => tag.name == *name,
            Self::Attribute { name, operator, value } => tag
                .attribute(buffer, name)
                .is_some_and(|attribute| operator.holds(tag.text(buffer, &attribute.value), value.as_bytes())),
        }
    }
}

impl Operator {
    fn holds(self, found: &[u8], wanted: &[u8]) -> bool {
        // A character reference: what it stands for is the browser's to know.
        if self != Self::Present && found.contains(&b'&') {
            return false;
        }
        match self {
            Self::Present => true,
            Self::Equals => found == wanted,
            Self::Includes => found.split(|byte| is_space(*byte)).any(|word| !word.is_empty() && word == wanted),
            Self::Dashed => found.strip_prefix(wanted).is_some_and(|rest| matches!(rest.first(), None | Some(b'-'))),
            _ if wanted.is_empty() => false,
            Self::Begins => found.starts_with(wanted),
            Self::Ends => found.ends_with(wanted),
            Self::Contains => contains(found, wanted),
        }
    }
}

impl Tag {
    /// The first attribute of that name, in lower case: the one that counts.
    pub(super) fn attribute(&self, buffer: &[u8], name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| {
            attribute.name.len() == name.len()
                && self.text(buffer, &attribute.name).eq_ignore_ascii_case(name.as_bytes())
        })
    }
}

/// The selectors of a list. A comma in a text does not part them.
fn split_list(list: &str) -> Vec<&str> {
    let (mut quote, mut start, mut parts) = (None, 0, Vec::new());
    for (at, letter) in list.char_indices() {
        match (quote, letter) {
            (None, ',') => {
                parts.extend(list.get(start..at));
                start = at.saturating_add(1);
            }
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    parts.extend(list.get(start..));
    parts
}

/// The steps of one selector, or `None` when something in it cannot be told from tags.
fn parse(selector: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = selector.trim_ascii();
    let mut relation = Relation::First;
    loop {
        let (tests, after) = parse_compound(rest)?;
        steps.push(Step { tests, relation, slot: None });
        let next = after.trim_ascii_start();
        if next.is_empty() {
            return Some(steps);
        }
        (relation, rest) = match next.strip_prefix('>') {
            Some(child) => (Relation::Child, child.trim_ascii_start()),
            None if next.len() < after.len() => (Relation::Descendant, next),
            None => return None,
        };
    }
}

/// The tests of one compound selector, and what follows.
fn parse_compound(text: &str) -> Option<(Vec<Test>, &str)> {
    let mut tests = Vec::new();
    let mut rest = text.strip_prefix('*').unwrap_or(text);
    if let Some((name, after)) = parse_word(rest) {
        tests.push(Test::Element(Name::of(name.as_bytes())));
        rest = after;
    }
    loop {
        let (name, operator, value);
        if let Some(after) = rest.strip_prefix('#') {
            (name, operator, (value, rest)) = ("id", Operator::Equals, parse_word(after)?);
        } else if let Some(after) = rest.strip_prefix('.') {
            (name, operator, (value, rest)) = ("class", Operator::Includes, parse_word(after)?);
        } else if let Some(after) = rest.strip_prefix('[') {
            let (test, after) = after.split_once(']')?;
            (name, operator, value) = parse_attribute(test.trim_ascii())?;
            rest = after;
        } else {
            // A selector of nothing, or what this cannot tell.
            return (rest.len() < text.len()).then_some((tests, rest));
        }
        tests.push(Test::Attribute { name: name.to_ascii_lowercase(), operator, value: value.to_owned() });
    }
}

/// A word of letters and digits; others need CSS escapes, which are left to the browser.
fn parse_word(text: &str) -> Option<(&str, &str)> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let (word, rest) = text.split_at_checked(text.find(|letter| !is_letter(letter)).unwrap_or(text.len()))?;
    let is_name = word.bytes().next().is_some_and(|byte| !byte.is_ascii_digit()) && word != "-";
    is_name.then_some((word, rest))
}

/// What stands in brackets.
fn parse_attribute(test: &str) -> Option<(&str, Operator, &str)> {
    let (name, rest) = parse_word(test)?;
    let rest = rest.trim_ascii_start();
    if rest.is_empty() {
        return Some((name, Operator::Present, ""));
    }
    let (sign, value) = rest.split_once('=')?;
    let operator = match sign {
        "" => Operator::Equals,
        "~" => Operator::Includes,
        "|" => Operator::Dashed,
        "^" => Operator::Begins,
        "$" => Operator::Ends,
        "*" => Operator::Contains,
        _ => return None,
    };
    let value = value.trim_ascii_start();
    let quoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    let value = match quoted {
        Some(value) => value,
        None => parse_word(value).filter(|(_, rest)| rest.is_empty())?.0,
    };
    (!value.contains(['"', '\'', '\\', ']'])).then_some((name, operator, value))
}

#[cfg(test)]
mod tests {
    use super::{Marks, Selectors};
    use crate::rewrite::scan::Scanner;

    /// Whether the last start tag of `html` is selected, where every tag before is open around it.
    fn selects(selector: &str, html: &str) -> bool {
        let mut selectors = Selectors::default();
        selectors.add(0, selector);
        let (mut scanner, mut marks, mut is_found) = (Scanner::new(), Marks::default(), false);
        while scanner.next(html.as_bytes()) {
            is_found = false;
            marks = selectors.mark(marks, &scanner.tag, html.as_bytes(), |_| is_found = true);
        }
        is_found
    }

    #[test]
    fn selects_by_what_stands_in_tags() {
        for (selector, html) in [
            ("h1", "<H1>"),
            ("*", "<x-y>"),
            ("#hero", "<p id=hero>"),
            (".hero", "<p class='a hero b'>"),
            ("p.a.b#c", "<p class='b a' id=c>"),
            ("[data-np-slot]", "<p data-np-slot>"),
            ("[data-np-slot=hero]", "<p DATA-NP-SLOT=hero>"),
            ("[data-np-slot='hero' ]", "<p data-np-slot=\"hero\">"),
            ("[a~=x]", "<p a='w x'>"),
            ("[a|=en]", "<p a='en-GB'>"),
            ("[a^=en]", "<p a='english'>"),
            ("[a$=ish]", "<p a='english'>"),
            ("[a*='gli']", "<p a='english'>"),
            ("[a=',']", "<p a=','>"),
            ("x, h1", "<h1>"),
            ("main h1", "<main><div><h1>"),
            ("main > div h1", "<main><div><p><h1>"),
            ("div div > h1", "<div><div><h1>"),
            ("a:hover, h1", "<h1>"),
        ] {
            assert!(selects(selector, html), "{selector} in {html}");
        }
        for (selector, html) in [
            ("h1", "<h2>"),
            ("#hero", "<p id=Hero>"),
            ("#hero", "<p data-id=hero>"),
            (".hero", "<p class=heroes>"),
            ("[a=x]", "<p a=y a=x>"),
            ("[a~='']", "<p a=''>"),
            ("[a^='']", "<p a=''>"),
            ("[a='&']", "<p a='&'>"),
            ("main > h1", "<main><div><h1>"),
            ("div div > h1", "<div><h1>"),
            ("main h1 p", "<main><h1><div>"),
            // Not told from tags, so left to the browser.
            ("h1:first-child", "<h1>"),
            ("h1 + p", "<h1><p>"),
            ("h1 ~ p", "<h1><p>"),
            ("[a=x i]", "<p a=x>"),
            ("#a\\:b", "<p id='a:b'>"),
            ("", "<p>"),
            ("#1", "<p id=1>"),
        ] {
            assert!(!selects(selector, html), "{selector} in {html}");
        }
    }

    #[test]
    fn tells_where_the_last_tag_may_be() {
        let last = |selector: &str, html: &str, loads_tag| {
            let mut selectors = Selectors::default();
            selectors.add(0, selector);
            html.get(..selectors.last_in(html.as_bytes(), loads_tag)).unwrap().to_owned()
        };
        let page = "<p class='a b' id=x><i title=\"x\"><script src=/np/tag.js?a&b></script>";
        for (selector, expected) in [
            ("#x", "<p class='a b' id="),
            ("p .b", "<p class="),
            ("i[title^='x'][class]", "<p class='a b' id=x><i title="),
            ("#y", ""),
            // Of tags without any value.
            ("#x, p", page),
            ("[id]", page),
            ("[id='']", page),
        ] {
            assert_eq!(last(selector, page, false), expected, "{selector}");
        }
        assert_eq!(last("#x", page, true), "<p class='a b' id=x><i title=\"x\"><script src=");
        assert_eq!(last("#x", &format!("{page}<a ID = 'ax'>"), true).len(), page.len() + 7);
        // Values in values: to look into each to its end would take longer than to read the page.
        assert_eq!(last("#x", &"/id=".repeat(4), false), "");
        assert!(last("#x", &"/id=".repeat(1_000), false).len() > 3_000);
    }
}
