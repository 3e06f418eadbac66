//! Puts the browser's files (`www/dist`, made by `make build`, without its folders) into the program, so that `nameplate preview` and
//! `nameplate serve` are one file.
//!
//! Without them the program builds all the same, and says what is missing when asked for one: whoever works on the compiler
//! needs no Node.

use std::{env, fs, io, path::Path};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=www/dist");
    let root = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let dist = Path::new(&root).join("www").join("dist");
    let mut code =
        String::from("/// The files of `www/dist` by name.\npub(super) static FILES: &[(&str, &[u8])] = &[\n");
    let entries = fs::read_dir(dist).into_iter().flatten().collect::<io::Result<Vec<_>>>()?;
    let mut files: Vec<_> = entries.iter().map(fs::DirEntry::path).filter(|path| path.is_file()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        code.push_str(&format!("    ({name:?}, include_bytes!({:?})),\n", file.display().to_string()));
    }
    code.push_str("];\n");
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&out).join("www.rs"), code)
}
