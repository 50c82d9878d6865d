/** @param {readonly number[]} values at least one */
export function median(values) {
  const sorted = inOrder(values);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/**
 * The smallest value that at least so many of the others do not exceed.
 * @param {readonly number[]} values at least one
 * @param {number} fraction from 0 to 1, such as 0.99
 */
export function percentile(values, fraction) {
  const index = Math.max(0, Math.ceil(values.length * fraction) - 1);
  return inOrder(values)[index] ?? Number.NaN;
}

/**
 * What was measured in each round, as `median (min–max)`.
 * @param {readonly number[]} values at least one
 * @param {string} [unit]
 */
export function spread(values, unit = '') {
  const [low, high] = [Math.min(...values), Math.max(...values)].map(rounded);
  const middle = rounded(median(values));
  return `${unit === '' ? middle : `${middle} ${unit}`} (${low}–${high})`;
}

/**
 * How many times the median of `bases` the median of `values` is.
 * @param {readonly number[]} values
 * @param {readonly number[]} bases
 */
export function ratioOfMedians(values, bases) {
  return median(values) / median(bases);
}

/**
 * The ratio of the medians, and in brackets the lowest and the highest ratio of one round.
 * @param {readonly number[]} values
 * @param {readonly number[]} bases of the same rounds
 */
export function ratioSpread(values, bases) {
  const ratios = values.map((value, round) => value / (bases[round] ?? Number.NaN));
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)].map(rounded);
  return `${rounded(ratioOfMedians(values, bases))} (${low}–${high})`;
}

/**
 * With as many decimals as matter.
 * @param {number} value
 */
export function rounded(value) {
  const size = Math.abs(value);
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toFixed(decimals);
}

/** @param {readonly number[]} values */
function inOrder(values) {
  return [...values].sort((one, other) => one - other);
}
