//! Tables as `SQLite` stores them: the pages of a table whose rows come in ascending order, made on all threads.
//!
//! `SQLite` inserts one row after the other on one thread, and no page can be compressed before the last row is in. It still makes
//! the database, its schema and all small tables; only the rows of `notes` and `cards` are laid out here, after sections 1.6 and 2
//! of its file format. Tests let it check the result, and import packages into Anki.

use rayon::prelude::{IntoParallelIterator as _, ParallelExtend as _, ParallelIterator as _};

/// The size of a page, in bytes.
pub(super) const PAGE: usize = 16384;

/// How many children an inner page has at most; it has room for more, whatever the row ids.
const CHILDREN: usize = 1000;

/// The most that a leaf holds of a row, and the least of one that goes on in overflow pages (section 1.6).
const MOST_LOCAL: usize = PAGE - 35;
const LEAST_LOCAL: usize = (PAGE - 12) * 32 / 255 - 23;

const LEAF: u8 = 13;
const INNER: u8 = 5;

/// Turns whole pages into a part of the file: compressed, or as they are.
pub(super) type Pack<'f, P> = &'f (dyn Fn(Vec<u8>) -> P + Sync);

/// Is a run of a table's leaves, with the overflow pages of their rows.
#[derive(Default)]
pub(super) struct Run {
    pages: Vec<u8>,
    /// For each leaf its place among the pages, from 0, and the id of its last row.
    leaves: Vec<(usize, i64)>,
    /// Where the pages hold the number of a page; they are written as places in this run, from 0.
    links: Vec<usize>,
    /// How much room the last leaf has.
    free: usize,
    /// The lengths before a record, as they stand in its cell.
    head: Vec<u8>,
}

impl Run {
    /// Begins a run of rows that need about so many bytes.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { pages: Vec::with_capacity(bytes / PAGE * PAGE), ..Self::default() }
    }

    /// Adds a row, whose id is higher than those before it.
    pub(super) fn push(&mut self, id: i64, record: &[u8]) {
        let (local, rest) = record.split_at(local(record.len()));
        self.head.clear();
        push_varint(&mut self.head, record.len() as u64);
        push_varint(&mut self.head, id.cast_unsigned());
        let length = self.head.len() + local.len() + if rest.is_empty() { 0 } else { 4 };
        if self.leaves.is_empty() || self.free < length + 2 {
            self.leaves.push((self.pages.len() / PAGE, id));
            add_page(&mut self.pages, LEAF);
            self.free = PAGE - 8;
        }
        self.free -= length + 2;
        let leaf = self.leaves.last_mut().expect("there is one now");
        leaf.1 = id;
        let start = leaf.0 * PAGE;
        // The record goes straight to its page: to copy it to a cell of its own first would double the work.
        let overflow = if rest.is_empty() { None } else { Some(number(self.pages.len() / PAGE)) };
        let link = overflow.as_ref().map_or(&[][..], |link| link);
        let at = add_cell(&mut self.pages[start..start + PAGE], 8, &[&self.head, local, link]);
        if overflow.is_some() {
            self.links.push(start + at + length - 4);
            self.overflow(rest);
        }
    }

    /// Writes what a leaf does not hold, a page linked to the next.
    fn overflow(&mut self, mut rest: &[u8]) {
        while !rest.is_empty() {
            let (part, more) = rest.split_at(rest.len().min(PAGE - 4));
            let start = self.pages.len();
            let next = if more.is_empty() {
                [0; 4]
            } else {
                self.links.push(start);
                number(start / PAGE + 1)
            };
            self.pages.extend_from_slice(&next);
            self.pages.extend_from_slice(part);
            self.pages.resize(start + PAGE, 0);
            rest = more;
        }
    }

    /// Ends the run. Its pages are packed at once, while they are at hand, unless their place in the file has to be known first.
    pub(super) fn end<P>(self, pack: Pack<'_, P>) -> Ended<P> {
        let Run { pages, leaves, links, free: _, head: _ } = self;
        let count = pages.len() / PAGE;
        // The only leaf of a table becomes a part of the head.
        let pages = if links.is_empty() && leaves.len() > 1 {
            Pages::Packed(pack(pages))
        } else {
            Pages::Plain { pages, links }
        };
        Ended { pages, count, leaves }
    }
}

/// Is a run that is complete.
pub(super) struct Ended<P> {
    pages: Pages<P>,
    /// How many pages these are.
    count: usize,
    leaves: Vec<(usize, i64)>,
}

enum Pages<P> {
    Packed(P),
    Plain { pages: Vec<u8>, links: Vec<usize> },
}

