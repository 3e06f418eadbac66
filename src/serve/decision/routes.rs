//! What the decision server answers.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{ConnectInfo, DefaultBodyLimit, Path, RawQuery, Request, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    Shared, asset,
    cookie::{self, cookie},
    event,
    metrics::{self, Endpoint},
    origin::Origin,
    published::Current,
    sink::Taken,
    slices::Slice,
};
use crate::{
    bundle::{Bundle, Recipient},
    decide::{How, Resolved, ask_databases, by_address, decide, recipient, resolve_found, told},
    limit::SLICE_BYTE_MAX,
    model::{Custom, Names, Visit},
    net::Address,
    serve::{clock, parse_visit},
};

/// The longest body of a request, bytes: browsers send no longer beacons.
const BODY_BYTE_MAX: usize = 64 << 10;
/// How long a request's body and its answer may take.
const TIME_MAX: Duration = Duration::from_secs(10);
/// What a token told of the visitor, for the tag: `ROLE.CAMPAIGN`.
const TOLD: HeaderName = HeaderName::from_static("np-told");
/// How long a browser may remember that pages of the site may ask, seconds.
const PREFLIGHT_MAX_AGE: HeaderValue = HeaderValue::from_static("600");

pub(super) fn routes(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/np/slice", get(slice))
        .route("/np/decide", post(decision))
        .route("/np/events", post(events))
        .route("/np/health", get(health))
        .route("/np/metrics", get(counters))
        .route("/np/{name}", get(file))
        .fallback(async || (StatusCode::NOT_FOUND, "there is nothing here\n"))
        .layer(DefaultBodyLimit::max(BODY_BYTE_MAX))
        .layer(middleware::from_fn_with_state(shared.clone(), around))
        .with_state(shared)
}

/// What holds for every answer: it comes in time, it is counted, and scripts of other sites' pages do not read it.
async fn around(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (began, _in_flight) = (Instant::now(), shared.metrics.asked());
    let endpoint = Endpoint::of(request.uri().path());
    let origin = Origin::of(request.headers(), shared.published.current().bundle.site());
    let is_preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut answer = match is_preflight {
        true => preflight(&origin),
        false => tokio::time::timeout(TIME_MAX, next.run(request))
            .await
            .unwrap_or_else(|_| problem(StatusCode::REQUEST_TIMEOUT, "the request took too long")),
    };
    let headers = answer.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::VARY).or_insert(HeaderValue::from_static("origin"));
    if let Origin::Own(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    shared.metrics.answered(endpoint, answer.status().as_u16(), began.elapsed());
    answer
}

/// Whether a page's script may send what is not a plain form. Never with the operator's key: that is for programs on servers.
fn preflight(origin: &Origin) -> Response {
    if !matches!(origin, Origin::Own(_)) {
        return problem(StatusCode::FORBIDDEN, "only pages of the site's own hosts may ask");
    }
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST")),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, np-token")),
        (header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_MAX_AGE),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Keeps an answer that is of one visitor out of every cache.
fn private() -> [(HeaderName, HeaderValue); 4] {
    [
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (HeaderName::from_static("cdn-cache-control"), HeaderValue::from_static("no-store")),
        (HeaderName::from_static("surrogate-control"), HeaderValue::from_static("no-store")),
        // Not even as a picture or script of another site's page.
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ]
}

fn problem(status: StatusCode, text: &str) -> Response {
    (status, private(), Json(json!({ "error": text }))).into_response()
}

/// Who asks: the address of the client, the account token that his page has and the one that a cookie keeps, and whether he objects to be
/// known (Global Privacy Control).
struct Caller {
    address: Option<Address>,
    token: Option<String>,
    cookie: Option<String>,
    /// He agrees that a cookie keeps his token.
    agrees: bool,
    objects: bool,
}

impl Caller {
    fn of(shared: &Shared, headers: &HeaderMap, peer: SocketAddr) -> Self {
        let socket = match peer.ip() {
            IpAddr::V4(v4) => Address::V4(v4.to_bits()),
            IpAddr::V6(v6) => Address::from_v6(v6.to_bits()),
        };
        let objects = headers.get("sec-gpc").is_some_and(|value| value.as_bytes() == b"1");
        let named = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        // Who objects is a stranger in all, rules about addresses included: his is not even looked for.
        let address = if objects { None } else { shared.client.find(named, Some(socket)) };
        let token = headers.get(cookie::TOKEN).filter(|_| !objects).and_then(|token| token.to_str().ok());
        let agrees = !objects && shared.keep_token.as_ref().is_some_and(|consent| consent.is_given(headers));
        let cookie = cookie(headers, cookie::TOKEN).filter(|_| agrees).map(str::to_owned);
        Self { address, token: token.map(str::to_owned), cookie, agrees, objects }
    }

    /// What his tokens say.
    fn visit(&self, now: i64) -> Visit {
        Visit { token: self.token.clone(), cookie: self.cookie.clone(), now: Some(now), ..Visit::default() }
    }

