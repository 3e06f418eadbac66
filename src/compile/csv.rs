//! CSV with a place for every cell.

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::{
    compile::{
        code::{self, Code},
        diagnostic::{Diagnostics, Span},
        source::Source,
        yaml::Word,
    },
    limit::STRING_BYTE_MAX,
};

/// The rows of a CSV file under its header.
pub(super) struct Sheet<'a> {
    source: Source<'a>,
    header: Vec<String>,
    header_span: Span,
    rows: Vec<Row>,
    misfits: Vec<Row>,
}

/// One row.
pub(super) struct Row {
    record: StringRecord,
    start: usize,
}

impl Row {
    /// Whether a cell goes over several lines: of a row that does not fit, they may be other rows.
    pub(super) fn spans_lines(&self) -> bool {
        self.record.iter().any(|cell| cell.contains('\n'))
    }
}

impl<'a> Sheet<'a> {
    /// Reads the file; `None` when it has no header. Rows with more or fewer cells than the header are reported under
    /// `code` and set apart.
    pub(super) fn read(source: Source<'a>, code: Code, log: &mut Diagnostics) -> Option<Self> {
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
        if header.is_empty() {
            log.error(
                code,
                source.span(),
                "the file is empty; expected a row with the names of the columns".to_owned(),
            );
            return None;
        }
        let header_span = Span { start: skipped, end: skipped + line_length(text), ..source.span() };
        if let [only] = header.as_slice()
            && let Some(sign) = [(";", "`;`"), ("\t", "tabs")].into_iter().find(|(sign, _)| only.contains(sign))
        {
            let start = header_span.start + text.find(sign.0).unwrap_or(0);
            log.error(code, Span { start, end: start + 1, ..header_span }, format!("the cells are separated by {}; expected commas", sign.1))
                .help("save it as `CSV UTF-8 (comma delimited)`; where the comma is the decimal sign, change the list separator");
            return None;
        }
        let mut sheet = Self { source, header, header_span, rows: Vec::new(), misfits: Vec::new() };
        for record in reader.into_records() {
            match record {
                Ok(record) => sheet.push(record, skipped, code, log),
                Err(error) => {
                    log.error(code, sheet.header_span, format!("a row cannot be read: {error}"));
                }
            }
        }
        Some(sheet)
    }

    fn push(&mut self, record: StringRecord, skipped: usize, code: Code, log: &mut Diagnostics) {
        let start = record.position().and_then(|place| usize::try_from(place.byte()).ok()).unwrap_or(0) + skipped;
        let (expected, found) = (self.header.len(), record.len());
        let row = Row { record, start };
        // Spreadsheets write one for each row that was emptied and not deleted.
        if row.record.iter().all(str::is_empty) {
            return;
        }
        if let Some(column) = row.record.iter().position(|cell| cell.len() > STRING_BYTE_MAX) {
            let span = self.cell_span(&row, column);
            let message = format!("the cell has {} bytes; at most {STRING_BYTE_MAX} fit", span.end - span.start);
            log.error(code::S009, Span { end: span.start, ..span }, message);
            self.misfits.push(row);
            return;
        }
        if expected == found {
            self.rows.push(row);
            return;
        }
        let span = self.row_span(&row);
        let help = "what begins with a quote goes on to the next quote, over lines too: is one missing?";
        let quote = row.spans_lines().then(|| help.to_owned());
        log.error(code, span, format!("the row has {found} cells; the header has {expected}"))
            .related(self.header_span, "the header")
            .help("a cell with a comma in it stands in quotes: \"Goldman Sachs Group, Inc.\"")
            .maybe_help(quote);
        self.misfits.push(row);
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    pub(super) fn header_span(&self) -> Span {
        self.header_span
    }

    /// The first column whose name is none of these, or the whole header where each is one.
    pub(super) fn stranger_span(&self, known: &[&str]) -> Span {
        let stranger = self.header.iter().position(|name| !known.contains(&name.as_str()));
        stranger.map_or(self.header_span, |column| self.nth_span(self.header_span, column))
    }

    /// Where a column of this name is.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|known| known == name)
    }

    /// The rows that have as many cells as the header.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows that have more or fewer.
    pub(super) fn misfits(&self) -> &[Row] {
        &self.misfits
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
        self.nth_span(self.row_span(row), column)
    }

    fn nth_span(&self, row_span: Span, column: usize) -> Span {
        let text = self.source.text.get(row_span.start..).unwrap_or("");
        let (mut index, mut start, mut is_quoted) = (0, 0, false);
        for (offset, c) in text.char_indices() {
            match c {
                // Only at its beginning does a quote open a cell; inside one that is not quoted it is a letter.
                '"' if is_quoted || offset == start => is_quoted = !is_quoted,
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
