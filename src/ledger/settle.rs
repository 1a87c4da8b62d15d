//! Makes every guid and every note id stand once.
//!
//! A merge of two branches may leave a note twice that both added, and may give two notes one id. A package may hold a guid twice.

use std::collections::{HashMap, HashSet};

use super::Ledger;

/// Keeps the first line of each guid, with the latest of its times, and gives a note whose id is taken one behind all others: Anki
/// matches by guid, so that the id of a note may change.
pub(super) fn settle(ledger: &mut Ledger) {
    let mut latest: HashMap<String, i64> = HashMap::new();
    let mut highest = 0;
    for entry in ledger.entries() {
        let modified = latest.entry(entry.guid.clone()).or_insert(entry.modified);
        *modified = entry.modified.max(*modified);
        highest = highest.max(entry.id);
    }
    let mut ids = HashSet::new();
    for entries in ledger.files.values_mut().chain(std::iter::once(&mut ledger.retired)) {
        entries.retain_mut(|entry| {
            let Some(modified) = latest.remove(&entry.guid) else { return false };
            entry.modified = modified;
            if !ids.insert(entry.id) {
                highest += 1;
                entry.id = highest;
                ids.insert(entry.id);
            }
            true
        });
    }
}
