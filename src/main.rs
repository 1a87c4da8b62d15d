//! The `deckc` program.

fn main() -> std::process::ExitCode {
    deckc::cli::main()
}
