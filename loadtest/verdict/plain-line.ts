/** One line that cannot steer a terminal: what servers answered is printed, escape sequences among it. */
export function plainLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]+/gu, " ").trim();
}
