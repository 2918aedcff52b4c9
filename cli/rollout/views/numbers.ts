const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** "18,234" */
export function count(value: number): string {
  return whole.format(value);
}

/** "0.42", "1,230" */
export function about(value: number): string {
  if (!Number.isFinite(value)) return "-";
  return value >= 1_000 ? whole.format(value) : short.format(value);
}

/** "2.5%" of 0.025. */
export function percent(share: number): string {
  return `${short.format(share * 100)}%`;
}

/** The same where small shares are as good as none: "<0.1%". */
export function roughPercent(share: number): string {
  if (!Number.isFinite(share)) return "-";
  return share > 0 && share < 0.001 ? "<0.1%" : `${tenths.format(share * 100)}%`;
}
