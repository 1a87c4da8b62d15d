//! Keeps the numbers of cloze deletions, so that a learner's history stays with the card it belongs to.
//!
//! Anki knows a cloze card by its number alone. Where an author writes a new deletion before another and numbers them
//! anew, every card would inherit the history of its neighbour. So the ledger remembers which text each number stood
//! for, and a deletion keeps its number whatever the author writes.

mod remembered;

pub use remembered::{Group, Remembered, write};

use super::sketch::jaccard;
use crate::anki::cloze::LAST_NUMBER;
use remembered::fingerprint;

/// How alike two texts must be for one to be an edit of the other, and how much more than any rival.
const ALIKE: f32 = 0.4;
const MARGIN: f32 = 0.2;

/// Returns what the ledger is to keep: the groups in source order, then the numbers no longer in use, ascending.
///
/// `numbers` is what [`assign`] returned for the same arguments.
#[must_use]
pub fn remember(remembered: &[Remembered], groups: &[Group], numbers: &[u16]) -> Vec<Remembered> {
    let mut list: Vec<Remembered> = Vec::new();
    for (group, &number) in groups.iter().zip(numbers) {
        if number != 0 && !list.iter().any(|known| known.number == number) {
            list.push(Remembered::of(number, group));
        }
    }
    let mut gone: Vec<Remembered> = remembered
        .iter()
        .filter(|old| !numbers.contains(&old.number))
        .map(|old| Remembered { retired: true, ..*old })
        .collect();
    gone.sort_by_key(|old| old.number);
    list.extend(gone);
    list
}

/// Returns the number of each group, in order.
///
/// 1. A text that a number stood for has that number, in use or not.
/// 2. Of what is left, a text that is clearly an edit of a remembered one has its number.
/// 3. Of what is left between the same neighbours: as many texts as there were have the numbers in order, if the author
///    wrote those very numbers or none.
/// 4. Anything else is a new card: it has the number that is written, if no other text ever had it, else the smallest
///    that none had. A number out of 1 to 500 counts as not written.
///
/// Where all 500 numbers are spent, a group has 0: no card can be made of it, and the caller has to say so.
///
/// With nothing remembered, written numbers stay as they are.
#[must_use]
pub fn assign(remembered: &[Remembered], groups: &[Group]) -> Vec<u16> {
    let mut desk = Desk::new(remembered, groups);
    desk.by_text();
    desk.by_likeness();
    desk.by_place();
    desk.number_the_rest(groups)
}

struct Desk<'a> {
    remembered: &'a [Remembered],
    written: Vec<Option<u16>>,
    prints: Vec<(u32, u32)>,
    /// The index of the remembered number that each group has.
    found: Vec<Option<usize>>,
}

impl<'a> Desk<'a> {
    fn new(remembered: &'a [Remembered], groups: &[Group]) -> Self {
        Self {
            remembered,
            written: groups.iter().map(|g| g.written.filter(|n| (1..=LAST_NUMBER).contains(n))).collect(),
            prints: groups.iter().map(fingerprint).collect(),
            found: vec![None; groups.len()],
        }
    }

    fn is_free(&self, old: usize) -> bool {
        !self.found.contains(&Some(old))
    }

    fn open_groups(&self) -> Vec<usize> {
        (0..self.found.len()).filter(|&at| self.found[at].is_none()).collect()
    }

    /// Returns the remembered numbers in use that no group has yet.
    fn free_numbers(&self) -> Vec<usize> {
        (0..self.remembered.len()).filter(|&at| !self.remembered[at].retired && self.is_free(at)).collect()
    }

    fn by_text(&mut self) {
        // Where one text stands under several numbers, the written number tells them apart, then the order.
        for as_written in [true, false] {
            for retired in [false, true] {
                for at in 0..self.found.len() {
                    let same = |&old: &usize| {
                        let line = &self.remembered[old];
                        line.hash == self.prints[at].0
                            && line.retired == retired
                            && (!as_written || self.written[at] == Some(line.number))
                            && self.is_free(old)
                    };
                    if self.found[at].is_none()
                        && let Some(old) = (0..self.remembered.len()).find(same)
                    {
                        self.found[at] = Some(old);
                    }
                }
            }
        }
    }

