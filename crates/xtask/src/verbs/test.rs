//! `cargo xtask test`.

use std::{process::ExitCode, time::Instant};

use anyhow::{Result, bail};

use crate::{
    say,
    steps::{self, Context, Outcome, Step},
    workspace::Workspace,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The steps to run; all of them if none is named
    #[arg(value_name = "STEP")]
    steps: Vec<String>,
    /// Say which steps there are
    #[arg(long)]
    list: bool,
    /// Stop at the first step that fails
    #[arg(long)]
    fail_fast: bool,
}

/// Runs it.
///
/// # Errors
/// That a step of that name does not exist. Steps that fail are reported, not returned.
pub(crate) fn run(args: &Args, workspace: &Workspace) -> Result<ExitCode> {
    let chosen = choose(&args.steps)?;
    if args.list {
        for step in chosen {
            println!("{:8} {}", step.name, step.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let context = Context::new(workspace);
    let mut report = Vec::new();
    let mut failed = false;
    for step in chosen {
        say::heading(&format!("Step {}: {}", step.name, step.about));
        let start = Instant::now();
        let word = match (step.run)(&context) {
            Ok(Outcome::Passed) => "passed".to_owned(),
            Ok(Outcome::Skipped(why)) => format!("skipped: {why}"),
            Err(error) => {
                failed = true;
                say::failure(&format!("{error:#}"));
                say::note(&format!("to run it again: cargo xtask test {}", step.name));
                format!("FAILED — again by: cargo xtask test {}", step.name)
            }
        };
        let line = format!("{:8} {:6.1} s  {word}", step.name, start.elapsed().as_secs_f64());
        say::note(&line);
        report.push(line);
        if failed && args.fail_fast {
            break;
        }
    }
    say::heading("All steps");
    for line in report {
        say::note(&line);
    }
    Ok(if failed {
        say::failure("not every step passed");
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn choose(names: &[String]) -> Result<Vec<&'static Step>> {
    if names.is_empty() {
        return Ok(steps::ALL.iter().collect());
    }
    for name in names {
        if !steps::ALL.iter().any(|step| step.name == name) {
            let all: Vec<_> = steps::ALL.iter().map(|step| step.name).collect();
            bail!("there is no step `{name}`; there are {}", all.join(", "));
        }
    }
    // In the order of the table, whatever the order of asking.
    Ok(steps::ALL.iter().filter(|step| names.iter().any(|name| name == step.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(names: &[&str]) -> Vec<&'static str> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let steps = choose(&names).unwrap();
        steps.into_iter().map(|step| step.name).collect()
    }

    #[test]
    fn steps_are_chosen_by_name_and_kept_in_order() {
        assert_eq!(chosen(&["doc", "fmt"]), ["fmt", "doc"]);
        assert_eq!(chosen(&[]).len(), steps::ALL.len());
        assert!(choose(&["dock".to_owned()]).is_err());
    }
}