    /// The cookie for his token, where he agrees to it and the token is good.
    fn keeping(&self, bundle: &Bundle, now: i64) -> Option<HeaderValue> {
        let token = self.token.as_ref().filter(|_| self.agrees)?;
        let shown = Visit { cookie: None, ..self.visit(now) };
        let is_good = resolve_found(bundle, &shown, Resolved::default()).how == How::Token;
        is_good.then(|| cookie::keeping(token, now))?
    }
}

/// The bundle in use, as long as somebody answers for it.
fn in_use(shared: &Shared, now: i64) -> Result<Arc<Current>, Box<Response>> {
    let current = shared.published.current();
    match current.is_expired(now) {
        true => {
            Err(Box::new(problem(StatusCode::SERVICE_UNAVAILABLE, "the signature of the bundle in use has expired")))
        }
        false => Ok(current),
    }
}

/// The slice of whoever asks.
fn slice_for(current: &Current, caller: &Caller, now: i64) -> (Recipient, Arc<Slice>) {
    let (bundle, address) = (&current.bundle, caller.address);
    let found = address.map_or(Resolved::default(), |address| by_address(bundle, address));
    let recipient = recipient(bundle, resolve_found(bundle, &caller.visit(now), found));
    (recipient, current.slices.get(bundle, recipient, address, now))
}

async fn slice(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let now = clock();
    let current = match in_use(&shared, now) {
        Ok(current) => current,
        Err(answer) => return *answer,
    };
    let caller = Caller::of(&shared, &headers, peer);
    let (recipient, slice) = slice_for(&current, &caller, now);
    if slice.bytes.len() > SLICE_BYTE_MAX {
        // `nameplate check` says whose it is, and why.
        return problem(StatusCode::INTERNAL_SERVER_ERROR, "the slice is larger than browsers are given");
    }
    shared.metrics.sliced(recipient);
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))];
    let mut answer = (kind, private(), slice.bytes.clone()).into_response();
    let said = answer.headers_mut();
    said.extend(caller.keeping(&current.bundle, now).map(|cookie| (header::SET_COOKIE, cookie)));
    let told = told(&current.bundle, &caller.visit(now)).text();
    if let Some(told) = Some(told).filter(|told| !told.is_empty()).and_then(|told| HeaderValue::from_str(&told).ok()) {
        said.insert(TOLD, told);
        said.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("np-told"));
    }
    answer
}

async fn decision(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return too_long(rejection),
    };
    let visit = match parse_visit(&body) {
        Ok(visit) => visit,
        Err(text) => return problem(StatusCode::BAD_REQUEST, &text),
    };
    let now = clock();
    let current = match in_use(&shared, now) {
        Ok(current) => current,
        Err(answer) => return *answer,
    };
    let visit = Visit { now: visit.now.or(Some(now)), ..visit };
    let caller = Caller::of(&shared, &headers, peer);
    match has_key(&shared, &headers) {
        Some(true) => decide_whole(&shared, &current, &caller, visit),
        Some(false) => problem(StatusCode::UNAUTHORIZED, "that is not the key of this server"),
        None if speaks_for_others(&visit) => {
            let text = "only who shows the server's key may name `ip`, `account`, `emailDomain` or `attributes`";
            problem(StatusCode::FORBIDDEN, text)
        }
        None => {
            let agrees =
                !caller.objects && shared.read_cookies.as_ref().is_some_and(|consent| consent.is_given(&headers));
            decide_in_slice(&current, caller, visit, now, |names| cookie::told(&headers, names, agrees))
        }
    }
}

/// Whether a visit says who it is from by what anybody could say. A token is good or counts for nothing.
fn speaks_for_others(visit: &Visit) -> bool {
    let Visit { ip, account, email_domain, attributes, .. } = visit;
    ip.is_some() || account.is_some() || email_domain.is_some() || attributes.is_some()
}

fn too_long(rejection: BytesRejection) -> Response {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            problem(StatusCode::PAYLOAD_TOO_LARGE, &format!("expected at most {BODY_BYTE_MAX} bytes"))
        }
        status => problem(status, "the body ended early"),
    }
}

/// Whether the key that is shown is the operator's; `None` where none is shown. A password for the site's pages, which browsers send
/// along, is none. Digests are compared: how long that takes says nothing of the key.
fn has_key(shared: &Shared, headers: &HeaderMap) -> Option<bool> {
    let shown = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (_, shown) = shown.split_once(' ').filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"))?;
    Some(shared.key.as_ref().is_some_and(|key| Sha256::digest(shown.trim()) == Sha256::digest(key)))
}

