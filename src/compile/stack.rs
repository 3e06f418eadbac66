//! Room for parsers that recurse.
//!
//! The CEL parser recurses once or more for every operator, whatever it is told, and an overflow of the stack cannot be
//! caught. Conditions have a largest size ([`super::cel`]); this is the room that the largest one needs.

use std::{panic, thread};

/// Address space, not memory: what is never touched costs nothing. Four times what the tests were seen to use.
const STACK_BYTES: usize = 512 << 20;

/// Runs `work` where there is room. Where threads are not to be had (WebAssembly), it runs where it is.
pub(super) fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let mut work = Some(work);
    let mut result = None;
    thread::scope(|scope| {
        let run = || result = work.take().map(|work| work());
        let Ok(thread) = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run) else { return };
        if let Err(panicked) = thread.join() {
            panic::resume_unwind(panicked);
        }
    });
    match (result, work) {
        (Some(result), _) => result,
        (None, Some(work)) => work(),
        // The thread took the work and gave no result only by panicking, which went on above.
        (None, None) => panic::resume_unwind(Box::new("compiling ended without a result")),
    }
}
