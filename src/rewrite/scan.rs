//! Finds the tags in a stream of HTML, as the standard's tokenizer does (13.2.5): comments, scripts and texts are stepped over.
//!
//! Bytes stand for themselves in every encoding in which an ASCII byte is always that character where it matters here: UTF-8,
//! all of one byte, and the East Asian ones but ISO-2022-JP.

mod tag;

pub(super) use self::tag::{Attribute, Tag, letter};
use super::{TAG_BYTE_MAX, name::Name};
use crate::search::find;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Data,
    TagOpen,
    EndTagOpen,
    TagName,
    BeforeAttribute,
    AttributeName,
    AfterName,
    BeforeValue,
    Quoted(u8),
    Unquoted,
    AfterValue,
    SelfClosing,
    Markup,
    /// A comment, the state within it.
    Comment(Comment),
    /// Up to the next `>`: a doctype too.
    Bogus,
    /// How many `]` came last.
    Cdata(u8),
    Raw,
    Script,
    /// In a script behind `<!--`: how many `-` came last, and whether another `<script` came.
    Escaped(u8, bool),
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comment {
    Start,
    StartDash,
    Inside,
    EndDash,
    End,
    EndBang,
}

/// What follows a start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Markup,
    /// Text up to the end tag of that name.
    Raw,
    Script,
    /// Text up to the end of the page.
    Plain,
}

#[derive(Debug)]
pub(super) struct Scanner {
    state: State,
    /// The next byte, in the buffer.
    at: usize,
    pub(super) tag: Tag,
    /// The element whose text is being stepped over.
    raw: Vec<u8>,
    /// `<![CDATA[` begins a text in SVG and MathML, and a comment in HTML.
    pub(super) has_cdata: bool,
}

impl Scanner {
    pub(super) fn new() -> Self {
        let tag = Tag {
            start: 0,
            length: 0,
            is_end: false,
            is_self_closing: false,
            name: Name::new(""),
            name_end: 0,
            attributes: Vec::new(),
            letters: 0,
            is_too_long: false,
        };
        Self { state: State::Data, at: 0, tag, raw: Vec::new(), has_cdata: false }
    }

    /// The first byte that is still needed: what is before may go.
    pub(super) fn needed_from(&self) -> usize {
        match self.state {
            State::Data | State::Comment(_) | State::Bogus | State::Cdata(_) | State::Plain => self.at,
            State::Raw | State::Script | State::Escaped(..) => self.at,
            _ => self.tag.start,
        }
    }

    /// Whether it has seen all of `buffer`, and nothing in it is open.
    pub(super) fn is_done(&self, buffer: &[u8]) -> bool {
        self.state == State::Data && self.at == buffer.len()
    }

    /// Lets go of the start of a tag that is too long to be held.
    pub(super) fn let_go(&mut self) {
        if self.at.saturating_sub(self.needed_from()) > TAG_BYTE_MAX {
            self.forget_tag();
            self.tag.start = self.at;
        }
    }

    fn forget_tag(&mut self) {
        self.tag.is_too_long = true;
        self.tag.attributes.clear();
    }

    /// `count` bytes at the start of the buffer are gone.
    pub(super) fn drain(&mut self, count: usize) {
        self.at = self.at.saturating_sub(count);
        self.tag.start = self.tag.start.saturating_sub(count);
    }

    /// What follows the start tag that was found last.
    pub(super) fn expect(&mut self, content: Content, buffer: &[u8]) {
        self.state = match content {
            Content::Markup => return,
            Content::Raw => State::Raw,
            Content::Script => State::Script,
            Content::Plain => State::Plain,
        };
        self.raw.clear();
        self.raw.extend_from_slice(self.tag.name_in(buffer));
    }

