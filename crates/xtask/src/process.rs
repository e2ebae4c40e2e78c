//! Other programs: how they are started, and what is said when they fail.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// A command about to be run, with no input and, unless asked otherwise, the output of ours.
pub(crate) struct Run {
    command: Command,
}

impl Run {
    /// The program by name or path.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Self { command }
    }

    /// The cargo that runs us.
    pub(crate) fn cargo() -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// Adds arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    /// Runs it in this folder.
    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Sets a variable of its environment.
    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// Takes a variable out of its environment.
    pub(crate) fn without_env(mut self, key: &str) -> Self {
        self.command.env_remove(key);
        self
    }

    /// The line to type in a shell to run the same again.
    pub(crate) fn line(&self) -> String {
        let program = Path::new(self.command.get_program());
        let program = program.file_name().unwrap_or(program.as_os_str());
        std::iter::once(program)
            .chain(self.command.get_args())
            .map(|word| {
                let word = word.to_string_lossy();
                if word.contains([' ', '*', '"', '$']) || word.is_empty() { format!("'{word}'") } else { word.into_owned() }
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Runs it to its end.
    ///
    /// # Errors
    /// That it cannot be started, or that it ended with another status than success.
    pub(crate) fn run(mut self) -> Result<()> {
        let line = self.line();
        let status = self.command.status().with_context(|| format!("cannot start `{line}`"))?;
        if !status.success() {
            bail!("`{line}` failed ({status})");
        }
        Ok(())
    }

    /// Runs it to its end and returns what it wrote to standard output.
    ///
    /// # Errors
    /// As [`Run::run`].
    pub(crate) fn output(mut self) -> Result<String> {
        let line = self.line();
        let output = self.command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start `{line}`"))?;
        if !output.status.success() {
            bail!("`{line}` failed ({})", output.status);
        }
        String::from_utf8(output.stdout).with_context(|| format!("`{line}` wrote no text"))
    }

    /// Runs it without a sound; its own words come with the error only.
    ///
    /// # Errors
    /// As [`Run::run`], followed by the last lines that it wrote.
    pub(crate) fn quiet(mut self) -> Result<String> {
        let line = self.line();
        let output = self.command.output().with_context(|| format!("cannot start `{line}`"))?;
        let said = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            let all: Vec<&str> = said.lines().chain(errors.lines()).collect();
            let tail = all.get(all.len().saturating_sub(20)..).unwrap_or_default();
            bail!("`{line}` failed ({}):\n{}", output.status, tail.join("\n"));
        }
        Ok(said.into_owned())
    }
}

/// The program of this name on `PATH`, if there is one.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|dir| dir.join(&file)).find(|candidate| candidate.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_line_and_the_last_words() {
        let run = Run::new("sh").args(["-c", "echo seen; exit 3"]);
        assert_eq!(run.line(), "sh -c 'echo seen; exit 3'");
        let error = run.quiet().unwrap_err().to_string();
        assert!(error.contains("exit status: 3") && error.contains("seen"), "{error}");
    }

    #[test]
    fn a_program_that_is_not_there_is_not_found() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-program-has-this-name").is_none());
    }
}
