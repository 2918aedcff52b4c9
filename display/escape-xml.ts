const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/**
 * Text for XML and HTML, inside attributes too. Characters that XML 1.0 cannot hold, and those that turn the direction
 * of what follows, become U+FFFD.
 */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\P{Cc}\t\n\r]|[\p{Cs}\p{Bidi_Control}\uFFFE\uFFFF]/gu, "\uFFFD")
    .replaceAll(/[&<>"'\n\t]/g, (character) => entities[character]!);
}
