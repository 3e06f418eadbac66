//! `nameplate rewrite FILE < PAGE > PAGE`

use std::{
    io::{self, Read, Write},
    path::PathBuf,
};

use nameplate::{
    bundle::slice,
    decide::{decide, recipient, resolve},
    rewrite::Rewriter,
};

use super::{Failure, Outcome, visit::VisitOptions};

/// Put what one page view shows into its HTML, as the edge does: the page from standard input, the same page personalised to
/// standard output.
///
/// Slots only: ads wait for the visitor's consent, which the tag knows of.
#[derive(clap::Args)]
pub(super) struct Rewrite {
    /// The bundle
    bundle: PathBuf,
    #[command(flatten)]
    visit: VisitOptions,
    /// Also put the visitor's slice there, so that the tag need not ask for it
    #[arg(long)]
    slice: bool,
}

/// Bytes read at a time.
const CHUNK_BYTES: usize = 64 << 10;

impl Rewrite {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let bundle = self.visit.open_bundle(&self.bundle)?;
        let visit = self.visit.visit()?;
        let resolved = resolve(&bundle, &visit);
        let slice = self.slice.then(|| slice(&bundle, recipient(&bundle, resolved), resolved.address));
        let mut rewriter = Rewriter::new(decide(&bundle, &visit).slots, slice.as_deref());
        let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
        let (mut chunk, mut done) = (vec![0; CHUNK_BYTES], Vec::new());
        loop {
            let length = input.read(&mut chunk)?;
            match length {
                0 => rewriter.end(&[], &mut done),
                _ => rewriter.write(chunk.get(..length).unwrap_or_default(), &mut done),
            }
            output.write_all(&done)?;
            done.clear();
            if length == 0 {
                return Ok(Outcome::Clean);
            }
        }
    }
}
