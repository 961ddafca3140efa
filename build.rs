//! Lists the files of the starter manual, so that `annexa init` has all that lie in `content/`, however many there are.
#![allow(clippy::disallowed_methods)] // a build script; the laws bind the product

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut paths = Vec::new();
    walk(&root.join("content"), &mut paths)?;
    paths.sort();
    let mut list = String::from("&[\n");
    for path in paths {
        let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let _ = writeln!(list, "    ({name:?}, include_str!({:?})),", path.to_string_lossy());
    }
    list.push_str("]\n");
    println!("cargo::rerun-if-changed=content");
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("starter.rs"), list)
}

/// Texts only: pictures of the starter manual are the made-up company's own.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, found)?;
        } else if path.extension().is_some_and(|end| end == "md" || end == "yaml") {
            found.push(path);
        }
    }
    Ok(())
}
