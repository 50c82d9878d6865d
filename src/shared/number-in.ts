/** The number that a field holds, as text or as a number; `undefined` when it is none, or none that `isUsable`. */
export function numberIn(
  value: number | string,
  isUsable: (number: number) => boolean,
): number | undefined {
  const text = String(value).trim();
  const number = Number(text);
  return text !== '' && isUsable(number) ? number : undefined;
}
