/** Percent-encoded it stays below the 8 KiB of headers that strict clients accept, whatever the script. */
const maxLength = 800;

/** What fits a `grpc-message` trailer: bounded, and free of lone surrogates, which cannot be encoded. */
export function statusMessage(text: string): string {
  if (text.length > maxLength) return `${statusMessage(text.slice(0, maxLength - 1))}…`;
  return text.replaceAll(/\p{Surrogate}/gu, "\uFFFD");
}
