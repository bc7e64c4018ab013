//! A model as a web page: one file that needs no network, holds the artifact, and runs it as its reader moves the sliders.
//!
//! The page's scripts are the host for JavaScript (`runtime-shim/hosts/js`) and the page's own (`compiler/simc/page`), joined into
//! one text whose digest the page's content security policy names: nothing else can run in it, and nothing can be fetched.

use std::fmt::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use simc_artifact::DecodeError;

/// A script that is part of the page, in the form of a module.
macro_rules! script {
    ($path:literal) => {
        ($path, include_str!(concat!("../../../", $path)))
    };
}

/// The scripts, each after those that it imports.
const SCRIPTS: [(&str, &str); 22] = [
    script!("runtime-shim/hosts/js/src/errors.js"),
    script!("runtime-shim/hosts/js/src/names.js"),
    script!("runtime-shim/hosts/js/src/sha256.js"),
    script!("runtime-shim/hosts/js/src/csv.js"),
    script!("runtime-shim/hosts/js/src/bytes.js"),
    script!("runtime-shim/hosts/js/src/layout.js"),
    script!("runtime-shim/hosts/js/src/variables.js"),
    script!("runtime-shim/hosts/js/src/results.js"),
    script!("runtime-shim/hosts/js/src/instance.js"),
    script!("runtime-shim/hosts/js/src/sim.js"),
    script!("runtime-shim/hosts/js/src/batch.js"),
    script!("runtime-shim/hosts/js/src/model.js"),
    script!("compiler/simc/page/dom.js"),
    script!("compiler/simc/page/figures.js"),
    script!("compiler/simc/page/scale.js"),
    script!("compiler/simc/page/state.js"),
    script!("compiler/simc/page/runner.js"),
    script!("compiler/simc/page/controls.js"),
    script!("compiler/simc/page/charts.js"),
    script!("compiler/simc/page/table.js"),
    script!("compiler/simc/page/causes.js"),
    script!("compiler/simc/page/app.js"),
];

const CHART_SCRIPT: &str = include_str!("../page/vendor/uPlot.iife.min.js");
const CHART_STYLE: &str = include_str!("../page/vendor/uPlot.min.css");
const STYLE: &str = include_str!("../page/page.css");
const LIVE: &str = include_str!("../page/live.js");
const BODY: &str = include_str!("../page/body.html");

/// The page of an artifact.
///
/// # Errors
/// When the bytes are no artifact that describes its variables.
pub fn html(wasm: &[u8]) -> Result<String, DecodeError> {
    model_page(wasm, None)
}

/// The page of an artifact that its server may replace: it asks every half second for `/version`, and loads itself anew
/// when the answer is no longer `version`.
///
/// # Errors
/// When the bytes are no artifact that describes its variables.
pub fn live_html(wasm: &[u8], version: u64) -> Result<String, DecodeError> {
    model_page(wasm, Some(version))
}

/// A page with a text in place of a model, which loads itself anew as that of [`live_html`] does.
pub fn live_text(title: &str, text: &str, version: u64) -> String {
    let body = format!("<main class=\"text\"><h1>{}</h1>\n<pre>{}</pre></main>", escaped(title), escaped(text));
    document(title, &body, &[], Some(version))
}

fn model_page(wasm: &[u8], version: Option<u64>) -> Result<String, DecodeError> {
    let artifact = simc_artifact::read(wasm)?;
    let title = artifact.layout.extension.map(|extension| extension.origin.model).unwrap_or_default();
    let artifact = BASE64_STANDARD.encode(wasm);
    let body = format!("{}\n<script type=\"text/plain\" id=\"artifact\">{artifact}</script>", BODY.trim_end());
    Ok(document(if title.is_empty() { "Model" } else { &title }, &body, &[("program", &script())], version))
}