/// Decides as the operator's own programs ask.
fn decide_whole(shared: &Shared, current: &Current, caller: &Caller, visit: Visit) -> Response {
    let mut visit = match caller.objects {
        true => {
            let Visit { url, referrer, now, visitor, .. } = visit;
            Visit { url, referrer, now, visitor, ..Visit::default() }
        }
        false => Visit { ip: visit.ip.or_else(|| caller.address.map(spell)), ..visit },
    };
    ask_databases(&current.bundle, &shared.databases, &mut visit);
    (private(), Json(decide(&current.bundle, &visit))).into_response()
}

/// An address as a visit brings it.
fn spell(address: Address) -> String {
    match address {
        Address::V4(bits) => Ipv4Addr::from_bits(bits).to_string(),
        Address::V6(bits) => Ipv6Addr::from_bits(bits).to_string(),
    }
}

/// Decides as the visitor's own page does, and says no more than that knows.
fn decide_in_slice(
    current: &Current,
    caller: Caller,
    mut visit: Visit,
    now: i64,
    cookies: impl Fn(&Names) -> Custom,
) -> Response {
    let token = visit.token.clone().filter(|_| !caller.objects).or(caller.token);
    let caller = Caller { token, ..caller };
    let (_, slice) = slice_for(current, &caller, now);
    let said = caller.visit(now);
    let told = told(&current.bundle, &said);
    visit.visitor.role = visit.visitor.role.or(told.role.map(str::to_owned));
    visit.visitor.campaign = visit.visitor.campaign.or(told.campaign.map(str::to_owned));
    let Some(bundle) = slice.bundle() else {
        return problem(StatusCode::INTERNAL_SERVER_ERROR, "the slice does not open");
    };
    // Whoever names some has read them where the server sees none.
    if visit.visitor.cookies == Custom::default() {
        visit.visitor.cookies = cookies(&bundle.site().names);
    }
    let account = bundle.site().accounts.get(0).map(|account| account.id().to_owned());
    (private(), Json(decide(bundle, &Visit { account, ..visit }))).into_response()
}

async fn events(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if Origin::of(&headers, shared.published.current().bundle.site()) == Origin::Foreign {
        return problem(StatusCode::FORBIDDEN, "only pages of the site's own hosts may send events");
    }
    let objects = Caller::of(&shared, &headers, peer).objects;
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return too_long(rejection),
    };
    match event::to_lines(&body, clock(), objects) {
        Ok((lines, count)) => {
            let taken = shared.sink.take(lines);
            shared.metrics.taken(taken, count);
            match taken {
                Taken::Written | Taken::Dropped => (StatusCode::NO_CONTENT, private()).into_response(),
                Taken::Refused => problem(StatusCode::SERVICE_UNAVAILABLE, "too many events wait to be written"),
            }
        }
        Err(text) => {
            shared.metrics.malformed();
            problem(StatusCode::BAD_REQUEST, &text)
        }
    }
}

async fn health(State(shared): State<Arc<Shared>>) -> Response {
    match in_use(&shared, clock()) {
        Ok(current) => (private(), Json(json!({ "status": "ok", "sha256": current.hash }))).into_response(),
        Err(answer) => *answer,
    }
}

async fn counters(State(shared): State<Arc<Shared>>) -> Response {
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], private(), metrics::page(&shared)).into_response()
}

async fn file(Path(name): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    asset::answer(&name, query.as_deref(), &headers)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::in_use;
    use crate::{
        bundle::{Class, Classes, Contents, SealKind, SecretKey, Statement, Trust, pack, seal},
        net::{ClientPolicy, geo::Databases},
        serve::{
            clock,
            decision::{
                Shared,
                metrics::Metrics,
                published::{Published, Source},
                sink::Sink,
            },
        },
    };

    #[test]
    fn a_bundle_that_expires_in_use_is_used_no_more() {
        let key = SecretKey::new(&[7; 32]);
        let (created, expires) = (clock(), clock() + 1_000);
        let (site, environment) = (String::new(), String::new());
        let said = Statement { kind: SealKind::Bundle, site, environment, counter: 1, created, expires };
        let nobody = Class { experiences: &[], line_items: &[] };
        let contents = Contents { classes: Classes::new([nobody].into_iter(), vec![0]), ..Contents::default() };
        let file = std::env::temp_dir().join(format!("nameplate-expiry-{}.npb", std::process::id()));
        std::fs::write(&file, seal(&pack(&contents), &said, &key).unwrap()).unwrap();
        let trust = Some(Trust { keys: vec![key.public()], ..Trust::default() });
        let published = Published::open(Source { file: file.clone(), trust, key: None, token_key: None }).unwrap();
        std::fs::remove_file(file).unwrap();
        let (client, databases) = (ClientPolicy::default(), Databases::default());
        let (sink, metrics) = (Sink::default(), Metrics::default());
        let read_cookies = None;
        let shared = Shared { published, keep_token: None, read_cookies, client, key: None, databases, sink, metrics };
        assert!(in_use(&shared, expires).is_ok());
        assert_eq!(in_use(&shared, expires + 1).unwrap_err().status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
