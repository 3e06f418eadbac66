//! The file: the same site gives the same bytes, and no other bytes are taken for a bundle.

use nameplate::{
    bundle::{Bundle, OpenError, pack},
    compile::{Sources, compile},
    decide::{decide, explain},
    model::{AccountField, Value, Visit},
};
use proptest::prelude::{ProptestConfig, any, prop, proptest};

use crate::{forge::Forge, site};

/// A site that uses every kind of section, change, instruction and piece.
fn sources() -> Sources {
    let when = "(account.tier == 1 || account.industry in [\"Banking\", \"Steel, wide\"] || account.tier in [2, -3]) && \
        !(page.path.startsWith(\"/x\") || page.host.endsWith(\".y\") || page.url.contains(\"z\")) && has(account.name) && \
        account.known && (in_segment(\"banks\") || in_cidr(visitor.ip, \"192.0.2.0/24\") || \
        in_cidr(visitor.ip, \"2001:db8::/32\") || true || \"scada\" in account.technologies)";
    let hero = format!(
        "name: hero
when: '{when}'
priority: 500
schedule: {{ from: 2026-01-01 }}
test: {{ unit: visitor, holdout_percent: 7 }}
variants:
  - {{ name: control, weight: 3 }}
  - {{ name: away, redirect: '/a?b={{{{account.id | x}}}}' }}
  - name: one
    slots:
      title: {{ text: 'Hi {{{{account.name | you}}}}', attributes: {{ href: '/a?b={{{{account.id | x}}}}' }} }}
      body:
        html: '<b>{{{{account.tier | 0}}}}</b>'
        image: {{ src: /a.png, alt: A }}
        classes: {{ add: [big, wide], remove: small }}
        visible: false
        before: '<i>{{{{account.name | x}}}}</i>'
        after: <hr>
"
    );
    let framed = "  - { name: frame, size: 300x250, link: /plans, alt: Plans, html: '<style>b { color: red }</style><b>{{account.name | you}}</b>' }\n";
    let ad = site::AD.replace("headline", "image: /i.png, body: B, cta: C, headline") + framed;
    site::with(&[("experiences/hero.yaml", &hero), ("ads/offer.yaml", &ad)])
}

