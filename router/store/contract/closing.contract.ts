import { expect, test } from "vitest";
import { Code } from "../../../proto/serving-error.ts";
import { reportOf, rolloutOf } from "../rollouts.fixture.ts";
import { follower } from "./following.contract.ts";
import type { OpenStores } from "./open-stores.contract.ts";

export function testClosing(open: OpenStores): void {
  test("closing twice is closing once; followers are let go, and what comes later is refused", async () => {
    await using stores = await open();
    const { store } = stores;
    const following = store.follow(follower(), new AbortController().signal);
    const writing = store.write(rolloutOf(), 0);
    await Promise.all([store.close(), store.close(), following]);
    await writing;
    await store.close();
    const unavailable = { code: Code.UNAVAILABLE };
    await expect(store.read("toy")).rejects.toMatchObject(unavailable);
    await expect(store.write(rolloutOf(), 0)).rejects.toMatchObject(unavailable);
    await expect(store.report(reportOf("router-0", 1))).rejects.toMatchObject(unavailable);
  });
}
