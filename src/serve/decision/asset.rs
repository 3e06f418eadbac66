//! The tag's files, built into the program: with a tag by which browsers ask whether they changed, and for as long as they like under an
//! address that names their content.

use std::sync::LazyLock;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use crate::serve::files;

/// A program that was built without its browser files has no tag.
const NO_TAG: &str = "this program was built without its browser files: run `make build` in the source folder\n";
/// Hexadecimal digits of a file's digest that name its content.
const VERSION_LENGTH: usize = 16;
/// As many as an address must give of them.
const VERSION_LENGTH_MIN: usize = 8;
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Short enough for a mistake to be mended.
const A_WHILE: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// The file of a name with its digest, if it is one that pages need: the preview's are not.
fn find(name: &str) -> Option<(&'static [u8], &'static str)> {
    static DIGESTS: LazyLock<Vec<String>> =
        LazyLock::new(|| files::all().iter().map(|(_, bytes)| digest(bytes)).collect());
    if !(name.starts_with("tag") || name.starts_with("core")) {
        return None;
    }
    let position = files::all().iter().position(|(known, _)| *known == name)?;
    Some((files::all().get(position)?.1, DIGESTS.get(position)?))
}

fn digest(bytes: &[u8]) -> String {
    let digits = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    digits.get(..VERSION_LENGTH).unwrap_or_default().to_owned()
}

/// The answer to who asks for a file; `query` is what stands behind the `?`. Where a file `NAME.br` was built in, it is sent to those who
/// can read it.
pub(super) fn answer(name: &str, query: Option<&str>, headers: &HeaderMap) -> Response {
    let Some((bytes, version)) = find(name).filter(|_| !name.ends_with(".br")) else {
        let text = if files::all().is_empty() { NO_TAG } else { "there is nothing here\n" };
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let packed = find(&format!("{name}.br")).filter(|_| reads_brotli(headers));
    let entity = format!("\"{version}{}\"", if packed.is_some() { "-br" } else { "" });
    let mut answer = if is_known(headers, &entity) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, files::content_type(name))], packed.map_or(bytes, |(packed, _)| packed))
            .into_response()
    };
    let mut set = |name: HeaderName, value: HeaderValue| drop(answer.headers_mut().insert(name, value));
    if packed.is_some() {
        set(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    if let Ok(entity) = HeaderValue::try_from(entity) {
        set(header::ETAG, entity);
    }
    set(header::CACHE_CONTROL, cached(query, version));
    set(header::VARY, HeaderValue::from_static("accept-encoding, origin"));
    answer
}

/// How long the content of this version may be kept under an address with this query.
fn cached(query: Option<&str>, version: &str) -> HeaderValue {
    let wanted = query.and_then(|query| form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "v"));
    match wanted {
        None => A_WHILE,
        Some((_, wanted)) if wanted.len() >= VERSION_LENGTH_MIN && version.starts_with(&*wanted) => FOR_EVER,
        // Of another version: a deployment is under way.
        Some(_) => HeaderValue::from_static("no-store"),
    }
}

/// Whether who asks has the file already.
fn is_known(headers: &HeaderMap, entity: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|known| {
        let known = known.trim();
        known == "*" || known.strip_prefix("W/").unwrap_or(known) == entity
    })
}

fn reads_brotli(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|encoding| {
        let (name, parameters) = encoding.split_once(';').unwrap_or((encoding, ""));
        let is_refused =
            parameters.trim().strip_prefix("q=").is_some_and(|q| q.trim_end_matches(['0', '.']).is_empty());
        name.trim() == "br" && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, header};

    use super::{A_WHILE, FOR_EVER, cached, is_known, reads_brotli};

    #[test]
    fn an_address_that_names_the_content_keeps_it() {
        let check = |query: Option<&str>, expect: &str| {
            assert_eq!(cached(query, "0123456789abcdef").to_str().unwrap(), expect, "{query:?}");
        };
        let [a_while, for_ever] = [A_WHILE, FOR_EVER].map(|value| value.to_str().unwrap().to_owned());
        check(None, &a_while);
        check(Some("x=1"), &a_while);
        check(Some("v=0123456789abcdef"), &for_ever);
        check(Some("x=1&v=01234567"), &for_ever);
        for other in ["v=", "v=0123456", "v=012345678", "v=0123456789abcdef0", "v"] {
            check(Some(other), if other == "v=012345678" { &for_ever } else { "no-store" });
        }
    }

    #[test]
    fn an_entity_is_known_by_its_tag() {
        let check = |value: &str, expect: bool| {
            let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, value.parse().unwrap())]);
            assert_eq!(is_known(&headers, "\"a1\""), expect, "{value}");
        };
        for value in ["\"a1\"", "W/\"a1\"", "\"b2\", \"a1\"", "*"] {
            check(value, true);
        }
        for value in ["\"a1-br\"", "a1", "", "\"a\", \"1\""] {
            check(value, false);
        }
        assert!(!is_known(&HeaderMap::new(), "\"a1\""));
    }

    #[test]
    fn brotli_goes_to_those_who_read_it() {
        let check = |value: &str, expect: bool| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())]);
            assert_eq!(reads_brotli(&headers), expect, "{value}");
        };
        for value in ["br", "gzip, deflate, br, zstd", "gzip;q=1.0, br;q=0.5", "br ; q=0.1"] {
            check(value, true);
        }
        for value in ["", "gzip", "br;q=0", "br; q=0.0", "*", "brx"] {
            check(value, false);
        }
        assert!(!reads_brotli(&HeaderMap::new()));
    }
}