    fn by_likeness(&mut self) {
        let (groups, numbers) = (self.open_groups(), self.free_numbers());
        let like = |group: usize, old: usize| {
            jaccard::<8>(u128::from(self.prints[group].1), u128::from(self.remembered[old].grams))
        };
        let mut pairs = Vec::new();
        for &group in &groups {
            for &old in &numbers {
                let here = like(group, old);
                let clear = |other: f32| here - other >= MARGIN;
                if here >= ALIKE
                    && groups.iter().all(|&other| other == group || clear(like(other, old)))
                    && numbers.iter().all(|&other| other == old || clear(like(group, other)))
                {
                    pairs.push((group, old));
                }
            }
        }
        for (group, old) in pairs {
            self.found[group] = Some(old);
        }
    }

    fn by_place(&mut self) {
        let mut start = 0;
        while start < self.found.len() {
            let run = self.found[start..].iter().take_while(|found| found.is_none()).count();
            let end = start + run;
            if run > 0 {
                let first =
                    self.found[..start].iter().rev().find_map(|found| *found).map_or(0, |old| old + 1);
                let last = self.found.get(end).copied().flatten().unwrap_or(self.remembered.len());
                // Whatever is in use between the neighbours counts, so that only the same neighbours do.
                let here: Vec<usize> = (first..last).filter(|&old| !self.remembered[old].retired).collect();
                let kept = |(group, &old): (usize, &usize)| {
                    let number = self.remembered[old].number;
                    self.is_free(old) && self.written[group].is_none_or(|written| written == number)
                };
                if here.len() == run && (start..end).zip(&here).all(kept) {
                    for (group, old) in (start..end).zip(here) {
                        self.found[group] = Some(old);
                    }
                }
            }
            start = end + 1;
        }
    }

