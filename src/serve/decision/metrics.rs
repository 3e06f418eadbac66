//! What the server counts, in the text format of Prometheus. Names no account.

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use super::{Shared, sink::Taken};
use crate::{bundle::Recipient, serve::clock};

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    Slice,
    Decide,
    Events,
    Health,
    Metrics,
    /// One of the tag's files, or nothing.
    File,
}

const ENDPOINTS: [&str; 6] = ["slice", "decide", "events", "health", "metrics", "file"];
const STATUSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];
const RECIPIENTS: [&str; 3] = ["stranger", "held_out", "account"];
const TAKEN: [&str; 4] = ["written", "dropped", "refused", "malformed"];
const RELOADS: [&str; 2] = ["good", "bad"];
/// Upper ends of the classes of durations, microseconds, and as Prometheus writes seconds.
const ENDS: [(u128, &str); 9] = [
    (100, "0.0001"),
    (250, "0.00025"),
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (25_000, "0.025"),
    (100_000, "0.1"),
    (1_000_000, "1"),
];

impl Endpoint {
    pub(super) fn of(path: &str) -> Self {
        match path {
            "/np/slice" => Self::Slice,
            "/np/decide" => Self::Decide,
            "/np/events" => Self::Events,
            "/np/health" => Self::Health,
            "/np/metrics" => Self::Metrics,
            _ => Self::File,
        }
    }
}

/// The counters.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    requests: [[AtomicU64; STATUSES.len()]; ENDPOINTS.len()],
    /// Requests by duration; the last class has no end.
    durations: [[AtomicU64; ENDS.len() + 1]; ENDPOINTS.len()],
    duration_microseconds: [AtomicU64; ENDPOINTS.len()],
    in_flight: AtomicU64,
    slices: [AtomicU64; RECIPIENTS.len()],
    events: [AtomicU64; TAKEN.len()],
    connected: AtomicU64,
    disconnected: AtomicU64,
    reloads: [AtomicU64; RELOADS.len()],
    last_reload_failed: AtomicU64,
    last_good_reload: AtomicU64,
}

fn add(counter: Option<&AtomicU64>, count: u64) {
    if let Some(counter) = counter {
        counter.fetch_add(count, Ordering::Relaxed);
    }
}

fn get(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

/// A request that is being answered; counted until it is gone, with an answer or without.
pub(super) struct InFlight<'a>(&'a AtomicU64);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(super) fn asked(&self) -> InFlight<'_> {
        add(Some(&self.in_flight), 1);
        InFlight(&self.in_flight)
    }

    pub(super) fn answered(&self, endpoint: Endpoint, status: u16, took: Duration) {
        let (endpoint, class) = (endpoint as usize, usize::from(status / 100).saturating_sub(2));
        add(self.requests.get(endpoint).and_then(|of| of.get(class)), 1);
        let micros = took.as_micros();
        let class = ENDS.iter().position(|(end, _)| micros <= *end).unwrap_or(ENDS.len());
        add(self.durations.get(endpoint).and_then(|of| of.get(class)), 1);
        add(self.duration_microseconds.get(endpoint), u64::try_from(micros).unwrap_or(u64::MAX));
    }

    pub(super) fn sliced(&self, recipient: Recipient) {
        let class = match recipient {
            Recipient::Stranger => 0,
            Recipient::HeldOut(_) => 1,
            Recipient::Account { .. } => 2,
        };
        add(self.slices.get(class), 1);
    }

    /// So many events came to this.
    pub(super) fn taken(&self, taken: Taken, events: usize) {
        add(self.events.get(taken as usize), u64::try_from(events).unwrap_or(u64::MAX));
    }

    /// A batch was none.
    pub(super) fn malformed(&self) {
        add(self.events.last(), 1);
    }

    pub(super) fn connected(&self) {
        add(Some(&self.connected), 1);
    }

    pub(super) fn disconnected(&self) {
        add(Some(&self.disconnected), 1);
    }

    pub(super) fn reloaded(&self, is_good: bool) {
        add(self.reloads.get(usize::from(!is_good)), 1);
        self.last_reload_failed.store(u64::from(!is_good), Ordering::Relaxed);
        if is_good {
            self.last_good_reload.store(u64::try_from(clock()).unwrap_or(0), Ordering::Relaxed);
        }
    }
}

/// Writes one metric: what it means, its type, and its samples.
struct Page(String);

