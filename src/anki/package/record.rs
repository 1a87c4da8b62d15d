//! Rows as `SQLite` stores them: the record format of its file format, section 2.1.

use std::borrow::Cow;

use super::btree::push_varint;

/// Stands between the fields of a note.
const FIELD_SEPARATOR: u8 = 0x1f;

/// Is a value of a row.
pub(super) enum Cell<'a> {
    /// Nothing; also the column that is the row's own id.
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a str),
    /// The fields of a note, as one text.
    Joined(&'a [Cow<'a, str>]),
}

/// Writes the record of a row to `out`, from its beginning.
pub(super) fn encode(cells: &[Cell<'_>], out: &mut Vec<u8>) {
    out.clear();
    out.push(0);
    for cell in cells {
        push_varint(out, serial_type(cell));
    }
    out[0] =
        u8::try_from(out.len()).ok().filter(|length| *length < 128).expect("few columns, a byte or two each");
    for cell in cells {
        match cell {
            Cell::Null => {}
            Cell::Integer(number) => {
                let bytes = number.to_be_bytes();
                out.extend_from_slice(&bytes[8 - width(*number)..]);
            }
            Cell::Real(number) => out.extend_from_slice(&number.to_be_bytes()),
            Cell::Text(text) => out.extend_from_slice(text.as_bytes()),
            Cell::Joined(fields) => {
                for (index, field) in fields.iter().enumerate() {
                    out.extend((index > 0).then_some(FIELD_SEPARATOR));
                    out.extend_from_slice(field.as_bytes());
                }
            }
        }
    }
}

fn serial_type(cell: &Cell<'_>) -> u64 {
    match cell {
        Cell::Null => 0,
        Cell::Integer(0) => 8,
        Cell::Integer(1) => 9,
        Cell::Integer(number) => match width(*number) {
            6 => 5,
            8 => 6,
            bytes => bytes as u64,
        },
        Cell::Real(_) => 7,
        Cell::Text(text) => of_text(text.len()),
        Cell::Joined(fields) => {
            let separators = fields.len().saturating_sub(1);
            of_text(separators + fields.iter().map(|field| field.len()).sum::<usize>())
        }
    }
}

fn of_text(length: usize) -> u64 {
    13 + 2 * length as u64
}

/// Returns in how many bytes an integer is stored; 0 and 1 need none.
fn width(number: i64) -> usize {
    if matches!(number, 0 | 1) {
        return 0;
    }
    let fits = |bits: u32| (-(1 << (bits - 1))..1 << (bits - 1)).contains(&number);
    [1, 2, 3, 4, 6].into_iter().find(|bytes| fits(8 * bytes)).map_or(8, |bytes| bytes as usize)
}
