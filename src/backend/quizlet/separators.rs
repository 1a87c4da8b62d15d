//! Separators that occur nowhere in the content.

use std::collections::HashSet;

use crate::plain::folded;

/// Is a row of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The term.
    pub term: String,
    /// The definition.
    pub definition: String,
}

/// Stands between the parts of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Separators {
    /// Between term and definition.
    pub term: String,
    /// Between rows.
    pub row: String,
}

/// Is what [`solve`] found.
#[derive(Clone, Debug)]
pub struct Solved {
    /// The separators.
    pub separators: Separators,
    /// What a person should know about them.
    pub notices: Vec<String>,
}

/// What the site offers itself comes first, then what can be typed into its custom fields and still be read in the file.
const TERM: [&str; 6] = ["\t", ",", " = ", "::", "|||", "====="];
const ROW: [&str; 7] = ["\n", ";", "\n\n", ";;;", "-----", "+++++", "~~~~~"];

/// Chooses separators that part the rows again, the given ones where they can.
///
/// Rows lose their line breaks only where the row separator that was asked for demands it.
#[must_use]
pub fn solve(rows: &mut [Row], term: Option<&str>, row: Option<&str>) -> Solved {
    let mut notices = Vec::new();
    let term = match term.filter(|term| !term.is_empty()) {
        Some(given) if rows.iter().all(|row| parts_sides(row, given)) => given.to_owned(),
        Some(given) => {
            notices.push(collision("term", given));
            first(&TERM, '|', rows, |candidate| rows.iter().all(|row| parts_sides(row, candidate)))
        }
        None => first(&TERM, '|', rows, |candidate| rows.iter().all(|row| parts_sides(row, candidate))),
    };
    let solved = |rows: &[Row]| first(&ROW, '-', rows, |candidate| parts_rows(rows, &term, candidate));
    let row = match row.filter(|row| !row.is_empty()) {
        Some(given) if parts_rows(rows, &term, given) => given.to_owned(),
        Some(given) => {
            let folded_rows: Vec<Row> = rows.iter().map(fold).collect();
            let sides = folded_rows.iter().all(|row| parts_sides(row, &term));
            if sides && parts_rows(&folded_rows, &term, given) {
                rows.clone_from_slice(&folded_rows);
                notices.push("line breaks inside rows became ` / `".into());
                given.to_owned()
            } else {
                notices.push(collision("row", given));
                solved(rows)
            }
        }
        None => solved(rows),
    };
    Solved { separators: Separators { term, row }, notices }
}

fn fold(row: &Row) -> Row {
    Row { term: folded(&row.term), definition: folded(&row.definition) }
}

fn collision(which: &str, given: &str) -> String {
    format!("the {which} separator {} stands in the content, so another one is used", shown(given))
}

/// Returns the first candidate that fits, or one with a number in it that stands nowhere: content is finite.
fn first(candidates: &[&str], character: char, rows: &[Row], fits: impl Fn(&str) -> bool) -> String {
    if let Some(known) = candidates.iter().find(|candidate| fits(candidate)) {
        return (*known).to_owned();
    }
    // Hostile content may hold many of them: looked up, and not searched for one after the other.
    let fence: String = [character; 2].iter().collect();
    let sides = rows.iter().flat_map(|row| [&row.term, &row.definition]);
    let parts = sides.flat_map(|side| side.split(&fence)).map(|part| part.trim_matches(character));
    let taken: HashSet<&str> = parts.filter(|part| part.bytes().all(|byte| byte.is_ascii_digit())).collect();
    let free = (1_usize..).map(|number| number.to_string()).filter(|number| !taken.contains(number.as_str()));
    let mut made = free.map(|number| format!("{fence}{number}{fence}"));
    made.find(|candidate| fits(candidate)).expect("the candidates do not end")
}

/// Returns whether the site finds the two sides again.
fn parts_sides(row: &Row, separator: &str) -> bool {
    let Row { term, definition } = row;
    format!("{term}{separator}").find(separator) == Some(term.len()) && !definition.contains(separator)
}

/// Returns whether the site finds the rows again.
fn parts_rows(rows: &[Row], term_separator: &str, separator: &str) -> bool {
    if separator.contains(term_separator) || term_separator.contains(separator) {
        return false;
    }
    rows.iter().all(|Row { term, definition }| {
        let row = format!("{term}{term_separator}{definition}");
        format!("{row}{separator}").find(separator) == Some(row.len())
    })
}

impl Separators {
    /// Returns the text of a file.
    #[must_use]
    pub fn join(&self, rows: &[Row]) -> String {
        let mut text = String::new();
        for (place, row) in rows.iter().enumerate() {
            if place > 0 {
                text.push_str(&self.row);
            }
            text.push_str(&row.term);
            text.push_str(&self.term);
            text.push_str(&row.definition);
        }
        if self.row == "\n" && !text.is_empty() {
            text.push('\n');
        }
        text
    }

    /// Returns what to choose in the site's import form.
    #[must_use]
    pub fn advice(&self) -> String {
        format!(
            "in Quizlet's import form choose {} between term and definition, and {} between rows",
            shown(&self.term),
            shown(&self.row)
        )
    }
}

/// Returns a separator as the site's form names it.
fn shown(separator: &str) -> String {
    match separator {
        "\t" => "“Tab”".into(),
        "," => "“Comma”".into(),
        "\n" => "“New line”".into(),
        ";" => "“Semicolon”".into(),
        custom => format!("“Custom” `{}`", custom.replace('\n', "\\n").replace('\t', "\\t")),
    }
}