    fn number_the_rest(&self, groups: &[Group]) -> Vec<u16> {
        let mut spent = vec![false; usize::from(LAST_NUMBER) + 1];
        for line in self.remembered {
            spent[usize::from(line.number)] = true;
        }
        let mut numbers: Vec<Option<u16>> =
            self.found.iter().map(|found| found.map(|old| self.remembered[old].number)).collect();
        let first_build = self.remembered.is_empty();
        for (number, written) in numbers.iter_mut().zip(&self.written) {
            if number.is_none()
                && let Some(written) = *written
                && (first_build || !spent[usize::from(written)])
            {
                spent[usize::from(written)] = true;
                *number = Some(written);
            }
        }
        let mut next = 1;
        for number in numbers.iter_mut().take(groups.len()).filter(|number| number.is_none()) {
            while spent.get(usize::from(next)).copied().unwrap_or(false) {
                next += 1;
            }
            *number = Some(if next > LAST_NUMBER { 0 } else { next });
            next = next.min(LAST_NUMBER) + 1;
        }
        numbers.into_iter().map(|number| number.unwrap_or(0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Group, Remembered, assign, remember, write};

    /// Reads groups: `1 Oslo; 2 Norway|Sweden; - unnumbered`.
    fn groups(text: &str) -> Vec<Group> {
        text.split(';')
            .map(str::trim)
            .filter(|group| !group.is_empty())
            .map(|group| {
                let (number, texts) = group.split_once(' ').expect("a number and a text");
                Group { written: number.parse().ok(), texts: texts.split('|').map(str::to_owned).collect() }
            })
            .collect()
    }

    /// Builds once for each source, one after the other, and compares the numbers of the last.
    fn check(sources: &[&str], expected: &[u16]) {
        let mut remembered = Vec::new();
        let mut numbers = Vec::new();
        for source in sources {
            let groups = groups(source);
            numbers = assign(&remembered, &groups);
            let kept = remember(&remembered, &groups, &numbers);
            remembered = Remembered::parse_list(&write(&kept)).expect("what is written can be read");
            assert_eq!(remembered, kept, "{sources:?}");
        }
        assert_eq!(numbers, expected, "{sources:?}");
    }

    #[test]
    fn the_first_build_takes_what_is_written() {
        check(&["1 Oslo; 2 Norway"], &[1, 2]);
        check(&["7 Oslo; 3 Norway"], &[7, 3]);
        check(&[""], &[]);
    }

    #[test]
    fn unnumbered_deletions_are_numbered_in_order() {
        check(&["- Oslo; - Norway"], &[1, 2]);
        check(&["- Oslo; 1 Norway; - fjord"], &[2, 1, 3]);
        check(&["0 Oslo; 501 Norway"], &[1, 2]);
    }

    #[test]
    fn a_deletion_put_before_others_moves_no_history() {
        check(&["1 Oslo; 2 Norway", "1 fjord; 2 Oslo; 3 Norway"], &[3, 1, 2]);
        check(&["- Oslo; - Norway", "- fjord; - Oslo; - Norway"], &[3, 1, 2]);
    }

    #[test]
    fn order_in_the_text_does_not_matter() {
        check(&["1 Oslo; 2 Norway", "2 Norway; 1 Oslo"], &[2, 1]);
        check(&["1 Oslo; 2 Norway", "1 Norway; 2 Oslo"], &[2, 1]);
    }

    #[test]
    fn an_edited_deletion_keeps_its_number() {
        check(&["1 Olso; 2 Norway", "1 Oslo; 2 Norway"], &[1, 2]);
        check(&["1 Oslo; 2 Norway", "1 Christiania; 2 Norway"], &[1, 2]);
        check(&["- Oslo", "- Christiania"], &[1]);
        check(&["1 a; 2 b", "1 c; 2 d"], &[1, 2]);
    }

    #[test]
    fn an_edited_deletion_is_found_beside_a_new_one() {
        check(
            &["1 the kingdom of Norway; 2 Oslo", "1 fjord; 2 the old kingdom of Norway; 3 Oslo"],
            &[3, 1, 2],
        );
    }

    #[test]
    fn where_nothing_tells_them_apart_both_are_new() {
        check(&["1 a; 2 Oslo", "1 b; 2 c; 3 Oslo"], &[3, 4, 2]);
    }

    #[test]
    fn a_number_written_anew_is_another_card() {
        check(&["1 Oslo", "2 Bergen"], &[2]);
    }

    #[test]
    fn a_spent_number_is_never_given_to_another_text() {
        check(&["1 Oslo; 2 Norway", "2 Norway", "1 fjord; 2 Norway"], &[3, 2]);
        check(&["1 Oslo; 2 Norway", "2 Norway", "- fjord; - Norway"], &[3, 2]);
    }

    #[test]
    fn a_text_that_comes_back_has_its_number_back() {
        check(&["1 Oslo; 2 Norway", "2 Norway", "5 Oslo; 2 Norway"], &[1, 2]);
    }

    #[test]
    fn equal_texts_are_told_apart_by_what_is_written_then_by_order() {
        check(&["1 the; 2 the", "2 the; 1 the"], &[2, 1]);
        check(&["- the; - the", "- the; - the; - end"], &[1, 2, 3]);
    }

    #[test]
    fn texts_that_share_a_number_count_together() {
        check(&["1 Oslo|Norway; 2 fjord", "2 fjord; 1 Oslo|Norway"], &[2, 1]);
        check(&["1 a b", "1 fjord; 2 a b"], &[2, 1]);
    }

    #[test]
    fn numbers_run_out_at_500() {
        let texts: Vec<String> = (0..502).map(|at| format!("- word{at}")).collect();
        let mut expected: Vec<u16> = (1..=500).collect();
        expected.extend([0, 0]);
        check(&[&texts.join(";")], &expected);
    }

    #[test]
    fn only_what_was_written_is_read() {
        assert_eq!(Remembered::parse_list(""), Some(Vec::new()));
        for text in [
            "1",
            "1=",
            "=AAAAAAAAAA",
            "0=AAAAAAAAAA",
            "501=AAAAAAAAAA",
            "+1=AAAAAAAAAA",
            "01=AAAAAAAAAA",
            "--1=AAAAAAAAAA",
            "1=AAAAAAAAA",
            "1=AAAAAAAAAAA",
            "1=AAAAAAAAA!",
            "1=AAAAAAAAAA,",
            "1=AAAAAAAAAA,1=AAAAAAAAAA",
            "1=AAAAAAAAAA, 2=AAAAAAAAAA",
            "99999=AAAAAAAAAA",
            "é=AAAAAAAAAA",
            "1=ééééé",
        ] {
            assert_eq!(Remembered::parse_list(text), None, "{text:?}");
        }
        let list = "3=AAAAAAAAAA,-1=__________";
        assert_eq!(Remembered::parse_list(list).map(|list| write(&list)), Some(list.to_owned()));
    }
}
