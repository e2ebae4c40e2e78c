//! `roundtrip link`

use crate::args::LinkArgs;
use crate::error::Failure;
use crate::input;
use crate::say::Say;
use roundtrip_lab::{link, load};
use std::io::Write;
use std::process::ExitCode;

pub(crate) fn run(args: &LinkArgs, say: &Say, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let loaded = load(&input::text(&args.lab, say)?);
    for problem in &loaded.problems {
        eprintln!("{}", say.problem(problem));
    }
    // A lab that cannot run may still be passed on, as a question for instance.
    let lab = loaded.lab.ok_or(Failure::Lab)?;
    let document = link::encode(&lab).map_err(|problem| {
        eprintln!("{}", say.problem(&problem));
        Failure::Lab
    })?;
    let page = args.page.split('#').next().unwrap_or_default();
    let address = format!("{page}#{document}");
    writeln!(out, "{address}")?;
    let length = address.chars().count();
    if length > link::COMFORTABLE_CHARS {
        let limit = link::COMFORTABLE_CHARS.to_string();
        eprintln!("{}", say.text("link-long", &[("length", &length.to_string()), ("limit", &limit)]));
    }
    Ok(ExitCode::SUCCESS)
}
