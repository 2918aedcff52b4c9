import { expect, test } from "vitest";
import { createHealth } from "./health.ts";

const statuses = (entries: Record<string, boolean>) => new Map(Object.entries(entries));

test("watchers hear of their own name, and only when its status differs", () => {
  const health = createHealth();
  const heard: string[] = [];
  health.watch("music", () => heard.push(`music ${health.status("music")}`));
  health.watch("films", () => heard.push(`films ${health.status("films")}`));
  health.update(statuses({ music: true }));
  health.update(statuses({ music: true }));
  health.update(statuses({ music: false, films: true }));
  health.update(statuses({ music: false }));
  expect(heard).toEqual(["music SERVING", "music NOT_SERVING", "films SERVING", "films undefined"]);
});

test("who leaves hears no more, and others still do", () => {
  const health = createHealth();
  let heard = 0;
  const leave = health.watch("music", () => (heard += 100));
  health.watch("music", () => (heard += 1));
  leave();
  leave();
  health.update(statuses({ music: true }));
  expect(heard).toBe(1);
});

test("a watcher may leave while it is told", () => {
  const health = createHealth();
  let heard = 0;
  const leaves = [1, 2, 3].map(() =>
    health.watch("music", () => {
      heard += 1;
      for (const leave of leaves) leave();
    }),
  );
  health.update(statuses({ music: true }));
  expect(heard).toBe(1);
});
