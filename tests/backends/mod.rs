//! Every backend, by whole files and whole reports.

mod anki_text;
mod command;
mod csv;
mod json;
mod quizlet;
mod rich;
