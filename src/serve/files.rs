//! The browser's files, built into the program.

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/www.rs"));
}

/// Their names and bytes; none when the program was built without.
pub(super) fn all() -> &'static [(&'static str, &'static [u8])] {
    embedded::FILES
}

/// The file of a name.
pub(super) fn embedded(name: &str) -> Option<&'static [u8]> {
    all().iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}

/// The type of a file by its ending.
pub(super) fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("avif") => "image/avif",
        Some("gif") => "image/gif",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
