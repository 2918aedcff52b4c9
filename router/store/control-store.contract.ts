import { describe } from "vitest";
import { testClosing } from "./contract/closing.contract.ts";
import { testFollowing } from "./contract/following.contract.ts";
import { testHistory } from "./contract/history.contract.ts";
import type { OpenStores } from "./contract/open-stores.contract.ts";
import { testRaces } from "./contract/races.contract.ts";
import { testReports } from "./contract/reports.contract.ts";
import { testWriting } from "./contract/writing.contract.ts";

/** What routers may expect of a control store, whatever it is. */
export function testControlStore(open: OpenStores): void {
  describe("compare and set", () => testWriting(open));
  describe("two writers at once", () => testRaces(open));
  describe("history", () => testHistory(open));
  describe("following", () => testFollowing(open));
  describe("reports", () => testReports(open));
  describe("closing", () => testClosing(open));
}
