import { codeFrom, nameOf, type Code, type CodeName } from "../../../proto/serving-error.ts";

/** How many ended with each status, and the first message of each. */
export interface Codes {
  count(code: Code, message?: string): void;
  counts(): Readonly<Record<string, number>>;
  messages(): Readonly<Record<string, string>>;
}

/** Messages come from whoever answers. */
const maxMessageLength = 500;

export function createCodes(): Codes {
  const counts = new Map<Code, number>();
  const messages = new Map<Code, string>();
  return {
    count(code, message = "") {
      counts.set(code, (counts.get(code) ?? 0) + 1);
      if (message !== "" && !messages.has(code))
        messages.set(code, message.slice(0, maxMessageLength));
    },
    counts: () => byName(counts),
    messages: () => byName(messages),
  };
}

function byName<Value>(values: ReadonlyMap<Code, Value>): Record<CodeName, Value> {
  return Object.fromEntries(
    Array.from(values, ([code, value]) => [nameOf(codeFrom(code)), value]),
  ) as Record<CodeName, Value>;
}
