//! Note types as Anki knows them.

use serde::Serialize;

/// Is a note type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoteType {
    /// Id.
    pub id: i64,
}
