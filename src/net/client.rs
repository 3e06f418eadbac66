//! Which address is the client's: the one that the operator's own proxies wrote, and no other.
//!
//! A header is what a caller writes, until a proxy that we trust has written into it. So there is one source, chosen by who runs the
//! server and knows what stands before it, and no second one to fall back on: a request that did not come the way it says has no
//! address, and its visitor is a stranger.

use std::str::FromStr;

use super::{Address, Nat64, Prefix};

/// Headers of one address: Cloudflare's; Akamai's, which Cloudflare can write too; Fastly's; nginx's; Vercel's.
pub const HEADERS: [&str; 5] =
    ["cf-connecting-ip", "true-client-ip", "fastly-client-ip", "x-real-ip", "x-vercel-forwarded-for"];

/// Where the client's address is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ClientSource {
    /// The other end of the connection: nothing stands before the server.
    #[default]
    Socket,
    /// A header of one address, which the network before the server overwrites: one of [`HEADERS`].
    Header(&'static str),
    /// `X-Forwarded-For`, to which every proxy appends whom it heard.
    XForwardedFor(Trusted),
    /// `Forwarded` (RFC 7239), to which every proxy appends whom it heard.
    Forwarded(Trusted),
}

/// Which entries of a list of forwarders are ours to believe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trusted {
    /// The last so many, at least one: as many proxies of ours append to the list, and the farthest of them heard the client.
    Hops(usize),
    /// Proxies of ours call from these prefixes; the client is the last in the list, the caller included, who does not. At least one.
    Prefixes(Vec<Prefix>),
}

/// What is expected of a [`ClientSource`] in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceError;

impl std::fmt::Display for SourceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "expected `socket`, a header of one address (`{}`), `x-forwarded-for=N` or `forwarded=N` with the number of your \
             proxies, or with their prefixes in the place of N: `x-forwarded-for=10.0.0.0/8,fd00::/8`",
            HEADERS.join("`, `")
        )
    }
}

impl std::error::Error for SourceError {}

impl FromStr for ClientSource {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, SourceError> {
        match text.split_once('=') {
            None if text == "socket" => Ok(Self::Socket),
            None => HEADERS.into_iter().find(|name| *name == text).map(Self::Header).ok_or(SourceError),
            Some(("x-forwarded-for", trusted)) => trusted.parse().map(Self::XForwardedFor),
            Some(("forwarded", trusted)) => trusted.parse().map(Self::Forwarded),
            _ => Err(SourceError),
        }
    }
}

impl FromStr for Trusted {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, SourceError> {
        if text.contains('/') {
            let prefixes = text.split(',').map(|prefix| Prefix::parse(prefix.trim()));
            return prefixes.collect::<Result<_, _>>().map(Self::Prefixes).map_err(|_| SourceError);
        }
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|hops| is_number && *hops > 0).map(Self::Hops).ok_or(SourceError)
    }
}

/// Whose address counts, and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientPolicy {
    /// Where it is.
    pub source: ClientSource,
    /// The translators before the server that write IPv4 addresses as IPv6.
    pub nat64: Vec<Nat64>,
}

impl ClientPolicy {
    /// As [`ClientSource::find`], with the IPv4 address in the place of one that a translator of ours wrote.
    #[must_use]
    pub fn find<'a>(
        &self,
        headers: impl IntoIterator<Item = (&'a str, &'a [u8])>,
        socket: Option<Address>,
    ) -> Option<Address> {
        let found = self.source.find(headers, socket)?;
        Some(self.nat64.iter().find_map(|translator| translator.translated(found)).unwrap_or(found))
    }
}

impl ClientSource {
    /// The client's address, or `None` where the request does not say it in the one way that counts. `headers` are the request's in
    /// their order, names in any case, repeated ones repeated; `socket` is the other end of the connection.
    #[must_use]
    pub fn find<'a>(
        &self,
        headers: impl IntoIterator<Item = (&'a str, &'a [u8])>,
        socket: Option<Address>,
    ) -> Option<Address> {
        // A header that is repeated is one list (RFC 9110).
        let list = |wanted: &str| {
            let is_wanted = |(name, _): &(&str, &[u8])| name.eq_ignore_ascii_case(wanted);
            headers.into_iter().filter(is_wanted).map(|(_, value)| value).collect::<Vec<_>>().join(&b", "[..])
        };
        match self {
            Self::Socket => socket,
            Self::Header(name) => bare(&list(name)),
            Self::XForwardedFor(trusted) => {
                let list = list("x-forwarded-for");
                trusted.last_foreign(&list.split(|byte| *byte == b',').map(entry).collect::<Vec<_>>(), socket)
            }
            Self::Forwarded(trusted) => {
                let (list, mut entries) = (list("forwarded"), Vec::new());
                // In other letters hosts do not agree what stands there.
                forwarded(std::str::from_utf8(&list).ok().filter(|text| text.is_ascii())?, &mut entries)?;
                trusted.last_foreign(&entries, socket)
            }
        }
    }
}

