//! Every backend, by whole files and whole reports.

mod anki_text;
mod apkg;
mod command;
mod csv;
mod json;
mod quizlet;
mod rich;
