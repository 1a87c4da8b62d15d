//! Hostile and odd inputs: each ends in exit 0 or 1, with findings instead of a panic, a signal or a partial output.

#[cfg(unix)]
mod folders;
mod random;
mod shapes;
