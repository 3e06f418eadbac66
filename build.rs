//! Puts the browser's files (`www/dist`, made by `make build`) into the program, so that `nameplate preview` is one file.
//!
//! Without them the program builds all the same, and `preview` says what is missing: whoever works on the compiler needs
//! no Node.

use std::{env, fs, io, path::Path};

const FILES: [&str; 9] = [
    "index.html",
    "studio.css",
    "studio.js",
    "preview.js",
    "edge.wasm",
    "tag.js",
    "tag-runtime.js",
    "core.wasm",
    "core.js",
];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=www/dist");
    let root = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let dist = Path::new(&root).join("www").join("dist");
    let mut code =
        String::from("/// The files of `www/dist` by name.\npub(super) static FILES: &[(&str, &[u8])] = &[\n");
    for name in FILES {
        let file = dist.join(name);
        if file.is_file() {
            code.push_str(&format!("    ({name:?}, include_bytes!({:?})),\n", file.display().to_string()));
        }
    }
    code.push_str("];\n");
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&out).join("www.rs"), code)
}
