//! Running the programs below `python/`: within limits, and never leaving anything behind.

use crate::machine::find;
use anyhow::{Context, Result, anyhow, bail};
use roundtrip_conformance::Recording;
use serde_json::Value;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What building a lab, taking it down and reading what was captured may take beside its own time.
pub const AROUND: Duration = Duration::from_secs(60);
/// What taking it down alone may take.
const DOWN: Duration = Duration::from_secs(20);
const TICK: Duration = Duration::from_millis(50);

/// Starts runs on the kernel, until somebody interrupts.
#[derive(Clone, Debug)]
pub struct Kernel {
    interrupted: Arc<AtomicBool>,
}

impl Kernel {
    /// Once `interrupted` is set, runs are taken down and none is started.
    #[must_use]
    pub const fn new(interrupted: Arc<AtomicBool>) -> Self {
        Self { interrupted }
    }

    /// True once somebody has interrupted.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Tries whether network namespaces can be made and filled here, with packet filters where `rules` says so.
    ///
    /// # Errors
    /// What the kernel or a program says against it.
    pub fn probe(&self, rules: bool) -> Result<()> {
        let mut command = command(["probe"])?;
        command.args(rules.then_some("--rules"));
        let messages = std::env::temp_dir().join(format!("roundtrip-probe-{}.txt", std::process::id()));
        let result = self.run(command, AROUND, &messages);
        // An empty file in the system's folder for such things does no harm.
        let _left = fs::remove_file(&messages);
        result
    }

    /// Removes namespaces that an earlier run was killed over; gives their names.
    ///
    /// # Errors
    /// That the program cannot be started.
    pub fn clean() -> Result<Vec<String>> {
        let output = command(["clean"])?.stdin(Stdio::null()).output().context("python3")?;
        Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
    }

    /// Realises the lab in that file, which lasts so many seconds; captures go to `folder`, and on for `tail` seconds.
    ///
    /// # Errors
    /// What the kernel does not take of it, in the kernel's words; that it takes too long; that somebody interrupts.
    pub fn realise(&self, lab: &Path, folder: &Path, seconds: f64, tail: f64) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let mut command = command(["run", "--while-input"])?;
        command.arg(format!("--tail={tail}")).arg(lab).arg(folder);
        self.run(command, Duration::from_secs_f64(seconds + tail).saturating_add(AROUND), &folder.join("messages.txt"))
    }

    /// What the runs in these folders have in common.
    ///
    /// # Errors
    /// What went wrong during one of them.
    pub fn recording(lab: &Path, folders: &[PathBuf]) -> Result<Recording> {
        let output = command(["canon"])?.arg(lab).args(folders).stdin(Stdio::null()).output().context("python3")?;
        if !output.status.success() {
            bail!("the captures cannot be read: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let value: Value = serde_json::from_slice(&output.stdout).context("what was recorded")?;
        let errors: Vec<&str> = value.get("errors").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        if !errors.is_empty() {
            bail!("{}", errors.join("; "));
        }
        serde_json::from_value(value).context("what was recorded")
    }

    /// Runs a program to its end; `messages` receives what it says meanwhile.
    fn run(&self, mut command: Command, limit: Duration, messages: &Path) -> Result<()> {
        if self.is_interrupted() {
            bail!("interrupted");
        }
        let file = File::create(messages).with_context(|| messages.display().to_string())?;
        let ended = own_group(&mut command).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(file).spawn();
        let ended = self.wait(ended.context("python3")?, limit);
        let said = fs::read_to_string(messages).unwrap_or_default();
        let ended = ended?;
        if ended.code().is_none() {
            // Killed, so that it could not take anything down itself.
            let _removed = Self::clean();
        }
        if !ended.success() {
            // Its last line is the reason, be it the kernel's or Python's.
            bail!("{}", said.trim().lines().last().unwrap_or("it ended without a word"));
        }
        Ok(())
    }

    fn wait(&self, mut child: Child, limit: Duration) -> Result<ExitStatus> {
        let start = Instant::now();
        let reason = loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if self.is_interrupted() {
                break anyhow!("interrupted");
            }
            if start.elapsed() > limit {
                break anyhow!("not finished after {} s", limit.as_secs());
            }
            sleep(TICK);
        };
        // The end of its input makes it take everything down.
        drop(child.stdin.take());
        let start = Instant::now();
        while child.try_wait()?.is_none() {
            if start.elapsed() > DOWN {
                child.kill()?;
                child.wait()?;
                let _removed = Self::clean();
                break;
            }
            sleep(TICK);
        }
        Err(reason)
    }
}

fn command<const N: usize>(arguments: [&str; N]) -> Result<Command> {
    let python = find("python3").context("there is no python3")?;
    let mut command = Command::new(python);
    // Nothing is written beside the sources.
    command.arg("-B").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("python/main.py")).args(arguments);
    Ok(command)
}

/// An interruption at the terminal is for us, who then let the program take everything down.
#[cfg(unix)]
fn own_group(command: &mut Command) -> &mut Command {
    use std::os::unix::process::CommandExt;
    command.process_group(0)
}

#[cfg(not(unix))]
fn own_group(command: &mut Command) -> &mut Command {
    command
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Runs a line of shell, for at most a fifth of a second.
    fn run(line: &str, interrupted: bool) -> (String, Duration) {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        let name = format!("roundtrip-kernel-{}-{:?}.txt", std::process::id(), std::thread::current().id());
        let messages = std::env::temp_dir().join(name);
        let kernel = Kernel::new(Arc::new(AtomicBool::new(interrupted)));
        let start = Instant::now();
        let result = kernel.run(command, Duration::from_millis(200), &messages);
        let _left = fs::remove_file(messages);
        (result.map_or_else(|error| error.to_string(), |()| "done".to_owned()), start.elapsed())
    }

    #[test]
    fn what_takes_too_long_is_taken_down() {
        // `cat` ends with its input, as our programs do.
        let (said, took) = run("cat", false);
        assert_eq!(said, "not finished after 0 s");
        assert!(took < DOWN, "{took:?}");
    }

    #[test]
    fn the_last_words_are_the_reason() {
        assert_eq!(run("true", false).0, "done");
        assert_eq!(run("echo first >&2; echo the reason >&2; exit 2", false).0, "the reason");
        assert_eq!(run("exit 2", false).0, "it ended without a word");
        assert_eq!(run("true", true).0, "interrupted");
    }
}
