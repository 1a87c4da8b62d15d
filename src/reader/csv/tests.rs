use super::{AnkiText, Csv, Tsv};
use crate::reader::testing::shown;
use crate::reader::{Reader, Settings};

#[test]
fn probe() {
    let Ok(path) = std::env::var("DECKC_PROBE") else { return };
    let mut paths: Vec<_> = std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let reader: &dyn Reader = if name.ends_with("csv") { &Csv } else if name.ends_with("tsv") { &Tsv } else { &AnkiText };
        println!("== {name}\n{}", shown(reader, &name, &text, &Settings::default()));
    }
}
