//! Whatever a link brings as its token: it counts for nothing unless it is signed, and a signed one says what it was made to say.

#![cfg_attr(fuzzing, no_main)]

use nameplate::bundle::{Token, TokenKey};
use nameplate_fuzz::fuzz_target;

const NOW: i64 = 1_795_424_400;
const EXPIRES: i64 = NOW + 86_400;
const SITE: &str = "Example";

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let key = TokenKey::new(b"a text that nobody guesses").unwrap();
    assert!(key.read(SITE, text, Some(NOW)).is_err(), "{text:?}");
    let mut parts = text.split('\n');
    let [account, role, campaign] = std::array::from_fn(|_| parts.next().unwrap_or(""));
    let made = Token { account, role: Some(role), campaign: Some(campaign) };
    let token = key.sign(SITE, made, EXPIRES);
    if let Ok(read) = key.read(SITE, &token, Some(NOW)) {
        assert!([read.role, read.campaign].into_iter().flatten().all(Token::is_campaign), "{token:?}");
        // A dot is no letter of any part: with one in it the parts are others.
        if !text.contains('.') {
            let said = [read.account, read.role.unwrap_or(""), read.campaign.unwrap_or("")];
            assert_eq!(said, [account, role, campaign], "{token:?}");
        }
    }
    for (other, site) in [("another text that nobody guesses", SITE), ("a text that nobody guesses", "Other")] {
        let key = TokenKey::new(other.as_bytes()).unwrap();
        assert!(key.read(site, &token, Some(NOW)).is_err(), "{token:?}");
    }
    assert!(key.read(SITE, &token, Some(EXPIRES + 1)).is_err(), "{token:?}");
});
