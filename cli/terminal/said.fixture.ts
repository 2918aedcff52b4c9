import { beforeAll, beforeEach, vi } from "vitest";

/** What commands say to standard error, which shows none of it while the tests of a file run. */
export interface Said {
  text: string;
}

/** Begins anew with each test. */
export function hearSaid(): Said {
  const said: Said = { text: "" };
  beforeAll(() => {
    const heard = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      said.text += String(text);
      return true;
    });
    return () => heard.mockRestore();
  });
  beforeEach(() => {
    said.text = "";
  });
  return said;
}
