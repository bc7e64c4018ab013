// Numbers and names as people read them.

import { numberText } from "../../../runtime-shim/hosts/js/src/csv.js";

const DIGITS = 6;

/** A number in few digits. */
export function shortNumber(value) {
  if (value === null || value === undefined) return "";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "n/a" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e9 || size < 1e-4) return value.toExponential(3).replace(/\.?0+e/, "e").replace("e+", "e");
  const rounded = Number(value.toPrecision(DIGITS));
  return size >= 10_000 ? rounded.toLocaleString("en-US", { maximumFractionDigits: 1 }) : String(rounded);
}

/** A number in all its digits. */
export function exactNumber(value) {
  return numberText(value);
}

/** Units behind a name, if they say something. */
export function unitsText(units) {
  return units === null || units === undefined || ["", "1", "dmnl", "dimensionless", "unitless"].includes(units.toLowerCase()) ? "" : units;
}

/** What a reader may want to know of a variable. */
export function describeVariable(variable) {
  const parts = [];
  if (variable.documentation) parts.push(variable.documentation);
  const units = unitsText(variable.units);
  if (units !== "") parts.push(`Units: ${units}`);
  if (variable.range !== null) parts.push(`Sensible from ${shortNumber(variable.range[0])} to ${shortNumber(variable.range[1])}`);
  return parts.join("\n");
}
