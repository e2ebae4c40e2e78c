//! The lab and its run as files for elsewhere: the thin edge of `roundtrip_export` and `roundtrip_editor::picture`.

mod captures;
mod dialog;
mod files;
mod pictures;
mod raster;

pub(crate) use dialog::{ExportButton, ExportDialog};
