//! How long an instance lives. Fastly makes one for each request unless it asks for more: several pages share one opening of the bundle.

use std::time::{Duration, Instant};

use fastly::{
    Request, compute_runtime,
    http::serve::{NextRequestOptions, RequestPromise},
};

/// So old a bundle may get.
const LIFETIME: Duration = Duration::from_secs(60);
/// Waiting costs memory, which is paid for.
const PATIENCE: Duration = Duration::from_secs(1);
/// Of the 50 ms of CPU that an instance has, what may be gone before the next request.
const CPU_MS_MAX: u64 = 20;

/// Answers requests, one after the other.
pub fn serve(answer: impl Fn(Request)) {
    let began = Instant::now();
    let mut request = Request::from_client();
    loop {
        answer(request);
        let has_time = compute_runtime::elapsed_vcpu_ms().is_ok_and(|spent| spent < CPU_MS_MAX);
        if !has_time || began.elapsed() > LIFETIME {
            return;
        }
        let promise = RequestPromise::new(&NextRequestOptions::from_timeout(PATIENCE));
        match promise.and_then(RequestPromise::wait) {
            Ok(next) => request = next,
            Err(_) => return,
        }
    }
}
