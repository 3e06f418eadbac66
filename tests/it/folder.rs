//! Reading a site folder from disk.

use std::{fs, os::unix::fs::symlink, path::PathBuf};

use nameplate::compile::{Sources, compile};

use crate::site;

/// Links to folders are how teams share experiences between sites.
#[test]
fn a_linked_folder_is_read_and_a_ring_of_links_ends() {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("linked");
    let _ = fs::remove_dir_all(&root);
    let (shared, folder) = (root.join("shared"), root.join("site"));
    fs::create_dir_all(&shared).unwrap();
    fs::create_dir_all(&folder).unwrap();
    fs::write(shared.join("hero.yaml"), site::EXPERIENCE).unwrap();
    for (name, text) in [
        ("nameplate.yaml", site::SETTINGS),
        ("accounts.csv", site::ACCOUNTS),
        ("networks.csv", site::NETWORKS),
        ("shared.csv", site::SHARED),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    symlink(&shared, folder.join("experiences")).unwrap();
    symlink(&folder, folder.join("ring")).unwrap();
    let compiled = compile(&Sources::read(&folder).unwrap());
    assert_eq!(compiled.diagnostics, []);
    assert_eq!(compiled.contents.unwrap().site.experiences.len(), 1);
}
