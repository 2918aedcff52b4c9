/** Those of `style.ts`, which mark and move nothing else. */
const ours = /^\[(?:0|1|2|31|33)m/;

/** Characters that would steer a terminal, or hide in a text, as escapes; line ends and styles stay. */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]|\p{Cf}/gu, (found, at: number) => {
    const isOurs = found === "\u001B" && ours.test(text.slice(at + 1, at + 5));
    return isOurs ? found : escapeOf(found);
  });
}

/** As JSON writes them, so that JSON still says the same. */
function escapeOf(character: string): string {
  return Array.from({ length: character.length }, (_, i) => {
    return `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }).join("");
}
