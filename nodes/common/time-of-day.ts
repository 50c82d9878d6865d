/** In the server's time zone, as its log has it; with the day when that is not today. */
export function timeOfDay(timeMs: number): string {
  const date = new Date(timeMs);
  const time = date.toTimeString().slice(0, 8);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? time : `${date.toISOString().slice(0, 10)} ${time}`;
}
