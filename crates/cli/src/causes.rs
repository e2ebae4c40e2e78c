//! `roundtrip causes`

use crate::args::CausesArgs;
use crate::error::Failure;
use crate::say::Say;
use roundtrip_explain::Cause;
use std::io::Write;
use std::process::ExitCode;

pub(crate) fn run(args: &CausesArgs, say: &Say, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let Some(id) = &args.id else {
        let width = Cause::ALL.iter().map(|cause| cause.id().len()).max().unwrap_or(0);
        for cause in Cause::ALL {
            writeln!(out, "{:<width$}  {}", cause.id(), say.text(cause.name_id(), &[]))?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    let found = Cause::ALL.iter().find(|cause| cause.id() == id).ok_or_else(|| Failure::NoCause { name: id.clone() })?;
    writeln!(out, "{}: {}\n", found.id(), say.text(found.name_id(), &[]))?;
    writeln!(out, "{}\n", say.text(found.about_id(), &[]))?;
    writeln!(out, "{}", say.text("explain-source", &[("source", &say.text(found.source_id(), &[]))]))?;
    Ok(ExitCode::SUCCESS)
}
