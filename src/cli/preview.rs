//! `nameplate preview SITE`

use std::{
    io::{self, Write},
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use nameplate::{compile::plural, serve::Preview as Server};

use super::{Failure, Outcome};

/// Show the site's sample pages as any account, role or visit, and why they look so; reload when a source changes.
///
/// Runs until it is interrupted. For one person on one machine: it serves the whole target list.
#[derive(clap::Args)]
pub(super) struct Preview {
    /// The site folder: it holds nameplate.yaml
    site: PathBuf,
    /// The port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8400)]
    port: u16,
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
}

/// What makes a folder a site.
const SETTINGS: &str = "nameplate.yaml";

impl Preview {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        super::expect_folder(&self.site)?;
        if self.site.is_dir() && !self.site.join(SETTINGS).exists() {
            let problem = format!("expected the site folder; it holds no {SETTINGS}");
            return Err(Failure::Because(format!("{}: {problem}", self.site.display())));
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let address = SocketAddr::new(self.host, self.port);
            let server =
                Server::bind(&self.site, address).await.map_err(|error| Failure::Because(why(address, &error)))?;
            // Whoever started us may have closed the pipe; that is no reason not to serve.
            let _ = writeln!(io::stdout(), "http://{}", server.address());
            if server.errors() > 0 {
                let (errors, site) = (plural(server.errors(), "error"), self.site.display());
                let _ = writeln!(
                    io::stderr(),
                    "the site has {errors}: the page shows them, and so does `nameplate check {site}`"
                );
            }
            let _ = writeln!(io::stderr(), "open it in a browser; Ctrl-C ends it");
            server.run().await?;
            Ok(Outcome::Clean)
        })
    }
}

/// Why the server does not start.
fn why(address: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("another program listens on {address}; choose a port with --port, or --port 0 for a free one")
        }
        io::ErrorKind::AddrNotAvailable | io::ErrorKind::PermissionDenied => {
            format!("{address}: {}", super::words(error))
        }
        // It names the folder.
        _ => super::words(error),
    }
}
