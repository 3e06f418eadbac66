//! Ranges as CSV lists them: first address, last address, number of the autonomous system, its organisation. The files of the
//! npm package `@ip-location-db/asn` are of this shape.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

use crate::{
    net::{Address, Holder, parse_asn},
    recognise::{Range, ReadError, read_error::quoted},
};

/// Bytes of a name. A longer one is most often a quote that nothing closes.
const NAME_BYTE_MAX: usize = 1_024;

/// Hands every range of a file to `found`, one by one, and returns how many there were.
///
/// A first line whose first cell is `start` is a header, and passed over.
///
/// # Errors
/// The first record that is none, with its line.
pub fn read_ranges(file: impl Read, mut found: impl FnMut(Range, &Holder)) -> Result<u64, ReadError> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let (mut record, mut holder, mut count) = (ByteRecord::new(), Holder::default(), 0);
    while reader.read_byte_record(&mut record)? {
        if count == 0 && record.get(0).is_some_and(|cell| cell.eq_ignore_ascii_case(b"start")) {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        let range = read(&record, &mut holder).map_err(|message| ReadError::in_line(line, message))?;
        found(range, &holder);
        count += 1;
    }
    Ok(count)
}

/// The range of a record; who holds it goes into `holder`, whose memory is used again.
fn read(record: &ByteRecord, holder: &mut Holder) -> Result<Range, String> {
    let [first, last, asn, name] = cells(record)?;
    let (from, to) = (address("first", first)?, address("last", last)?);
    let range = Range::new(from, to).ok_or_else(|| match (from, to) {
        (Address::V4(_), Address::V6(_)) | (Address::V6(_), Address::V4(_)) => {
            format!("the range goes from {} to {}; expected addresses of one family", quoted(first), quoted(last))
        }
        _ => format!("the range ends with {}, before it begins with {}", quoted(last), quoted(first)),
    })?;
    holder.asn = asn_of(asn)?;
    let organisation = holder.organisation.get_or_insert_default();
    organisation.clear();
    for word in name.split_whitespace() {
        if !organisation.is_empty() {
            organisation.push(' ');
        }
        organisation.push_str(word);
    }
    Ok(range)
}

fn cells(record: &ByteRecord) -> Result<[&str; 4], String> {
    let mut cells = [""; 4];
    if record.len() != cells.len() {
        return Err(format!("the record has {} cells; expected 4: start,end,asn,organisation", record.len()));
    }
    if let Some(long) = record.iter().map(<[u8]>::len).find(|length| *length > NAME_BYTE_MAX) {
        return Err(format!(
            "a cell has {long} bytes; expected at most {NAME_BYTE_MAX}; perhaps a quote is not closed"
        ));
    }
    for (cell, bytes) in cells.iter_mut().zip(record) {
        *cell = std::str::from_utf8(bytes)
            .map_err(|_| format!("{} is not UTF-8", quoted(&String::from_utf8_lossy(bytes))))?;
    }
    Ok(cells)
}

fn address(which: &str, cell: &str) -> Result<Address, String> {
    Address::parse(cell)
        .ok_or_else(|| format!("the {which} address is {}; expected one such as `192.0.2.0`", quoted(cell)))
}

/// `65550` or `AS65550`. An empty cell and 0 mean that no autonomous system announces the range.
fn asn_of(cell: &str) -> Result<Option<u32>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    parse_asn(cell)
        .map(|asn| Some(asn).filter(|asn| *asn > 0))
        .ok_or_else(|| format!("the number of the autonomous system is {}; expected digits", quoted(cell)))
}

#[cfg(test)]
mod tests {
    use super::read_ranges;

    fn read(text: &[u8]) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        let count = read_ranges(text, |range, holder| {
            let prefixes: Vec<String> = range.prefixes().map(|prefix| prefix.to_string()).collect();
            found.push(format!("{} {:?} {:?}", prefixes.join(" "), holder.asn, holder.organisation));
        });
        let count = count.map_err(|error| error.to_string())?;
        assert_eq!(count, found.len() as u64);
        Ok(found)
    }

    #[test]
    fn ranges_are_read_as_the_npm_package_writes_them() {
        let text = b"192.0.2.0,192.0.2.255,64500,\"Example, Inc.\"\n2001:db8::,2001:db8::1,64501,A  \"B\" C\r\n";
        let expect =
            ["192.0.2.0/24 Some(64500) Some(\"Example, Inc.\")", "2001:db8::/127 Some(64501) Some(\"A \\\"B\\\" C\")"];
        assert_eq!(read(text).unwrap(), expect);
        let with_header = [b"\xef\xbb\xbfstart,end,asn,organisation\n", &text[..]].concat();
        assert_eq!(read(&with_header).unwrap(), expect);
        assert_eq!(read(b"192.0.2.0,192.0.2.0,AS0,\n").unwrap(), ["192.0.2.0/32 None Some(\"\")"]);
        assert_eq!(read(b"").unwrap(), [""; 0]);
    }

    #[test]
    fn what_is_no_range_says_its_line_and_what_was_expected() {
        let check = |record: &[u8], expect: &str| {
            let text = [b"192.0.2.0,192.0.2.255,64500,Example\n", record].concat();
            assert_eq!(read(&text).unwrap_err(), format!("line 2: {expect}"), "{}", String::from_utf8_lossy(record));
        };
        check(b"192.0.2.0,192.0.2.1,64500\n", "the record has 3 cells; expected 4: start,end,asn,organisation");
        check(b"a,b,c,d,e\n", "the record has 5 cells; expected 4: start,end,asn,organisation");
        check(b"start,end,1,A\n", "the first address is `start`; expected one such as `192.0.2.0`");
        check(b"192.0.2.0/24,,1,A\n", "the first address is `192.0.2.0/24`; expected one such as `192.0.2.0`");
        check(b"192.0.2.0,192.0.2.256,1,A\n", "the last address is `192.0.2.256`; expected one such as `192.0.2.0`");
        check(b"192.0.2.9,192.0.2.1,1,A\n", "the range ends with `192.0.2.1`, before it begins with `192.0.2.9`");
        check(
            b"192.0.2.9,2001:db8::,1,A\n",
            "the range goes from `192.0.2.9` to `2001:db8::`; expected addresses of one family",
        );
        check(b"192.0.2.0,192.0.2.1,-1,A\n", "the number of the autonomous system is `-1`; expected digits");
        check(
            b"192.0.2.0,192.0.2.1,4294967296,A\n",
            "the number of the autonomous system is `4294967296`; expected digits",
        );
        check(b"192.0.2.0,192.0.2.1,1,Caf\xe9\n", "`Caf\u{fffd}` is not UTF-8");
        let open = [b"192.0.2.0,192.0.2.1,1,\"A\n".to_vec(), b"192.0.2.2,192.0.2.3,1,B\n".repeat(50)].concat();
        check(&open, "a cell has 1202 bytes; expected at most 1024; perhaps a quote is not closed");
        let zeros = [0; 5_000];
        check(&zeros, "the record has 1 cells; expected 4: start,end,asn,organisation");
    }
}
