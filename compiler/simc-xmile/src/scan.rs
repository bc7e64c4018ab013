//! A look over the raw text before the XML reader sees it.
//!
//! It sets limits that keep the reader's work linear and its memory bounded, refuses document types (and with them every
//! entity bomb), and mends two faults that exporters of models are known for, without moving a byte that anybody is
//! shown: comments with `--` in them, and vendor prefixes that are used but not declared.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::code;
use simc_model::diagnostic::Code;

/// How deep elements may nest.
pub(crate) const DEPTH_LIMIT: usize = 256;
/// How many attributes an element may have.
pub(crate) const ATTRIBUTE_LIMIT: usize = 256;
/// How many namespaces a file may declare.
pub(crate) const NAMESPACE_LIMIT: usize = 64;

/// Prefixes that are understood even where a file forgets to declare them, with what they stand for.
const VENDORS: [(&str, &str); 2] =
    [("isee", "http://iseesystems.com/XMILE"), ("simlin", "https://simlin.com/XMILE/v1.0")];

/// A text that the XML reader can be given, and the way from its bytes back to the file's.
#[derive(Debug)]
pub(crate) struct Mended<'a> {
    /// The text to read.
    pub(crate) text: Cow<'a, str>,
    /// Where declarations were put in, and how many bytes they are.
    inserted: (usize, usize),
}

/// Something in the raw text for which no file is accepted.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) range: Range<usize>,
}

impl Mended<'_> {
    /// The place in the file of a place in the text.
    pub(crate) fn original(&self, at: usize) -> usize {
        let (start, length) = self.inserted;
        if at <= start { at } else { at.saturating_sub(length).max(start) }
    }
}

/// Looks over a whole file.
pub(crate) fn scan(text: &str) -> Result<Mended<'_>, Refusal> {
    let mut scanner = Scanner { text, at: 0, depth: 0, n_namespaces: 0, ..Scanner::default() };
    while let Some(found) = text[scanner.at..].find('<') {
        scanner.at += found;
        scanner.markup()?;
    }
    Ok(scanner.mend())
}

#[derive(Default)]
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    n_namespaces: usize,
    /// Where the name of the root element ends.
    root_name_end: Option<usize>,
    used: BTreeSet<&'a str>,
    declared: BTreeSet<&'a str>,
    /// The insides of comments that XML does not allow.
    comments: Vec<Range<usize>>,
}

impl<'a> Scanner<'a> {
    /// Passes over what the `<` here begins. What is not well-formed is left to the XML reader to report.
    fn markup(&mut self) -> Result<(), Refusal> {
        let start = self.at;
        let rest = &self.text[start..];
        if rest.starts_with("<!--") {
            self.comment();
        } else if rest.starts_with("<![CDATA[") {
            self.skip_past("]]>");
        } else if rest.starts_with("<?") {
            self.skip_past("?>");
        } else if rest.starts_with("<!DOCTYPE") {
            return Err(Refusal {
                code: code::DOCUMENT_TYPE,
                message: "document type declarations are not accepted in a model".to_owned(),
                range: start..start + "<!DOCTYPE".len(),
            });
        } else if rest.starts_with("</") {
            self.depth = self.depth.saturating_sub(1);
            self.skip_past(">");
        } else {
            return self.start_tag();
        }
        Ok(())
    }

    fn comment(&mut self) {
        let inside = self.at + "<!--".len();
        self.at = inside;
        self.skip_past("-->");
        let end = self.at.saturating_sub("-->".len());
        let text = self.text.get(inside..end).unwrap_or("");
        if text.contains("--") || text.ends_with('-') {
            self.comments.push(inside..end);
        }
    }

    fn start_tag(&mut self) -> Result<(), Refusal> {
        let start = self.at;
        self.at += 1;
        let name = self.take_name();
        let name_end = self.at;
        self.root_name_end.get_or_insert(name_end);
        self.use_prefix(name);
        let refusal = |message| Err(Refusal { code: code::XML_LIMIT, message, range: start..name_end });
        let mut n_attributes = 0;
        loop {
            self.skip_blanks();
            let name = self.take_name();
            if name.is_empty() {
                break;
            }
            n_attributes += 1;
            self.attribute(name);
        }
        if n_attributes > ATTRIBUTE_LIMIT {
            return refusal(format!("the element has more than {ATTRIBUTE_LIMIT} attributes"));
        }
        if self.n_namespaces > NAMESPACE_LIMIT {
            return refusal(format!("the file declares more than {NAMESPACE_LIMIT} namespaces"));
        }
        if !name.is_empty() && !self.text[self.at..].starts_with('/') {
            self.depth += 1;
            if self.depth > DEPTH_LIMIT {
                return refusal(format!("elements nest more than {DEPTH_LIMIT} levels deep"));
            }
        }
        Ok(())
    }