/// A whole page, whose policy allows these scripts and no others.
fn document(title: &str, body: &str, scripts: &[(&str, &str)], version: Option<u64>) -> String {
    let style = format!("{CHART_STYLE}\n{STYLE}");
    let mut scripts = scripts.to_vec();
    scripts.extend(version.map(|_| ("live", LIVE)));
    let digests: Vec<String> = scripts.iter().map(|(_, text)| format!("'{}'", digest(text))).collect();
    let policy = format!(
        "default-src 'none'; script-src {} 'wasm-unsafe-eval'; style-src '{}'; worker-src blob:; img-src data:; {}base-uri 'none'; form-action 'none'",
        digests.join(" "),
        digest(&style),
        if version.is_some() { "connect-src 'self'; " } else { "" },
    );
    let live = version.map(|version| format!(" data-version=\"{version}\"")).unwrap_or_default();
    let mut page = format!("<!doctype html>\n<html lang=\"en\"{live}>\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
    let _ = writeln!(page, "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    let _ = writeln!(page, "<title>{}</title>\n<link rel=\"icon\" href=\"data:,\">", escaped(title));
    let _ = writeln!(page, "<style>{style}</style>\n</head>\n<body>\n{body}");
    for (id, text) in scripts {
        let _ = writeln!(page, "<script id=\"{id}\">{text}</script>");
    }
    page.push_str("</body>\n</html>\n");
    page
}

/// All scripts as one that has a scope of its own, so that a worker can be made of the same text.
fn script() -> String {
    let mut script = format!("{}\n(() => {{\n\"use strict\";\n", CHART_SCRIPT.trim_end());
    for (path, text) in SCRIPTS {
        let _ = writeln!(script, "// {path}");
        script.push_str(&joinable(text));
    }
    script.push_str("})();\n");
    script
}

/// A module's text without its imports and exports: in the joined script all names are at hand. Modules are written so that an
/// import is one line, and an export is before what it exports.
fn joinable(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("import "));
    lines.map(|line| line.strip_prefix("export ").unwrap_or(line)).fold(String::new(), |mut joined, line| {
        joined.push_str(line);
        joined.push('\n');
        joined
    })
}

/// A digest as policies have it.
fn digest(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

/// Text within an element.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{BODY, CHART_STYLE, LIVE, SCRIPTS, STYLE, escaped, live_text, script};

    #[test]
    fn no_text_ends_its_element_early() {
        let script = script();
        for text in [script.as_str(), CHART_STYLE, STYLE, LIVE] {
            assert!(
                !text.contains("</script")
                    && !text.contains("<!--")
                    && !text.contains("</style")
                    && !text.contains('\r')
            );
        }
        assert!(!BODY.contains("<script") && !BODY.contains("style="));
    }

    #[test]
    fn each_script_stands_behind_those_that_it_imports_and_names_are_defined_once() {
        let mut before = BTreeSet::new();
        let mut names = BTreeSet::new();
        for (path, text) in SCRIPTS {
            for line in text.lines().filter(|line| line.starts_with("import ")) {
                let file =
                    line.split('"').nth(1).and_then(|from| from.rsplit('/').next()).expect("an import names a file");
                assert!(before.contains(file), "{path} imports {file}, which stands behind it");
            }
            for line in text.lines() {
                let line = line.strip_prefix("export ").unwrap_or(line);
                let defined = ["const ", "let ", "class ", "function ", "async function "]
                    .iter()
                    .find_map(|kind| line.strip_prefix(kind));
                let name = defined.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next());
                if let Some(name) = name.filter(|name| !name.is_empty()) {
                    assert!(names.insert(name.to_owned()), "{name} is defined in {path} and before it");
                }
            }
            before.insert(path.rsplit('/').next().expect("a path has a name"));
        }
    }

    #[test]
    fn titles_are_text() {
        assert_eq!(escaped("a<b> & c"), "a&lt;b&gt; &amp; c");
        let page = live_text("<m>", "a </pre><script>", 7);
        assert!(page.contains("<h1>&lt;m&gt;</h1>") && page.contains("a &lt;/pre&gt;&lt;script&gt;"));
        assert!(page.contains("data-version=\"7\"") && page.contains("connect-src 'self'"));
    }
}
