//! Who asks: what a request tells of its visitor. No address leaves this file but in the visit.

use std::{
    net::IpAddr,
    time::{SystemTime, UNIX_EPOCH},
};

use fastly::Request;
use nameplate::{
    model::{Visit, Visitor},
    net::{Address, ClientSource},
};

/// Where the client's address is. Where another network stands before Fastly, build with the name of the header that it writes:
/// `CLIENT_ADDRESS=cf-connecting-ip fastly compute publish`.
const CLIENT_ADDRESS: &str = match option_env!("CLIENT_ADDRESS") {
    Some(source) => source,
    None => "socket",
};

/// The page view that a request begins.
pub fn of(request: &Request) -> Visit {
    let text = |name: &str| request.get_header_str_lossy(name).map(|text| text.into_owned());
    Visit {
        ip: if objects(request) { None } else { address(request) },
        url: Some(request.get_url_str().to_owned()),
        referrer: text("referer"),
        now: SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|since| since.as_secs().try_into().ok()),
        visitor: Visitor {
            language: text("accept-language").and_then(|text| first_language(&text)),
            ..Visitor::default()
        },
        ..Visit::default()
    }
}

/// Global Privacy Control: who says so is a stranger in all.
fn objects(request: &Request) -> bool {
    request.get_header("sec-gpc").is_some_and(|value| value.as_bytes().trim_ascii() == b"1")
}

/// The client's address by the one source that counts.
fn address(request: &Request) -> Option<String> {
    let source: ClientSource = CLIENT_ADDRESS.parse().inspect_err(|error| eprintln!("CLIENT_ADDRESS: {error}")).ok()?;
    let headers = request.get_headers().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let socket = request.get_client_ip_addr().and_then(|ip| Address::parse(&ip.to_string()));
    source.find(headers, socket).map(|address| ip(address).to_string())
}

fn ip(address: Address) -> IpAddr {
    match address {
        Address::V4(bits) => IpAddr::V4(bits.into()),
        Address::V6(bits) => IpAddr::V6(bits.into()),
    }
}

fn first_language(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(text.len());
    text.get(..end).filter(|language| !language.is_empty()).map(str::to_owned)
}
