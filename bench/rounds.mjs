/**
 * Lets candidates take turns, in each round beginning with another one.
 * @template Candidate, Measured
 * @param {number} rounds
 * @param {readonly Candidate[]} candidates
 * @param {(candidate: Candidate) => Promise<Measured>} measure
 * @returns {Promise<Map<Candidate, Measured[]>>} what was measured, in the order of the rounds
 */
export async function interleaved(rounds, candidates, measure) {
  const measured = new Map(
    candidates.map((candidate) => [candidate, /** @type {Measured[]} */ ([])]),
  );
  for (let round = 0; round < rounds; round += 1) {
    const first = round % candidates.length;
    for (const candidate of [...candidates.slice(first), ...candidates.slice(0, first)]) {
      measured.get(candidate)?.push(await measure(candidate));
    }
  }
  return measured;
}
