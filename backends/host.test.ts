import { describe, expect, test } from "vitest";
import { Code, ServingError } from "../proto/serving-error.ts";
import { callWith, testBackend } from "./backend.contract.ts";
import type { Answer } from "./backend.ts";
import { createHost } from "./host.ts";
import { modelBackend } from "./model-backend.ts";
import { createPuppetEngine } from "./puppet-engine.ts";
import { createPuppet, type Puppet } from "./puppet.ts";
import { createQuery } from "./query.ts";
import { createVirtualClock } from "./virtual-clock.ts";
import { computeToy, createToyFamily, toyRequest } from "./toy-family.ts";

const good = ["ann", "bob", "cy"].map((user) => toyRequest(user));

async function hostOf(...puppets: Puppet[]) {
  const host = createHost();
  for (const [i, backend] of puppets.entries())
    await host.add({ model: "toy", version: `${i + 1}`, backend });
  return host;
}

function toyPuppet(version: string): Puppet {
  const puppet = createPuppet({ name: `puppet ${version}`, model: "toy", version });
  puppet.perform();
  return puppet;
}

function query(user: string, names: { model?: string; version?: string } = {}) {
  return createQuery(toyRequest(user), callWith({}), {
    model: "toy",
    version: "",
    user: Buffer.from(user),
    ...names,
  });
}

function versionOf(answer: Answer | undefined) {
  if (answer === undefined || answer instanceof ServingError)
    throw answer ?? new Error("no answer");
  return answer.served().modelVersion;
}

testBackend("host", {
  async open() {
    return {
      backend: await hostOf(toyPuppet("1"), toyPuppet("2")),
      model: "toy",
      version: "2",
      good,
    };
  },
  async openHung() {
    const engine = createPuppetEngine({ compute: computeToy });
    const named = { model: "toy", version: "1" };
    const host = createHost();
    await host.add({
      ...named,
      backend: modelBackend({ ...named, family: createToyFamily(), engine }),
    });
    return { backend: host, ...named, good, release: () => engine.perform() };
  },
});

describe("a host's default version", () => {
  test("is the newest, by number", async () => {
    const host = createHost();
    for (const version of ["9", "10", "2"])
      await host.add({ model: "toy", version, backend: toyPuppet(version) });
    expect(host.list().map(({ version, isDefault }) => [version, isDefault])).toEqual([
      ["10", true],
      ["9", false],
      ["2", false],
    ]);
    expect(versionOf((await host.answer([query("ann")]))[0])).toBe("10");
  });

  test("is the newest of those that are ready", async () => {
    const newest = toyPuppet("2");
    const host = await hostOf(toyPuppet("1"), newest);
    newest.setReady(false);
    expect(versionOf((await host.answer([query("ann")]))[0])).toBe("1");
    expect(host.isReady("toy", "2")).toBe(false);
    expect(host.isReady("toy", "")).toBe(true);
  });
});

describe("a host", () => {
  test("remembers when each version was asked for by name, in calls alone", async () => {
    const time = createVirtualClock();
    const host = createHost("host", time);
    for (const version of ["1", "2", "3"])
      await host.add({ model: "toy", version, backend: toyPuppet(version) });
    const asked = () =>
      Object.fromEntries(host.list().map(({ version, askedMs }) => [version, askedMs]));
    const never = -Infinity;
    expect(host.isReady("toy", "1")).toBe(true);
    host.costMs("toy", "2", 1);
    await host.answer([query("ann")]);
    expect(asked()).toEqual({ 1: never, 2: never, 3: never });
    await time.advanceTo(100);
    await host.answer([query("ann", { version: "1" })]);
    await time.advanceTo(200);
    await host.answer([
      query("ann"),
      query("bob", { version: "2" }),
      query("cy", { version: "7" }),
    ]);
    expect(asked()).toEqual({ 1: 100, 2: 200, 3: never });
    await host.add({ model: "toy", version: "2", backend: toyPuppet("2") });
    expect(asked(), "replaced, it is the same version").toMatchObject({ 2: 200 });
  });

  test("gives each target its queries in one call and restores their order", async () => {
    const puppets = [
      createPuppet({ model: "toy", version: "1" }),
      createPuppet({ model: "toy", version: "2" }),
    ] as const;
    const host = await hostOf(...puppets);
    const versions = ["1", "2", "2", "7", "", "1"];
    const answers = host.answer(versions.map((version) => query("ann", { version })));
    expect(
      puppets.map(({ waiting }) => waiting.map((call) => call.map(({ version }) => version))),
    ).toEqual([[["1", "1"]], [["2", "2", ""]]]);
    for (const puppet of puppets) puppet.answerNext();
    const unknown = (await answers)[3];
    expect(unknown).toMatchObject({ code: Code.FAILED_PRECONDITION });
    const known = (await answers).filter((answer) => answer !== unknown);
    expect(known.map(versionOf)).toEqual(["1", "2", "2", "2", "1"]);
  });

  test("passes the queries of one target on as they are", async () => {
    const puppet = createPuppet({ model: "toy", version: "1" });
    const host = await hostOf(puppet);
    const queries = [query("ann"), query("bob")];
    const answers = host.answer(queries);
    expect(puppet.waiting[0]).toBe(queries);
    puppet.answerNext();
    expect(await answers).toHaveLength(2);
  });

  test("answers what is in flight on a version that is replaced or removed", async () => {
    const old = createPuppet({ model: "toy", version: "1" });
    const host = await hostOf(old);
    const inFlight = host.answer([query("ann")]);
    const replaced = host.add({ model: "toy", version: "1", backend: toyPuppet("1") });
    expect((await host.answer([query("bob")]))[0]).not.toBeInstanceOf(ServingError);
    expect(old.waiting).toHaveLength(1);
    old.answerNext();
    await replaced;
    expect((await inFlight)[0]).not.toBeInstanceOf(ServingError);
    await host.remove("toy", "1");
    expect((await host.answer([query("ann")]))[0]).toMatchObject({ code: Code.NOT_FOUND });
  });

  test("says what it has, in few words", async () => {
    const host = createHost();
    for (let i = 0; i < 12; i++)
      await host.add({ model: `toy${i}`, version: "1", backend: toyPuppet("1") });
    const answers = await host.answer([
      query("ann", { model: "\0".repeat(1000) }),
      query("ann", { model: "toy3", version: "9" }),
      query("ann", { model: "" }),
    ]);
    const messages = answers.map((answer) =>
      answer instanceof ServingError ? answer.message : "",
    );
    expect(messages[0]).toContain('send one of "toy0", "toy1"');
    expect(messages[0]).toContain('"toy9" and 2 more');
    expect(messages[0]!.length).toBeLessThan(600);
    expect(messages[0]).not.toContain("\0");
    expect(messages[1]).toBe('model "toy3" has no version "9" here; send none, or one of "1"');
    expect(messages[2]).toContain("model is required");
  });

  test("is not closed before the versions are that have left it", async () => {
    const old = createPuppet({ model: "toy", version: "1" });
    const host = await hostOf(old);
    const inFlight = host.answer([query("ann")]);
    const removed = host.remove("toy", "1");
    let isClosed = false;
    const closed = host.close().then(() => (isClosed = true));
    await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    old.answerNext();
    await Promise.all([inFlight, removed, closed]);
  });

  test("closes what arrives after it was closed", async () => {
    const host = await hostOf(toyPuppet("1"));
    await host.close();
    const late = toyPuppet("2");
    await host.add({ model: "toy", version: "2", backend: late });
    expect(late.isReady("toy", "2")).toBe(false);
  });
});
