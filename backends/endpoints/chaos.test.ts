import { expect, test } from "vitest";
import { Code, ServingError } from "../../proto/serving-error.ts";
import { createScene, type Scene, type Told } from "./simulated-load.fixture.ts";

const load = { callsPerSecond: 300, untilMs: 60_000 };
const seeds = [1, 2, 3, 4];

interface Fault {
  readonly what: string;
  readonly happen: (scene: Scene) => void;
}

const faults: readonly Fault[] = [
  {
    what: "one is killed and comes back",
    happen({ at, servers: [one] }) {
      at(10_000, () => one!.kill());
      at(20_000, () => one!.revive());
    },
  },
  {
    what: "one hangs and goes on",
    happen({ at, servers: [one] }) {
      at(10_000, () => one!.freeze());
      at(30_000, () => one!.revive());
    },
  },
  {
    what: "one is ten times slower",
    happen({ at, servers: [one] }) {
      at(10_000, () => one!.slowDown(10));
      at(40_000, () => one!.slowDown(1));
    },
  },
  {
    what: "one is always unavailable",
    happen({ at, servers: [one] }) {
      const error = new ServingError("UNAVAILABLE", "no session");
      at(10_000, () => one!.answerWith(error));
      at(40_000, () => one!.answerWith(undefined));
    },
  },
  {
    what: "one comes and goes every second",
    happen({ at, servers: [one] }) {
      for (let ms = 10_000; ms < 40_000; ms += 2_000) {
        at(ms, () => one!.kill());
        at(ms + 1_000, () => one!.revive());
      }
    },
  },
  {
    what: "all are restarted, one after the other",
    happen({ at, servers }) {
      servers.forEach((server, i) => {
        at(10_000 + 5_000 * i, () => server.setReady(false));
        at(10_500 + 5_000 * i, () => server.kill());
        at(12_500 + 5_000 * i, () => server.revive());
        at(12_600 + 5_000 * i, () => server.setReady(true));
      });
    },
  },
];

const cases = faults.flatMap((fault) => seeds.map((seed) => ({ ...fault, seed })));

test.each(cases)("$what: no call fails (seed $seed)", async ({ happen, seed }) => {
  const scene = createScene({ seed });
  happen(scene);
  await scene.run(load);
  expect(failed(scene.told)).toEqual([]);
  expect(scene.told.length).toBeGreaterThan(17_000);
  expect(overBudget(scene)).toEqual([]);
  expect(shareOfFirst(scene, 55_000)).toBeGreaterThan(0.3);
  expect(slow(scene.told).length).toBeLessThan(0.01 * scene.told.length);
});

function failed(told: readonly Told[]): readonly Told[] {
  return told.filter(({ code }) => code !== Code.OK);
}

function slow(told: readonly Told[]): readonly Told[] {
  return told.filter(({ tookMs }) => tookMs > 100);
}

/** Ends of windows of ten seconds with more further attempts than a fifth of the first ones, and more than three. */
function overBudget({ attempts, clock }: Scene): number[] {
  const ends = Array.from({ length: Math.floor(clock.now() / 1000) }, (_, i) => 1000 * (i + 1));
  return ends.filter((endMs) => {
    const within = attempts.filter(({ atMs }) => atMs > endMs - 10_000 && atMs <= endMs);
    const first = within.filter(({ kind }) => kind === "first").length;
    return within.length - first > Math.max(3, 0.2 * first);
  });
}

/** Of the attempts since then, the part that the first server got. */
function shareOfFirst({ attempts }: Scene, sinceMs: number): number {
  const since = attempts.filter(({ atMs }) => atMs > sinceMs);
  return since.filter(({ endpoint }) => endpoint === "server-0").length / since.length;
}

test("an endpoint alone hangs and comes back: what had time is told by its deadline, and it is asked again", async () => {
  const scene = createScene({ servers: 1 });
  const [one] = scene.servers;
  scene.at(10_000, () => one!.freeze());
  scene.at(20_000, () => one!.revive());
  await scene.run({ ...load, untilMs: 30_000 });
  for (const { tookMs } of scene.told) expect(tookMs).toBeLessThanOrEqual(250);
  expect(failed(since(scene.told, 21_000))).toEqual([]);
  expect(failed(scene.told.filter(({ sentMs }) => sentMs < 9_750))).toEqual([]);
});

test("twice what the endpoints can do: they do nearly that, nearly nothing in vain, and recover", async () => {
  const scene = createScene({ workers: 1 });
  await scene.run({ callsPerSecond: 600, untilMs: 30_000 });
  const overloaded = [...scene.told];
  const count = (code: Code) => overloaded.filter((one) => one.code === code).length;
  const [answered, late] = [count(Code.OK), count(Code.DEADLINE_EXCEEDED)];
  // Two servers, 6 ms for a call: 10,000 calls.
  expect(answered).toBeGreaterThan(9_000);
  expect(late).toBeLessThan(0.01 * (answered + late));
  expect(count(Code.RESOURCE_EXHAUSTED)).toBe(overloaded.length - answered - late);
  await scene.run({ callsPerSecond: 150, untilMs: 45_000 });
  expect(failed(since(scene.told, 35_000))).toEqual([]);
});

function since(told: readonly Told[], sinceMs: number): readonly Told[] {
  return told.filter(({ sentMs }) => sentMs >= sinceMs);
}
