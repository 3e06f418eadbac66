//! Connections: how many, how long a request's head may be and may take, how long a client may keep an answer waiting, and how they end.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1, service::Service as _};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore, time};
use tokio_io_timeout::TimeoutStream;

use super::Shared;

/// The longest head of a request, bytes.
const HEAD_BYTE_MAX: usize = 16 << 10;
/// Headers of a request.
const HEADER_MAX: usize = 64;
/// How long a request's head may take, and how long a connection may be idle.
const HEAD_TIME_MAX: Duration = Duration::from_secs(30);
/// How long a client may take nothing of its answer.
const WRITE_TIME_MAX: Duration = Duration::from_secs(20);
/// How long requests may go on when the server ends.
const END_TIME_MAX: Duration = Duration::from_secs(10);
/// How long to wait when the system has no more connections to give.
const BREATH: Duration = Duration::from_millis(50);

/// Answers by `routes` until `end`, and then until the requests in flight are answered.
pub(super) async fn serve(
    listener: TcpListener,
    routes: Router,
    shared: Arc<Shared>,
    max: usize,
    end: impl Future<Output = ()>,
) {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME_MAX)
        .max_headers(HEADER_MAX)
        .max_buf_size(HEAD_BYTE_MAX);
    let ending = GracefulShutdown::new();
    let permits = Arc::new(Semaphore::new(max));
    let mut end = pin!(end);
    loop {
        let accepted = async {
            // Never closed.
            let permit = permits.clone().acquire_owned().await.ok();
            listener.accept().await.map(|(stream, peer)| (stream, peer, permit))
        };
        let accepted = tokio::select! {
            accepted = accepted => accepted,
            () = &mut end => break,
        };
        let Ok((stream, peer, permit)) = accepted else {
            time::sleep(BREATH).await;
            continue;
        };
        // Answers are short: none shall wait for a next one to fill a packet.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(WRITE_TIME_MAX));
        let connection = builder.serve_connection(TokioIo::new(Box::pin(stream)), answer(routes.clone(), peer));
        let connection = ending.watch(connection);
        let shared = shared.clone();
        tokio::spawn(async move {
            shared.metrics.connected();
            // What a client does wrong on its connection is its own affair.
            let _ = connection.await;
            shared.metrics.disconnected();
            drop(permit);
        });
    }
    // Nobody new: the next server may listen here already.
    drop(listener);
    let _ = time::timeout(END_TIME_MAX, ending.shutdown()).await;
}

/// Answers the requests of one connection.
fn answer(
    routes: Router,
    peer: SocketAddr,
) -> impl hyper::service::Service<
    hyper::Request<Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send,
> {
    let routes = TowerToHyperService::new(routes);
    hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        routes.call(request)
    })
}
