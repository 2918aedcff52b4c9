import { afterAll, beforeAll, describe } from "vitest";
import { testControlStore } from "../control-store.contract.ts";
import { testFollowing } from "../contract/following.contract.ts";
import type { OpenStores } from "../contract/open-stores.contract.ts";
import { parseStoreAddress } from "../store-address.ts";
import { startRedisCluster } from "./redis-cluster.fixture.ts";
import { isRedisMissing, startRedis, whyNoRedis } from "./redis.fixture.ts";
import type { RedisSettings } from "./redis-settings.ts";
import { openRedisStore } from "./redis-store.ts";

interface Place extends AsyncDisposable {
  readonly url: string;
}

type Contract = (open: OpenStores) => void;

/** Each test has a place of its own, on one server. */
function testAt(
  start: () => Promise<Place>,
  contract: Contract,
  settings: Partial<RedisSettings> = {},
): void {
  let place: Place;
  let count = 0;
  beforeAll(async () => {
    place = await start();
  });
  afterAll(() => place[Symbol.asyncDispose]());

  contract(async (terms = {}) => {
    const keyPrefix = `test-${count++}`;
    const address = parseStoreAddress(place.url);
    const all = { timeoutMs: 20_000, ...settings, address, keyPrefix, ...terms };
    const [store, other] = await Promise.all([openRedisStore(all), openRedisStore(all)]);
    return {
      store,
      other,
      [Symbol.asyncDispose]: async () => void (await Promise.all([store.close(), other.close()])),
    };
  });
}

describe.skipIf(isRedisMissing)(`one server${whyNoRedis}`, () => {
  testAt(() => startRedis(), testControlStore);
});

describe.skipIf(isRedisMissing)(`one server, by polling alone${whyNoRedis}`, () => {
  testAt(() => startRedis(), testFollowing, { isPushed: false, pollMs: 20 });
});

describe.skipIf(isRedisMissing)(`a cluster of three${whyNoRedis}`, () => {
  testAt(() => startRedisCluster(), testControlStore);
});
