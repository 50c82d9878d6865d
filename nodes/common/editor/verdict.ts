/**
 * What a validator tells the editor: that a value is right, or what is wrong with it, in words where the editor wants
 * words.
 *
 * @param problem - `undefined` for none.
 * @param options - those of the validator; the editor hands in none where it only wants to know whether.
 */
export function verdict<TProblem>(
  problem: TProblem | undefined,
  options: object | undefined,
  inWords: (problem: TProblem) => string,
): boolean | string {
  if (problem === undefined) return true;
  return options ? inWords(problem) : false;
}
