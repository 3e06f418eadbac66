//! The decision server, as a child process, for tests to ask.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use nameplate::bundle::Bundle;

use crate::{
    http::{Answer, get, send},
    program::{Folder, PROGRAM},
    site,
};

/// A real address of alder, and one of birch with a confidence of 60.
pub(crate) const ALDER: (&str, &str) = ("X-Forwarded-For", "132.186.88.7");
pub(crate) const BIRCH: (&str, &str) = ("X-Forwarded-For", "134.244.29.7");
pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef";

/// Content and an ad for everybody, with the account's name in it.
pub(crate) const HERO: &str = "name: hero
when: 'true'
priority: 500
variants: [{ name: one, slots: { title: { text: 'Hello, {{account.short_name | you}}' } } }]
";

/// A server of the small site; ends with the test.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    pub(crate) folder: Folder,
}

impl Server {
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::start_with(&site::bytes(&site::with(&[("experiences/hero.yaml", HERO)])), options)
    }

    /// A server of this bundle.
    pub(crate) fn start_with(bundle: &[u8], options: &[&str]) -> Self {
        let folder = Folder::new();
        folder.write("site.npb", bundle);
        let bundle = folder.join("site.npb").to_str().unwrap().to_owned();
        folder.write("key", format!("{KEY}\n"));
        let (key, events, errors) = (folder.join("key"), folder.join("events.ndjson"), folder.join("errors"));
        let is_told = options.contains(&"--client-address");
        let client = if is_told { &[][..] } else { &["--client-address", "x-forwarded-for=1"] };
        let files = ["--key", key.to_str().unwrap(), "--events", events.to_str().unwrap()];
        let arguments = [&["serve", &bundle, "--listen", "127.0.0.1:0"], client, &files, options].concat();
        // A file that may not grow is then an error, as a full disk is, and no signal.
        let mut command = Command::new("sh");
        command.args(["-c", r#"trap '' XFSZ; exec "$0" "$@""#, PROGRAM]).args(&arguments).stdin(Stdio::null());
        let errors = fs::File::create(errors).unwrap();
        let child = command.stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        // From here on the child is ended, whatever happens.
        let mut server = Self { child, address: String::new(), folder };
        let mut line = String::new();
        BufReader::new(server.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        server.address = line.trim().strip_prefix("http://").unwrap().to_owned();
        server
    }

    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        get(&self.address, path, headers)
    }

    pub(crate) fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        send(&self.address, &format!("POST {path}"), headers, body.as_bytes())
    }

    pub(crate) fn bundle(&self) -> Bundle {
        Bundle::open(&fs::read(self.folder.join("site.npb")).unwrap()).unwrap()
    }

    pub(crate) fn metrics(&self) -> String {
        String::from_utf8(self.get("/np/metrics", &[]).body).unwrap()
    }

    pub(crate) fn errors(&self) -> String {
        fs::read_to_string(self.folder.join("errors")).unwrap()
    }

    /// Waits until it is so.
    pub(crate) fn until(&self, is_so: impl Fn(&Self) -> bool) {
        let until = Instant::now() + Duration::from_secs(30);
        while !is_so(self) {
            assert!(Instant::now() < until, "{}\n{}", self.errors(), self.metrics());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sends a signal; how the program ended.
    pub(crate) fn end(mut self, signal: &str) -> (ExitStatus, Folder) {
        self.signal(signal);
        let status = self.child.wait().unwrap();
        (status, std::mem::replace(&mut self.folder, Folder::new()))
    }

    /// No file may grow beyond so many bytes; or `unlimited`.
    pub(crate) fn limit_files(&self, bytes: &str) {
        let (whom, limit) = (self.child.id().to_string(), format!("--fsize={bytes}:"));
        assert!(Command::new("prlimit").args(["--pid", &whom, &limit]).status().unwrap().success());
    }

    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
