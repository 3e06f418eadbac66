//! Nameplate tells a web page which target account its visitor works for, and gives that account its own content and
//! its own ads. It decides in process, from one compiled file.
//!
//! # The map
//!
//! A marketer's *site* folder is compiled into a [`bundle`]; the bundle and a [`Visit`](model::Visit) give a
//! [`Decision`](model::Decision).
//!
//! ```text
//!  7                    main, cli
//!  6        serve  suite  diff  .             wasm
//!  5    compile  recognise      |     decide   rewrite
//!  4         \__________________|_ bundle ___/
//!  3                          rule
//!  2                          net
//!  1                          model
//!  0                    limit  wire  bucket  set  search
//! ```
//!
//! A module uses only floors below its own, never beside or above (`serve`, `suite`, `diff` and `wasm` may use `decide`; a test holds
//! this). Floors 0 to 5 without `compile` and `recognise` are the *runtime*.
//!
//! # An example
//!
//! ```
//! # #[cfg(feature = "compiler")] {
//! use nameplate::{bundle::{Bundle, pack}, compile::{Sources, compile}, decide::decide, model::Visit};
//!
//! let mut sources = Sources::default();
//! sources.insert("nameplate.yaml", "
//! site: Example
//! hosts: [www.example.com]
//! accounts: { file: accounts.csv, columns: { id: id, name: name } }
//! slots: { title: { selector: h1 } }
//! ");
//! sources.insert("accounts.csv", "id,name\nalder,Alder Bank\n");
//! sources.insert("experiences/hello.yaml", "
//! name: hello
//! when: account.known
//! priority: 500
//! variants: [{ name: only, slots: { title: { text: 'Hello, {{account.name | you}}' } } }]
//! ");
//! let compiled = compile(&sources);
//! let bundle = Bundle::open(&pack(&compiled.contents.expect("no mistakes")))?;
//!
//! let decision = decide(&bundle, &Visit { account: Some("alder".into()), ..Visit::default() });
//! assert_eq!(&*decision.slots[0].experience, "hello");
//! # }
//! # Ok::<(), nameplate::bundle::OpenError>(())
//! ```
//!
//! # Invariants
//!
//! 1. The runtime does no I/O, reads no clock and no randomness and keeps no state: all comes in with the visit.
//! 2. [`Bundle::open`](bundle::Bundle::open) is the only gate for bytes; after it they are valid.
//! 3. Compiling never stops at the first error: it returns what it could and all that it found.
//! 4. Any failure means the page as its author wrote it.
//! 5. The same bundle and visit give the same decision everywhere: no floats, no hash-map order, one frozen hash.
//! 6. Everything has a [`limit`].

// Checked arithmetic in the runtime: it reads numbers that others wrote.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod bucket;
pub mod bundle;
#[cfg(feature = "compiler")]
#[allow(
    clippy::arithmetic_side_effects,
    reason = "places in texts that are in memory: none is near the end of a number"
)]
pub mod compile;
pub mod decide;
#[cfg(feature = "cli")]
#[allow(clippy::arithmetic_side_effects, reason = "counts of what is in memory: none is near the end of a number")]
pub mod diff;
pub mod limit;
pub mod model;
pub mod net;
#[cfg(feature = "compiler")]
#[allow(
    clippy::arithmetic_side_effects,
    reason = "counts of words and places in names: none is near the end of a number"
)]
pub mod recognise;
#[cfg(feature = "rewrite")]
pub mod rewrite;
pub mod rule;
pub mod search;
#[cfg(feature = "cli")]
pub mod serve;
pub mod set;
#[cfg(feature = "cli")]
pub mod suite;
#[cfg(all(target_arch = "wasm32", not(feature = "geo")))]
pub mod wasm;
#[cfg(all(target_arch = "wasm32", feature = "geo"))]
#[path = "wasm/geo.rs"]
pub mod wasm;
pub mod wire;
