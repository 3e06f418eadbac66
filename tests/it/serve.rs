//! The decision server over plain TCP: what it answers, to whom, and what it does when it is told to end.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use nameplate::{
    bundle::{Bundle, Recipient, slice},
    decide::decide,
    model::Visit,
};
use serde_json::{Value, json};

use crate::{
    http::{Answer, connect, head, read_head, send},
    program::{Folder, bundle_in, run},
    server::{ALDER, BIRCH, HERO, KEY, Server},
    site,
};

pub(crate) fn account(answer: &Answer) -> Option<String> {
    assert_eq!(answer.status, 200);
    let slice = Bundle::open(&answer.body).unwrap();
    slice.site().accounts.get(0).map(|account| account.id().to_owned())
}

fn header_of<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.header(name).unwrap_or("")
}

#[test]
fn a_visitor_gets_the_slice_of_his_account_and_no_cache_keeps_it() {
    let server = Server::start(&[]);
    let bundle = server.bundle();
    let answer = server.get("/np/slice", &[ALDER]);
    assert_eq!(answer.body, slice(&bundle, Recipient::Account { position: 0, content: true, ads: true }, None));
    assert_eq!(header_of(&answer, "content-type"), "application/octet-stream");
    assert_eq!(header_of(&answer, "cache-control"), "private, no-store");
    assert_eq!(header_of(&answer, "cdn-cache-control"), "no-store");
    assert_eq!(header_of(&answer, "surrogate-control"), "no-store");
    assert_eq!(header_of(&answer, "x-content-type-options"), "nosniff");
    assert_eq!(answer.header("etag"), None);
    let strangers = slice(&bundle, Recipient::Stranger, None);
    let nobody: &[&[(&str, &str)]] = &[&[("X-Forwarded-For", "8.8.8.8")], &[], &[("Forwarded", "for=132.186.88.7")]];
    for headers in nobody {
        assert_eq!(server.get("/np/slice", headers).body, strangers, "{headers:?}");
    }
    assert_eq!(account(&server.get("/np/slice?x=1", &[BIRCH])).as_deref(), Some("birch"));
    // The proxy's word counts, not the client's before it.
    let spoofed = [("X-Forwarded-For", "132.186.88.7, 8.8.8.8")];
    assert_eq!(server.get("/np/slice", &spoofed).body, strangers);
    let metrics = server.metrics();
    for sample in [
        "nameplate_slices_total{recipient=\"account\"} 2\n",
        "nameplate_slices_total{recipient=\"stranger\"} 4\n",
        "nameplate_requests_total{endpoint=\"slice\",status=\"2xx\"} 6\n",
        "nameplate_request_duration_seconds_count{endpoint=\"slice\"} 6\n",
        "nameplate_slices_kept 3\n",
        "nameplate_bundle_last_reload_successful 1\n",
    ] {
        assert!(metrics.contains(sample), "{sample}{metrics}");
    }
    for name in ["alder", "Alder", "birch", "Birch", "132.186"] {
        assert!(!metrics.contains(name), "{name}");
    }
    // What Prometheus cannot parse is a line that is neither.
    assert!(
        metrics.lines().all(|line| line.starts_with("# ") || line.rsplit_once(' ').unwrap().1.parse::<f64>().is_ok())
    );
}

