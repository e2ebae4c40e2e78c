//! The tests of the programs below `python/`, which need no root.

use std::path::Path;
use std::process::Command;

#[test]
fn the_programs_pass_their_own_tests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
    let run = Command::new("python3").args(["-B", "-m", "unittest", "-q"]).current_dir(folder).output();
    let Ok(output) = run else {
        eprintln!("skipped: there is no python3");
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("Ran 0 tests"), "{said}");
}
