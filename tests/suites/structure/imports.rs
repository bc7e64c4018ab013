//! What a source file of Rust imports, read from its tokens: `use` declarations, and paths that begin
//! with `crate` or `super`. Comments, literals and tests are left out.

use std::collections::BTreeSet;

/// What one file says about imports. Paths are absolute within the crate: without `crate`, `super` and
/// `self`.
#[derive(Debug, Default)]
pub(super) struct Imports {
    /// Names that `use` brings into the file, each with its path.
    pub(super) uses: Vec<Use>,
    /// Paths within code.
    pub(super) paths: Vec<Vec<String>>,
    /// Modules of tests that are in files of their own.
    pub(super) tests: BTreeSet<String>,
}

/// An imported name.
#[derive(Debug)]
pub(super) struct Use {
    /// The name within the file; `*` for all names of a module.
    pub(super) name: String,
    /// Where it comes from; a first segment that is no module of the crate is a crate from outside.
    pub(super) path: Vec<String>,
    /// Whether the file's outermost module has it, rather than one within braces.
    pub(super) is_outermost: bool,
}

/// Reads the file of the module with this path. `is_child` tells its child modules.
pub(super) fn read(source: &str, module: &[String], is_child: impl Fn(&str) -> bool) -> Imports {
    let mut reader = Reader {
        tokens: tokens(source),
        at: 0,
        module: module.to_vec(),
        inline: Vec::new(),
        is_child: &is_child,
        imports: Imports::default(),
    };
    reader.read();
    reader.imports
}

/// Names, numbers and lifetimes as they are; all else sign by sign, but `::`, which is one token.
fn tokens(source: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(len) = literal(rest) {
            len
        } else if first.is_whitespace() {
            first.len_utf8()
        } else {
            let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let len = if word > 0 {
                word
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            tokens.push(&rest[..len]);
            len
        };
        rest = &rest[len..];
    }
    tokens
}

/// The length of the text, byte or character that is at the beginning, if one does.
fn literal(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('b').unwrap_or(rest);
    let before = rest.len() - body.len();
    if let Some(raw) = body.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if let Some(text) = raw[hashes..].strip_prefix('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let len = text.find(&end).map_or(text.len(), |at| at + end.len());
            return Some(before + 1 + hashes + 1 + len);
        }
    }
    let quote = body.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut escaped = false;
    for (at, c) in body.char_indices().skip(1) {
        if !escaped && c == quote {
            // A quote that stands alone begins a lifetime.
            return Some(before + at + 1);
        }
        let is_lifetime = quote == '\'' && !escaped && c != '\\' && !body[at + c.len_utf8()..].starts_with('\'');
        if is_lifetime {
            return Some(before + 1);
        }
        escaped = !escaped && c == '\\';
        if quote == '\'' && escaped {
            let end = body[at + 2..].find('\'')?;
            return Some(before + at + 2 + end + 1);
        }
    }
    Some(rest.len())
}

struct Reader<'a> {
    tokens: Vec<&'a str>,
    at: usize,
    module: Vec<String>,
    /// Modules within braces that are open, each with the braces that are open around it.
    inline: Vec<(String, usize)>,
    is_child: &'a dyn Fn(&str) -> bool,
    imports: Imports,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut depth = 0;
        while self.at < self.tokens.len() {
            let here = &self.tokens[self.at..];
            match here {
                ["#", "[", "cfg", "(", "test", ")", "]", "mod", name, ";", ..] => {
                    self.imports.tests.insert((*name).to_owned());
                    self.at += 10;
                }
                ["#", "[", "cfg", "(", "test", ")", "]", "mod", _, "{", ..] => {
                    self.at += 9;
                    self.skip_braces();
                }
                ["mod", name, "{", ..] => {
                    self.inline.push(((*name).to_owned(), depth));
                    depth += 1;
                    self.at += 3;
                }
                ["use", ..] => {
                    self.at += 1;
                    self.read_use(&mut Vec::new());
                }
                ["crate" | "super", "::", ..] if self.at == 0 || self.tokens[self.at - 1] != "::" => self.read_path(),
                ["{", ..] => {
                    depth += 1;
                    self.at += 1;
                }
                ["}", ..] => {
                    depth = depth.saturating_sub(1);
                    self.inline.pop_if(|&mut (_, around)| around == depth);
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
    }

    /// Goes after the brace that closes the one that is here.
    fn skip_braces(&mut self) {
        let mut open = 0_usize;
        while let Some(&token) = self.tokens.get(self.at) {
            self.at += 1;
            match token {
                "{" => open += 1,
                "}" => open -= 1,
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }

    /// Reads a tree of a `use` declaration, whose path so far is `prefix`.
    fn read_use(&mut self, prefix: &mut Vec<String>) {
        let outer = prefix.len();
        while let Some(&token) = self.tokens.get(self.at) {
            self.at += 1;
            match token {
                "{" => {
                    while self.tokens.get(self.at).is_some_and(|&token| token != "}") {
                        self.read_use(prefix);
                        if self.tokens.get(self.at) == Some(&",") {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    break;
                }
                "::" => {}
                word => {
                    prefix.push(word.to_owned());
                    if self.tokens.get(self.at) != Some(&"::") {
                        self.end_use(prefix.clone());
                        break;
                    }
                }
            }
        }
        prefix.truncate(outer);
    }

    fn end_use(&mut self, mut path: Vec<String>) {
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let mut name = path.last().cloned().unwrap_or_default();
        if let Some(["as", other]) = self.tokens.get(self.at..self.at + 2) {
            name = (*other).to_owned();
            self.at += 2;
        }
        if let Some(path) = self.absolute(path) {
            self.imports.uses.push(Use { name, path, is_outermost: self.inline.is_empty() });
        }
    }

    fn read_path(&mut self) {
        let mut path = vec![self.tokens[self.at].to_owned()];
        self.at += 1;
        while let Some(&["::", word]) = self.tokens.get(self.at..self.at + 2).and_then(|pair| pair.first_chunk()) {
            if !word.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                break;
            }
            path.push(word.to_owned());
            self.at += 2;
        }
        self.imports.paths.extend(self.absolute(path));
    }

    /// A path from the root of the crate; none when it leads out of the crate.
    fn absolute(&self, path: Vec<String>) -> Option<Vec<String>> {
        let mut module = self.module.clone();
        module.extend(self.inline.iter().map(|(name, _)| name.clone()));
        let n_supers = path.iter().take_while(|segment| *segment == "super").count();
        match path.first().map(String::as_str)? {
            "crate" => Some(path[1..].to_vec()),
            "super" => {
                module.truncate(module.len().saturating_sub(n_supers));
                module.extend_from_slice(&path[n_supers..]);
                Some(module)
            }
            "self" => {
                module.extend_from_slice(&path[1..]);
                Some(module)
            }
            first if self.inline.is_empty() && (self.is_child)(first) => {
                module.extend(path);
                Some(module)
            }
            _ => None,
        }
    }
}