    /// Whether there is another whole tag: then `tag` is it. Without one all bytes were looked at, as far as they can be without more.
    pub(super) fn next(&mut self, buffer: &[u8]) -> bool {
        loop {
            let Some(rest @ [byte, ..]) = buffer.get(self.at..) else { return false };
            let step = match self.state {
                State::Data => self.data(rest),
                State::TagOpen | State::EndTagOpen => self.open(*byte),
                State::TagName => self.tag_name(buffer, rest),
                State::AttributeName => self.attribute_name(rest),
                State::Quoted(quote) => self.value(rest, find(quote, rest), State::AfterValue, 1),
                State::Unquoted => self.value(rest, end_of_word(rest, BLANK | stop(b'>')), State::BeforeAttribute, 0),
                State::BeforeAttribute
                | State::AfterName
                | State::BeforeValue
                | State::AfterValue
                | State::SelfClosing => self.between(*byte),
                State::Markup => self.markup(rest),
                State::Comment(state) => self.comment(rest, *byte, state),
                State::Bogus => self.skip_to(find(b'>', rest), State::Data, 1),
                State::Cdata(brackets) => self.cdata(*byte, brackets),
                State::Raw => self.raw(rest),
                State::Script => self.script(rest),
                State::Escaped(dashes, is_double) => self.escaped(rest, *byte, dashes, is_double),
                State::Plain => Step::Over(rest.len()),
            };
            match step {
                Step::Over(count) => self.at = self.at.saturating_add(count).min(buffer.len()),
                Step::Short => return false,
                Step::Tag => {
                    self.at = self.at.saturating_add(1);
                    self.tag.length = self.at.saturating_sub(self.tag.start);
                    if self.tag.length > TAG_BYTE_MAX {
                        self.forget_tag();
                    }
                    self.state = State::Data;
                    return true;
                }
            }
        }
    }

    fn go(&mut self, state: State, over: usize) -> Step {
        self.state = state;
        Step::Over(over)
    }

    /// To what was found and `more` bytes further, or to the end of what is there.
    fn skip_to(&mut self, found: Option<usize>, then: State, more: usize) -> Step {
        match found {
            Some(found) => self.go(then, found.saturating_add(more)),
            None => Step::Over(usize::MAX),
        }
    }

    fn data(&mut self, rest: &[u8]) -> Step {
        let Some(found) = find(b'<', rest) else { return Step::Over(usize::MAX) };
        self.tag.start = self.at.saturating_add(found);
        self.tag.is_too_long = false;
        let after = found.saturating_add(1);
        // What most often follows needs no step of its own, here and in `leave`: half of the time went into steps.
        match rest.get(after..) {
            Some([byte, ..]) if byte.is_ascii_alphabetic() => self.begin(false, after),
            Some([b'/', byte, ..]) if byte.is_ascii_alphabetic() => self.begin(true, after.saturating_add(1)),
            _ => self.go(State::TagOpen, after),
        }
    }

