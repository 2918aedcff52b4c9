import { afterEach, beforeEach, vi } from "vitest";

/** What commands say to standard error during a test, which shows none of it. */
export interface Said {
  text: string;
}

/** Begins with nothing for each test of the file that calls it. */
export function hearSaid(): Said {
  const said: Said = { text: "" };
  beforeEach(() => {
    said.text = "";
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      said.text += String(text);
      return true;
    });
  });
  afterEach(() => vi.restoreAllMocks());
  return said;
}
