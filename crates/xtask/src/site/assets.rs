//! What the page brings along besides the application. Names and text are those that Trunk makes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use super::{configuration::Configuration, document::Link};

/// Copies what the link points to into `out` and returns the text to put in the link's place.
///
/// # Errors
/// A kind or an attribute that is not known here, or a file that is not there.
pub(crate) fn place(rel: &str, link: &Link, folder: &Path, configuration: &Configuration, out: &Path) -> Result<String> {
    let source = folder.join(link.href()?);
    match rel {
        "css" => {
            link.only(&["href", "media", "id", "title"])?;
            let name = copy_hashed(&source, configuration, out)?;
            let mut attributes: Vec<_> = link
                .attributes()
                .filter(|(name, _)| !name.starts_with("data-trunk") && !["href", "rel"].contains(&name.as_str()))
                .collect();
            attributes.sort();
            let attributes: String = attributes.into_iter().map(|(name, value)| attribute(&name, &value)).collect();
            let base = configuration.base();
            Ok(format!(r#"<link rel="stylesheet" href="{base}{name}"{attributes}/>"#))
        }
        "icon" => {
            link.only(&["href"])?;
            let name = copy_hashed(&source, configuration, out)?;
            let base = configuration.base();
            Ok(format!(r#"<link rel="icon" href="{base}{name}"/>"#))
        }
        "inline" => {
            link.only(&["href", "type"])?;
            let text = fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
            let extension = source.extension().map(|e| e.to_string_lossy().into_owned());
            match link.get("type").or(extension).as_deref() {
                Some("html" | "svg") => Ok(text),
                Some("css") => Ok(format!("<style>{text}</style>")),
                Some("js") => Ok(format!("<script>{text}</script>")),
                Some("mjs" | "module") => Ok(format!(r#"<script type="module">{text}</script>"#)),
                other => bail!("cannot inline the type {other:?}"),
            }
        }
        "copy-file" => {
            link.only(&["href", "data-target-path"])?;
            let name = source.file_name().context("href names no file")?;
            let target = target_folder(link, out, None)?;
            fs::create_dir_all(&target)?;
            fs::copy(&source, target.join(name)).with_context(|| format!("cannot copy {}", source.display()))?;
            Ok(String::new())
        }
        "copy-dir" => {
            link.only(&["href", "data-target-path"])?;
            let source = source.canonicalize().with_context(|| format!("cannot find {}", source.display()))?;
            let target = target_folder(link, out, source.file_name().map(Path::new))?;
            copy_folder(&source, &target)?;
            Ok(String::new())
        }
        other => bail!("rel=\"{other}\" is Trunk's, but cargo xtask does not know it"),
    }
}

fn target_folder(link: &Link, out: &Path, default: Option<&Path>) -> Result<PathBuf> {
    let wanted = link.get("data-target-path").map(PathBuf::from);
    let Some(relative) = wanted.as_deref().or(default) else {
        return Ok(out.to_owned());
    };
    ensure!(
        relative.components().all(|part| matches!(part, std::path::Component::Normal(_))),
        "data-target-path must stay within the site"
    );
    Ok(out.join(relative))
}

fn copy_hashed(source: &Path, configuration: &Configuration, out: &Path) -> Result<String> {
    let content = fs::read(source).with_context(|| format!("cannot read {}", source.display()))?;
    let name = configuration.hashed_name(source, &content);
    fs::write(out.join(&name), content)?;
    Ok(name)
}

/// Copies a folder with all below it.
///
/// # Errors
/// Those of the file system.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| format!("cannot copy {}", entry.path().display()))?;
        }
    }
    Ok(())
}

fn attribute(name: &str, value: &str) -> String {
    if value.is_empty() {
        return format!(" {name}");
    }
    let value = value.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
    format!(r#" {name}="{value}""#)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{site::document::Document, testing::Scratch};

    fn placed(link: &str) -> (Result<String>, Scratch) {
        let scratch = Scratch::with(&[("web/site.css", "a{}"), ("web/static/deep/a.svg", "<svg/>"), ("out/.keep", "")]);
        let page = format!("<head><link data-trunk rel=rust>{link}</head>");
        let document = Document::parse(&page).unwrap();
        let link = document.links().get(1).unwrap();
        let result = place(link.rel().unwrap(), link, &scratch.path().join("web"), &Configuration::plain(), &scratch.path().join("out"));
        (result, scratch)
    }

    #[test]
    fn a_style_sheet_gets_a_name_by_its_content() {
        let (text, scratch) = placed(r#"<link data-trunk rel="css" href="site.css" media="a &gt; b">"#);
        let text = text.unwrap();
        let name = format!("site-{:x}.css", seahash::hash(b"a{}"));
        assert_eq!(text, format!(r#"<link rel="stylesheet" href="./{name}" media="a &gt; b"/>"#));
        assert!(scratch.path().join("out").join(name).is_file());
    }

    #[test]
    fn folders_are_copied_whole() {
        let (text, scratch) = placed(r#"<link data-trunk rel="copy-dir" href="static">"#);
        assert_eq!(text.unwrap(), "");
        assert!(scratch.path().join("out/static/deep/a.svg").is_file());
    }

    #[test]
    fn what_is_not_known_or_not_there_is_said() {
        for link in [
            r#"<link data-trunk rel="scss" href="site.css">"#,
            r#"<link data-trunk rel="css" href="absent.css">"#,
            r#"<link data-trunk rel="css" href="site.css" data-no-minify>"#,
            r#"<link data-trunk rel="copy-dir" href="static" data-target-path="../x">"#,
        ] {
            assert!(placed(link).0.is_err(), "{link}");
        }
    }
}
