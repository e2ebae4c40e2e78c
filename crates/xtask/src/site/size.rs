//! How much a reader's browser has to fetch.

use std::path::Path;

use anyhow::Result;

use crate::{process::Run, setup};

/// Prints every file of the site by size, as it is and as a server would compress it.
const REPORT: &str = r#"
const fs = require("node:fs"), path = require("node:path"), zlib = require("node:zlib");
const root = process.argv[1];
const rows = fs.readdirSync(root, { recursive: true })
  .map((name) => ({ name, file: path.join(root, name) }))
  .filter(({ file }) => fs.statSync(file).isFile())
  .map(({ name, file }) => {
    const bytes = fs.readFileSync(file);
    return [name, bytes.length, zlib.gzipSync(bytes, { level: 9 }).length, zlib.brotliCompressSync(bytes).length];
  })
  .sort((a, b) => b[1] - a[1]);
const sum = (i) => rows.reduce((total, row) => total + row[i], 0);
rows.push(["total", sum(1), sum(2), sum(3)]);
const line = (row) => row.slice(1).map((n) => String(n).padStart(11)).join("") + "  " + row[0];
console.log([["file", "bytes", "gzip", "brotli"], ...rows].map(line).join("\n"));
"#;

/// The table, as text.
///
/// # Errors
/// That there is no Node, or no site there.
pub(crate) fn report(site: &Path) -> Result<String> {
    setup::node::ensure()?;
    Run::new("node").args(["-e", REPORT]).arg(site).quiet()
}
