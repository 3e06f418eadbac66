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
mod ads;
mod age;
mod batch;
mod bundle;
mod clean;
mod cli;
mod client;
mod codes;
mod cohort;
mod columns;
mod condition;
mod conformance;
mod cookies;
mod decide;
mod diagnostics;
mod diff;
mod docs;
mod explain;
mod facts;
mod folder;
mod forge;
mod format;
mod full_disk;
mod github;
mod hostile;
mod http;
mod interpreter;
mod lint;
mod r#match;
mod mistakes;
mod mmdb;
mod near_miss;
mod networks;
mod never;
mod oracle;
mod payloads;
mod places;
mod preview;
mod program;
mod progress;
mod random;
mod recognise;
mod redirect;
mod resolve;
mod rewrite;
mod sanitise;
mod sarif;
mod schema;
mod serve;
mod server;
mod share;
mod shared;
mod sign;
mod signals;
mod site;
mod slice;
mod specialise;
mod suite;
mod tidy;
mod tokens;
mod told;
mod unread;
mod who;
