//! What cleaned HTML may be: read as strictly as can be, so that no browser reads it otherwise.

#[rustfmt::skip]
const TAGS: [&str; 75] = [
    "a", "abbr", "acronym", "area", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "center", "cite", "code",
    "col", "colgroup", "data", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i", "img", "ins", "kbd", "li", "map", "mark", "nav", "ol", "p", "pre", "q",
    "rp", "rt", "rtc", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
];
#[rustfmt::skip]
const ATTRIBUTES: [&str; 27] = [
    "align", "alt", "char", "charoff", "cite", "class", "colspan", "datetime", "dir", "headers", "height", "href", "hreflang", "lang",
    "rel", "role", "rowspan", "scope", "size", "span", "src", "start", "summary", "title", "type", "valign", "width",
];

/// That `html` is nothing but text, tags and attributes of these lists, and URLs of the site: read as strictly as can be,
/// so that no other reading is possible, whatever a browser makes of it.
pub(crate) fn check_clean(html: &str) {
    read_clean(html).unwrap_or_else(|problem| panic!("{problem}: {html}"));
}

pub(crate) fn read_clean(html: &str) -> Result<(), String> {
    let mut rest = html;
    while let Some((text, behind)) = rest.split_once('<') {
        read_text(text)?;
        rest = read_tag(behind)?;
    }
    read_text(rest)
}

fn read_text(text: &str) -> Result<(), String> {
    if text.contains(['<', '>', '\0']) {
        return Err(format!("a bracket in text: {text}"));
    }
    read_references(text)
}

/// Only these references are written: others could hide a letter.
fn read_references(text: &str) -> Result<(), String> {
    let known = ["amp;", "lt;", "gt;", "quot;", "nbsp;", "#39;"];
    let is_known = |behind: &str| known.iter().any(|known| behind.starts_with(known));
    match text.split('&').skip(1).find(|behind| !is_known(behind)) {
        Some(behind) => Err(format!("a reference: &{behind}")),
        None => Ok(()),
    }
}

/// Reads one tag, from behind its `<`, and returns what is behind its `>`.
fn read_tag(tag: &str) -> Result<&str, String> {
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let (name, mut rest) = tag.split_at(tag.find(|c: char| !c.is_ascii_alphanumeric()).ok_or("an open tag")?);
    if !TAGS.contains(&name) {
        return Err(format!("the tag <{name}>"));
    }
    loop {
        if let Some(behind) = rest.strip_prefix('>') {
            return Ok(behind);
        }
        let attribute = rest.strip_prefix(' ').ok_or("no tag")?;
        let (name, behind) = attribute.split_once("=\"").ok_or("no attribute")?;
        let (value, behind) = behind.split_once('"').ok_or("an open value")?;
        read_references(value)?;
        if !ATTRIBUTES.contains(&name) && !name.starts_with("aria-") {
            return Err(format!("the attribute {name}"));
        }
        if ["href", "src", "cite"].contains(&name) && !is_of_site(value) {
            return Err(format!("the URL {value}"));
        }
        rest = behind;
    }
}

/// A path of the site, or a URL of its host or of the one it names.
fn is_of_site(url: &str) -> bool {
    let is_plain = !url.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\');
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    let has_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let is_known = ["https://www.example.com/", "https://cdn.example.net/"].iter().any(|known| url.starts_with(known));
    is_plain && (is_known || (!has_scheme && !url.starts_with("//")))
}
