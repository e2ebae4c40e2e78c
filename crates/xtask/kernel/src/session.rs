//! A call's labs, one after the other or several at a time, and what is said about them.

use anyhow::{Context, Result, bail};
use roundtrip_conformance::{Recording, Run};
use roundtrip_kernel::compact::compact;
use roundtrip_kernel::judge::{Verdict, judge, kept, tail, written};
use roundtrip_kernel::kernel::{AROUND, Kernel};
use roundtrip_kernel::machine;
use roundtrip_sim::Scenario;
use roundtrip_sim::trace::End;
use serde_json::Value;
use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Most runs of a lab, and those for a recording: enough for what the kernel does not always do to show.
const MOST_RUNS: usize = 3;

/// A lab that can be realised.
pub(crate) struct Lab {
    pub(crate) name: String,
    pub(crate) kernel: Value,
    pub(crate) scenario: Scenario,
    pub(crate) seconds: f64,
    pub(crate) warnings: Vec<String>,
}

/// What was asked for.
pub(crate) struct Options {
    pub(crate) runs: Option<u16>,
    pub(crate) jobs: usize,
    pub(crate) limit: Duration,
    pub(crate) record: Option<PathBuf>,
    pub(crate) captures: Option<PathBuf>,
}

/// How it went, over all labs.
#[derive(Default)]
struct Count {
    agree: usize,
    differ: usize,
    failed: usize,
}

/// One call.
pub(crate) struct Session {
    kernel: Kernel,
    options: Options,
    start: Instant,
    /// Where captures lie; a folder of our own unless they are kept.
    folder: PathBuf,
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.options.captures.is_none() {
            // It lies in the system's folder for such things; what stays there does no harm.
            let _left = fs::remove_dir_all(&self.folder);
        }
    }
}

impl Session {
    pub(crate) fn new(kernel: Kernel, options: Options) -> Result<Self> {
        let own = || std::env::temp_dir().join(format!("roundtrip-conform-{}", std::process::id()));
        let folder = options.captures.clone().unwrap_or_else(own);
        for folder in [Some(&folder), options.record.as_ref()].into_iter().flatten() {
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        Ok(Self { kernel, options, start: Instant::now(), folder })
    }

    /// Compares all of them; true if all agree.
    pub(crate) fn run(&self, labs: Vec<Lab>) -> Result<bool> {
        let release = machine::kernel_release();
        println!("The simulation against Linux {release}");
        if let Some(remark) = machine::remark(&release) {
            println!("note: {remark}");
        }
        let workers = self.options.jobs.min(labs.len());
        let (queue, count) = (Mutex::new(VecDeque::from(labs)), Mutex::new(Count::default()));
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    while !self.kernel.is_interrupted() {
                        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                        let Some(lab) = next else { break };
                        let result = self.compare(&lab);
                        // The lock also keeps the lines of one lab together.
                        say(&lab, result, &mut count.lock().unwrap_or_else(PoisonError::into_inner));
                    }
                });
            }
        });
        if self.kernel.is_interrupted() {
            bail!("interrupted; all namespaces are removed");
        }
        let Count { agree, differ, failed } = count.into_inner().unwrap_or_else(PoisonError::into_inner);
        let rest = if failed == 0 { String::new() } else { format!(", {failed} could not be compared") };
        println!("{agree} agree, {differ} differ{rest}; {:.0} s", self.start.elapsed().as_secs_f64());
        if differ > 0
            && let Some(busy) = machine::busy()
        {
            println!("note: the machine is busy ({busy}), which makes the kernel's own frames late");
        }
        Ok(differ == 0 && failed == 0)
    }

    /// Realises a lab as often as it takes.
    fn compare(&self, lab: &Lab) -> Result<(Verdict, usize)> {
        let run = Run::new(lab.scenario.clone());
        if let End::Limit(limit) = run.trace.end {
            bail!("the simulation ended at a limit ({limit:?})");
        }
        let folder = self.folder.join(&lab.name);
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let form = folder.join("lab.json");
        fs::write(&form, format!("{:#}\n", lab.kernel))?;
        let mut folders = Vec::new();
        let mut single = Vec::new();
        let wanted = self.options.runs.map_or(if self.options.record.is_some() { MOST_RUNS } else { 1 }, usize::from);
        let (together, verdict) = loop {
            self.once(&form, &folder, &mut folders, &mut single, lab.seconds)?;
            if folders.len() < wanted {
                continue;
            }
            let together = Kernel::recording(&form, &folders)?;
            let verdict = judge(&together, &single, &run, lab.seconds);
            // What differs may be what the kernel does not always do.
            let again = !verdict.report.agrees() && self.options.runs.is_none() && folders.len() < MOST_RUNS;
            if !again {
                break (together, verdict);
            }
        };
        if let Some(record) = &self.options.record {
            let path = record.join(format!("{}.json", lab.name));
            fs::write(&path, compact(&written(&kept(&together, lab.seconds)))).with_context(|| path.display().to_string())?;
        }
        Ok((verdict, folders.len()))
    }

    /// One run more.
    fn once(&self, form: &Path, folder: &Path, folders: &mut Vec<PathBuf>, single: &mut Vec<Recording>, seconds: f64) -> Result<()> {
        let needed = Duration::from_secs_f64(seconds).saturating_add(AROUND);
        if self.start.elapsed().saturating_add(needed) > self.options.limit {
            bail!("it would not be over within the limit of {} minutes (--limit)", self.options.limit.as_secs() / 60);
        }
        let place = folder.join(format!("run{}", folders.len().saturating_add(1)));
        // A first run is mostly the only one: the longer tail is for those that have to find out what differs.
        let tail = if folders.is_empty() { 0.0 } else { tail(seconds) };
        self.kernel.realise(form, &place, seconds, tail)?;
        single.push(Kernel::recording(form, std::slice::from_ref(&place))?);
        folders.push(place);
        Ok(())
    }
}

fn say(lab: &Lab, result: Result<(Verdict, usize)>, count: &mut Count) {
    let name = &lab.name;
    match result {
        Ok((Verdict { report, by_spread }, runs)) => {
            let runs = if runs == 1 { "one run".to_owned() } else { format!("{runs} runs") };
            if report.agrees() {
                count.agree = count.agree.saturating_add(1);
                let how = if by_spread { ", as far as the kernel agrees with itself" } else { "" };
                println!(
                    "{name}: agrees{how}: {} of {} frames, outcomes and tables; {runs} of {} s",
                    report.matched, report.expected, lab.seconds
                );
            } else {
                count.differ = count.differ.saturating_add(1);
                println!("{name}: DIFFERS from {runs} of the kernel:");
                indented(&report.text());
            }
        }
        Err(error) => {
            count.failed = count.failed.saturating_add(1);
            println!("{name}: not compared: {error:#}");
        }
    }
    for warning in &lab.warnings {
        println!("    note: {warning}");
    }
}

fn indented(text: &str) {
    for line in text.lines() {
        println!("    {line}");
    }
}
