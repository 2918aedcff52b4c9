/** Lines of whole words, no longer than that where words allow. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Lines that are set in stay as they are; the others become paragraphs. */
export function wrapParagraphs(text: string, width: number): string {
  return text
    .replaceAll(/(?<=\S)\n(?=\S)/g, " ")
    .split("\n")
    .flatMap((line) => (line.startsWith(" ") ? [line] : wrap(line, width)))
    .join("\n");
}
