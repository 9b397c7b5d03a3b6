/** Numbers as the command line prints them: three significant digits at most, with a unit that fits. */

/** At most three significant digits; whole numbers from 1000 stay whole, and never an exponent. */
function threeDigits(value: number): string {
  return String(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3)));
}

/** A latency in the unit that fits: `830 ns`, `41.2 us`, `9.8 ms`, `1.35 s`. */
export function formatLatency(latencyNs: number): string {
  if (latencyNs < 1e3) return `${threeDigits(latencyNs)} ns`;
  if (latencyNs < 1e6) return `${threeDigits(latencyNs / 1e3)} us`;
  if (latencyNs < 1e9) return `${threeDigits(latencyNs / 1e6)} ms`;
  return `${threeDigits(latencyNs / 1e9)} s`;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes in the largest binary unit of which there is at least one: `512 B`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  while (unit < BYTE_UNITS.length - 1 && bytes >= 1024 ** (unit + 1)) unit += 1;
  return `${threeDigits(bytes / 1024 ** unit)} ${BYTE_UNITS[unit]}`;
}

/** A whole number with thin groups of digits: `500`, `15 000 000`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/gu, ' ');
}

/** A wait for people, in whole seconds: `12 s`, `3 min 20 s`, `1 h 05 min`. */
export function formatWait(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