    /// Takes note of an attribute and passes over its value.
    fn attribute(&mut self, name: &'a str) {
        match name.strip_prefix("xmlns") {
            Some("") => self.n_namespaces += 1,
            Some(rest) if rest.starts_with(':') => {
                self.n_namespaces += 1;
                self.declared.insert(&rest[1..]);
            }
            Some(_) | None => self.use_prefix(name),
        }
        self.skip_blanks();
        if !self.text[self.at..].starts_with('=') {
            return;
        }
        self.at += 1;
        self.skip_blanks();
        for quote in ["\"", "'"] {
            if self.text[self.at..].starts_with(quote) {
                self.at += 1;
                return self.skip_past(quote);
            }
        }
    }

    /// Takes note of the vendor prefix of a name.
    fn use_prefix(&mut self, name: &'a str) {
        if let Some((prefix, _)) = name.split_once(':')
            && VENDORS.iter().any(|(vendor, _)| *vendor == prefix)
        {
            self.used.insert(prefix);
        }
    }

    fn take_name(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/' | '<' | '"' | '\'');
        let length = rest.find(is_end).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_ascii_start().len();
    }

    /// To after the next `mark`, or to the end.
    fn skip_past(&mut self, mark: &str) {
        self.at = self.text[self.at..].find(mark).map_or(self.text.len(), |found| self.at + found + mark.len());
    }

    /// The text with bad comments blanked and missing declarations put in.
    fn mend(self) -> Mended<'a> {
        let missing: String = VENDORS
            .iter()
            .filter(|(prefix, _)| self.used.contains(prefix) && !self.declared.contains(prefix))
            .map(|(prefix, uri)| format!(" xmlns:{prefix}=\"{uri}\""))
            .collect();
        let at = self.root_name_end.unwrap_or(0);
        if missing.is_empty() && self.comments.is_empty() {
            return Mended { text: Cow::Borrowed(self.text), inserted: (at, 0) };
        }
        let mut text = String::with_capacity(self.text.len() + missing.len());
        let mut copied = 0;
        for comment in self.comments {
            text.push_str(&self.text[copied..comment.start]);
            text.extend(self.text[comment.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            copied = comment.end;
        }
        text.push_str(&self.text[copied..]);
        text.insert_str(at, &missing);
        Mended { text: Cow::Owned(text), inserted: (at, missing.len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> String {
        scan(text).expect("accepted").text.into_owned()
    }

    #[test]
    fn leaves_a_sound_file_alone() {
        let text = "<?xml version='1.0'?><xmile xmlns:isee='u'><isee:prefs a='<>'/><!-- x --></xmile>";
        assert!(matches!(scan(text).expect("accepted").text, Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn blanks_comments_that_xml_does_not_allow() {
        assert_eq!(mended("<a><!-- x -- é\n---></a>"), "<a><!--        \n --></a>");
    }

    #[test]
    fn declares_vendor_prefixes_that_nobody_did() {
        let text = "<!-- c --><xmile a='1'><isee:prefs simlin:b='2'/></xmile>";
        let result = scan(text).expect("accepted");
        let declarations = format!(" xmlns:isee=\"{}\" xmlns:simlin=\"{}\"", VENDORS[0].1, VENDORS[1].1);
        assert_eq!(result.text, text.replace("<xmile", &format!("<xmile{declarations}")));
        let place = |what: &str| result.original(result.text.find(what).expect("it is there"));
        assert_eq!(place("xmile"), 11);
        assert_eq!(place(" a='1'"), 16);
        assert_eq!(place("isee:prefs"), 24);
    }

    #[test]
    fn does_not_declare_what_is_declared_or_unknown() {
        assert_eq!(mended("<a xmlns:isee='u'><isee:b/><c:d/></a>"), "<a xmlns:isee='u'><isee:b/><c:d/></a>");
    }

    #[test]
    fn refuses_document_types_depth_and_floods_of_attributes() {
        let refused = |text: &str| scan(text).expect_err("refused").code;
        assert_eq!(refused("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), code::DOCUMENT_TYPE);
        assert_eq!(refused(&"<a>".repeat(100_000)), code::XML_LIMIT);
        assert_eq!(refused(&format!("<a{}/>", " b='1'".repeat(ATTRIBUTE_LIMIT + 1))), code::XML_LIMIT);
        assert_eq!(refused(&"<a xmlns='1'/>".repeat(NAMESPACE_LIMIT + 1)), code::XML_LIMIT);
    }

    #[test]
    fn siblings_are_no_depth() {
        assert!(scan(&"<a></a><b/><c>x</c>".repeat(10_000)).is_ok());
    }

    #[test]
    fn markup_that_ends_too_early_is_left_to_the_reader() {
        for text in [
            "<",
            "<a",
            "<a b",
            "<a b=",
            "<a b='",
            "<!--",
            "<!---->",
            "<!--->",
            "<![CDATA[",
            "<?",
            "</",
            "<a/",
            "",
            "<é='",
        ] {
            assert_eq!(mended(text), text);
        }
    }
}
