//! What must be on the machine: one file per tool. Each looks first, says what it is about to
//! install and where, and installs nothing twice.

mod apt;
pub(crate) mod binaryen;
pub(crate) mod chromium;
pub(crate) mod components;
pub(crate) mod node;
pub(crate) mod target;
pub(crate) mod trunk;
pub(crate) mod tshark;
