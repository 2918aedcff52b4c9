import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { openScene, type Ran, type Scene } from "./cli.fixture.ts";

/** What it did, or why it did not. */
async function done(running: Promise<Ran>): Promise<string> {
  const { code, printed, complained } = await running;
  expect({ code, complained }).toEqual({ code: 0, complained: "" });
  return printed;
}

interface Shown {
  readonly rollout: {
    readonly revision: string;
    readonly phase: string;
    readonly killSwitch: string;
    readonly arms: readonly { readonly name: string; readonly basisPoints: number }[];
    readonly distribution: object;
  };
}

async function shown({ run }: Scene): Promise<Shown["rollout"]> {
  return (JSON.parse(await done(run("get toy -o json"))) as Shown).rollout;
}

async function weights(scene: Scene): Promise<Readonly<Record<string, number>>> {
  const { arms } = await shown(scene);
  return Object.fromEntries(arms.map(({ name, basisPoints }) => [name, basisPoints]));
}

describe("every verb that changes something says the old and the new revision", () => {
  test("from the first weight to undoing the promotion", async () => {
    await using scene = await openScene();
    const { run } = scene;
    const lines: readonly (readonly [line: string, says: readonly string[]])[] = [
      [
        "set weight canary=250bp toy -m less",
        [
          "toy   revision 1 -> 2",
          "steady, by hand: stable 1 9750bp, canary 2 250bp",
          "750bp (7.5%) of the users get another version",
        ],
      ],
      ["set weight 5% -m more", ["revision 2 -> 3", "canary 2 500bp", "250bp (2.5%)"]],
      ["set weight canary=5% -m same", ["toy   revision 3   already so; nothing changed\n"]],
      [
        "set steps 1%_10m,_5%_pause,_100% toy -m go",
        ["revision 3 -> 4", "at step 1 of 3 (100bp 10m), the next in 10m"],
      ],
      ["pause -m look", ["revision 4 -> 5", "paused 0s ago at step 1 of 3"]],
      ["resume -m on", ["revision 5 -> 6", "at step 1 of 3"]],
      ["promote -m faster", ["revision 6 -> 7", "paused 0s ago at step 2 of 3 (500bp pause)"]],
      [
        "set kill-switch stable -m burning",
        [
          "revision 7 -> 8",
          "everybody to stable by kill switch",
          "weights hold again after `set kill-switch off`",
        ],
      ],
      ["set kill-switch off -m fixed", ["revision 8 -> 9", "paused 0s ago"]],
      [
        "abort toy -m enough",
        ["revision 9 -> 10", "aborted 0s ago: stable 1 10000bp, canary 2 0bp"],
      ],
      ["set version canary=3 -m repaired", ["revision 10 -> 11", "canary 3 0bp"]],
      ["set weight 1% -m again", ["revision 11 -> 12"]],
      ["promote --full -m ship", ["revision 12 -> 13", "promoted 0s ago: stable 3 10000bp"]],
      ["undo -m oops", ["revision 13 -> 14", "stable 1 9900bp, canary 3 100bp", "9900bp (99%)"]],
      ["undo --to-revision 2 -m back", ["revision 14 -> 15", "canary 2 250bp"]],
    ];
    for (const [line, says] of lines) {
      const printed = (await done(run(line))).replace(/\d+s ago/, "0s ago");
      for (const said of says) expect(printed).toContain(said);
    }
    const history = await done(run("history --limit 3"));
    expect(history.split("\n").map((line) => line.trim().split(/ {3,}/)[0])).toEqual([
      "REVISION",
      "14 -> 15",
      "13 -> 14",
      "12 -> 13",
      "",
    ]);
  });

  test("a dry run changes nothing and needs no reason", async () => {
    await using scene = await openScene();
    const printed = await done(scene.run("set weight 20% --dry-run"));
    expect(printed).toContain("toy   revision 1 -> 2   (dry run: nothing was changed)");
    expect(printed).toContain("1000bp (10%) of the users would get another version");
    expect(await weights(scene)).toEqual({ stable: 9_000, canary: 1_000 });
  });

  test("what was asked with one idempotency key is done once", async () => {
    await using scene = await openScene();
    const line = "set weight 20% -m once --idempotency-key k1";
    expect(await done(scene.run(line))).toContain("revision 1 -> 2\n");
    expect(await done(scene.run(line))).toContain("(done before, with the same idempotency key)");
    const other = await scene.run("set weight 30% -m once --idempotency-key k1");
    expect(other).toMatchObject({ code: 1, complained: expect.stringContaining("ALREADY_EXISTS") });
    expect((await shown(scene)).revision).toBe("2");
  });

  test("who expected another revision hears who was faster, and nothing happens", async () => {
    await using scene = await openScene();
    await done(scene.run("set weight 20% -m first"));
    const { code, complained } = await scene.run("set weight 30% -m second --expect-rev 1");
    expect(code).toBe(1);
    expect(complained).toMatch(/ABORTED: toy is at revision 2, .*"set weight" by local .*: first/);
    expect(await weights(scene)).toEqual({ stable: 8_000, canary: 2_000 });
  });
});

