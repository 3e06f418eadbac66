//! A CSV file that people keep: a header, and cells that are known by the name of their column.

use csv::{ReaderBuilder, StringRecord, Trim, WriterBuilder};

use crate::recognise::{ReadError, read_error::quoted};

/// The rows below a header.
pub(super) struct Sheet<const COLUMNS: usize> {
    rows: Vec<(u64, StringRecord)>,
    places: [Option<usize>; COLUMNS],
}

/// One row: its line, and its cells in the order in which the columns were asked for.
pub(super) type Row<'a, const COLUMNS: usize> = (u64, [&'a str; COLUMNS]);

impl<const COLUMNS: usize> Sheet<COLUMNS> {
    /// Reads these columns, in any order; each that is not `optional` must be there, and no other.
    pub(super) fn read(text: &[u8], columns: [&str; COLUMNS], optional: &[&str]) -> Result<Self, ReadError> {
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(text);
        let header = reader.headers()?.clone();
        let place = |name: &str| header.iter().position(|known| known == name);
        let places = columns.map(place);
        let missing = columns.iter().zip(places).find(|(name, place)| place.is_none() && !optional.contains(name));
        let unknown = header.iter().find(|name| !columns.contains(name));
        let problem = match (missing, unknown) {
            (Some((name, _)), _) => format!("the header has no column `{name}`"),
            (None, Some(name)) => format!("the header has a column {}", quoted(name)),
            (None, None) => {
                let rows = reader.into_records().map(|record| record.map(|record| (line(&record), record)));
                return Ok(Self { rows: rows.collect::<Result<_, _>>()?, places });
            }
        };
        Err(ReadError::in_line(1, format!("{problem}; expected `{}`", columns.join(","))))
    }

    /// One by one; a cell of a column that is not there is empty.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_, COLUMNS>> {
        self.rows.iter().map(|(line, record)| {
            let cells = self.places.map(|place| place.and_then(|place| record.get(place)).unwrap_or_default());
            (*line, cells.map(without_guard))
        })
    }
}

fn line(record: &StringRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

/// The text of a file with this header and these rows.
pub(super) fn write(header: impl Iterator<Item = &'static str>, rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    // Memory takes all that is written to it.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(row.into_iter().map(guarded));
    }
    writer.into_inner().unwrap_or_default()
}

/// A spreadsheet takes a text that begins so for a formula, and what a database says may have been put there for that.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn guarded(cell: String) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell }
}

fn without_guard(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(cell)
}
