//! Names of elements, and what the HTML standard says of each.

/// A name in lower case, packed: up to seven letters as they are, of a longer one a hash. Two long names that meet would be taken for
/// each other, in a page that was written so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name(u64);

impl Name {
    pub(super) const fn new(text: &str) -> Self {
        Self::of(text.as_bytes())
    }

    pub(super) const fn of(mut bytes: &[u8]) -> Self {
        if bytes.len() > 7 {
            // FNV-1a.
            let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
            while let [first, rest @ ..] = bytes {
                hash = (hash ^ first.to_ascii_lowercase() as u64).wrapping_mul(0x0100_0000_01b3);
                bytes = rest;
            }
            return Self(hash | 1 << 63);
        }
        let mut packed: u64 = 0;
        while let [first, rest @ ..] = bytes {
            packed = packed << 8 | *first as u64;
            bytes = rest;
        }
        // All letters to lower case at once: the high bit of a byte says that it is from `A` on, and not behind `Z`.
        const BYTES: u64 = 0x0101_0101_0101_0101;
        let low = packed & (0x7f * BYTES);
        let upper = low.wrapping_add(0x3f * BYTES) & !low.wrapping_add(0x25 * BYTES) & !packed & (0x80 * BYTES);
        Self(packed | upper >> 2)
    }

    /// What is said of it, as a set of the numbers below.
    #[inline]
    pub(super) fn kind(self) -> Kind {
        let mut place = place(self);
        loop {
            match TABLE.get(place) {
                Some((name, kind)) if *kind != 0 && *name == self => return Kind(*kind),
                Some((_, 1..)) => place = place.wrapping_add(1) % PLACES,
                _ => return Kind(0),
            }
        }
    }
}

/// What is said of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind(u16);

impl Kind {
    pub(super) fn is(self, any_of: u16) -> bool {
        self.0 & any_of != 0
    }
}

/// It has no content and no end tag.
pub(super) const VOID: u16 = 1;
/// Its content is text, whatever it looks like.
pub(super) const RAW: u16 = 1 << 1;
/// Its content is text with character references.
pub(super) const ESCAPABLE: u16 = 1 << 2;
/// No end tag of an ordinary element reaches beyond it.
pub(super) const SPECIAL: u16 = 1 << 3;
/// It goes on in what follows when it is not closed.
pub(super) const FORMATTING: u16 = 1 << 4;
/// Its end tag may be missing.
pub(super) const OPTIONAL_END: u16 = 1 << 5;
/// Its start ends a paragraph.
pub(super) const ENDS_P: u16 = 1 << 6;
/// A part of a table, which stands in a table only.
pub(super) const TABLE_PART: u16 = 1 << 7;
/// No end tag but those of tables reaches beyond it.
pub(super) const SCOPE: u16 = 1 << 8;
pub(super) const HEADING: u16 = 1 << 9;
/// In SVG or MathML it ends these.
pub(super) const BREAKOUT: u16 = 1 << 10;
/// It may stand in `<head>`.
pub(super) const IN_HEAD: u16 = 1 << 11;
/// Nobody may change it: in it a text, a `src` or a child could execute or load a document. The tag's list, `www/tag/roots.ts`.
pub(super) const REFUSED: u16 = 1 << 12;
/// What it holds is not put where it was written, or not taken as it was.
pub(super) const FIXED_CONTENT: u16 = 1 << 13;
/// A paragraph, a list item and the like do not look beyond it for one that they end: all that is special but these.
pub(super) const TRANSPARENT: u16 = 1 << 14;

const SETS: &[(u16, &str)] = &[
    (VOID, "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr"),
    (RAW, "iframe noembed noframes noscript plaintext script style xmp"),
    (ESCAPABLE, "textarea title"),
    (
        SPECIAL,
        "address applet area article aside base basefont bgsound blockquote body br button caption center col colgroup dd details dir \
         div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img \
         input keygen li link listing main marquee menu meta nav noembed noframes noscript object ol p param plaintext pre script \
         search section select source style summary table tbody td template textarea tfoot th thead title tr track ul wbr xmp",
    ),
    (FORMATTING, "a b big code em font i nobr s small strike strong tt u"),
    (OPTIONAL_END, "caption colgroup dd dt li optgroup option p rb rp rt rtc tbody td tfoot th thead tr"),
    (
        ENDS_P,
        "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 \
         h6 header hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul xmp",
    ),
    (TABLE_PART, "caption col colgroup tbody td tfoot th thead tr"),
    (SCOPE, "applet caption html marquee object table td template th"),
    (HEADING, "h1 h2 h3 h4 h5 h6"),
    (
        BREAKOUT,
        "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre \
         ruby s small span strike strong sub sup table tt u ul var",
    ),
    (IN_HEAD, "base basefont bgsound link meta noframes noscript script style template title"),
    (
        REFUSED,
        "base body embed frame frameset head html iframe link math meta noscript object script style svg template",
    ),
    (
        FIXED_CONTENT,
        "colgroup frameset listing noembed noframes optgroup plaintext pre rb rp rt rtc ruby select table tbody tfoot thead tr xmp",
    ),
    (TRANSPARENT, "address div p"),
];

const PLACES: usize = 512;

/// By open addressing, made by the compiler.
static TABLE: [(Name, u16); PLACES] = table();

const fn place(name: Name) -> usize {
    (name.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 55) as usize
}

#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the compiler runs it, and would stop")]
const fn table() -> [(Name, u16); PLACES] {
    let mut table = [(Name(0), 0); PLACES];
    let mut set = 0;
    while set < SETS.len() {
        let (kind, words) = (SETS[set].0, SETS[set].1.as_bytes());
        let (mut start, mut end) = (0, 0);
        while end <= words.len() {
            if end == words.len() || words[end] == b' ' {
                let name = Name::of(words.split_at(end).0.split_at(start).1);
                let mut place = place(name);
                while table[place].1 != 0 && table[place].0.0 != name.0 {
                    place = (place + 1) % PLACES;
                }
                table[place] = (name, table[place].1 | kind);
                start = end + 1;
            }
            end += 1;
        }
        set += 1;
    }
    table
}

macro_rules! names {
    ($($constant:ident $text:literal,)*) => { $(pub(super) const $constant: Name = Name::new($text);)* };
}

names! {
    A "a", BODY "body", BR "br", BUTTON "button", COL "col", DD "dd", DT "dt", FORM "form", HEAD "head", HR "hr", HTML "html", LI "li", META "meta",
    MATH "math", NOBR "nobr", NP_SLOT "np-slot", OPTGROUP "optgroup", OPTION "option", P "p", PLAINTEXT "plaintext", RP "rp", RT "rt",
    SCRIPT "script", SELECT "select", SVG "svg", TABLE_NAME "table", TD "td", TEMPLATE "template",
    TH "th", TR "tr",
}

#[cfg(test)]
mod tests {
    use super::{BREAKOUT, Kind, Name, SETS};

    #[test]
    fn every_name_has_all_that_is_said_of_it() {
        for (kind, words) in SETS {
            for word in words.split(' ') {
                assert!(Name::new(word).kind().is(*kind), "{word}");
                assert!(Name::of(word.to_uppercase().as_bytes()).kind().is(*kind), "{word}");
            }
        }
        assert_eq!(Name::new("my-element").kind(), Kind(0));
        assert_eq!(Name::new("span").kind(), Kind(BREAKOUT));
    }
}
