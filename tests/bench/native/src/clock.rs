//! Wall and processor time.

use std::time::Instant;

pub struct Watch {
    wall: Instant,
    cpu: f64,
}

impl Watch {
    pub fn start() -> Self {
        Self { cpu: processor(), wall: Instant::now() }
    }

    /// Since the start: wall, processor.
    pub fn nanoseconds(&self) -> (f64, f64) {
        (self.wall.elapsed().as_nanos() as f64, processor() - self.cpu)
    }
}

/// Nanoseconds that all threads of this process have used.
fn processor() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is valid for writing, and the clock exists on every Linux.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}
