//! What happens between reading and writing: one file a pass. Their one legal order stands in `compile`.

pub mod cloze;
pub mod identity;
pub mod lint;
pub mod look;
pub mod media;
pub mod moved;
pub mod names;
pub mod note_types;
pub mod seal;
pub mod show;