describe("apply", () => {
  test("takes back what get printed, in JSON and in YAML", async () => {
    await using scene = await openScene();
    for (const format of ["json", "yaml"]) {
      const before = await done(scene.run(`get toy -o ${format}`));
      await done(scene.run("set weight 77bp -m between"));
      await done(scene.run("apply -f saved -m back", { files: { saved: before } }));
      expect(await weights(scene)).toEqual({ stable: 9_000, canary: 1_000 });
    }
  });

  test("takes a distribution that people wrote, from the standard input too", async () => {
    await using scene = await openScene();
    const yaml = `
format: 1
model: toy
salt: spring
arms:
  - { name: stable, version: "1", weight: 10000, ranges: [[0, 10000]] }
users: {}
`;
    await done(scene.run("apply -f - toy -m byhand", { files: { "-": yaml } }));
    expect(await weights(scene)).toEqual({ stable: 10_000 });
  });

  test.each([
    ["{", "saved is neither JSON nor YAML"],
    ["model: toy\nmodel: toy", "saved is neither JSON nor YAML"],
    ['{"format":1,"model":"toy","model":"toy"}', "model: appears twice"],
    ['{"format":2,"model":"toy","salt":"x","arms":[]}', "format: must be a number from 1 to 1"],
    ["[]", "name the MODEL"],
  ])("%s is refused", async (saved, message) => {
    await using scene = await openScene({ documents: [] });
    const { code, complained } = await scene.run("apply -f saved -m x", { files: { saved } });
    expect({ code, complained }).toEqual({ code: 2, complained: expect.stringContaining(message) });
  });
});

describe("looking", () => {
  test("get, list, status, explain and simulate", async () => {
    await using scene = await openScene();
    const { run } = scene;
    expect(await done(run("get"))).toMatch(/^toy {3}revision 1 {3}steady, by hand\n\nARM/);
    expect(await done(run("list"))).toContain("stable 1 9000bp, canary 2 1000bp");
    expect(await done(run("status toy"))).toBe("toy: healthy; revision 1, steady, by hand\n");
    expect(await done(run("explain --user u1"))).toMatch(
      /^u1 gets stable \(version 1\): with the salt spring the user's bucket is \d+ of 10000/,
    );
    expect(await done(run("explain --user= -o wide"))).toContain("reason ANONYMOUS, bucket -1");
    expect(await done(run("simulate --weight canary=20%"))).toMatch(/stable {3}canary +1000bp 10%/);
    expect(await done(run("simulate 20%"))).toMatch(/stable {3}canary +1000bp 10%/);
  });

  test("as YAML and JSON they say what the admin API's JSON says", async () => {
    await using scene = await openScene();
    const { json } = await scene.admin.get("/v1/rollouts/toy");
    const fixed = ({ rollout }: Shown) => rollout;
    const fromJson = JSON.parse(await done(scene.run("get -o json"))) as Shown;
    const fromYaml = parse(await done(scene.run("get -o yaml"))) as Shown;
    expect(fixed(fromJson)).toEqual(json.rollout);
    expect(fixed(fromYaml)).toEqual(json.rollout);
    for (const line of ["list", "history", "explain --user u1", "simulate 1%", "status"])
      JSON.parse(await done(scene.run(`${line} -o json`)));
  });

  test("get -w shows each change until it is interrupted", async () => {
    await using scene = await openScene();
    const interrupted = new AbortController();
    const seen: string[] = [];
    const watching = scene.run("get -w -o json", {
      signal: interrupted.signal,
      onPrint: (line) => void seen.push((JSON.parse(line) as Shown).rollout.revision),
    });
    await expect.poll(() => seen).toContain("1");
    await done(scene.run("set weight 1% -m x"));
    await expect.poll(() => seen).toContain("2");
    interrupted.abort();
    await done(watching);
  });

  test("status --exit-code tells scripts how it stands", async () => {
    await using scene = await openScene();
    const code = async () => (await scene.run("status --exit-code")).code;
    expect(await code()).toBe(0);
    await done(scene.run("set steps 1%_10m,_5%_pause -m x"));
    expect(await code()).toBe(3);
    await done(scene.run("promote -m x"));
    expect(await code()).toBe(4);
    await done(scene.run("abort -m x"));
    expect(await code()).toBe(5);
    await done(scene.run("set kill-switch stable -m x"));
    expect(await code()).toBe(8);
    scene.admin.store.setDown(true);
    expect(await code()).toBe(7);
    expect((await scene.run("status")).code).toBe(0);
  });
});

