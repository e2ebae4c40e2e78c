//! `roundtrip explain`

mod json;
mod text;

use crate::args::ExplainArgs;
use crate::error::Failure;
use crate::input;
use crate::say::Say;
use roundtrip_explain::{Cure, Explanation, Verdict, cures, explain};
use roundtrip_lab::{Lab, to_scenario};
use roundtrip_sim::trace::End;
use roundtrip_sim::{NodeId, Scenario, Simulation, Trace};
use std::io::Write;
use std::process::ExitCode;

/// A run, explained.
pub(crate) struct Case<'a> {
    lab: &'a Lab,
    scenario: &'a Scenario,
    trace: &'a Trace,
    explanation: &'a Explanation,
}

/// A verdict with its cures; none if nobody looked for any.
type Finding<'a> = (&'a Verdict, Option<Vec<Cure>>);

impl Case<'_> {
    fn name(&self, node: NodeId) -> &str {
        self.scenario.nodes.get(node.0 as usize).map_or("?", |node| node.name.as_str())
    }
}

pub(crate) fn run(args: &ExplainArgs, say: &Say, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let lab = input::lab(&args.lab, say)?;
    let (scenario, _) = to_scenario(&lab);
    let trace = Simulation::new(scenario.clone()).run();
    let explanation = explain(&scenario, &trace);
    for name in &args.conversations {
        if explanation.named(name).is_none() {
            let known = explanation.conversations.iter().map(|verdict| verdict.conversation.name.clone()).collect();
            return Err(Failure::NoConversation { name: name.clone(), known });
        }
    }
    let asked = |verdict: &&Verdict| args.conversations.is_empty() || args.conversations.contains(&verdict.conversation.name);
    let cured = |verdict| (!args.no_cures).then(|| cures(&lab, &scenario, &trace, verdict));
    let findings: Vec<Finding<'_>> = explanation.conversations.iter().filter(asked).map(|verdict| (verdict, cured(verdict))).collect();
    let case = Case { lab: &lab, scenario: &scenario, trace: &trace, explanation: &explanation };
    if args.json {
        writeln!(out, "{:#}", json::value(&case, say, &findings))?;
    } else {
        text::write(out, &case, say, &findings)?;
    }
    let fails = findings.iter().any(|(verdict, _)| !verdict.outcome.works());
    Ok(match trace.end {
        End::Limit(_) => ExitCode::from(1),
        End::Finished if args.exit_code && fails => ExitCode::from(4),
        End::Finished => ExitCode::SUCCESS,
    })
}
