//! Files of the site.

use std::path::{Component, Path, PathBuf};

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