    fn open(&mut self, byte: u8) -> Step {
        let is_end = self.state == State::EndTagOpen;
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => self.begin(is_end, 0),
            b'>' if is_end => self.go(State::Data, 1),
            b'/' if !is_end => self.go(State::EndTagOpen, 1),
            b'!' if !is_end => self.go(State::Markup, 1),
            b'?' => self.go(State::Bogus, 1),
            _ => self.go(if is_end { State::Bogus } else { State::Data }, 0),
        }
    }

    fn begin(&mut self, is_end: bool, over: usize) -> Step {
        self.tag.is_end = is_end;
        self.tag.is_self_closing = false;
        self.tag.attributes.clear();
        self.tag.letters = 0;
        self.go(State::TagName, over)
    }

    /// Goes on `over` bytes further, behind the name of an element or a value.
    fn leave(&mut self, rest: &[u8], over: usize, then: State) -> Step {
        match rest.get(over..) {
            Some([b'>', ..]) => {
                self.at = self.at.saturating_add(over);
                Step::Tag
            }
            Some([b' ', first, ..]) if first.is_ascii_alphabetic() => {
                self.begin_attribute(*first, over.saturating_add(1))
            }
            _ => self.go(then, over),
        }
    }

    /// Where the next byte but `ahead` is, from the start of the tag.
    fn offset(&self, ahead: usize) -> usize {
        self.at.saturating_add(ahead).saturating_sub(self.tag.start)
    }

    fn tag_name(&mut self, buffer: &[u8], rest: &[u8]) -> Step {
        let found = end_of_word(rest, BLANK | stop(b'/') | stop(b'>'));
        let Some(found) = found else { return Step::Over(usize::MAX) };
        self.tag.name_end = self.offset(found);
        self.tag.name = Name::of(self.tag.name_in(buffer));
        self.leave(rest, found, State::BeforeAttribute)
    }

    fn attribute_name(&mut self, rest: &[u8]) -> Step {
        let found = end_of_word(rest, BLANK | stop(b'/') | stop(b'>') | stop(b'='));
        let Some(found) = found else { return Step::Over(usize::MAX) };
        let end = self.offset(found);
        if let Some(attribute) = self.tag.attributes.last_mut() {
            attribute.name.end = end;
            attribute.value = end..end;
        }
        match rest.get(found..) {
            Some([b'=', quote @ (b'"' | b'\''), ..]) => {
                self.begin_value(State::Quoted(*quote), found.saturating_add(2))
            }
            _ => self.go(State::AfterName, found),
        }
    }

    fn value(&mut self, rest: &[u8], found: Option<usize>, then: State, more: usize) -> Step {
        let Some(found) = found else { return Step::Over(usize::MAX) };
        let end = self.offset(found);
        if let Some(attribute) = self.tag.attributes.last_mut() {
            attribute.value.end = end;
        }
        self.leave(rest, found.saturating_add(more), then)
    }

    /// Between names and values.
    fn between(&mut self, byte: u8) -> Step {
        match (self.state, byte) {
            (State::BeforeValue | State::AfterName, byte) if is_space(byte) => Step::Over(1),
            (_, byte) if is_space(byte) => self.go(State::BeforeAttribute, 1),
            (_, b'>') => {
                self.tag.is_self_closing = self.state == State::SelfClosing;
                Step::Tag
            }
            (State::BeforeValue, b'"' | b'\'') => self.begin_value(State::Quoted(byte), 1),
            (State::BeforeValue, _) => self.begin_value(State::Unquoted, 0),
            (State::AfterName, b'=') => self.go(State::BeforeValue, 1),
            (_, b'/') => self.go(State::SelfClosing, 1),
            // A name may begin with `=`.
            _ => self.begin_attribute(byte, 0),
        }
    }

    /// Its name begins with this byte, so far ahead.
    fn begin_attribute(&mut self, first: u8, ahead: usize) -> Step {
        let start = self.offset(ahead);
        if !self.tag.is_too_long {
            self.tag.letters |= letter(first);
            self.tag.attributes.push(Attribute { name: start..start, value: start..start });
        }
        self.go(State::AttributeName, ahead.saturating_add(1))
    }

    fn begin_value(&mut self, state: State, over: usize) -> Step {
        let start = self.offset(over);
        if let Some(attribute) = self.tag.attributes.last_mut() {
            attribute.value = start..start;
        }
        self.go(state, over)
    }

    /// Behind `<!`. A doctype ends at the first `>` as well.
    fn markup(&mut self, rest: &[u8]) -> Step {
        const CDATA: &[u8] = b"[CDATA[";
        match looking_at(rest, b"--") {
            Look::Yes => self.go(State::Comment(Comment::Start), 2),
            Look::Short => Step::Short,
            Look::No if self.has_cdata && rest.starts_with(CDATA) => self.go(State::Cdata(0), 7),
            Look::No if self.has_cdata && CDATA.starts_with(rest) => Step::Short,
            Look::No => self.go(State::Bogus, 0),
        }
    }

    fn comment(&mut self, rest: &[u8], byte: u8, state: Comment) -> Step {
        let next = match (state, byte) {
            (Comment::Start | Comment::StartDash | Comment::End | Comment::EndBang, b'>') => {
                return self.go(State::Data, 1);
            }
            (Comment::Start, b'-') => Comment::StartDash,
            (Comment::StartDash | Comment::EndDash | Comment::End, b'-') => Comment::End,
            (Comment::End, b'!') => Comment::EndBang,
            (Comment::EndBang, b'-') => Comment::EndDash,
            _ => {
                self.state = State::Comment(Comment::Inside);
                return self.skip_to(find(b'-', rest), State::Comment(Comment::EndDash), 1);
            }
        };
        self.go(State::Comment(next), 1)
    }

    fn cdata(&mut self, byte: u8, brackets: u8) -> Step {
        match byte {
            b'>' if brackets >= 2 => self.go(State::Data, 1),
            b']' => self.go(State::Cdata(brackets.saturating_add(1)), 1),
            _ => self.go(State::Cdata(0), 1),
        }
    }

    fn raw(&mut self, rest: &[u8]) -> Step {
        match find(b'<', rest) {
            Some(0) => self.end_of_raw(rest).unwrap_or(Step::Over(1)),
            found => Step::Over(found.unwrap_or(rest.len())),
        }
    }

    fn script(&mut self, rest: &[u8]) -> Step {
        match find(b'<', rest) {
            Some(0) => match looking_at(rest, b"<!--") {
                // These two dashes may be the ones before `>`.
                Look::Yes => self.go(State::Escaped(2, false), 4),
                Look::Short => Step::Short,
                Look::No => self.end_of_raw(rest).unwrap_or(Step::Over(1)),
            },
            found => Step::Over(found.unwrap_or(rest.len())),
        }
    }

    fn escaped(&mut self, rest: &[u8], byte: u8, dashes: u8, is_double: bool) -> Step {
        match byte {
            b'-' => self.go(State::Escaped(dashes.saturating_add(1), is_double), 1),
            b'>' if dashes >= 2 => self.go(State::Script, 1),
            b'<' if is_double => match word_ends(rest, b"</script") {
                Look::Yes => self.go(State::Escaped(0, false), 8),
                Look::Short => Step::Short,
                Look::No => self.go(State::Escaped(0, true), 1),
            },
            b'<' => match word_ends(rest, b"<script") {
                Look::Yes => self.go(State::Escaped(0, true), 7),
                Look::Short => Step::Short,
                Look::No => match self.end_of_raw(rest) {
                    Some(step) => step,
                    None => self.go(State::Escaped(0, false), 1),
                },
            },
            _ => {
                let end = rest.iter().skip(1).position(|byte| matches!(byte, b'-' | b'<' | b'>'));
                self.go(State::Escaped(0, is_double), end.map_or(rest.len(), |end| end.saturating_add(1)))
            }
        }
    }

    /// At a `<`: whether it begins the end tag of the element that is being stepped over.
    fn end_of_raw(&mut self, rest: &[u8]) -> Option<Step> {
        let after = match looking_at(rest, b"</") {
            Look::Yes => rest.get(2..)?,
            Look::Short => return Some(Step::Short),
            Look::No => return None,
        };
        match word_ends(after, &self.raw) {
            Look::Yes => {
                self.tag.start = self.at;
                self.tag.is_too_long = false;
                Some(self.begin(true, 2))
            }
            Look::Short => Some(Step::Short),
            Look::No => None,
        }
    }
}

