//! `roundtrip examples`

use crate::error::Failure;
use crate::say::Say;
use roundtrip_lab::{example, examples};
use std::io::Write;
use std::process::ExitCode;

pub(crate) fn run(name: Option<&str>, say: &Say, out: &mut impl Write) -> Result<ExitCode, Failure> {
    if let Some(name) = name {
        let known: Vec<&str> = examples().iter().map(|example| example.id).collect();
        let found = example(name).ok_or_else(|| Failure::NoExample { name: name.to_owned(), similar: known.join(", ") })?;
        out.write_all(found.text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let width = examples().iter().map(|example| example.id.len()).max().unwrap_or(0);
    for example in examples() {
        writeln!(out, "{:<width$}  {}", example.id, example.title().get(say.language()))?;
    }
    Ok(ExitCode::SUCCESS)
}
