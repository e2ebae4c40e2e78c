//! Where a lab comes from.

use crate::error::Failure;
use crate::say::Say;
use roundtrip_lab::{Lab, Loaded, example, examples, link, load};
use std::io::Read;
use std::path::Path;

/// Reads the text of a lab: a file, standard input, a link, or an example.
pub(crate) fn text(name: &str, say: &Say) -> Result<String, Failure> {
    let failed = |error| Failure::Input { name: name.to_owned(), error };
    if name == "-" {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).map_err(failed)?;
        return Ok(text);
    }
    if !Path::new(name).exists() {
        if name.contains("://") || link::fragment(name).is_some() {
            return link::text_of(name).map_err(|problem| {
                eprintln!("{}", say.problem(&problem));
                Failure::Lab
            });
        }
        if let Some(example) = example(name) {
            return Ok(example.text.to_owned());
        }
        // What looks like no file was perhaps meant as an example.
        if !name.contains(['/', '.', '\\']) {
            let known: Vec<&str> = examples().iter().map(|example| example.id).collect();
            return Err(Failure::NoExample { name: name.to_owned(), similar: known.join(", ") });
        }
    }
    std::fs::read_to_string(name).map_err(failed)
}

/// Reads a lab that can run. What is wrong with it goes to standard error.
pub(crate) fn lab(name: &str, say: &Say) -> Result<Lab, Failure> {
    let loaded = load(&text(name, say)?);
    for problem in &loaded.problems {
        eprintln!("{}", say.problem(problem));
    }
    let can_run = loaded.can_run();
    match loaded {
        Loaded { lab: Some(lab), .. } if can_run => Ok(lab),
        _ => Err(Failure::Lab),
    }
}
