// Where a slider stands for a number, and the other way round.

const FINEST = 1000;

/** The range of a slider: a control's, the variable's own, or from 0 to twice the default. */
export function usualRange(variable, control, value) {
  const range = control?.range ?? variable.range;
  if (range && range[0] < range[1] && range.every(Number.isFinite)) return widened(range, value);
  if (value > 0) return [0, 2 * value];
  if (value < 0) return [2 * value, 0];
  return [0, 1];
}

function widened([least, greatest], value) {
  return [Math.min(least, value), Math.max(greatest, value)];
}

/** A step that is a round number and gives a few hundred positions. */
export function roundStep(least, greatest) {
  return 10 ** Math.floor(Math.log10((greatest - least) / 100));
}

export class SliderScale {
  constructor({ least, greatest, step, isLog }) {
    this.isLog = isLog;
    [this.least, this.greatest] = isLog ? logRange(least, greatest) : [least, greatest];
    this.step = step ?? roundStep(this.least, this.greatest);
    const n = isLog ? FINEST : Math.round((this.greatest - this.least) / this.step);
    this.positions = Math.max(1, Math.min(n, 10 * FINEST));
  }

  /** The number at a position. */
  valueAt(position) {
    const part = position / this.positions;
    if (this.isLog) return Number((this.least * (this.greatest / this.least) ** part).toPrecision(4));
    if (position === this.positions) return this.greatest;
    const value = this.least + part * (this.greatest - this.least);
    // To the nearest multiple of the step, without the digits that binary fractions add.
    return Number((Math.round(value / this.step) * this.step).toPrecision(12));
  }

  /** The position of a number; of one outside of the range, the nearest end. */
  positionOf(value) {
    const part = this.isLog ? Math.log(Math.max(value, this.least) / this.least) / Math.log(this.greatest / this.least) : (value - this.least) / (this.greatest - this.least);
    return Math.round(Math.min(1, Math.max(0, part)) * this.positions);
  }
}

/** Three decades where the range begins at or below 0. */
function logRange(least, greatest) {
  return least > 0 ? [least, greatest] : [greatest / 1000, greatest];
}
