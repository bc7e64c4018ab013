package simc

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const separators = " _\n\r\t\u00a0"

// nameKey is the form in which names are compared: case, and how many blanks or underscores separate words, do not count.
func nameKey(name string) string {
	var key strings.Builder
	separated := false
	for _, c := range name {
		if strings.ContainsRune(separators, c) {
			separated = true
			continue
		}
		if separated && key.Len() > 0 {
			key.WriteByte('_')
		}
		separated = false
		switch c {
		case 'İ':
			// The only letter whose small form is two.
			key.WriteString("i\u0307")
		case 'ς', 'Σ':
			key.WriteRune('σ')
		default:
			key.WriteRune(unicode.ToLower(c))
		}
	}
	if key.Len() == 0 && separated {
		return "_"
	}
	return key.String()
}

// unescapeName gives a name without the quotes that may stand around it, its escapes resolved.
func unescapeName(written string) string {
	inner := strings.TrimSpace(written)
	if len(inner) >= 2 && strings.HasPrefix(inner, `"`) && strings.HasSuffix(inner, `"`) {
		inner = inner[1 : len(inner)-1]
	}
	if !strings.ContainsRune(inner, '\\') {
		return inner
	}
	var name strings.Builder
	for at := 0; at < len(inner); at++ {
		if inner[at] != '\\' || at+1 == len(inner) {
			name.WriteByte(inner[at])
			continue
		}
		at++
		switch inner[at] {
		case 'n':
			name.WriteByte('\n')
		case '"', '\\':
			name.WriteByte(inner[at])
		default:
			name.WriteByte('\\')
			name.WriteByte(inner[at])
		}
	}
	return name.String()
}

// writtenKey is the key of a name as somebody wrote it.
func writtenKey(written string) string {
	return nameKey(unescapeName(written))
}

// A part of a text, with its first position.
type part struct {
	text string
	from int
}

// splitOutsideQuotes gives the parts of a text between separators that do not stand between double quotes.
func splitOutsideQuotes(text string, separator byte) []part {
	var parts []part
	quoted, escaped, from := false, false, 0
	for at := 0; at < len(text); at++ {
		c := text[at]
		if c == '"' && !escaped {
			quoted = !quoted
		}
		escaped = c == '\\' && !escaped
		if c == separator && !quoted {
			parts = append(parts, part{text[from:at], from})
			from = at + 1
		}
	}
	return append(parts, part{text[from:], from})
}

// splitSubscripts parts a name and the subscripts behind it, as in rate[North, *].
func splitSubscripts(written string) (base string, subscripts []string, ok bool) {
	text := strings.TrimSpace(written)
	parts := splitOutsideQuotes(text, '[')
	last := parts[len(parts)-1]
	if last.from == 0 || !strings.HasSuffix(text, "]") || last.from > len(text)-1 {
		return "", nil, false
	}
	return strings.TrimSpace(text[:last.from-1]), subscriptsOf(text[last.from : len(text)-1]), true
}

// subscriptsOf gives subscripts between commas.
func subscriptsOf(text string) []string {
	var subscripts []string
	for _, part := range splitOutsideQuotes(text, ',') {
		subscripts = append(subscripts, strings.TrimSpace(part.text))
	}
	return subscripts
}

const (
	longestName      = 80
	suggestionBudget = 1_000_000
)

// suggest gives the candidate that a misspelt name most probably meant, or nothing. Its work is bounded, whatever it is given.
func suggest(name string, n int, candidate func(int) string) string {
	wanted := []rune(nameKey(name))
	if len(wanted) > longestName {
		return ""
	}
	tolerated := min(len(wanted)/3, 4)
	if len(wanted) < 2 {
		tolerated = 0
	} else if len(wanted) < 5 {
		tolerated = 1
	}
	spent, best, least := 0, "", tolerated+1
	for i := 0; i < n; i++ {
		spent++
		if spent > suggestionBudget {
			break
		}
		written := candidate(i)
		if utf8.RuneCountInString(written) > 4*(len(wanted)+tolerated) {
			continue
		}
		other := []rune(nameKey(written))
		if difference := len(other) - len(wanted); difference > tolerated || -difference > tolerated {
			continue
		}
		spent += (len(wanted) + 1) * (len(other) + 1)
		if distance := editDistance(wanted, other); distance < least {
			least, best = distance, written
		}
	}
	return best
}

// editDistance counts insertions, deletions, replacements and swaps of neighbours that make one text the other.
func editDistance(a, b []rune) int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cell := min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cell = min(cell, before[j-2]+1)
			}
			next[j] = cell
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
