//! CSV with a place for every cell.

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::compile::{
    code::Code,
    diagnostic::{Diagnostics, Span},
    source::Source,
    yaml::Word,
};

/// The rows of a CSV file under its header.
pub(super) struct Sheet<'a> {
    source: Source<'a>,
    header: Vec<String>,
    header_span: Span,
    rows: Vec<Row>,
}

/// One row that has as many cells as the header.
pub(super) struct Row {
    record: StringRecord,
    start: usize,
}

impl<'a> Sheet<'a> {
    /// Reads the file. Rows with more or fewer cells than the header are reported under `code` and left out, and so is
    /// everything behind one that cannot be read at all.
    pub(super) fn read(source: Source<'a>, code: Code, log: &mut Diagnostics) -> Self {
        let text = source.text.strip_prefix('\u{feff}').unwrap_or(source.text);
        let skipped = source.text.len() - text.len();
        let mut reader = ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(text.as_bytes());
        let header: Vec<String> = match reader.headers() {
            Ok(header) => header.iter().map(str::to_owned).collect(),
            Err(error) => {
                log.error(code, source.span(), format!("the header cannot be read: {error}"));
                Vec::new()
            }
        };
        let header_span = Span { start: skipped, end: skipped + line_length(text), ..source.span() };
        let mut sheet = Self { source, header, header_span, rows: Vec::new() };
        for record in reader.into_records() {
            match record {
                Ok(record) => sheet.push(record, skipped, code, log),
                Err(error) => {
                    log.error(code, sheet.header_span, format!("a row cannot be read: {error}"));
                }
            }
        }
        sheet
    }

    fn push(&mut self, record: StringRecord, skipped: usize, code: Code, log: &mut Diagnostics) {
        let start = record.position().and_then(|place| usize::try_from(place.byte()).ok()).unwrap_or(0) + skipped;
        let (expected, found) = (self.header.len(), record.len());
        let row = Row { record, start };
        if expected == found {
            self.rows.push(row);
            return;
        }
        let span = self.row_span(&row);
        log.error(code, span, format!("the row has {found} cells; the header has {expected}"))
            .related(self.header_span, "the header")
            .help("a cell with a comma in it stands in quotes: \"Goldman Sachs Group, Inc.\"");
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    pub(super) fn header_span(&self) -> Span {
        self.header_span
    }

    /// Where a column of this name is.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|known| known == name)
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The whole row.
    pub(super) fn row_span(&self, row: &Row) -> Span {
        // Blank lines before a row count to it.
        let rest = self.source.text.get(row.start..).unwrap_or("");
        let start = row.start + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        let rest = self.source.text.get(start..).unwrap_or("");
        Span { file: self.source.file, start, end: start + line_length(rest) }
    }

    /// The cell of a row, or `None` when it is empty.
    pub(super) fn cell(&self, row: &Row, column: usize) -> Option<Word> {
        let text = row.record.get(column).filter(|text| !text.is_empty())?;
        Some(Word { text: text.to_owned(), span: self.cell_span(row, column) })
    }

    /// Where a cell is. Looked for only when there is something to say of it, because the reader does not keep it.
    pub(super) fn cell_span(&self, row: &Row, column: usize) -> Span {
        let row_span = self.row_span(row);
        let text = self.source.text.get(row_span.start..).unwrap_or("");
        let (mut index, mut start, mut is_quoted) = (0, 0, false);
        for (offset, c) in text.char_indices() {
            match c {
                '"' => is_quoted = !is_quoted,
                ',' | '\r' | '\n' if !is_quoted => {
                    if index == column || c != ',' {
                        return Span { start: row_span.start + start, end: row_span.start + offset, ..row_span };
                    }
                    index += 1;
                    start = offset + 1;
                }
                _ => {}
            }
        }
        Span { start: row_span.start + start, end: row_span.start + text.len(), ..row_span }
    }
}

fn line_length(text: &str) -> usize {
    text.find(['\r', '\n']).unwrap_or(text.len())
}
