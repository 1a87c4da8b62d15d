//! "Did you mean …?"

/// Returns the candidate most like `word`, where one is like it at all.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let candidate_word = candidate.to_lowercase();
        // Two letters that changed places are one slip, which counts little in a short word.
        let slip = word.len() > 2 && strsim::osa_distance(&word, &candidate_word) == 1;
        let score = strsim::jaro_winkler(&word, &candidate_word).max(if slip { 0.9 } else { 0.0 });
        if score > 0.8 && best.is_none_or(|(most, _)| score > most) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_typo_finds_its_word_and_a_stranger_finds_none() {
        assert_eq!(nearest("quizet", ["apkg", "quizlet"]), Some("quizlet"));
        assert_eq!(nearest("cvs", ["apkg", "csv", "tsv"]), Some("csv"));
        assert_eq!(nearest("zzz", ["apkg", "quizlet"]), None);
    }
}