impl<P> Pages<P> {
    /// Writes the numbers of pages into links; `base` is the number of the run's first page.
    fn settle(&mut self, base: usize) {
        if let Pages::Plain { pages, links } = self {
            for link in links.drain(..) {
                let place =
                    pages[link..].first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes) as usize);
                pages[link..link + 4].copy_from_slice(&number(base + place));
            }
        }
    }

    /// Returns the first page, without which the others stay.
    fn take_first(&mut self) -> Option<Vec<u8>> {
        match self {
            Pages::Packed(_) => unreachable!("a run of one leaf is not packed"),
            Pages::Plain { pages, .. } if pages.is_empty() => None,
            Pages::Plain { pages, .. } => {
                let rest = pages.split_off(PAGE);
                Some(std::mem::replace(pages, rest))
            }
        }
    }

    fn pack(self, pack: Pack<'_, P>) -> Option<P> {
        match self {
            Pages::Packed(part) => Some(part),
            Pages::Plain { pages, .. } => Some(pages).filter(|pages| !pages.is_empty()).map(pack),
        }
    }
}

/// Is a database file to which tables are added: the head that SQLite wrote, and what follows it, packed.
pub(super) struct File<'f, P> {
    head: Vec<u8>,
    parts: Vec<P>,
    /// How many pages there are so far.
    count: usize,
    pack: Pack<'f, P>,
}

impl<'f, P: Send> File<'f, P> {
    /// Begins with a whole file, whose large tables are empty.
    pub(super) fn new(head: Vec<u8>, pack: Pack<'f, P>) -> Self {
        let count = head.len() / PAGE;
        File { head, parts: Vec::new(), count, pack }
    }

    /// Adds a table's rows; its empty root is page `root` of the head.
    pub(super) fn append(&mut self, root: usize, runs: Vec<Ended<P>>) {
        let root = (root - 1) * PAGE..root * PAGE;
        let single = runs.iter().map(|run| run.leaves.len()).sum::<usize>() == 1;
        let mut level: Vec<(usize, i64)> = Vec::new();
        let mut settled = Vec::with_capacity(runs.len());
        for Ended { mut pages, count, leaves } in runs {
            // Page numbers begin with 1. The only leaf of a table is its root, so that the pages behind it move up.
            let base = if single { self.count } else { self.count + 1 };
            pages.settle(base);
            level.extend(leaves.into_iter().map(|(place, id)| (base + place, id)));
            self.count += count;
            if single && let Some(leaf) = pages.take_first() {
                self.head[root.clone()].copy_from_slice(&leaf);
                self.count -= 1;
            }
            settled.push(pages);
        }
        self.parts.par_extend(settled.into_par_iter().filter_map(|pages| pages.pack(self.pack)));
        if level.len() < 2 {
            return;
        }
        let mut inner = Vec::new();
        while level.len() > CHILDREN {
            // Evenly, so that no page is left with one child.
            let size = level.len().div_ceil(level.len().div_ceil(CHILDREN));
            level = level
                .chunks(size)
                .map(|children| {
                    let start = inner.len();
                    add_page(&mut inner, INNER);
                    fill_inner(&mut inner[start..], children);
                    self.count += 1;
                    (self.count, children.last().map_or(0, |(_, id)| *id))
                })
                .collect();
        }
        let page = &mut self.head[root];
        page.fill(0);
        begin_page(page, INNER);
        fill_inner(page, &level);
        self.parts.extend(Some(inner).filter(|pages| !pages.is_empty()).map(self.pack));
    }

    /// Writes how many pages the database has into its header, and returns all parts in order.
    pub(super) fn finish(self) -> Vec<P> {
        let File { mut head, mut parts, count, pack } = self;
        head[28..32].copy_from_slice(&number(count));
        parts.insert(0, pack(head));
        parts
    }
}

fn add_page(pages: &mut Vec<u8>, kind: u8) {
    let start = pages.len();
    pages.resize(start + PAGE, 0);
    begin_page(&mut pages[start..], kind);
}

fn begin_page(page: &mut [u8], kind: u8) {
    page[0] = kind;
    set_half(page, 5, PAGE);
}

/// Adds a cell, in pieces, to a page whose header has that length, and returns where it stands.
fn add_cell(page: &mut [u8], header: usize, pieces: &[&[u8]]) -> usize {
    let count = half(page, 3);
    let at = half(page, 5) - pieces.iter().map(|piece| piece.len()).sum::<usize>();
    let mut end = at;
    for piece in pieces {
        page[end..end + piece.len()].copy_from_slice(piece);
        end += piece.len();
    }
    set_half(page, header + 2 * count, at);
    set_half(page, 3, count + 1);
    set_half(page, 5, at);
    at
}

/// Fills an inner page: each child but the last with the id of its last row.
fn fill_inner(page: &mut [u8], children: &[(usize, i64)]) {
    let Some((last, others)) = children.split_last() else { return };
    page[8..12].copy_from_slice(&number(last.0));
    let mut cell = Vec::with_capacity(13);
    for (child, id) in others {
        cell.clear();
        cell.extend_from_slice(&number(*child));
        push_varint(&mut cell, id.cast_unsigned());
        add_cell(page, 12, &[&cell]);
    }
}