/// Visits that reach every part of a decision.
fn visits() -> Vec<Visit> {
    let visit = |text: &str| serde_json::from_str::<Visit>(text).unwrap();
    vec![
        Visit::default(),
        visit(r#"{"ip": "134.244.29.1", "now": 1790000000, "visitor": {"id": "v1", "visits": 3}}"#),
        visit(r#"{"account": "alder", "url": "https://www.example.com/x?utm_source=a", "now": 1790000000}"#),
        visit(
            r#"{"ip": "2a00:1450:4001::1", "referrer": "https://example.org/", "visitor": {"role": "user", "id": "v2"}}"#,
        ),
        visit(r#"{"account": "dogwood", "now": -1, "visitor": {"id": "v3"}}"#),
    ]
}

/// Opens bytes that may be no bundle; what opens must decide, and pack to a bundle of the same contents. What it decides need not
/// be what it explains: whoever forges the rules need not forge the classes that were made of them.
fn check_bytes(bytes: &[u8]) -> Result<Bundle, OpenError> {
    let bundle = Bundle::open(bytes)?;
    for visit in visits() {
        let _ = (explain(&bundle, &visit), decide(&bundle, &visit));
    }
    let _ = (bundle.index(), bundle.hash(), bundle.sections());
    assert_eq!(Bundle::open(&pack(bundle.contents())).unwrap().contents(), bundle.contents());
    Ok(bundle)
}

#[test]
fn the_same_sources_give_the_same_bytes() {
    let sources = site::sample();
    assert_eq!(site::bytes(&sources), site::bytes(&sources));
    assert_eq!(site::bytes(&sources), site::bytes(&Sources::read(&site::sample_folder()).unwrap()));
}

#[test]
fn the_order_in_which_files_come_does_not_matter() {
    let mut files = site::FILES;
    let expect = site::bytes(&site::with(&[]));
    for _ in 0..files.len() {
        files.rotate_left(1);
        let mut sources = Sources::default();
        files.iter().for_each(|(path, text)| sources.insert(*path, *text));
        assert_eq!(site::bytes(&sources), expect);
    }
}

#[test]
fn what_is_open_packs_to_the_same_bytes() {
    for sources in [site::with(&[]), sources(), site::sample()] {
        let bytes = site::bytes(&sources);
        let bundle = Bundle::open(&bytes).unwrap();
        assert_eq!(bundle.contents(), compile(&sources).contents.as_ref().unwrap());
        assert_eq!(pack(bundle.contents()), bytes);
        assert_eq!(bundle.size(), bytes.len());
    }
}

#[test]
fn every_truncation_is_refused() {
    let bytes = site::bytes(&sources());
    for length in 0..bytes.len() {
        assert!(Bundle::open(&bytes[..length]).is_err(), "{length}");
    }
    assert!(Bundle::open(&[&bytes[..], &[0]].concat()).is_err());
}

#[test]
fn every_change_of_a_byte_is_refused() {
    let mut bytes = site::bytes(&sources());
    for at in 0..bytes.len() {
        let own = bytes[at];
        for changed in [own ^ 1, own ^ 0x80, !own, own.wrapping_add(1)] {
            bytes[at] = changed;
            assert!(Bundle::open(&bytes).is_err(), "{at}");
        }
        bytes[at] = own;
    }
    assert!(Bundle::open(&bytes).is_ok());
}

/// The checksum is no secret: whoever changes a byte can also change that.
#[test]
fn a_changed_byte_under_a_right_checksum_is_no_panic() {
    let forge = Forge::of(&site::bytes(&sources()));
    let mut taken = 0;
    for (section, at) in forge.places() {
        for change in [1, 0x80, 0xff] {
            let mut forged = forge.clone();
            forged.sections[section].bytes[at] ^= change;
            taken += usize::from(check_bytes(&forged.bytes()).is_ok());
        }
    }
    assert!(taken > 0, "a changed letter of a text opens");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn many_changed_bytes_under_a_right_checksum_are_no_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 1..6),
        resize in prop::option::of((any::<prop::sample::Index>(), any::<bool>())),
    ) {
        let mut forge = FORGE.clone();
        for (section, at, byte) in changes {
            let bytes = &mut section.get_mut(&mut forge.sections).bytes;
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some((section, grows)) = resize {
            let bytes = &mut section.get_mut(&mut forge.sections).bytes;
            if grows { bytes.extend([0; 4]) } else { bytes.truncate(bytes.len() - 1) }
        }
        let _ = check_bytes(&forge.bytes());
    }

    #[test]
    fn random_bytes_are_no_bundle(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        assert!(Bundle::open(&bytes).is_err());
        assert!(Bundle::open(&[b"NPBUNDLE\x02\0\0\0", &bytes[..]].concat()).is_err());
    }
}

static FORGE: std::sync::LazyLock<Forge> = std::sync::LazyLock::new(|| Forge::of(&site::bytes(&sources())));

/// What the CRM knows and nothing needs at run time is in no bundle.
#[test]
fn a_bundle_carries_only_what_is_read() {
    let settings = site::SETTINGS.replace("account.industry == \"Banking\"", "account.revenue < 0");
    let check = |when: &str, text: &str, expect: [bool; 2]| {
        let hero = site::EXPERIENCE.replace("account.tier == 1", when).replace("Hello", text);
        let bundle = site::bundle(&site::with(&[("nameplate.yaml", &settings), ("experiences/hero.yaml", &hero)]));
        let alder = bundle.site().accounts.get(0).unwrap();
        let kept = [AccountField::Revenue, AccountField::Employees].map(|field| alder.get(field) != Value::Missing);
        assert_eq!(kept, expect, "{when} {text}");
        let view = decide(&bundle, &Visit { account: Some("alder".into()), ..Visit::default() }).account.unwrap();
        assert_eq!(view.segments.iter().map(|name| &**name).collect::<Vec<_>>(), ["banks"]);
    };
    check("in_segment('banks')", "Hello", [false, false]);
    check("in_segment('banks')", "'{{account.employees | many}}'", [false, true]);
    check("account.revenue == 5", "Hello", [true, false]);
}
