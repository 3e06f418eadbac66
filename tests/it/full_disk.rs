//! A disk that is full, and has room again.

use std::fs;

use serde_json::Value;

use crate::server::Server;

#[test]
fn events_after_a_line_that_a_full_disk_has_cut_have_lines_of_their_own() {
    let server = Server::start(&[]);
    let file = server.folder.join("events.ndjson");
    let read = || fs::read_to_string(&file).unwrap();
    let post = |id: &str| {
        let answer = server.post("/np/events", &[], &format!(r#"[{{"id":"{id}","type":"exposure"}}]"#));
        assert_eq!(answer.status, 204);
    };
    post("before");
    server.until(|_| read().ends_with('\n'));

    let cut_at = read().len() + 20;
    server.limit_files(&cut_at.to_string());
    post("cut");
    server.until(|server| server.metrics().contains("nameplate_event_batches_lost_total 1\n"));
    assert_eq!(read().len(), cut_at);

    server.limit_files("unlimited");
    post("after");
    server.until(|_| read().ends_with('\n'));
    let ids: Vec<_> = read()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).ok().and_then(|event| Some(event["id"].as_str()?.to_owned())))
        .collect();
    assert_eq!(ids, [Some("before".to_owned()), None, Some("after".to_owned())]);
}
