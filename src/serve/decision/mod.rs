//! The decision server: for sites without an edge, it gives each visitor's browser the slice of its account, decides for programs, and
//! takes in events.
//!
//! What it says to anybody who asks is what one visitor may know: `/np/decide` decides in the visitor's slice, and nobody may speak for
//! others without the operator's key. Else the target list could be read by asking for one address after the other.

mod asset;
mod connections;
mod cookie;
mod event;
mod metrics;
mod origin;
mod published;
mod routes;
mod sink;
mod slices;
mod watch;

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc};

use tokio::net::TcpListener;

pub use self::cookie::Consent;
use self::{
    metrics::Metrics,
    published::{Published, Source},
    sink::Sink,
};
use crate::{
    bundle::{SecretKey, TokenKey, Trust},
    net::{ClientPolicy, geo::Databases},
};

/// How a decision server runs.
#[derive(Debug)]
pub struct Options {
    /// The bundle. When it changes, the new one is used as soon as it opens.
    pub bundle: PathBuf,
    /// Whose bundles are used: a bundle that is not signed so is as good as none. Without it anybody's.
    pub trust: Option<Trust>,
    /// Signs the slices.
    pub signer: Option<SecretKey>,
    /// Checks account tokens; without it none counts.
    pub token_key: Option<TokenKey>,
    /// By which cookie of the site's a visitor agrees that another keeps his token; without it none is kept, and none read.
    pub keep_token: Option<Consent>,
    /// By which cookie of the site's a visitor agrees that those are read that rules read with consent; without it none of them is.
    pub read_cookies: Option<Consent>,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where the client's address is.
    pub client: ClientPolicy,
    /// Who shows it may ask for any address and account.
    pub key: Option<String>,
    /// What is known of visitors who are no account's, where programs ask with the key.
    pub databases: Databases,
    /// Where events are appended; without it they are dropped.
    pub events: Option<PathBuf>,
    /// How many connections there may be at a time; others wait.
    pub connections: usize,
}

/// A decision server that listens but does not answer yet.
#[derive(Debug)]
pub struct DecisionServer {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
    connections: usize,
}

/// What requests share.
#[derive(Debug)]
struct Shared {
    published: Published,
    keep_token: Option<Consent>,
    read_cookies: Option<Consent>,
    client: ClientPolicy,
    key: Option<String>,
    databases: Databases,
    sink: Sink,
    metrics: Metrics,
}

impl DecisionServer {
    /// Opens the bundle and the file for events, and listens.
    ///
    /// # Errors
    /// When one of them cannot be had; the error names it.
    pub async fn bind(options: Options) -> io::Result<Self> {
        let Options {
            bundle: file, trust, signer, token_key, keep_token, read_cookies, client, key, databases, ..
        } = options;
        let published = Published::open(Source { file, trust, key: signer, token_key })?;
        let sink = Sink::open(options.events)?;
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let metrics = Metrics::default();
        let shared = Shared { published, keep_token, read_cookies, client, key, databases, sink, metrics };
        Ok(Self { listener, address, shared: Arc::new(shared), connections: options.connections })
    }

    /// Where it listens, with the port it got.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until the process is told to end (`SIGTERM`, or Ctrl-C). Requests that are being answered then are answered, and events that
    /// were taken in are written.
    ///
    /// # Errors
    /// When signals cannot be heard.
    pub async fn run(self) -> io::Result<()> {
        let end = end()?;
        let watcher = tokio::spawn(watch::watch(self.shared.clone()));
        let routes = routes::routes(self.shared.clone());
        connections::serve(self.listener, routes, self.shared.clone(), self.connections, end).await;
        watcher.abort();
        self.shared.sink.finish().await;
        Ok(())
    }
}

/// Ends when the process is told to. Both signals are heard from now on, not only from the first time that somebody waits.
#[cfg(unix)]
fn end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn end() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
