const UNITS = [
  { unit: 'day', ms: 24 * 60 * 60_000 },
  { unit: 'hour', ms: 60 * 60_000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'second', ms: 1000 },
] as const;

/** How long something has lasted, in the editor's language and its largest unit, such as "5 min". */
export function age(ms: number): string {
  const { unit, ms: unitMs } = UNITS.find((candidate) => ms >= candidate.ms) ?? UNITS[3];
  const count = Math.max(0, Math.floor(ms / unitMs));
  const options = { style: 'unit', unit, unitDisplay: 'short' } as const;
  return new Intl.NumberFormat(RED.i18n.lang(), options).format(count);
}

/** The time of day of `ms` since 1970, with the day when that is not today. */
export function clockTime(ms: number): string {
  const date = new Date(ms);
  const isToday = date.toDateString() === new Date().toDateString();
  const language = RED.i18n.lang();
  return isToday ? date.toLocaleTimeString(language) : date.toLocaleString(language);
}
