//! What the preview answers.

use std::{convert::Infallible, net::SocketAddr};

use axum::{
    Json, Router,
    extract::{ConnectInfo, Path, Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::get,
};
use futures_util::{Stream, stream};
use serde::Serialize;

use super::{folder, state::Live};
use crate::{compile::FlatDiagnostic, serve::files};

/// Shown instead of the studio by a program that has none.
const NO_STUDIO: &str = "this program was built without its browser files: run `make build` in the source folder\n";

/// The studio runs nothing but its own files, and sits in no other page.
const STUDIO_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; require-trusted-types-for 'script'; frame-ancestors 'none'";

pub(super) fn routes(live: Live) -> Router {
    Router::new()
        .route("/", get(|| async { ([(header::CONTENT_SECURITY_POLICY, STUDIO_POLICY)], studio_file("index.html")) }))
        .route("/np/state", get(state))
        .route("/np/changes", get(changes))
        .route("/np/site.npb", get(bundle))
        // Where a site has the tag, its sample pages have the preview's own script.
        .route("/np/tag.js", get(|| async { studio_file("preview.js") }))
        .route("/np/{name}", get(|Path(name): Path<String>| async move { studio_file(&name) }))
        .route("/site", get(page))
        .route("/site/{*path}", get(page))
        .route("/site/", get(page))
        .fallback(get(asset))
        .layer(middleware::from_fn(only_this_machine))
        .with_state(live)
}

/// Refuses requests that name another host, and keeps every answer out of caches: it is of a moment's sources.
async fn only_this_machine(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
    if !is_this_machine(host) {
        return (StatusCode::MISDIRECTED_REQUEST, "the preview answers only to this machine's own names\n")
            .into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    response
}

/// Whether a `Host` header names an address, whichever, or `localhost`: what DNS rebinding cannot forge.
fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || address.parse::<std::net::IpAddr>().is_ok()
}

fn studio_file(name: &str) -> Response {
    match files::embedded(name) {
        Some(bytes) => ([(header::CONTENT_TYPE, files::content_type(name))], bytes).into_response(),
        None if files::embedded("index.html").is_none() => (StatusCode::NOT_FOUND, NO_STUDIO).into_response(),
        None => not_found(),
    }
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "there is nothing here\n").into_response()
}

/// What the studio asks for after every change.
#[derive(Serialize)]
struct StateAnswer {
    generation: u64,
    /// Whether the bundle in use is of the sources as they are.
    ok: bool,
    site: Option<String>,
    pages: Vec<String>,
    /// The address the browser calls from.
    client: String,
    diagnostics: Vec<FlatDiagnostic>,
    problem: Option<String>,
}

async fn state(State(live): State<Live>, ConnectInfo(client): ConnectInfo<SocketAddr>) -> Json<StateAnswer> {
    let shown = live.shown();
    Json(StateAnswer {
        generation: shown.generation,
        ok: shown.is_good,
        site: shown.bundle.as_ref().map(|bundle| bundle.site.clone()),
        pages: shown.pages.iter().map(|(path, _)| path.clone()).collect(),
        client: client.ip().to_string(),
        diagnostics: shown.diagnostics.clone(),
        problem: shown.problem.clone(),
    })
}

/// An event `change` with the generation, for every compilation from now on.
async fn changes(State(live): State<Live>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = stream::unfold(live.generations(), |mut generations| async move {
        generations.changed().await.ok()?;
        let generation = *generations.borrow_and_update();
        Some((Ok(Event::default().event("change").data(generation.to_string())), generations))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

async fn bundle(State(live): State<Live>, headers: HeaderMap) -> Response {
    let Some(bundle) = live.shown().bundle.clone() else {
        return (StatusCode::NOT_FOUND, "the site has errors and there is no bundle yet\n").into_response();
    };
    let tag = format!("\"{}\"", bundle.hash);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known == Some(tag.as_str()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let headers = [(header::ETAG, tag), (header::CONTENT_TYPE, "application/octet-stream".to_owned())];
    (headers, bundle.bytes.clone()).into_response()
}

/// A sample page under `/site`, or else one of the site's files.
async fn page(State(live): State<Live>, uri: Uri) -> Response {
    let path = uri.path().strip_prefix("/site").unwrap_or("");
    let path = if path.is_empty() { "/" } else { path };
    let shown = live.shown();
    match shown.pages.iter().find(|(known, _)| known == path) {
        Some((_, file)) => site_file(live.site(), file).await,
        None => site_file(&live.site().join("assets"), path).await,
    }
}

/// A file below the site's `assets`.
async fn asset(State(live): State<Live>, uri: Uri) -> Response {
    site_file(&live.site().join("assets"), uri.path()).await
}

async fn site_file(site: &std::path::Path, path: &str) -> Response {
    let Some(file) = folder::below(site, path) else { return not_found() };
    let read = tokio::task::spawn_blocking(move || std::fs::read(&file).map(|bytes| (file, bytes))).await;
    match read {
        Ok(Ok((file, bytes))) => {
            let name = file.to_string_lossy();
            ([(header::CONTENT_TYPE, files::content_type(&name))], bytes).into_response()
        }
        _ => not_found(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn only_addresses_and_localhost_are_this_machine() {
        for host in ["127.0.0.1:8400", "localhost:8400", "localhost", "[::1]:8400", "192.0.2.1"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in [
            "",
            "evil.example.org",
            "evil.example.org:8400",
            "localhost.evil.example.org",
            "127.0.0.1.evil.example.org:80",
        ] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
