/** As the formatter leaves it: objects and lists on lines of their own. */
export function prettyJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
