//! Text in lines that begin with a prefix.

/// Is text being written.
#[derive(Debug, Default)]
pub(super) struct Lines {
    out: String,
    prefix: String,
}

impl Lines {
    /// Returns the text, without white space at the ends of lines.
    pub(super) fn finish(self) -> String {
        let loose = |line: &str| line.ends_with([' ', '\t']);
        if self.out.split('\n').any(loose) {
            let lines: Vec<&str> =
                self.out.split('\n').map(|line| line.trim_end_matches([' ', '\t'])).collect();
            return lines.join("\n");
        }
        self.out
    }

    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    /// Returns what was written since the text had that length.
    pub(super) fn since(&self, length: usize) -> &str {
        &self.out[length..]
    }

    /// Writes text without line ends.
    pub(super) fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Begins a line.
    pub(super) fn line(&mut self) {
        self.out.push('\n');
        self.out.push_str(&self.prefix);
    }

    /// Writes text whose line ends begin lines; control characters but tabs are left out.
    pub(super) fn lines(&mut self, text: &str) {
        for (place, line) in text.split('\n').enumerate() {
            if place > 0 {
                self.line();
            }
            for piece in line.split(|character: char| character.is_ascii_control() && character != '\t') {
                self.out.push_str(piece);
            }
        }
    }

    /// Lets the lines that follow begin with one more prefix; returns what [`leave`](Self::leave) wants.
    pub(super) fn enter(&mut self, prefix: &str) -> usize {
        let before = self.prefix.len();
        self.prefix.push_str(prefix);
        before
    }

    pub(super) fn leave(&mut self, before: usize) {
        self.prefix.truncate(before);
    }
}
