//! A Compute service before the origin: pages arrive personalised. Whatever fails here, the visitor gets the origin's answer, untouched.

mod page;
mod sandbox;
mod site;
mod visit;

use std::io::{self, Read, Write};

use fastly::{
    Request, Response,
    http::{StatusCode, body::StreamingBody},
};
use nameplate::{
    decide::decide,
    model::{AppliedChange, SlotChange},
    rewrite::Rewriter,
};

use site::Site;

/// The name of the backend in fastly.toml.
const ORIGIN: &str = "origin";
/// Bytes of a page read at a time.
const CHUNK_BYTES: usize = 64 << 10;

fn main() {
    let site = Site::default();
    sandbox::serve(|request| answer(request, &site));
}

fn answer(mut request: Request, site: &Site) {
    let slots = if page::is_asked_for(&request) { slots(&request, site) } else { Vec::new() };
    if !slots.is_empty() {
        page::ask_for_whole(&mut request);
    }
    match request.send(ORIGIN) {
        Ok(answer) => hand_on(answer, slots),
        Err(error) => {
            eprintln!("{error}");
            Response::from_status(StatusCode::BAD_GATEWAY).send_to_client();
        }
    }
}

/// What changes in the page for its visitor.
fn slots(request: &Request, site: &Site) -> Vec<SlotChange> {
    let Some(bundle) = site.bundle() else { return Vec::new() };
    let mut slots = decide(bundle, &visit::of(request)).slots;
    // To another page the tag sends him.
    slots.retain(|slot| !slot.changes.iter().all(|change| matches!(change, AppliedChange::Redirect { .. })));
    slots
}

/// Sends the origin's answer to the visitor, with these changes where it is a page.
fn hand_on(mut answer: Response, slots: Vec<SlotChange>) {
    if slots.is_empty() || !page::is_rewritable(&mut answer) {
        return answer.send_to_client();
    }
    let from = page::unpacked(&mut answer);
    page::make_personal(&mut answer);
    if let Err(error) = rewrite(from, Rewriter::new(slots, None), answer.stream_to_client()) {
        eprintln!("{error}");
    }
}

/// As it comes, so it goes. Where the origin breaks off, what came is delivered, and then the answer breaks off, too.
fn rewrite(mut from: impl Read, mut rewriter: Rewriter, mut to: StreamingBody) -> io::Result<()> {
    let (mut chunk, mut done) = (vec![0; CHUNK_BYTES], Vec::new());
    loop {
        let read = from.read(&mut chunk);
        match read {
            Ok(0) | Err(_) => rewriter.end(&[], &mut done),
            Ok(length) => rewriter.write(chunk.get(..length).unwrap_or_default(), &mut done),
        }
        to.write_all(&done)?;
        done.clear();
        match read {
            Ok(0) => return to.finish(),
            Ok(_) => to.flush()?,
            Err(_) => return to.abandon(),
        }
    }
}
