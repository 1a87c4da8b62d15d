//! The parts of a prompt in which every word is a name: formulas, commands of TeX and the targets of links and pictures.

/// Follows the words of a prompt, in order.
pub struct Formal {
    /// The signs `$` come in pairs, so that they are no dollars.
    paired: bool,
    formula: bool,
    target: bool,
    command: bool,
}

impl Formal {
    pub fn new(prompt: &str) -> Self {
        let signs = prompt.bytes().filter(|&byte| byte == b'$').count();
        Self { paired: signs % 2 == 0, formula: false, target: false, command: false }
    }

    /// Tells whether the next word is in such a part.
    pub fn holds(&mut self, word: &str) -> bool {
        let symbols = !word.starts_with(char::is_alphanumeric);
        if symbols {
            self.formula ^= self.paired && word.contains('$');
            self.target = word.ends_with("](") || self.target && !word.contains(')');
            self.command = word.ends_with('\\');
            return true;
        }
        let held = self.formula || self.target || self.command;
        self.command = false;
        held
    }
}