/// The value of an attribute at whose `=` a text begins, if that is one.
pub(super) fn value_behind(text: &[u8]) -> &[u8] {
    let text = text.get(1..).unwrap_or_default().trim_ascii_start();
    let (value, end) = match text {
        [quote @ (b'"' | b'\''), value @ ..] => (value, find(*quote, value)),
        _ => (text, end_of_word(text, BLANK | stop(b'>'))),
    };
    end.and_then(|end| value.get(..end)).unwrap_or(value)
}

enum Step {
    /// So many bytes were looked at; the state may have changed.
    Over(usize),
    /// A tag ends at this byte.
    Tag,
    /// More bytes are needed to tell.
    Short,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Yes,
    No,
    Short,
}

/// Whether `rest` begins with `word`, whose letters are lower case or no letters.
fn looking_at(rest: &[u8], word: &[u8]) -> Look {
    let is_start = rest.iter().zip(word).all(|(found, wanted)| found.eq_ignore_ascii_case(wanted));
    match (is_start, rest.len() >= word.len()) {
        (false, _) => Look::No,
        (true, true) => Look::Yes,
        (true, false) => Look::Short,
    }
}

/// The same, and whether the word ends there.
fn word_ends(rest: &[u8], word: &[u8]) -> Look {
    match (looking_at(rest, word), rest.get(word.len())) {
        (Look::Yes, Some(byte)) if is_space(*byte) || matches!(byte, b'/' | b'>') => Look::Yes,
        (Look::Yes, Some(_)) => Look::No,
        (Look::Yes, None) => Look::Short,
        (look, _) => look,
    }
}

/// What ends words: a bit for each of the first 64 characters, which letters are not of.
const BLANK: u64 = stop(b' ') | stop(b'\t') | stop(b'\n') | stop(b'\r') | stop(0x0c);

const fn stop(byte: u8) -> u64 {
    1_u64.wrapping_shl(byte as u32)
}

#[inline]
fn end_of_word(rest: &[u8], stops: u64) -> Option<usize> {
    rest.iter().position(|byte| *byte < 64 && stops & stop(*byte) != 0)
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

#[cfg(test)]
mod tests;
