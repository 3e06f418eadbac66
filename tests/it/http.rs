//! Just enough of HTTP/1.1 to ask our servers.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// An answer: status, headers in lower case, body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A request that was sent; its answer's head was read.
pub(crate) struct Stream {
    pub(crate) answer: Answer,
    pub(crate) rest: BufReader<TcpStream>,
}

/// The head of a request, with an empty line behind it.
pub(crate) fn head(address: &str, request: &str, headers: &[(&str, &str)]) -> String {
    let mut head = format!("{request} HTTP/1.1\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        head.push_str(&format!("Host: {address}\r\n"));
    }
    headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
    head + "\r\n"
}

pub(crate) fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Sends `GET path`, as it stands, with these header lines, and reads the head of the answer.
pub(crate) fn open(address: &str, path: &str, headers: &[(&str, &str)]) -> Stream {
    let mut stream = connect(address);
    let headers = [&[("Connection", "close")], headers].concat();
    stream.write_all(head(address, &format!("GET {path}"), &headers).as_bytes()).unwrap();
    read_head(stream)
}

/// Reads the head of an answer.
pub(crate) fn read_head(stream: TcpStream) -> Stream {
    let mut rest = BufReader::new(stream);
    let mut line = || {
        let mut line = String::new();
        rest.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    };
    let status = line().split(' ').nth(1).unwrap().parse().unwrap();
    let lines = std::iter::from_fn(|| Some(line()).filter(|line| !line.is_empty()));
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_ascii_lowercase(), value.trim().to_owned())
    });
    let answer = Answer { status, headers: headers.collect(), body: Vec::new() };
    Stream { answer, rest }
}

/// The whole answer to `GET path`. The server writes no chunks but for its event stream.
pub(crate) fn get(address: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let Stream { mut answer, mut rest } = open(address, path, headers);
    assert_eq!(answer.header("transfer-encoding"), None, "{path}");
    rest.read_to_end(&mut answer.body).unwrap();
    answer
}

/// The whole answer to a request with a body, `method` with a path behind it.
pub(crate) fn send(address: &str, request: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut stream = connect(address);
    let length = body.len().to_string();
    let headers = [&[("Connection", "close"), ("Content-Length", &length)], headers].concat();
    stream.write_all(head(address, request, &headers).as_bytes()).unwrap();
    // Who is refused may find the connection closed before all was said.
    let _ = stream.write_all(body);
    let Stream { mut answer, mut rest } = read_head(stream);
    rest.read_to_end(&mut answer.body).unwrap();
    answer
}
