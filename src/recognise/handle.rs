//! Handles of autonomous systems: `SIEMENS-AS`, `AS-BOSCH`, `BASF_NET`. Whoever registers one chooses it, and it is no name.

/// Parts of a handle that say nothing of whose it is.
const SILENT: [&str; 33] = [
    "as", "asn", "net", "network", "ap", "apnic", "eu", "us", "uk", "de", "fr", "ch", "it", "in", "sg", "hk", "jp",
    "au", "ripe", "arin", "bb", "backbone", "core", "main", "isp", "peering", "dc", "dc1", "dc2", "inet", "internet",
    "corp", "global",
];

/// The handle that a holder's organisation begins with, and the name behind it: "SAP_DC SAP SE".
pub(super) fn split(organisation: &str) -> (Option<&str>, &str) {
    let organisation = organisation.trim();
    let (first, rest) = organisation.split_once(' ').unwrap_or((organisation, ""));
    if is_handle(first) || is_apart(first, rest) { (Some(first), rest) } else { (None, organisation) }
}

/// Whether a word is a handle by what stands behind it: "ROOT-HQ - ROOT, INC."
fn is_apart(word: &str, rest: &str) -> bool {
    rest.starts_with("- ") && word.contains('-') && !word.contains(char::is_lowercase)
}

/// Whether a word is a handle: it has an underscore, a part `AS` or `NET`, or is `AS` and a number.
fn is_handle(word: &str) -> bool {
    let is_one = |part: &str| !["AS", "ASN", "NET"].contains(&part);
    let is_silent = |part: &str| part == "NET" || part.starts_with("AS") && is_number(&part.to_lowercase());
    word.contains('_') || word.split('-').any(is_silent) && (word.contains('-') || is_one(word))
}

/// The parts of a handle that may name its holder.
pub(super) fn parts(handle: &str) -> Vec<String> {
    let parts = handle.split(['-', '_']).map(str::to_lowercase);
    parts.filter(|part| !SILENT.contains(&part.as_str()) && !is_number(part)).collect()
}

/// A number, or one that begins with `as`.
fn is_number(part: &str) -> bool {
    let digits = part.trim_start_matches("as").trim_start_matches('n');
    digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{parts, split};

    #[test]
    fn a_handle_is_told_from_a_name() {
        let check = |text: &str, expect: (Option<&str>, &str)| assert_eq!(split(text), expect, "{text}");
        check("SIEMENS-AS", (Some("SIEMENS-AS"), ""));
        check("AS-BOSCH", (Some("AS-BOSCH"), ""));
        check("BASF-NET", (Some("BASF-NET"), ""));
        check("SAP_DC SAP SE", (Some("SAP_DC"), "SAP SE"));
        check("AS64500 - Example", (Some("AS64500"), "- Example"));
        check("ISP-ASn5 Example S.p.A.", (Some("ISP-ASn5"), "Example S.p.A."));
        check("ROOT-HQ - ROOT, INC.", (Some("ROOT-HQ"), "- ROOT, INC."));
        check("CC-NA-01 - EXAMPLE INC.", (Some("CC-NA-01"), "- EXAMPLE INC."));
        check("EXAMPLE - INC.", (None, "EXAMPLE - INC."));
        check("COCA-COLA COMPANY", (None, "COCA-COLA COMPANY"));
        check("Coca-Cola - Bottlers", (None, "Coca-Cola - Bottlers"));
        check("Coca-Cola Company", (None, "Coca-Cola Company"));
        check("AS Roma", (None, "AS Roma"));
        check("ASML", (None, "ASML"));
    }

    #[test]
    fn what_is_left_of_a_handle_may_name_its_holder() {
        let check = |handle: &str, expect: &[&str]| assert_eq!(parts(handle), expect, "{handle}");
        check("SIEMENS-AS", &["siemens"]);
        check("DEUTSCHE-BANK-AS-AP", &["deutsche", "bank"]);
        check("AS64500", &[]);
        check("BASF-NET2-EU", &["basf", "net2"]);
    }
}