fn half(page: &[u8], at: usize) -> usize {
    usize::from(u16::from_be_bytes([page[at], page[at + 1]]))
}

fn set_half(page: &mut [u8], at: usize, value: usize) {
    let value = u16::try_from(value).expect("a place in a page is below 16384");
    page[at..at + 2].copy_from_slice(&value.to_be_bytes());
}

fn number(page: usize) -> [u8; 4] {
    u32::try_from(page).expect("a database has less than 2³² pages").to_be_bytes()
}

/// Returns how much of a record of that length a leaf holds (section 1.6: the rest should fill whole pages).
fn local(length: usize) -> usize {
    if length <= MOST_LOCAL {
        return length;
    }
    let even = LEAST_LOCAL + (length - LEAST_LOCAL) % (PAGE - 4);
    if even <= MOST_LOCAL { even } else { LEAST_LOCAL }
}

/// Writes an integer in seven bits a byte, the highest first; a ninth byte holds eight.
pub(super) fn push_varint(out: &mut Vec<u8>, value: u64) {
    let low = |shift: u32| u8::try_from(value >> shift & 0x7f).expect("it is seven bits");
    // Most numbers are columns' types, which are small.
    if value < 0x80 {
        out.push(low(0));
        return;
    }
    if value >> 56 != 0 {
        out.extend((0..8).rev().map(|group| low(group * 7 + 8) | 0x80));
        out.push(value.to_le_bytes()[0]);
        return;
    }
    let groups = (70 - (value | 1).leading_zeros()) / 7;
    out.extend((1..groups).rev().map(|group| low(group * 7) | 0x80));
    out.push(low(0));
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, MAIN_DB};

    use super::super::record::{Cell, encode};
    use super::{File, PAGE, Run};

    /// Writes rows with texts of the given lengths in several runs, and lets SQLite check and read them.
    fn check(lengths: &[usize], rows_a_run: usize) {
        let mut connection = Connection::open_in_memory().expect("there is memory");
        connection
            .execute_batch("PRAGMA page_size = 16384; CREATE TABLE t (id integer PRIMARY KEY, n integer, text text); CREATE TABLE u (x);")
            .expect("the schema is right");
        let pack = |pages: Vec<u8>| pages;
        let mut file = File::new(connection.serialize(MAIN_DB).expect("it is small").to_vec(), &pack);
        let text = |row: i64, length: usize| format!("{row:b}").repeat(length)[..length].to_owned();
        let rows: Vec<(i64, &usize)> = (1..).map(|row: i64| row.pow(3) - 9).zip(lengths).collect();
        let mut record = Vec::new();
        let runs = rows.chunks(rows_a_run).map(|rows| {
            let mut run = Run::with_capacity(0);
            for (id, length) in rows {
                let text = text(*id, **length);
                encode(&[Cell::Null, Cell::Integer(id - 300), Cell::Text(&text)], &mut record);
                run.push(*id, &record);
            }
            run.end(&pack)
        });
        file.append(2, runs.collect());
        let bytes = file.finish().concat();
        assert_eq!(bytes.len() % PAGE, 0);
        let mut read = Connection::open_in_memory().expect("there is memory");
        read.deserialize_read_exact(MAIN_DB, bytes.as_slice(), bytes.len(), true).expect("it is a database");
        let check: String =
            read.query_row("PRAGMA integrity_check", (), |row| row.get(0)).expect("it is read");
        assert_eq!(check, "ok", "{lengths:?}");
        let mut select = read.prepare("SELECT id, n, text FROM t ORDER BY id").expect("the table is there");
        let found = select.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        let found: Vec<(i64, i64, String)> =
            found.expect("the query is right").collect::<Result<_, _>>().expect("rows are read");
        let expected: Vec<_> = rows.iter().map(|(id, length)| (*id, id - 300, text(*id, **length))).collect();
        assert!(found == expected, "{lengths:?}");
    }

    #[test]
    fn a_table_of_one_leaf_is_its_root() {
        check(&[], 1);
        check(&[0], 1);
        check(&[5; 100], 100);
        check(&[40_000], 1);
    }

    #[test]
    fn leaves_of_many_runs_are_one_table() {
        check(&[5; 100], 10);
        check(&vec![1000; 5000], 333);
    }

    #[test]
    fn inner_pages_come_in_levels() {
        check(&vec![9000; 2500], 700);
    }

    #[test]
    fn rows_of_every_length_are_read_back() {
        let near: Vec<usize> = (PAGE - 60..PAGE + 10).collect();
        check(&near, 7);
        check(&near, 100);
        let long: Vec<usize> = (0..60).map(|number| number * 1111).collect();
        check(&long, 9);
    }
}
