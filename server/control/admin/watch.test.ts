import { expect, test } from "vitest";
import { StoreState } from "../../../proto/gen/crossfade/admin/v1/rollouts.ts";
import { Code } from "../../../proto/serving-error.ts";
import { openFolder } from "../router.fixture.ts";
import { openAdmin, toWeight } from "./admin.fixture.ts";

test("the status now and whenever it changes", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const watch = admin.rpc.watch("toy");
  const next = async () => (await watch.next()).value!;
  expect((await next()).rollout!.revision).toBe(1);
  await admin.rpc.change(toWeight(250));
  let status = await next();
  // On its way it may tell of a router that has not said yet that it is there.
  while (status.routers[0]!.revision < 2) status = await next();
  expect(status).toMatchObject({ rollout: { revision: 2 }, store: StoreState.OK });
  admin.store.setDown(true);
  expect((await next()).store).toBe(StoreState.DOWN);
  admin.store.setDown(false);
  expect((await next()).store).toBe(StoreState.OK);
  await watch.return(undefined);
});

test("again and again while a router is behind, and it is named", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const model = {
    revision: 1,
    appliedAtMs: 0,
    observed: { arms: {}, contradictions: 0 },
    load: {},
  };
  const late = { router: "router-9", atMs: 0, models: { toy: model } };
  await admin.store.report(late);
  await admin.rpc.change(toWeight(250));
  const watch = admin.rpc.watch("toy");
  for (let i = 0; i < 3; i++) {
    const { routers } = (await watch.next()).value!;
    const behind = routers.filter(({ revision }) => revision < 2).map(({ router }) => router);
    expect(behind).toContain("router-9");
  }
  await admin.store.report({ ...late, models: { toy: { ...model, revision: 2 } } });
  let { routers } = (await watch.next()).value!;
  while (routers.some(({ revision }) => revision < 2)) ({ routers } = (await watch.next()).value!);
  expect(routers.map(({ router }) => router)).toEqual(["router-0", "router-9"]);
  await watch.return(undefined);
});

test("as lines of JSON", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const response = await fetch(`${admin.url}/v1/rollouts/toy?watch=true`);
  expect(response.headers.get("content-type")).toBe("application/x-ndjson");
  const lines = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const revision = async () => {
    const { value = "" } = await lines.read();
    text += value;
    return JSON.parse(text.trim().split("\n").at(-1)!).rollout.revision as string;
  };
  expect(await revision()).toBe("1");
  await admin.rpc.change(toWeight(250));
  while ((await revision()) !== "2");
  await lines.cancel();
  expect((await admin.get("/v1/rollouts/toy?watch=yes")).status).toBe(400);
  expect((await admin.get("/v1/rollouts/toy?watch=false")).json.rollout.revision).toBe("2");
});

test("as many as it tells, and no more; who leaves makes room", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder, maxWatchers: 2 });
  const watches = [admin.rpc.watch("toy"), admin.rpc.watch("toy")];
  for (const watch of watches) await watch.next();
  await expect(admin.rpc.watch("toy").next()).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
    trailers: { "grpc-retry-pushback-ms": "5000" },
  });
  expect((await admin.get("/v1/rollouts/toy?watch=true")).status).toBe(429);
  await watches[0]!.return(undefined);
  await expect
    .poll(() =>
      admin.rpc
        .watch("toy")
        .next()
        .then(
          () => "told",
          () => "refused",
        ),
    )
    .toBe("told");
  await watches[1]!.return(undefined);
});

test("shutting down ends them, and they are told why", async () => {
  await using folder = await openFolder();
  await using admin = await openAdmin({ folder });
  const watch = admin.rpc.watch("toy");
  await watch.next();
  const response = await fetch(`${admin.url}/v1/rollouts/toy?watch=true`);
  const closed = admin.admin.close(20_000);
  await expect(watch.next()).rejects.toMatchObject({
    code: Code.UNAVAILABLE,
    message: expect.stringContaining("shutting down"),
  });
  const last = JSON.parse((await response.text()).trim().split("\n").at(-1)!);
  expect(last.error.code).toBe("UNAVAILABLE");
  await closed;
});
