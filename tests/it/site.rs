//! A small site that compiles without a word; a test changes one file of it.

use std::path::Path;

use nameplate::{
    bundle::{Bundle, pack},
    compile::{Compiled, Sources, compile, flatten},
};

pub(crate) const SETTINGS: &str = r##"site: Example
hosts: [www.example.com]
link_hosts: [cdn.example.net]
salt: test
accounts:
  file: accounts.csv
  columns:
    id: Id
    name: Name
    short_name: Short
    industry: Industry
    employees: Employees
    revenue: Revenue
    country: Country
    tier: Tier
    stage: Stage
    intent: Intent
    technologies: Tech
networks: networks.csv
segments:
  banks: account.industry == "Banking"
slots:
  title: { selector: h1, max_length: 40 }
  body: { selector: "#body" }
placements:
  side: { selector: "#side", sizes: [300x250] }
shared: shared.csv
"##;

/// `dogwood` has nothing but a name; `cedar`'s short name wants to break out of its place.
pub(crate) const ACCOUNTS: &str = r#"Id,Name,Short,Industry,Employees,Revenue,Country,Tier,Stage,Intent,Tech
alder,Alder Bank AG,Alder,Banking,84000,-5,Germany,1,customer,70,scada;historian
birch,Birch Chemicals,Birch,Chemicals,1200,900,France,2,target,10,
cedar,Cedar & Sons,"<b>""C&S""'","Steel, wide",,,,3,,,bms
dogwood,Dogwood,,,,,,,,,
"#;

/// The same settings and accounts with parents: cedar belongs to birch, and birch to alder. Conditions may read two cookies.
pub(crate) fn family() -> [(&'static str, String); 2] {
    let parents = [",Parent", ",", ",alder", ",birch", ","];
    let accounts = ACCOUNTS.lines().zip(parents).map(|(line, parent)| format!("{line}{parent}\n")).collect();
    let settings = SETTINGS.replace("    technologies:", "    parent: Parent\n    technologies:");
    let settings = format!("cookies: {{ plan: necessary, __Host-plan: consent }}\n{settings}");
    [("nameplate.yaml", settings), ("accounts.csv", accounts)]
}

/// Real prefixes, of data/site: an invented one would be reserved and could match nobody.
pub(crate) const NETWORKS: &str = "prefix,account,confidence,source
132.186.88.0/24,alder,90,AS400242 Example
134.244.0.0/16,alder,90,AS1 Example
134.244.29.0/24,birch,60,AS2 Example
2a00:1450:4001::/48,cedar,80,AS3 Example
";

/// Nothing is shared.
pub(crate) const SHARED: &str = "prefix,kind,source\n";

pub(crate) const EXPERIENCE: &str = "name: hero
when: account.tier == 1
priority: 500
variants:
  - name: one
    slots:
      title: { text: Hello }
";

pub(crate) const AD: &str = "name: offer
when: account.tier == 1
placements: [side]
priority: 700
creatives:
  - { name: box, size: 300x250, link: /plans, alt: Plans, headline: Plans }
";

/// The site's own files.
pub(crate) const FILES: [(&str, &str); 6] = [
    ("nameplate.yaml", SETTINGS),
    ("accounts.csv", ACCOUNTS),
    ("networks.csv", NETWORKS),
    ("shared.csv", SHARED),
    ("experiences/hero.yaml", EXPERIENCE),
    ("ads/offer.yaml", AD),
];

/// The site with some files put in, or in the place of its own.
pub(crate) fn with(files: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::default();
    for (path, text) in FILES.iter().chain(files) {
        sources.insert(*path, *text);
    }
    sources
}

/// Text in quotes that YAML reads, with escapes for all that an editor would not show.
pub(crate) fn quoted(text: &str) -> String {
    let letter = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        ' '..='~' => c.to_string(),
        other => format!("\\U{:08X}", u32::from(other)),
    };
    format!("\"{}\"", text.chars().map(letter).collect::<String>())
}

/// What is wrong with a site: `CODE line:column message`, without the file.
pub(crate) fn reports(sources: &Sources) -> Vec<String> {
    let diagnostics = compile(sources).diagnostics;
    let flat = diagnostics.iter().map(|found| flatten(found, sources));
    flat.map(|found| format!("{} {}:{} {}", found.code, found.place.line, found.place.column, found.message)).collect()
}

/// The sample site of the repository.
pub(crate) fn sample() -> Sources {
    Sources::read(&sample_folder()).unwrap()
}

/// Where it is.
pub(crate) fn sample_folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join("site")
}

/// The bytes of the bundle that `sources` make; they must be without errors.
pub(crate) fn bytes(sources: &Sources) -> Vec<u8> {
    let Compiled { contents, diagnostics, .. } = compile(sources);
    let rendered = || diagnostics.iter().map(|found| flatten(found, sources).rendered).collect::<Vec<_>>().join("\n");
    pack(&contents.unwrap_or_else(|| panic!("the site has errors:\n{}", rendered())))
}

/// The open bundle that `sources` make; they must be without errors.
pub(crate) fn bundle(sources: &Sources) -> Bundle {
    Bundle::open(&bytes(sources)).unwrap()
}