#[test]
fn who_objects_is_a_stranger_everywhere() {
    let server = Server::start(&[]);
    let gpc = ("Sec-GPC", "1");
    assert_eq!(account(&server.get("/np/slice", &[ALDER, gpc])), None);
    assert_eq!(account(&server.get("/np/slice", &[ALDER, ("Sec-GPC", "0")])).as_deref(), Some("alder"));
    assert_eq!(server.post("/np/decide", &[ALDER, gpc], "{}").json()["account"], Value::Null);
    let bearer = format!("Bearer {KEY}");
    let keyed = [("Authorization", bearer.as_str()), gpc];
    assert_eq!(server.post("/np/decide", &keyed, r#"{"account":"alder"}"#).json()["account"], Value::Null);
    let event = r#"[{"id":"a","type":"x","account":"alder"}]"#;
    assert_eq!(server.post("/np/events", &[gpc], event).status, 204);
    assert_eq!(server.post("/np/events", &[], &event.replace("\"a\"", "\"b\"")).status, 204);
    let (_, folder) = server.end("-TERM");
    let events: Vec<Value> = fs::read_to_string(folder.join("events.ndjson"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!((&events[0]["id"], events[0].get("account")), (&json!("a"), None));
    assert_eq!((&events[1]["id"], &events[1]["account"]), (&json!("b"), &json!("alder")));
}

#[test]
fn anybody_may_ask_what_his_own_page_shows_and_no_more() {
    let server = Server::start(&[]);
    let answer = server.post("/np/decide", &[ALDER], r#"{"url":"https://www.example.com/"}"#);
    assert_eq!((answer.status, header_of(&answer, "cache-control")), (200, "private, no-store"));
    let decision = answer.json();
    assert_eq!(decision["slots"][0]["changes"][0]["value"], "Hello, Alder");
    assert_eq!(
        decision["account"],
        json!({ "id": "alder", "name": "Alder Bank AG", "shortName": null, "tier": null, "stage": null, "segments": [] })
    );
    assert_eq!(server.post("/np/decide", &[], "{}").json()["slots"][0]["changes"][0]["value"], "Hello, you");
    for body in [
        r#"{"ip":"132.186.88.7"}"#,
        r#"{"account":"alder"}"#,
        r#"{"attributes":{"name":"X"}}"#,
        r#"{"emailDomain":"x.example"}"#,
    ] {
        let answer = server.post("/np/decide", &[], body);
        assert_eq!(answer.status, 403, "{body}");
        assert_eq!(
            answer.json()["error"],
            "only who shows the server's key may name `ip`, `account`, `emailDomain` or `attributes`"
        );
    }
    for body in ["", "x", "[]", "1", r#"{"uri":"/"}"#, r#"{"now":"x"}"#, "{}{}"] {
        let answer = server.post("/np/decide", &[], body);
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.json()["error"].as_str().unwrap().starts_with("not a visit: "), "{body}");
    }
}

#[test]
fn with_the_key_a_program_may_ask_for_anybody() {
    let server = Server::start(&[]);
    let bearer = format!("bearer {KEY}");
    let keyed = [("Authorization", bearer.as_str())];
    let bundle = server.bundle();
    for visit in [
        json!({"ip": "132.186.88.7"}),
        json!({"account": "birch", "now": 7}),
        json!({"attributes": {"name": "X", "tier": 1}}),
        json!({}),
    ] {
        let mut expect: Visit = serde_json::from_value(visit.clone()).unwrap();
        expect.now = expect.now.or(Some(0));
        let answer = server.post("/np/decide", &keyed, &visit.to_string());
        assert_eq!(answer.json(), serde_json::to_value(decide(&bundle, &expect)).unwrap(), "{visit}");
    }
    // Without an address, that of who calls.
    let own = server.post("/np/decide", &[keyed[0], ALDER], "{}").json();
    assert_eq!((&own["account"]["tier"], &own["match"]["kind"]), (&json!(1), &json!("address")));
    for wrong in ["Bearer x", &format!("Bearer {KEY}0")] {
        assert_eq!(server.post("/np/decide", &[("Authorization", wrong)], "{}").status, 401, "{wrong}");
    }
    // A password for the site's pages is no key, and no wrong one.
    assert_eq!(server.post("/np/decide", &[("Authorization", "Basic eDp5")], "{}").status, 200);
}

#[test]
fn events_are_appended_without_addresses() {
    let server = Server::start(&[]);
    let event = |id: &str, more: &str| format!(r#"{{"id":"{id}","type":"exposure"{more}}}"#);
    let canary = ("X-Forwarded-For", "203.0.113.77");
    let batch = format!(
        "[{},{}]",
        event("a", r#","experience":"hero","bucket":17"#),
        event("b", r#","url":"/?ip=203.0.113.77""#)
    );
    for kind in ["application/json", "text/plain;charset=UTF-8"] {
        let answer =
            server.post("/np/events", &[canary, ("Content-Type", kind), ("Origin", "https://www.example.com")], &batch);
        assert_eq!((answer.status, answer.body.len()), (204, 0));
        assert_eq!(header_of(&answer, "access-control-allow-origin"), "https://www.example.com");
    }
    assert_eq!(server.post("/np/events", &[("Origin", "https://evil.example.org")], &batch).status, 403);
    assert_eq!(server.post("/np/events", &[canary], "[1]").json()["error"], "event 1: expected an object");
    // 64 KiB are taken, a byte more is not.
    let long = |length: usize| {
        let pad = " ".repeat(length - 2 - event("c", "").len());
        format!("[{}{pad}]", event("c", ""))
    };
    assert_eq!(server.post("/np/events", &[canary], &long(65_536)).status, 204);
    assert_eq!(server.post("/np/events", &[canary], &long(65_537)).status, 413);
    // Who moves the file away gets the next events in a new one.
    server.until(|server| {
        fs::read_to_string(server.folder.join("events.ndjson")).is_ok_and(|text| text.lines().count() == 5)
    });
    fs::rename(server.folder.join("events.ndjson"), server.folder.join("old.ndjson")).unwrap();
    assert_eq!(server.post("/np/events", &[canary], &format!("[{}]", event("d", ""))).status, 204);
    let metrics = server.metrics();
    assert!(metrics.contains("nameplate_events_total{result=\"written\"} 6\n"), "{metrics}");
    assert!(metrics.contains("nameplate_events_total{result=\"malformed\"} 1\n"), "{metrics}");
    let (status, folder) = server.end("-TERM");
    assert!(status.success());
    let [old, new, errors] =
        ["old.ndjson", "events.ndjson", "errors"].map(|file| fs::read_to_string(folder.join(file)).unwrap());
    let first: Value = serde_json::from_str(old.lines().next().unwrap()).unwrap();
    assert_eq!((&first["id"], &first["bucket"], &first["experience"]), (&json!("a"), &json!(17), &json!("hero")));
    assert!(first["received"].as_i64() > Some(1_700_000_000));
    assert_eq!((old.lines().count(), new.lines().count()), (5, 1));
    for text in [old, new, errors, metrics] {
        assert!(!text.contains("203.0.113"), "{text}");
    }
}

#[test]
fn only_pages_of_the_site_may_read_answers() {
    let server = Server::start(&[]);
    let own = ("Origin", "https://www.example.com");
    let foreign = ("Origin", "https://evil.example.org");
    for path in ["/np/slice", "/np/health", "/np/none"] {
        let answer = server.get(path, &[own]);
        assert_eq!(header_of(&answer, "access-control-allow-origin"), own.1);
        assert!(header_of(&answer, "vary").contains("origin"));
        assert_eq!(server.get(path, &[foreign]).header("access-control-allow-origin"), None);
    }
    let preflight = |origin: (&str, &str)| {
        let headers =
            [origin, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type")];
        send(&server.address, "OPTIONS /np/decide", &headers, b"")
    };
    let answer = preflight(own);
    assert_eq!((answer.status, header_of(&answer, "access-control-allow-headers")), (204, "content-type, np-token"));
    assert_eq!(header_of(&answer, "access-control-allow-origin"), own.1);
    assert_eq!(preflight(foreign).status, 403);
}

#[test]
fn methods_that_an_address_does_not_know_are_refused() {
    let server = Server::start(&[]);
    for (request, status, allow) in [
        ("HEAD /np/slice", 200, None),
        ("HEAD /np/health", 200, None),
        ("POST /np/slice", 405, Some("GET,HEAD")),
        ("GET /np/decide", 405, Some("POST")),
        ("DELETE /np/events", 405, Some("POST")),
        ("OPTIONS /np/slice", 405, Some("GET,HEAD")),
        ("GET /", 404, None),
        ("GET /np/", 404, None),
        ("GET /np/../secret", 404, None),
        ("GET /np/index.html", 404, None),
        ("GET /np/studio.js", 404, None),
        ("GET /np/edge.wasm", 404, None),
        ("GET /np/site.npb", 404, None),
        ("GET /np/slice/x", 404, None),
    ] {
        let answer = send(&server.address, request, &[ALDER], b"");
        assert_eq!((answer.status, answer.header("allow")), (status, allow), "{request}");
        assert!(!request.starts_with("HEAD") || answer.body.is_empty());
    }
    assert_eq!(server.get("/np/health", &[]).json(), json!({ "status": "ok", "sha256": server.bundle().hash() }));
}

#[test]
fn a_changed_bundle_is_used_and_a_damaged_one_is_not() {
    let server = Server::start(&[]);
    let file = server.folder.join("site.npb");
    let title = |server: &Server| {
        server.post("/np/decide", &[ALDER], "{}").json()["slots"][0]["changes"][0]["value"].as_str().unwrap().to_owned()
    };
    let bytes =
        |greeting: &str| site::bytes(&site::with(&[("experiences/hero.yaml", &HERO.replace("Hello", greeting))]));
    assert_eq!(title(&server), "Hello, Alder");
    // Moved into its place, as a deployment does.
    server.folder.write("next.npb", bytes("Welcome"));
    fs::rename(server.folder.join("next.npb"), &file).unwrap();
    server.until(|server| title(server) == "Welcome, Alder");
    // Damaged: written over, cut short, gone.
    let mut damaged = bytes("Bad");
    damaged[300] ^= 1;
    let reloads = "nameplate_bundle_reloads_total{result=\"bad\"}";
    for (number, damage) in (1..).zip([&damaged[..], &bytes("Bad")[..200], b""]) {
        fs::write(&file, damage).unwrap();
        server.until(|server| server.metrics().contains(&format!("{reloads} {number}\n")));
        assert_eq!(title(&server), "Welcome, Alder");
        assert!(server.metrics().contains("nameplate_bundle_last_reload_successful 0\n"));
    }
    fs::remove_file(&file).unwrap();
    server.until(|server| server.metrics().contains(&format!("{reloads} 4\n")));
    assert_eq!(server.get("/np/health", &[]).status, 200);
    assert_eq!(title(&server), "Welcome, Alder");
    // Behind a link to a folder that is replaced, as Kubernetes does.
    server.folder.write("v1/site.npb", bytes("Hi"));
    server.folder.write("v2/site.npb", bytes("Ahoy"));
    let link = |version: &str| {
        let (next, data) = (server.folder.join("next"), server.folder.join("data"));
        std::os::unix::fs::symlink(version, &next).unwrap();
        fs::rename(next, data).unwrap();
    };
    link("v1");
    std::os::unix::fs::symlink("data/site.npb", &file).unwrap();
    server.until(|server| title(server) == "Hi, Alder");
    link("v2");
    server.until(|server| title(server) == "Ahoy, Alder");
    assert!(server.metrics().contains("nameplate_bundle_last_reload_successful 1\n"));
    let errors = server.errors();
    assert!(errors.contains("site.npb: bundle section `header` at byte 12: expected the checksum"), "{errors}");
    assert!(errors.contains("stays in use") && errors.contains("is in use"), "{errors}");
}

#[test]
fn answers_do_not_mix_bundles_while_they_are_swapped() {
    let server = Server::start(&[]);
    let both = ["Hello", "Welcome"]
        .map(|greeting| site::bytes(&site::with(&[("experiences/hero.yaml", &HERO.replace("Hello", greeting))])));
    let expect = both.each_ref().map(|bytes| {
        slice(&Bundle::open(bytes).unwrap(), Recipient::Account { position: 0, content: true, ads: true }, None)
    });
    let hashes = both.each_ref().map(|bytes| Bundle::open(bytes).unwrap().hash());
    let is_done = AtomicBool::new(false);
    let seen = thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut seen = [0_usize; 2];
            while !is_done.load(Ordering::Relaxed) {
                let body = server.get("/np/slice", &[ALDER]).body;
                seen[expect.iter().position(|expect| *expect == body).expect("one of the two, whole")] += 1;
            }
            seen
        });
        for round in 1..8 {
            // In place, so that half a file is there to be read.
            fs::write(server.folder.join("site.npb"), &both[round % 2]).unwrap();
            server.until(|server| server.get("/np/health", &[]).json()["sha256"] == hashes[round % 2]);
        }
        is_done.store(true, Ordering::Relaxed);
        asking.join().unwrap()
    });
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}

#[test]
fn requests_in_flight_end_before_the_server_does() {
    for signal in ["-TERM", "-INT"] {
        let server = Server::start(&[]);
        let mut stream = connect(&server.address);
        stream
            .write_all(head(&server.address, "POST /np/decide", &[ALDER, ("Content-Length", "2")]).as_bytes())
            .unwrap();
        let idle = connect(&server.address);
        server.until(|server| server.metrics().contains("nameplate_requests_in_flight 2\n"));
        server.signal(signal);
        // Nobody new is let in.
        server_refuses(&server.address);
        stream.write_all(b"{}").unwrap();
        let mut answer = read_head(stream);
        assert_eq!(answer.answer.status, 200);
        // The connection ends with it.
        answer.rest.read_to_end(&mut answer.answer.body).unwrap();
        assert_eq!(answer.answer.json()["account"]["id"], "alder");
        drop(idle);
        let (status, _) = server.end("-0");
        assert!(status.success(), "{status}");
    }
}

#[test]
fn events_that_were_taken_in_are_written_before_the_server_ends() {
    let server = Server::start(&[]);
    // A pipe in the place of the file: what nobody reads stops the writing.
    let file = server.folder.join("events.ndjson");
    fs::remove_file(&file).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
    let pipe = fs::OpenOptions::new().read(true).write(true).open(&file).unwrap();
    let events = vec![format!(r#"{{"id":"a","type":"x","text":"{}"}}"#, "x".repeat(1_000)); 60].join(",");
    for _ in 0..4 {
        assert_eq!(server.post("/np/events", &[], &format!("[{events}]")).status, 204);
    }
    server.signal("-TERM");
    server_refuses(&server.address);
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || BufReader::new(pipe).lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    for number in 0..4 * 60 {
        assert!(lines.recv_timeout(Duration::from_secs(30)).is_ok(), "{number} events were written");
    }
    let (status, _) = server.end("-0");
    assert!(status.success());
}

fn server_refuses(address: &str) {
    let until = Instant::now() + Duration::from_secs(30);
    while std::net::TcpStream::connect(address).is_ok() {
        assert!(Instant::now() < until);
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_request_has_limits() {
    let server = Server::start(&["--connections", "2"]);
    let long = "x".repeat(20_000);
    assert_eq!(server.get("/np/slice", &[("X-Long", &long)]).status, 431);
    assert_eq!(server.get(&format!("/np/slice?{long}"), &[]).status / 100, 4);
    let many: Vec<(String, String)> = (0..100).map(|n| (format!("X-{n}"), "x".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(server.get("/np/slice", &many).status, 431);
    for request in ["x\r\n\r\n", "GET /np/slice HTTP/1.1\r\nbad header\r\n\r\n"] {
        let mut stream = connect(&server.address);
        stream.write_all(request.as_bytes()).unwrap();
        assert_eq!(read_head(stream).answer.status, 400);
    }
    assert_eq!(server.post("/np/decide", &[], &" ".repeat(65_537)).status, 413);
    // With two connections taken a third one waits, and is answered when one of them is gone.
    let [first, second] = [connect(&server.address), connect(&server.address)];
    let mut third = connect(&server.address);
    third.write_all(head(&server.address, "GET /np/health", &[("Connection", "close")]).as_bytes()).unwrap();
    third.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(third.read(&mut [0]).is_err());
    drop(first);
    third.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    assert_eq!(read_head(third).answer.status, 200);
    drop(second);
}

#[test]
fn who_asks_and_does_not_read_loses_his_connection() {
    let server = Server::start(&["--connections", "1"]);
    let mut deaf = connect(&server.address);
    // More answers than the system keeps for him; the server reads on as long as it can write.
    let requests = head(&server.address, "GET /np/site.key", &[]).repeat(100_000);
    let asking = thread::spawn(move || {
        let _ = deaf.write_all(requests.as_bytes());
        deaf
    });
    let mut other = connect(&server.address);
    other.write_all(head(&server.address, "GET /np/health", &[("Connection", "close")]).as_bytes()).unwrap();
    other.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    assert_eq!(read_head(other).answer.status, 200);
    drop(asking.join().unwrap());
}

#[test]
fn the_tags_files_are_known_by_their_content() {
    let server = Server::start(&[]);
    let answer = server.get("/np/tag.js", &[]);
    if answer.status == 404 {
        // Built without its browser files.
        assert!(String::from_utf8(answer.body).unwrap().contains("make build"));
        return;
    }
    assert_eq!(header_of(&answer, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(header_of(&answer, "cache-control"), "public, max-age=300");
    let entity = header_of(&answer, "etag");
    let version = entity.trim_matches('"');
    assert_eq!(version.len(), 16);
    let again = server.get("/np/tag.js", &[("If-None-Match", entity)]);
    assert_eq!((again.status, again.body.len(), header_of(&again, "etag")), (304, 0, entity));
    let named = server.get(&format!("/np/tag.js?v={version}"), &[]);
    assert_eq!(
        (header_of(&named, "cache-control"), &named.body),
        ("public, max-age=31536000, immutable", &answer.body)
    );
    let other = server.get("/np/tag.js?v=0000000000000000", &[]);
    assert_eq!(header_of(&other, "cache-control"), "no-store");
    assert_eq!(header_of(&server.get("/np/core.wasm", &[]), "content-type"), "application/wasm");
}

#[test]
fn serve_says_why_it_cannot_run() {
    let folder = Folder::new();
    let bundle = bundle_in(&folder, &site::with(&[]));
    folder.write("short", "x\n");
    folder.write("text", "no bundle");
    let [none, short, text, here] =
        ["none", "short", "text", ""].map(|file| folder.join(file).to_str().unwrap().to_owned());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().to_string();
    let free = "127.0.0.1:0";
    for (arguments, expect) in [
        (&[none.as_str()][..], "none: no such file or directory\n"),
        (&[&text], "text: bundle section `header` at byte 0: expected the magic `NPBUNDLE`: this is no bundle\n"),
        (&[&here], "expected a bundle, which `nameplate build` writes; found a folder\n"),
        (&[&bundle, "--listen", &port], "choose a port with --listen, or port 0 for a free one\n"),
        (&[&bundle, "--key", &none], "none: no such file or directory\n"),
        (
            &[&bundle, "--key", &short],
            "short: expected a key, at least 16 letters, digits or signs; `openssl rand -hex 32` makes one\n",
        ),
        (&[&bundle, "--listen", free, "--events", &here], ": is a directory\n"),
    ] {
        let ran = run(&[&["serve"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.err.starts_with("error: ") && ran.err.ends_with(expect), "{ran:?}");
    }
    for (option, value) in [("--listen", "8080"), ("--client-address", "x-client-ip"), ("--connections", "0")] {
        let ran = run(&["serve", &bundle, option, value]);
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.starts_with(&format!("error: invalid value '{value}' for '{option}")), "{ran:?}");
    }
}
