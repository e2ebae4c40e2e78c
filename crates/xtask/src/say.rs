//! What the person in front of the terminal reads: what is being done now, and how long it took.
//! All of it goes to standard error; standard output stays free for results.

use std::{
    io::IsTerminal,
    sync::OnceLock,
    time::{Duration, Instant},
};

use anyhow::Result;

static START: OnceLock<Instant> = OnceLock::new();

/// Time since the first word was said, near enough since the start of the command.
pub(crate) fn since_start() -> Duration {
    START.get_or_init(Instant::now).elapsed()
}

/// `75 s` as `1:15`.
fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

fn paint(code: &str, text: &str) -> String {
    if std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

/// A line that begins a piece of work, stamped with the time since the start.
pub(crate) fn heading(text: &str) {
    let stamp = clock(since_start());
    eprintln!("{}", paint("1;34", &format!("==> [{stamp}] {text}")));
}

/// A remark under the heading.
pub(crate) fn note(text: &str) {
    eprintln!("    {text}");
}

/// Something that a person may want to mend.
pub(crate) fn warning(text: &str) {
    eprintln!("{} {text}", paint("1;33", "note:"));
}

/// Why the command ends without having done its work.
pub(crate) fn failure(text: &str) {
    eprintln!("{} {text}", paint("1;31", "error:"));
}

/// Says `text`, does the work, and says how long it took.
///
/// # Errors
/// Those of the work.
pub(crate) fn timed<T>(text: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    heading(text);
    let start = Instant::now();
    let result = work()?;
    note(&format!("done in {:.1} s", start.elapsed().as_secs_f64()));
    Ok(result)
}

/// Bytes as a person reads them: `812 B`, `175.6 kB`, `104.2 MB`.
#[expect(clippy::cast_precision_loss, reason = "for reading, one decimal")]
pub(crate) fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        _ => format!("{:.1} MB", count as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_read_well() {
        assert_eq!(clock(Duration::from_secs(75)), "1:15");
        assert_eq!(clock(Duration::from_millis(59_999)), "0:59");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(175_596), "175.6 kB");
        assert_eq!(bytes(104_200_000), "104.2 MB");
    }
}
