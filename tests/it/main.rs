//! Integration tests: one binary, one noun a file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    reason = "a test fails by panicking"
)]
mod bundle;
mod diagnostics;
mod docs;
mod forge;
mod format;
mod hostile;
mod places;
mod site;
mod tidy;
