import { describe, expect, test } from "vitest";
import { followName, mostAddresses, type LookUp } from "./follow-name.ts";

type Told = readonly string[] | "nobody";

/** What is told of a name whose look-ups find one after the other of these. */
async function follow(...found: readonly Told[]): Promise<readonly string[]> {
  const told: string[] = [];
  const stopping = new AbortController();
  let turn = 0;
  const lookUp: LookUp = async () => {
    const answer = found[turn++]!;
    if (turn === found.length) stopping.abort();
    if (answer === "nobody") throw new Error("EAI_AGAIN");
    return answer;
  };
  // The last look-up ends the following, and is not told.
  await followName({
    name: { host: "servers", port: 8_500 },
    everyMs: 1,
    signal: stopping.signal,
    lookUp,
    came: (address) => told.push(`+${address}`) > 0,
    left: (address) => told.push(`-${address}`),
    failed: (error) => told.push((error as Error).message),
    looked: () => {},
    leftOut: (addresses) => told.push(`${addresses} left out`),
  });
  return told;
}

test("each address is a server, also by IPv6, and told once", async () => {
  const addresses = ["10.0.0.1", "fd00::1"];
  expect(await follow(addresses, addresses, [])).toEqual(["+10.0.0.1:8500", "+[fd00::1]:8500"]);
});

test("an address that somebody else has is told again, until it can be had", async () => {
  const told: string[] = [];
  const stopping = new AbortController();
  await followName({
    name: { host: "servers", port: 8_500 },
    everyMs: 1,
    signal: stopping.signal,
    lookUp: async () => ["10.0.0.1"],
    came: (address) => told.push(address) === 3,
    left: () => {},
    failed: () => {},
    looked: () => told.length === 3 && stopping.abort(),
    leftOut: () => {},
  });
  expect(told).toEqual(Array<string>(3).fill("10.0.0.1:8500"));
});

test("a server that comes is told at once", async () => {
  expect(await follow(["10.0.0.1"], ["10.0.0.2", "10.0.0.1"], [])).toEqual([
    "+10.0.0.1:8500",
    "+10.0.0.2:8500",
  ]);
});

test("a server leaves when it was missing three times running", async () => {
  const one = ["10.0.0.1"];
  const both = ["10.0.0.1", "10.0.0.2"];
  expect(await follow(both, one, one, both, one, one, [])).not.toContain("-10.0.0.2:8500");
  expect(await follow(both, one, one, one, [])).toContain("-10.0.0.2:8500");
  expect(await follow(both, [], [], [], [])).toEqual([
    "+10.0.0.1:8500",
    "+10.0.0.2:8500",
    "-10.0.0.1:8500",
    "-10.0.0.2:8500",
  ]);
});

test("while nobody says, those known stay", async () => {
  const told = await follow(["10.0.0.1"], "nobody", "nobody", "nobody", "nobody", []);
  expect(told).toEqual(["+10.0.0.1:8500", ...Array<string>(4).fill("EAI_AGAIN")]);
});

const came = (told: readonly string[]) => told.filter((line) => line.startsWith("+"));

describe("a name with more addresses than are followed", () => {
  const many = Array.from({ length: 5_000 }, (_, i) => `10.${100 + (i >> 8)}.${i & 255}.1`);

  test("has those that are first as text, whatever the order of the answer, and the others are counted", async () => {
    const [told, turned] = [await follow(many, []), await follow(many.toReversed(), [])];
    expect(told[0]).toBe("4744 left out");
    expect(came(told)).toHaveLength(mostAddresses);
    expect(came(turned)).toEqual(came(told));
  });

  test("keeps those that it has, and counts the others once", async () => {
    const earlier = ["10.200.0.1", "10.200.0.2"];
    const all = [...many, ...earlier];
    const told = await follow(earlier, all, all, all, all, earlier, []);
    expect(told.filter((line) => line.startsWith("-"))).toEqual([]);
    expect(came(told)).toHaveLength(mostAddresses);
    expect(told.filter((line) => line.endsWith("left out"))).toEqual([
      "4746 left out",
      "0 left out",
    ]);
  });

  test("fills the place of one only when that has left", async () => {
    const full = many.slice(0, mostAddresses);
    const without = many.slice(1, mostAddresses + 1);
    const told = await follow(full, without, without, without, without, []);
    expect(told.slice(mostAddresses)).toEqual([
      "1 left out",
      "-10.100.0.1:8500",
      "0 left out",
      "+10.101.0.1:8500",
    ]);
  });
});
