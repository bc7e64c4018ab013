// Names: when two of them are one, and what a misspelt one may have meant. The rules are those of equations.

const SPACE = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const ENDS = new RegExp(`^${SPACE}|${SPACE}$`, "gu");
const SEPARATORS = " _\n\r\t\u00a0";

/** A text without white space at its ends. */
export function trimmed(text) {
  return text.replace(ENDS, "");
}

/** The form in which names are compared: case, and how many blanks or underscores separate words, do not count. */
export function key(name) {
  let result = "";
  let separated = false;
  for (const c of name) {
    if (SEPARATORS.includes(c)) {
      separated = true;
      continue;
    }
    if (separated && result !== "") result += "_";
    separated = false;
    const lower = c.toLowerCase();
    result += lower === "ς" ? "σ" : lower;
  }
  return result === "" && separated ? "_" : result;
}

/** A name without the quotes that may stand around it, its escapes resolved. */
export function unescapeName(written) {
  let inner = trimmed(written);
  if (inner.length >= 2 && inner.startsWith('"') && inner.endsWith('"')) inner = inner.slice(1, -1);
  return inner.replace(/\\([\s\S])/g, (both, c) => (c === "n" ? "\n" : c === '"' || c === "\\" ? c : both));
}

/** The parts of a text between separators that do not stand between double quotes, each with its first position. */
function splitOutsideQuotes(text, separator) {
  const parts = [];
  let quoted = false;
  let escaped = false;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    if (c === '"' && !escaped) quoted = !quoted;
    escaped = c === "\\" && !escaped;
    if (c === separator && !quoted) {
      parts.push({ text: text.slice(from, at), from });
      from = at + 1;
    }
  }
  parts.push({ text: text.slice(from), from });
  return parts;
}

/** A name and the subscripts behind it, as in `rate[North, *]`; null when there are none. */
export function splitSubscripts(written) {
  const text = trimmed(written);
  const last = splitOutsideQuotes(text, "[").at(-1);
  if (last.from === 0 || !text.endsWith("]") || last.from > text.length - 1) return null;
  return { base: trimmed(text.slice(0, last.from - 1)), subscripts: subscriptsOf(text.slice(last.from, -1)) };
}

/** Subscripts between commas. */
export function subscriptsOf(text) {
  return splitOutsideQuotes(text, ",").map((part) => trimmed(part.text));
}

const LONGEST_NAME = 80;
const SUGGESTION_BUDGET = 1_000_000;

/** The candidate that a misspelt name most probably meant, or null. Its work is bounded, whatever it is given. */
export function suggest(name, candidates) {
  const wanted = [...key(name)];
  if (wanted.length > LONGEST_NAME) return null;
  const tolerated = wanted.length < 2 ? 0 : wanted.length < 5 ? 1 : Math.min(Math.floor(wanted.length / 3), 4);
  let spent = 0;
  let best = null;
  let least = tolerated + 1;
  for (const candidate of candidates) {
    spent += 1;
    if (spent > SUGGESTION_BUDGET) break;
    if (candidate.length > 4 * (wanted.length + tolerated)) continue;
    const other = [...key(candidate)];
    if (Math.abs(other.length - wanted.length) > tolerated) continue;
    spent += (wanted.length + 1) * (other.length + 1);
    const distance = editDistance(wanted, other);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that make one text the other. */
function editDistance(a, b) {
  let before = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let cell = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cell = Math.min(cell, before[j - 2] + 1);
      next.push(cell);
    }
    before = row;
    row = next;
  }
  return row[b.length];
}

/** What titles are compared by: names and subscripts as equations compare them. */
export function titleKey(name) {
  const split = splitSubscripts(name);
  const parts = split === null ? [name] : [split.base, ...split.subscripts];
  return JSON.stringify(parts.map((part) => key(unescapeName(part))));
}
