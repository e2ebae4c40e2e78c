//! `roundtrip check` and `roundtrip format`

use crate::args::CheckArgs;
use crate::error::Failure;
use crate::input;
use crate::say::Say;
use roundtrip_lab::{Problem, load, save};
use serde_json::json;
use std::io::Write;
use std::process::ExitCode;

pub(crate) fn run(args: &CheckArgs, say: &Say, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let loaded = load(&input::text(&args.lab, say)?);
    if args.json {
        let problems: Vec<serde_json::Value> = loaded.problems.iter().map(|problem| as_json(problem, say)).collect();
        writeln!(out, "{:#}", serde_json::Value::from(problems))?;
    } else {
        for problem in &loaded.problems {
            writeln!(out, "{}", say.problem(problem))?;
        }
        let errors = loaded.problems.iter().filter(|problem| problem.is_error()).count();
        let warnings = loaded.problems.len().saturating_sub(errors);
        let id = match (errors, warnings) {
            (0, 0) => "check-fine",
            (0, _) => "check-warnings",
            _ => "check-errors",
        };
        writeln!(out, "{}", say.text(id, &[("errors", &errors.to_string()), ("warnings", &warnings.to_string())]))?;
    }
    Ok(if loaded.can_run() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

fn as_json(problem: &Problem, say: &Say) -> serde_json::Value {
    json!({
        "id": problem.id.name(),
        "severity": if problem.is_error() { "error" } else { "warning" },
        "path": problem.path,
        "args": problem.args,
        "message": say.messages().problem(problem),
        "remedy": say.messages().remedy(problem),
    })
}

pub(crate) fn format(name: &str, say: &Say, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let loaded = load(&input::text(name, say)?);
    let Some(lab) = loaded.lab else {
        for problem in &loaded.problems {
            eprintln!("{}", say.problem(problem));
        }
        return Err(Failure::Lab);
    };
    out.write_all(save(&lab).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
