//! Names of columns in other words and languages than those of deckc.

/// Returns the column names of a first row in deckc's own words, where that makes it a header: every name that is known says
/// something else, and there are a front and a back. So the first row of a vocabulary list, such as `Frage,question`, stays a
/// card.
pub(super) fn in_own_words(names: &[String]) -> Option<Vec<String>> {
    let own: Vec<&str> = names.iter().map(|name| own_word(name)).collect();
    let known: Vec<&str> = own.iter().copied().filter(|word| !word.is_empty()).collect();
    let distinct = known.iter().enumerate().all(|(at, word)| !known[..at].contains(word));
    let header = distinct && known.contains(&"front") && known.contains(&"back");
    header.then(|| {
        names
            .iter()
            .zip(own)
            .map(|(name, own)| if own.is_empty() { name.clone() } else { own.to_owned() })
            .collect()
    })
}

/// Returns deckc's word for a column; nothing where it has none.
fn own_word(name: &str) -> &'static str {
    let name = name.trim().to_lowercase().replace(['_', '-'], " ");
    WORDS.iter().find(|(_, words)| words.split(',').any(|word| word == name)).map_or("", |(own, _)| own)
}

/// English, German, French, Spanish, Italian, Portuguese, Dutch.
const WORDS: [(&str, &str); 4] = [
    (
        "front",
        "front,question,term,word,prompt,wort,begriff,vokabel,frage,vorderseite,mot,terme,recto,palabra,término,pregunta,\
         anverso,frente,parola,termine,domanda,fronte,palavra,termo,pergunta,woord,begrip,vraag,voorkant",
    ),
    (
        "back",
        "back,answer,definition,meaning,translation,bedeutung,übersetzung,antwort,rückseite,erklärung,réponse,définition,\
         traduction,signification,verso,respuesta,definición,traducción,significado,reverso,risposta,definizione,\
         traduzione,significato,retro,resposta,definição,tradução,betekenis,vertaling,antwoord,definitie,achterkant",
    ),
    (
        "extra",
        "extra,notes,example,example sentence,beispiel,beispielsatz,beispiele,notiz,notizen,exemple,ejemplo,esempio,exemplo,\
         voorbeeld",
    ),
    (
        "tags",
        "tags,tag,schlagwort,schlagwörter,stichwörter,étiquettes,mots clés,etiquetas,etichette,trefwoorden",
    ),
];
