/** A demo is for a person, on a machine that may be busy: its calls wait longer than a service would. */
export const patienceMs = 30_000;

export function patient(): { readonly deadlineMs: number } {
  return { deadlineMs: performance.now() + patienceMs };
}
