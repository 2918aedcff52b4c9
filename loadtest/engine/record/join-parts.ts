import { joinHistograms } from "../../histogram/create-histogram.ts";
import type { Second, Share } from "../../run-result.ts";
import type { PartCounts, RunPart } from "./run-part.ts";

/** What one worker would have found that did the work of all. */
export function joinParts(parts: readonly RunPart[]): RunPart {
  const all = <Key extends keyof RunPart>(key: Key) => parts.map((part) => part[key]);
  return {
    counts: addCounts(all("counts")),
    latency: joinHistograms(all("latency")),
    failure: joinHistograms(all("failure")),
    service: joinHistograms(all("service")),
    lag: joinHistograms(all("lag")),
    codes: addRecords(all("codes")),
    messages: Object.assign({}, ...all("messages").toReversed()) as RunPart["messages"],
    rows: addRecords(all("rows")),
    arms: joinShares(all("arms")),
    backends: joinShares(all("backends")),
    seconds: joinSeconds(all("seconds")),
    lastLeftMs: Math.max(0, ...all("lastLeftMs")),
    lastEndedMs: Math.max(0, ...all("lastEndedMs")),
    warmUp: {
      sent: sum(all("warmUp").map(({ sent }) => sent)),
      ok: sum(all("warmUp").map(({ ok }) => ok)),
      message: all("warmUp").find(({ message }) => message !== "")?.message ?? "",
    },
  };
}

const noCounts: PartCounts = {
  due: 0,
  sent: 0,
  ok: 0,
  failed: 0,
  cancelled: 0,
  unfinished: 0,
  answers: 0,
  degraded: 0,
  shed: 0,
  lost: 0,
  missed: 0,
  waited: 0,
  sentBytes: 0,
  receivedBytes: 0,
};

function addCounts(counts: readonly PartCounts[]): PartCounts {
  return { ...noCounts, ...addRecords(counts.map((own) => ({ ...own }))) };
}

export function addRecords(
  records: readonly Readonly<Record<string, number>>[],
): Record<string, number> {
  const joined: Record<string, number> = {};
  for (const record of records) {
    for (const [name, count] of Object.entries(record)) joined[name] = (joined[name] ?? 0) + count;
  }
  return joined;
}

function joinShares(parts: readonly Readonly<Record<string, Share>>[]): Record<string, Share> {
  const names = new Set(parts.flatMap((part) => Object.keys(part)));
  return Object.fromEntries(
    Array.from(names, (name) => {
      const shares = parts.flatMap((part) => part[name] ?? []);
      return [
        name,
        {
          answers: sum(shares.map(({ answers }) => answers)),
          degraded: sum(shares.map(({ degraded }) => degraded)),
          latency: joinHistograms(shares.map(({ latency }) => latency)),
        },
      ];
    }),
  );
}

function joinSeconds(parts: readonly (readonly Second[])[]): Second[] {
  const length = Math.max(0, ...parts.map((part) => part.length));
  return Array.from({ length }, (_, number) => {
    const seconds = parts.flatMap((part) => part[number] ?? []);
    return {
      due: sum(seconds.map(({ due }) => due)),
      ok: sum(seconds.map(({ ok }) => ok)),
      failed: sum(seconds.map(({ failed }) => failed)),
      latency: joinHistograms(seconds.map(({ latency }) => latency)),
      lagMs: Math.max(0, ...seconds.map(({ lagMs }) => lagMs)),
      arms: addRecords(seconds.map(({ arms }) => arms)),
    };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
