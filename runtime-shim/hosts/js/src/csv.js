// Results as text, byte for byte as `simc run` writes them.

/** Digits from which on two shortest texts can be equally near to a number. */
const MANY_DIGITS = 15;

/** A number as the shortest text that reads back to the same double: digits from 1e-5 to 1e16, else with an exponent. */
export function numberText(value) {
  if (Number.isNaN(value)) return "NaN";
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const size = Math.abs(value);
  const isPlain = size >= 1e-5 && size < 1e16;
  const text = isPlain ? String(value) : value.toExponential().replace("e+", "e");
  return text.length <= MANY_DIGITS ? text : upperOfTwo(value, text);
}

/** Of two shortest texts that are equally near, JavaScript gives the even one and `simc run` the one away from zero. */
function upperOfTwo(value, text) {
  const shortest = digitsOf(value.toExponential());
  if (shortest.length < MANY_DIGITS) return text;
  const exact = digitsOf(value.toExponential(shortest.length + 30));
  const isTie = exact.startsWith(shortest) && /^50*$/.test(exact.slice(shortest.length));
  if (!isTie) return text;
  // The last digit is even: the next one needs no carry.
  const other = text.replace(/\d(?=\D*(e|$))/, (digit) => String(Number(digit) + 1));
  return Number(other) === value ? other : text;
}

function digitsOf(exponential) {
  return exponential.replace(/e.*/, "").replace(/[-.]/g, "");
}

/** Columns `{title, values}` of one length as CSV: a header row, then a row for each number. */
export function csvText(columns) {
  const rows = [columns.map(({ title }) => (/[",\r\n]/.test(title) ? `"${title.replaceAll('"', '""')}"` : title)).join(",")];
  const n = columns[0]?.values.length ?? 0;
  for (let row = 0; row < n; row += 1) rows.push(columns.map(({ values }) => numberText(values[row])).join(","));
  return rows.join("\n") + "\n";
}
