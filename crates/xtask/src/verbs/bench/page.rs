//! How smoothly the page moves and how soon it is there, beside other libraries in the same run: `js/page/bench.mjs`.

use std::fs;

use anyhow::{Context as _, Result};

use crate::{
    process::Run,
    setup,
    site::{self, Builder, Mode, Order},
    workspace::Workspace,
};

/// What is measured by, and what the others draw.
const FILES: [(&str, &str); 8] = [
    ("package.json", include_str!("../../../npm/page/package.json")),
    ("package-lock.json", include_str!("../../../npm/page/package-lock.json")),
    ("bench.mjs", include_str!("../../../js/page/bench.mjs")),
    ("graph.mjs", include_str!("../../../js/page/graph.mjs")),
    ("react-flow.jsx", include_str!("../../../js/page/react-flow.jsx")),
    ("cytoscape.mjs", include_str!("../../../js/page/cytoscape.mjs")),
    ("vis-network.mjs", include_str!("../../../js/page/vis-network.mjs")),
    ("mermaid.mjs", include_str!("../../../js/page/mermaid.mjs")),
];

/// Builds the page, installs the others below the target folder, and measures them all.
///
/// # Errors
/// That something cannot be installed or built, or that no browser is there.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let site = workspace.dist();
    site::build(workspace, &Order { mode: Mode::Release, out: site.clone(), builder: Builder::Own })?;
    let chromium = setup::chromium::ensure()?;
    let folder = workspace.scratch("page-bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, text) in FILES {
        fs::write(folder.join(name), text)?;
    }
    setup::node::modules(&folder, "what the page is measured beside, 310 MB")?;
    Run::new("node").arg(folder.join("bench.mjs")).arg(site).arg(chromium).dir(&folder).run()
}
