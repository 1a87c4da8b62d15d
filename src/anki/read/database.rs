//! Opens a database that came from outside (after SQLite's own advice on untrusted files).

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

/// How long reading the database may take.
const TIME: Duration = Duration::from_mins(1);

/// Opens it read-only, checked, with small limits; the tables that matter are tables.
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut database = Connection::open_with_flags(path, flags)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    database.set_limit(Limit::SQLITE_LIMIT_LENGTH, 32 << 20)?;
    database.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000)?;
    database.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    database.set_limit(Limit::SQLITE_LIMIT_EXPR_DEPTH, 100)?;
    database.execute_batch("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;")?;
    // The newest container declares this collation on text columns.
    database.create_collation("unicase", |a, b| a.to_lowercase().cmp(&b.to_lowercase()))?;
    let deadline = Deadline::new(TIME);
    database.progress_handler(10_000, Some(move || deadline.is_over()))?;
    let check: String = database.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if check != "ok" {
        return Err(rusqlite::Error::InvalidParameterName(check));
    }
    for table in ["col", "notes", "cards"] {
        let kind: String =
            database
                .query_row("SELECT type FROM sqlite_master WHERE name = ?1", [table], |row| row.get(0))?;
        if kind != "table" {
            return Err(rusqlite::Error::InvalidParameterName(format!("`{table}` is a {kind}")));
        }
    }
    Ok(database)
}

/// Stops a hostile query. Never part of any output.
struct Deadline(Instant, Duration);

impl Deadline {
    fn new(limit: Duration) -> Self {
        Deadline(Instant::now(), limit)
    }

    fn is_over(&self) -> bool {
        self.0.elapsed() > self.1
    }
}
