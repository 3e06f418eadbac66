//! Files that the preview serves: its own, built into the program, and the site's.

use std::path::{Component, Path, PathBuf};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/www.rs"));
}

/// A file of the studio, or `None` when the program was built without.
pub(super) fn embedded(name: &str) -> Option<&'static [u8]> {
    embedded::FILES.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}

/// The file `path` below `folder`, or `None` when there is none: a path that climbs out, or a link that leads out, is none.
pub(super) fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    let path = percent_encoding::percent_decode_str(path.trim_start_matches('/')).decode_utf8().ok()?;
    let path = Path::new(&*path);
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let folder = folder.canonicalize().ok()?;
    let file = folder.join(path).canonicalize().ok()?;
    (file.starts_with(&folder) && file.is_file()).then_some(file)
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

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert!(below(&folder, "/serve/mod.rs").is_some());
        for path in [
            "",
            "/",
            "../Cargo.toml",
            "/../Cargo.toml",
            "%2e%2e/Cargo.toml",
            "serve/../../Cargo.toml",
            "//etc/passwd",
            "/serve",
            "%ff",
        ] {
            assert_eq!(below(&folder, path), None, "{path}");
        }
    }
}