impl Page {
    fn metric(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}"); // Writing to a string cannot fail.
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = match labels {
            "" => writeln!(self.0, "{name} {value}"),
            labels => writeln!(self.0, "{name}{{{labels}}} {value}"),
        };
    }

    fn single(&mut self, name: &str, kind: &str, help: &str, value: u64) {
        self.metric(name, kind, help);
        self.sample(name, "", value);
    }

    fn counters(&mut self, name: &str, help: &str, label: &str, words: &[&str], counters: &[AtomicU64]) {
        self.metric(name, "counter", help);
        for (word, counter) in words.iter().zip(counters) {
            self.sample(name, &format!("{label}=\"{word}\""), get(counter));
        }
    }
}

/// All counters as text.
pub(super) fn page(shared: &Shared) -> String {
    let (metrics, current) = (&shared.metrics, shared.published.current());
    let mut page = Page(String::with_capacity(4_096));
    let name = "nameplate_requests_total";
    page.metric(name, "counter", "Requests answered, by endpoint and class of status.");
    for (endpoint, counters) in ENDPOINTS.iter().zip(&metrics.requests) {
        for (status, counter) in STATUSES.iter().zip(counters) {
            page.sample(name, &format!("endpoint=\"{endpoint}\",status=\"{status}\""), get(counter));
        }
    }
    let help = "Requests that are being answered, the one for this page included.";
    page.single("nameplate_requests_in_flight", "gauge", help, get(&metrics.in_flight));
    durations(&mut page, metrics);
    let help = "Slices sent, by whom they are for: named by kind, never by account.";
    page.counters("nameplate_slices_total", help, "recipient", &RECIPIENTS, &metrics.slices);
    let kept = u64::try_from(current.slices.len()).unwrap_or(u64::MAX);
    page.single("nameplate_slices_kept", "gauge", "Slices of the bundle in use that are in memory.", kept);
    let help = "Events, by what became of them; of malformed ones, the batches.";
    page.counters("nameplate_events_total", help, "result", &TAKEN, &metrics.events);
    let help = "Batches of events that could not be written to the file.";
    page.single("nameplate_event_batches_lost_total", "counter", help, shared.sink.lost());
    let open = get(&metrics.connected).saturating_sub(get(&metrics.disconnected));
    page.single("nameplate_connections", "gauge", "Open connections.", open);
    let help = "Times that the bundle's file was read again.";
    page.counters("nameplate_bundle_reloads_total", help, "result", &RELOADS, &metrics.reloads);
    let help = "Whether the file was a good bundle when it was last read; if not, the last good one is in use.";
    let is_good = 1_u64.saturating_sub(get(&metrics.last_reload_failed));
    page.single("nameplate_bundle_last_reload_successful", "gauge", help, is_good);
    let help = "When the file was last read and was a good bundle, Unix seconds.";
    page.single(
        "nameplate_bundle_last_reload_success_timestamp_seconds",
        "gauge",
        help,
        get(&metrics.last_good_reload),
    );
    let bytes = u64::try_from(current.bundle.size()).unwrap_or(u64::MAX);
    page.single("nameplate_bundle_bytes", "gauge", "Length of the bundle in use.", bytes);
    page.metric("nameplate_bundle_info", "gauge", "The bundle in use.");
    page.sample("nameplate_bundle_info", &format!("sha256=\"{}\"", current.hash), 1);
    if let Some(seal) = &current.seal {
        let seconds = |time: i64| u64::try_from(time).unwrap_or(0);
        let help = "When the bundle in use was signed, Unix seconds: from 7 days on it is stale.";
        page.single("nameplate_bundle_signed_timestamp_seconds", "gauge", help, seconds(seal.statement.created));
        let help = "When that signature counts no more, and nobody gets a slice, Unix seconds.";
        page.single("nameplate_bundle_expiry_timestamp_seconds", "gauge", help, seconds(seal.last()));
    }
    page.metric("nameplate_build_info", "gauge", "The program.");
    page.sample("nameplate_build_info", &format!("version=\"{}\"", env!("CARGO_PKG_VERSION")), 1);
    page.0
}

fn durations(page: &mut Page, metrics: &Metrics) {
    let name = "nameplate_request_duration_seconds";
    page.metric(name, "histogram", "From a request's head to its answer's.");
    let all = ENDPOINTS.iter().zip(&metrics.durations).zip(&metrics.duration_microseconds);
    for ((endpoint, counters), micros) in all {
        let mut count = 0_u64;
        for ((_, end), counter) in ENDS.iter().chain([&(0, "+Inf")]).zip(counters) {
            count = count.saturating_add(get(counter));
            page.sample(&format!("{name}_bucket"), &format!("endpoint=\"{endpoint}\",le=\"{end}\""), count);
        }
        let micros = get(micros);
        let seconds = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        page.sample(&format!("{name}_sum"), &format!("endpoint=\"{endpoint}\""), seconds);
        page.sample(&format!("{name}_count"), &format!("endpoint=\"{endpoint}\""), count);
    }
}
