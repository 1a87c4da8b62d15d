//! The `deckc` program.

/// A build makes and frees millions of short strings on all threads; the system's allocator took a quarter of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    deckc::cli::main()
}
