//! The preview server, as a child process, over plain TCP.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use nameplate::bundle::Bundle;
use serde_json::Value;

use crate::{
    http::{Answer, Stream, get, open},
    program::{Folder, command},
    site,
};

/// It has all that the small site names.
const HOME: &str = "<h1>Home</h1><p id=body>Text<p id=side>";

/// A preview of the small site; ends with the test.
struct Preview {
    child: Child,
    address: String,
    folder: Folder,
}

impl Preview {
    fn start(change: impl FnOnce(&Folder)) -> Self {
        let folder = Folder::with_site();
        let pages = "pages:\n  /: pages/index.html\n  /pricing: pages/pricing.html\n";
        folder.write("nameplate.yaml", format!("{}{pages}", site::SETTINGS));
        folder.write("pages/index.html", HOME);
        folder.write("pages/pricing.html", "<h1>Pricing</h1>");
        folder.write("assets/images/x.svg", "<svg/>");
        folder.write("secret.txt", "secret");
        change(&folder);
        let path = folder.path().to_str().unwrap();
        let mut command = command(&["preview", path, "--port", "0"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        // From here on the child is ended, whatever happens.
        let mut preview = Self { child, address: String::new(), folder };
        let mut line = String::new();
        BufReader::new(preview.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        preview.address = line.trim().strip_prefix("http://").unwrap().to_owned();
        // The first answer means that it watches, too.
        preview.state();
        preview
    }

    fn get(&self, path: &str) -> Answer {
        get(&self.address, path, &[])
    }

    fn state(&self) -> Value {
        let answer = self.get("/np/state");
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
        answer.json()
    }

    /// The state after `change`: asked for again until it is of a later generation and as expected.
    fn after(&self, change: impl FnOnce(&Folder), is_expected: impl Fn(&Value) -> bool) -> Value {
        let before = self.state()["generation"].as_u64();
        change(&self.folder);
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let state = self.state();
            if state["generation"].as_u64() > before && is_expected(&state) {
                return state;
            }
            assert!(Instant::now() < until, "{state}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_ok(state: &Value) -> bool {
    state["ok"] == true
}

#[test]
fn the_state_names_site_pages_and_client() {
    let preview = Preview::start(|_| {});
    let mut state = preview.state();
    assert!(state["generation"].take().as_u64() >= Some(1));
    let expect = serde_json::json!({
        "generation": null, "ok": true, "site": "Example", "pages": ["/", "/pricing"], "client": "127.0.0.1",
        "diagnostics": [], "problem": null,
    });
    assert_eq!(state, expect);
}

#[test]
fn the_bundle_opens_and_is_sent_once() {
    let preview = Preview::start(|_| {});
    let answer = preview.get("/np/site.npb");
    let bundle = Bundle::open(&answer.body).unwrap();
    assert_eq!(&*bundle.site().name, "Example");
    let tag = answer.header("etag").unwrap().to_owned();
    assert_eq!(tag, format!("\"{}\"", bundle.hash()));
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    let again = get(&preview.address, "/np/site.npb", &[("If-None-Match", &tag)]);
    assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(tag.as_str())));
    assert_eq!(get(&preview.address, "/np/site.npb", &[("If-None-Match", "\"other\"")]).status, 200);
}

#[test]
fn pages_and_assets_have_their_paths() {
    let preview = Preview::start(|_| {});
    let check = |path: &str, status: u16, body: &str, kind: &str| {
        let answer = preview.get(path);
        assert_eq!((answer.status, String::from_utf8_lossy(&answer.body).as_ref()), (status, body), "{path}");
        assert_eq!(answer.header("content-type"), Some(kind), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    };
    let html = "text/html; charset=utf-8";
    check("/site", 200, HOME, html);
    check("/site/", 200, HOME, html);
    check("/site/pricing?utm_source=x", 200, "<h1>Pricing</h1>", html);
    check("/images/x.svg", 200, "<svg/>", "image/svg+xml");
    check("/site/images/x.svg", 200, "<svg/>", "image/svg+xml");
    for path in ["/none", "/site/none", "/np/none.js", "/images/", "/pricing"] {
        assert_eq!(preview.get(path).status, 404, "{path}");
    }
}

#[test]
fn no_path_leads_out_of_the_assets() {
    let preview = Preview::start(|folder| {
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.join("secret.txt"), folder.join("assets/link.txt")).unwrap();
        folder.write("outside", "secret");
    });
    for path in [
        "/../secret.txt",
        "/images/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/images/%2e%2e/%2e%2e/secret.txt",
        "/site/../secret.txt",
        "/site/..%2f..%2fsecret.txt",
        "/site/%2e%2e/nameplate.yaml",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/..\\secret.txt",
        "/link.txt",
        "/site/link.txt",
        "/secret.txt",
        "/accounts.csv",
        "/site/accounts.csv",
        "/nameplate.yaml",
        "/%00",
        "/%ff",
    ] {
        let answer = preview.get(path);
        assert!([400, 404].contains(&answer.status), "{path} {}", answer.status);
        let body = String::from_utf8_lossy(&answer.body);
        assert!(!body.contains("secret") && !body.contains("root:") && !body.contains("Alder"), "{path} {body}");
    }
}

/// By DNS rebinding a page elsewhere could read the target list through its reader's browser.
#[test]
fn a_request_that_names_another_host_is_refused() {
    let preview = Preview::start(|_| {});
    let port = preview.address.rsplit(':').next().unwrap();
    for host in [
        "evil.example.org",
        &format!("evil.example.org:{port}"),
        "localhost.evil.example.org",
        "127.0.0.1.evil.example.org",
        "",
    ] {
        for path in ["/np/site.npb", "/np/state", "/np/changes", "/site/", "/images/x.svg", "/"] {
            let answer = get(&preview.address, path, &[("Host", host)]);
            assert_eq!(answer.status, 421, "{host} {path}");
            assert!(!String::from_utf8_lossy(&answer.body).contains("Example"), "{host} {path}");
        }
    }
    for host in ["localhost", &format!("localhost:{port}"), "127.0.0.1", "[::1]:80"] {
        assert_eq!(get(&preview.address, "/np/state", &[("Host", host)]).status, 200, "{host}");
    }
    let answer = get(&preview.address, "/np/state", &[("Origin", "https://evil.example.org")]);
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[test]
fn an_edit_is_told_to_all_who_listen() {
    let preview = Preview::start(|_| {});
    let listen = || {
        let stream = open(&preview.address, "/np/changes", &[]);
        assert_eq!((stream.answer.status, stream.answer.header("content-type")), (200, Some("text/event-stream")));
        stream
    };
    let (first, second) = (listen(), listen());
    let before = preview.get("/np/site.npb").header("etag").unwrap().to_owned();
    let state = preview
        .after(|folder| folder.write("experiences/hero.yaml", site::EXPERIENCE.replace("Hello", "Good day")), is_ok);
    let generation = state["generation"].as_u64().unwrap();
    for Stream { rest, .. } in [first, second] {
        // Chunk sizes stand between the lines.
        let mut lines = rest.lines().map(|line| line.unwrap());
        assert!(lines.any(|line| line == "event: change"));
        let data = lines.find_map(|line| line.strip_prefix("data: ").map(str::to_owned)).unwrap();
        assert!((1..=generation).contains(&data.parse().unwrap()), "{data}");
    }
    assert_ne!(preview.get("/np/site.npb").header("etag"), Some(before.as_str()));
}

#[test]
fn a_broken_source_keeps_the_last_good_bundle_until_it_is_repaired() {
    let preview = Preview::start(|_| {});
    let good = preview.get("/np/site.npb");
    let broken = site::EXPERIENCE.replace("account.tier", "account.teir");
    let state = preview.after(|folder| folder.write("experiences/hero.yaml", broken), |state| !is_ok(state));
    let found = &state["diagnostics"][0];
    assert_eq!(
        (&found["code"], &found["file"], &found["line"]),
        (&"R012".into(), &"experiences/hero.yaml".into(), &2.into())
    );
    assert_eq!(
        (&found["label"], &found["help"], &found["endColumn"], &found["related"]),
        (
            &"no such field on `account`".into(),
            &"a field with a similar name exists: `account.tier`".into(),
            &19.into(),
            &Value::Array(Vec::new())
        )
    );
    assert!(found["rendered"].as_str().unwrap().contains("account.teir"));
    assert_eq!((&state["site"], &state["pages"][1]), (&"Example".into(), &"/pricing".into()));
    assert_eq!(preview.get("/np/site.npb").body, good.body);
    assert_eq!(preview.get("/site/pricing").status, 200);
    let state = preview.after(|folder| folder.write("experiences/hero.yaml", site::EXPERIENCE), is_ok);
    assert_eq!(state["diagnostics"], Value::Array(Vec::new()));
    assert_eq!(preview.get("/np/site.npb").header("etag"), good.header("etag"));
}

#[test]
fn what_check_says_is_said_here_too() {
    let preview = Preview::start(|_| {});
    let over = site::EXPERIENCE.replace("priority: 500", "priority: 500\nschedule: { until: 2020-01-01 }");
    let has = |code: &'static str| {
        move |state: &Value| state["diagnostics"].as_array().unwrap().iter().any(|found| found["code"] == code)
    };
    let state = preview.after(|folder| folder.write("experiences/hero.yaml", over), has("L004"));
    assert_eq!(state["ok"], true);
    preview.after(|folder| folder.write("pages/index.html", "<h1>Home</h1>"), has("L016"));
}

#[test]
fn a_site_that_is_broken_from_the_start_has_no_bundle_yet() {
    let preview = Preview::start(|folder| folder.write("nameplate.yaml", "site: ["));
    let state = preview.state();
    assert_eq!(
        (&state["ok"], &state["site"], &state["pages"]),
        (&false.into(), &Value::Null, &Value::Array(Vec::new()))
    );
    assert_eq!(state["diagnostics"][0]["code"], "S003");
    assert_eq!(preview.get("/np/site.npb").status, 404);
    preview.after(|folder| folder.write("nameplate.yaml", site::SETTINGS), is_ok);
    assert!(Bundle::open(&preview.get("/np/site.npb").body).is_ok());
}

#[test]
fn a_new_file_and_a_deleted_one_are_changes() {
    let preview = Preview::start(|_| {});
    let experiences =
        |preview: &Preview| Bundle::open(&preview.get("/np/site.npb").body).unwrap().site().experiences.len();
    let other = site::EXPERIENCE.replace("hero", "other");
    preview.after(|folder| folder.write("experiences/other.yaml", other), |_| experiences(&preview) == 2);
    let delete = |folder: &Folder| std::fs::remove_file(folder.join("experiences/other.yaml")).unwrap();
    preview.after(delete, |_| experiences(&preview) == 1);
    let state =
        preview.after(|folder| std::fs::remove_file(folder.join("accounts.csv")).unwrap(), |state| !is_ok(state));
    assert_eq!(state["diagnostics"][0]["code"], "S001");
}