describe("break-glass", () => {
  test("lowers an arm on one router while the store is down, and ends", async () => {
    await using scene = await openScene();
    const { run, admin } = scene;
    admin.store.setDown(true);
    const { complained } = await run("set weight 0bp toy -m x");
    expect(complained).toContain("UNAVAILABLE");
    expect(complained).toContain("nothing was changed");
    expect(complained).toContain("crossfade rollout break-glass canary=0bp toy");
    expect(complained).not.toContain("may have been done");
    const dry = await done(run("break-glass canary=0bp toy --dry-run"));
    expect(dry).toMatch(/canary at most 0bp until .*\ndry run: nothing was done\n$/);
    expect(admin.router.report()["toy"]).not.toHaveProperty("lowered");
    const printed = await done(run("break-glass canary=0bp toy --for 30m -m burns"));
    expect(printed).toMatch(/^router-0 alone: canary at most 0bp until \d{4}-.*Z\n/);
    expect(printed).toContain("the history will have it when the store can be reached again");
    expect(admin.router.report()["toy"]).toMatchObject({ lowered: { weight: 0, reason: "burns" } });
    expect(await done(run("get toy"))).toContain("canary lowered to 0bp until");
    await done(run("break-glass canary toy --end -m over"));
    expect(admin.router.report()["toy"]).not.toHaveProperty("lowered");
  });
});

test("without a model and with several, or none, it says which there are", async () => {
  await using scene = await openScene({ documents: [] });
  expect(await scene.run("get")).toMatchObject({
    code: 1,
    complained: expect.stringContaining("no model has a rollout; `crossfade rollout set version"),
  });
  await done(scene.run("set version stable=1 toy -m begin"));
  expect(await done(scene.run("get"))).toContain("stable   1");
  const first = await done(scene.run("set version stable=1 films -m begin"));
  expect(first).toContain("until now the servers chose the version");
  expect((await scene.run("pause -m x")).complained).toContain("name the MODEL: there are");
});

test("a version that no server holds: warned of, marked, and not promoted but by force", async () => {
  await using scene = await openScene({ versions: ["1"] });
  const { run } = scene;
  const raised = await run("set weight 20% -m up");
  expect(raised).toMatchObject({ code: 0, printed: expect.stringContaining("revision 1 -> 2") });
  expect(raised.complained).toMatch(/^warning: no server holds version 2, by what routers see/);
  expect(await done(run("get"))).toMatch(/canary +2 +2000bp .* held by no server\n/);
  const status = await run("status --exit-code");
  expect(status).toMatchObject({ code: 10, complained: "" });
  expect(status.printed).toBe(
    "toy: held by no server; revision 2, steady, by hand\nno server holds version 2, which the arm canary wants\n",
  );
  const refused = await run("promote --full -m ship");
  expect(refused).toMatchObject({ code: 1, printed: "" });
  expect(refused.complained).toContain("FAILED_PRECONDITION: cannot promote toy: no server holds");
  const stepping = await run("set steps 1%_10m,_5%_10m -m go");
  expect(stepping.complained).toContain("warning: no server holds version 2");
  expect(await done(run("get"))).toContain(
    "standing still at step 1 of 2 (100bp 10m): no server holds version 2\n",
  );
  expect(await run("promote --full --force -m ship")).toMatchObject({ code: 0 });
  expect((await run("status --exit-code")).code).toBe(10);
});

test("an undo says how to go one further back", async () => {
  await using scene = await openScene();
  const { run } = scene;
  await done(run("set weight 20% -m x"));
  await done(run("set weight 30% -m x"));
  for (const _ of [1, 2])
    expect(await done(run("undo -m x"))).toContain("one further back: `undo --to-revision 1`\n");
});