impl Trusted {
    /// The client among those that proxies heard, the latest last. `None` stands for somebody without an address.
    fn last_foreign(&self, entries: &[Option<Address>], socket: Option<Address>) -> Option<Address> {
        match self {
            Self::Hops(hops) => {
                entries.len().checked_sub(*hops).and_then(|client| entries.get(client).copied().flatten())
            }
            Self::Prefixes(prefixes) => {
                let is_ours = |address: Address| prefixes.iter().any(|prefix| prefix.contains(address));
                // Who is none of our proxies can write what he likes.
                socket.filter(|caller| is_ours(*caller))?;
                let foreign = |entry: &&Option<Address>| !entry.is_some_and(is_ours);
                entries.iter().rev().find(foreign).copied().flatten()
            }
        }
    }
}

/// An address with nothing around it but blanks.
fn bare(bytes: &[u8]) -> Option<Address> {
    let text = std::str::from_utf8(bytes).ok()?.trim_matches([' ', '\t']);
    // Address::parse passes over more of them.
    Address::parse(text).filter(|_| !text.contains(char::is_whitespace))
}

/// The address of an entry of `X-Forwarded-For`.
fn entry(bytes: &[u8]) -> Option<Address> {
    node(std::str::from_utf8(bytes).ok()?.trim_matches([' ', '\t']))
}

/// The address of somebody who is named by address, with or without a port; IPv6 in brackets, where a port follows. Names that hide
/// somebody (`unknown`, `_hidden`) have none.
fn node(text: &str) -> Option<Address> {
    let (address, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, behind) = rest.split_once(']')?;
            address.contains(':').then_some(())?;
            (address, if behind.is_empty() { None } else { Some(behind.strip_prefix(':')?) })
        }
        // One colon is before a port; more are IPv6.
        None => match text.split_once(':') {
            Some((address, port)) if !port.contains(':') => (address, Some(port)),
            _ => (text, None),
        },
    };
    // Numbers are parsed with a sign, too.
    let is_port =
        |port: &str| port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    // Blanks are around a whole entry, and none inside.
    let is_tight = !address.contains([' ', '\t']);
    bare(address.as_bytes()).filter(|_| is_tight && port.is_none_or(is_port))
}

/// Adds whom the elements of one `Forwarded` header are `for`. `None` where the header is malformed anywhere: what stands behind an
/// unclosed quote could be anybody's.
fn forwarded(value: &str, entries: &mut Vec<Option<Address>>) -> Option<()> {
    let mut rest = value;
    loop {
        let mut found: Option<String> = None;
        loop {
            rest = blanks(rest);
            let end = rest.find(|c| !is_token(c)).unwrap_or(rest.len());
            let (name, behind) = rest.split_at_checked(end)?;
            rest = behind;
            // Lists may have empty elements, and elements empty pairs.
            if !name.is_empty() {
                let (text, behind) = pair_value(rest.strip_prefix('=')?)?;
                rest = behind;
                if name.eq_ignore_ascii_case("for") && found.replace(text).is_some() {
                    return None;
                }
            }
            rest = blanks(rest);
            match rest.strip_prefix(';') {
                Some(behind) => rest = behind,
                None => break,
            }
        }
        entries.push(found.as_deref().and_then(node));
        if rest.is_empty() {
            return Some(());
        }
        rest = rest.strip_prefix(',')?;
    }
}

/// A token or a quoted text, and what follows it.
fn pair_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        // No token may hold brackets and colons, but many proxies forget the quotes.
        let end = text.find(|c| !is_token(c) && !matches!(c, '[' | ']' | ':')).unwrap_or(text.len());
        let (value, behind) = text.split_at_checked(end)?;
        return (!value.is_empty()).then(|| (value.to_owned(), behind));
    };
    let mut value = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return Some((value, characters.as_str())),
            '\\' => value.push(characters.next()?),
            other => value.push(other),
        }
    }
}

fn blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// Whether a character may stand in a token (RFC 9110).
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}
