//! Which pages are rewritten, and what is then said of them: as `www/edge/policy.ts` has it. All else goes through as it came.

use std::io::Read;

use fastly::{
    Request, Response,
    http::{
        HeaderName, HeaderValue, Method, StatusCode,
        header::{ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE},
    },
};
use flate2::read::MultiGzDecoder;

/// A part of a page cannot be rewritten, and what a browser has of it is another visitor's.
const CONDITIONS: [&str; 6] =
    ["if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "range"];
/// What speaks of the origin's bytes, or lets somebody keep them.
const DROPPED: [&str; 12] = [
    "accept-ranges",
    "age",
    "content-digest",
    "content-encoding",
    "content-length",
    "content-md5",
    "digest",
    "etag",
    "expires",
    "last-modified",
    "repr-digest",
    "x-accel-expires",
];
const NOT_KEPT: [&str; 3] = ["cache-control", "cdn-cache-control", "surrogate-control"];
/// In these, markup is in ASCII.
const CHARSETS: &str = "utf-8 utf8 unicode-1-1-utf-8 us-ascii ascii latin1 macintosh tis-620 windows-874 ibm866 koi8-r koi8-u koi8-ru \
                        gbk gb2312 gb18030 big5 big5-hkscs shift_jis shift-jis sjis windows-31j euc-jp euc-kr";
/// And in all whose names begin so.
const FAMILIES: [&str; 4] = ["iso-8859-", "iso8859-", "windows-125", "x-mac-"];
/// How gzip begins. An answer that only says that it is packed stays as it is.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Whether a request is a browser's for a page.
pub fn is_asked_for(request: &Request) -> bool {
    let to = listed(request.get_header_all("sec-fetch-dest"));
    let is_for_page = match to.as_str() {
        "" => listed(request.get_header_all(ACCEPT)).contains("text/html"),
        to => ["document", "iframe", "frame"].contains(&to),
    };
    request.get_method() == Method::GET && is_for_page
}

/// Asks for the whole page, in an encoding that is undone here.
pub fn ask_for_whole(request: &mut Request) {
    for name in CONDITIONS {
        request.remove_header(name);
    }
    let accepted = listed(request.get_header_all(ACCEPT_ENCODING));
    let is_gzip = accepted.split(',').any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, "1"));
        name.trim() == "gzip" && weight.contains(|digit| matches!(digit, '1'..='9'))
    });
    request.set_header(ACCEPT_ENCODING, if is_gzip { "gzip" } else { "identity" });
}

/// Whether an answer to such a request is a page that may be changed.
pub fn is_rewritable(answer: &mut Response) -> bool {
    let control = listed(answer.get_header_all(CACHE_CONTROL));
    answer.get_status() == StatusCode::OK
        && is_html(&listed(answer.get_header_all(CONTENT_TYPE)))
        && control.split(',').all(|word| word.trim() != "no-transform")
        && !answer.contains_header(CONTENT_RANGE)
        && match encoding(answer).as_str() {
            "" | "identity" => true,
            "gzip" | "x-gzip" => answer.get_body_mut().try_get_prefix_mut(GZIP.len()).is_ok_and(|head| **head == GZIP),
            _ => false,
        }
}

fn is_html(content_type: &str) -> bool {
    let (kind, parameter) = content_type.split_once(';').unwrap_or((content_type, ""));
    let charset = match parameter.trim_end_matches(';').trim() {
        "" => "utf-8",
        parameter => parameter.strip_prefix("charset=").unwrap_or_default().trim_matches('"'),
    };
    let is_known =
        CHARSETS.split(' ').any(|known| known == charset) || FAMILIES.iter().any(|family| charset.starts_with(family));
    kind.trim() == "text/html" && is_known
}

/// The bytes of such a page, unpacked.
pub fn unpacked(answer: &mut Response) -> Box<dyn Read> {
    let is_plain = ["", "identity"].contains(&encoding(answer).as_str());
    let body = answer.take_body();
    if is_plain { Box::new(body) } else { Box::new(MultiGzDecoder::new(body)) }
}

fn encoding(answer: &Response) -> String {
    listed(answer.get_header_all(CONTENT_ENCODING))
}

/// Says of an answer that it is for one visitor, and for nobody's cache.
pub fn make_personal(answer: &mut Response) {
    // A vendor's own header would count before the common ones.
    let is_vendors = |name: &&HeaderName| name.as_str().ends_with("-cdn-cache-control");
    let vendors: Vec<HeaderName> = answer.get_header_names().filter(is_vendors).cloned().collect();
    for name in vendors {
        answer.remove_header(name);
    }
    for name in DROPPED {
        answer.remove_header(name);
    }
    for name in NOT_KEPT {
        answer.set_header(name, "private, no-store");
    }
    // Fastly packs it again as the visitor's browser likes it, and takes this off.
    answer.set_header("x-compress-hint", "on");
}

/// The values of a header as one list, in lower case.
fn listed<'a>(values: impl Iterator<Item = &'a HeaderValue>) -> String {
    let texts: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    texts.join(",").trim().to_ascii_lowercase()
}
