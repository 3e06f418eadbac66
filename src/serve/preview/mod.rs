//! The preview server: the site's sample pages with the studio around them, compiled anew when a source changes.
//!
//! For one person on one machine. It hands out the whole bundle, with every account in it, so it answers only requests
//! that name this machine (a page elsewhere could otherwise read it through the visitor's browser, by DNS rebinding).

mod folder;
mod routes;
mod state;
mod watch;

use std::{io, net::SocketAddr, path::Path};

use notify::RecommendedWatcher;
use tokio::net::TcpListener;

use self::state::Live;

/// A preview server that listens but does not answer yet.
#[derive(Debug)]
pub struct Preview {
    listener: TcpListener,
    address: SocketAddr,
    live: Live,
    /// Watches as long as it lives.
    _watcher: RecommendedWatcher,
}

impl Preview {
    /// Compiles `site`, watches it, and listens on `address`.
    ///
    /// # Errors
    /// When the folder cannot be read or watched, or the address is taken. A site with errors is none: the page shows them.
    pub async fn bind(site: &Path, address: SocketAddr) -> io::Result<Self> {
        let live = Live::new(site)?;
        // Watched before it is read, so that no change falls between.
        let watcher = watch::watch(&live)?;
        live.compile();
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, live, _watcher: watcher })
    }

    /// Where it listens, with the port it got.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many errors the site has.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.live.shown().diagnostics.iter().filter(|found| found.severity == "error").count()
    }

    /// Answers until the process is interrupted.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn run(self) -> io::Result<()> {
        let routes = routes::routes(self.live.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::select! {
            served = axum::serve(self.listener, routes) => served,
            interrupted = tokio::signal::ctrl_c() => interrupted,
        }
    }
}
