//! `nameplate serve FILE`

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
};

use nameplate::{
    net::{ClientPolicy, ClientSource, Nat64, SourceError},
    serve::{Consent, DecisionServer, Options},
};

use super::{Failure, Outcome, databases::DatabaseOptions, keys, keys::Verify};

/// Give visitors' browsers the slice of their account, decide for programs, and take in events.
///
/// For sites without an edge; put it behind the site's own web server, under /np/. When the bundle's file changes, the new one is used; one
/// that is damaged, or not signed as `--verify` asks, is not, and the last good one stays. Ends on SIGTERM or Ctrl-C, when the requests in flight are answered.
/// docs/serve.md lists what it answers.
#[derive(clap::Args)]
pub(super) struct Serve {
    /// The bundle
    bundle: PathBuf,
    #[command(flatten)]
    verify: Verify,
    #[command(flatten)]
    databases: DatabaseOptions,
    /// Sign the slices with the secret key in this file, for tags with `data-np-key`
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,
    /// A file with the key that account tokens are signed with: see docs/tokens.md
    #[arg(long, value_name = "FILE")]
    token_key: Option<PathBuf>,
    /// The cookie by which a visitor of yours agrees that another keeps his token, such as `consent=yes`; without it none is kept, and none read
    #[arg(long, value_name = "NAME=VALUE", requires = "token_key")]
    keep_token: Option<Consent>,
    /// The cookie by which a visitor of yours agrees to storage, such as `consent=yes`; without it those that conditions read with consent are not read
    #[arg(long, value_name = "NAME=VALUE")]
    read_cookies: Option<Consent>,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the client's address is: `socket`, `x-forwarded-for=N`, `forwarded=N`, or a header of one address
    ///
    /// Headers of one address are `cf-connecting-ip`, `true-client-ip`, `fastly-client-ip`, `x-real-ip` and `x-vercel-forwarded-for`.
    /// N is the number of your proxies, or in its place stand the prefixes that they call from: `x-forwarded-for=10.0.0.0/8,fd00::/8`.
    #[arg(long, value_name = "SOURCE", default_value = "socket", value_parser = client_source)]
    client_address: ClientSource,
    /// The prefix under which a translator of yours writes IPv4 addresses as IPv6, such as `64:ff9b::/96`; may be given again
    #[arg(long, value_name = "PREFIX")]
    nat64: Vec<Nat64>,
    /// A file with the key that lets your programs ask /np/decide for any address or account
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// A file to append events to, one JSON object a line; without it they are dropped
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// How many connections there may be at a time
    #[arg(long, value_name = "N", default_value_t = 4_096, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1_000_000))]
    connections: usize,
}

impl Serve {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        super::expect_bundle(&self.bundle)?;
        let key = self.key.as_deref().map(keys::text).transpose()?;
        let options = Options {
            bundle: self.bundle,
            trust: self.verify.trust()?,
            signer: self.sign.as_deref().map(keys::secret).transpose()?,
            token_key: self.token_key.as_deref().map(keys::token_key).transpose()?,
            keep_token: self.keep_token,
            read_cookies: self.read_cookies,
            listen: self.listen,
            client: ClientPolicy { source: self.client_address, nat64: self.nat64 },
            key,
            databases: self.databases.open()?,
            events: self.events,
            connections: self.connections,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let server =
                DecisionServer::bind(options).await.map_err(|error| Failure::Because(why(self.listen, &error)))?;
            // Whoever started us may have closed the pipe; that is no reason not to serve.
            let _ = writeln!(io::stdout(), "http://{}", server.address());
            server.run().await?;
            Ok(Outcome::Clean)
        })
    }
}

/// Why the server does not start.
fn why(address: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("another program listens on {address}; choose a port with --listen, or port 0 for a free one")
        }
        io::ErrorKind::AddrNotAvailable => format!("{address}: {}", super::words(error)),
        // It names the file.
        _ => super::words(error),
    }
}

/// Names of headers have no case.
fn client_source(text: &str) -> Result<ClientSource, SourceError> {
    text.to_ascii_lowercase().parse()
}
