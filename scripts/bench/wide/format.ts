export const mb = (value: number) => value.toFixed(0);
export const ms = (value: number) => value.toFixed(1);

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
