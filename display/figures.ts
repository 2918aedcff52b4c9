/* Figures as people read them: three digits are what a histogram keeps, and more than anybody compares by eye. */

const notThere = "–";

/** "0.412 ms", "18.3 ms", "1,240 ms", "12.3 s". */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return notThere;
  if (ms >= 10_000) return `${formatNumber(ms / 1_000)} s`;
  return `${formatNumber(ms)} ms`;
}

/** "0.12%". */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return notThere;
  const percent = 100 * share;
  // What rounds to 0 or to 100 without being it must not read as if it were.
  if (percent > 0 && percent < 0.0005) return "<0.001%";
  if (percent < 100 && percent >= 99.9995) return ">99.999%";
  const digits = percent === 0 || percent === 100 ? 0 : percent < 0.1 || percent > 99.9 ? 3 : 2;
  return `${percent.toFixed(digits)}%`;
}

/** "1,240/s". */
export function formatRate(perSecond: number): string {
  return Number.isFinite(perSecond) ? `${formatNumber(perSecond)}/s` : notThere;
}

export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** "4 B", "1.20 MB"; 1 kB = 1,000 B. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3)));
  return power === 0
    ? `${formatCount(bytes)} B`
    : `${formatNumber(bytes / 1_000 ** power)} ${units[power]}`;
}

/** "850 ms", "12 s", "4 min 05 s", "2 h 03 min". */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  if (ms < 10_000 && ms % 1_000 !== 0) return `${(ms / 1_000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** Three significant digits, all of them from 1,000 on. */
export function formatNumber(value: number): string {
  const size = Math.abs(Number(value.toPrecision(3)));
  const digits = size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  const [whole, rest] = value.toFixed(digits).split(".");
  const grouped = Number(whole).toLocaleString("en-US");
  const sign = value < 0 && !grouped.startsWith("-") ? "-" : "";
  return `${sign}${grouped}${rest === undefined ? "" : `.${rest}`}`;
}
