//! Text to lexemes.

/// A piece of text that the grammar knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Letters, digits and underscores, a letter first.
    Word(&'a str),
    /// A digit, or `-` and what looks like a number, with all that clings to it.
    Number(&'a str),
    /// One of `{}[]():,=`.
    Punct(char),
    /// `->`
    Arrow,
    /// Nothing that the grammar knows.
    Unknown(char),
    /// The end of the text.
    End,
}

/// A token and where it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexeme<'a> {
    pub(super) token: Token<'a>,
    /// Offset of its first byte.
    pub(super) at: usize,
    /// The comment that ended the line of the token before this one, from after its `;`.
    pub(super) comment_before: Option<(usize, &'a str)>,
    /// Whether it is the first on its line.
    pub(super) starts_line: bool,
}

/// Hands out lexemes, and [`Token::End`] for ever after the last.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn next_lexeme(&mut self) -> Lexeme<'a> {
        let (comment_before, starts_line) = self.skip_blanks();
        let at = self.at;
        let token = self.next_token();
        Lexeme { token, at, comment_before, starts_line }
    }

    /// Steps over blanks and comments; returns the comment on the line where it began, unless it is one for people, and whether
    /// it came to another line.
    fn skip_blanks(&mut self) -> (Option<(usize, &'a str)>, bool) {
        let mut comment = None;
        let mut same_line = self.at > 0;
        loop {
            let rest = &self.text[self.at..];
            if let Some(behind) = rest.strip_prefix(';') {
                let line = &behind[..behind.find('\n').unwrap_or(behind.len())];
                if same_line && !line.starts_with(';') {
                    comment = Some((self.at, line));
                }
                self.at += 1 + line.len();
                continue;
            }
            match rest.bytes().next() {
                Some(b'\n') => same_line = false,
                Some(b' ' | b'\t' | b'\r') => {}
                _ => return (comment, !same_line),
            }
            self.at += 1;
        }
    }

    fn next_token(&mut self) -> Token<'a> {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return Token::End };
        let (token, len) = match first {
            'a'..='z' | 'A'..='Z' | '_' => {
                let len = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                (Token::Word(&rest[..len]), len)
            }
            '-' if rest.starts_with("->") => (Token::Arrow, 2),
            '0'..='9' | '-' => {
                let len = number_len(rest);
                (Token::Number(&rest[..len]), len)
            }
            '{' | '}' | '[' | ']' | '(' | ')' | ':' | ',' | '=' => (Token::Punct(first), 1),
            _ => (Token::Unknown(first), first.len_utf8()),
        };
        self.at += len;
        token
    }
}

/// How much of the text belongs to the number it begins with: letters too, so that `1x` is one mistake and not two tokens,
/// and a sign after an `e`.
fn number_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let belongs = |at: usize| match bytes[at] {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'.' => true,
        b'-' | b'+' => at == 0 || (matches!(bytes[at - 1], b'e' | b'E') && !text.starts_with("0x")),
        _ => false,
    };
    (0..bytes.len()).find(|&at| !belongs(at)).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        let mut lexer = Lexer::new(text);
        std::iter::from_fn(|| Some(lexer.next_lexeme().token).filter(|&token| token != Token::End)).collect()
    }

    #[test]
    fn arrows_minus_signs_and_exponents_are_told_apart() {
        assert_eq!(
            tokens("a0 -> -1.5e-7:-inf 1e+3"),
            [
                Token::Word("a0"),
                Token::Arrow,
                Token::Number("-1.5e-7"),
                Token::Punct(':'),
                Token::Number("-inf"),
                Token::Number("1e+3"),
            ]
        );
    }

    #[test]
    fn only_a_comment_on_the_same_line_belongs_to_what_is_before_it() {
        let mut lexer = Lexer::new("a ; one\n; two\nb ;; three\nc");
        let comments: Vec<_> = (0..4).map(|_| lexer.next_lexeme().comment_before.map(|(_, text)| text)).collect();
        assert_eq!(comments, [None, Some(" one"), None, None]);
    }

    #[test]
    fn foreign_characters_are_unknown_tokens() {
        assert_eq!(tokens("é+"), [Token::Unknown('é'), Token::Unknown('+')]);
    }
}
