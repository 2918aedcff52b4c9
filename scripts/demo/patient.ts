/** A demo is for a person, on a machine that may be busy: its calls wait longer than a service would. */
export function patient(): { readonly deadlineMs: number } {
  return { deadlineMs: performance.now() + 30_000 };
}
