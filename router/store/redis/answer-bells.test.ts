import { expect, test } from "vitest";
import { eventually } from "../eventually.contract.ts";
import { answerBells } from "./answer-bells.ts";

function openBells(read: (model: string) => Promise<void> = async () => {}) {
  const asked: string[] = [];
  const end = new AbortController();
  const bells = answerBells({
    read: (model) => (asked.push(model), read(model)),
    readAll: () => void asked.push("(all)"),
    signal: end.signal,
  });
  return { bells, asked, end };
}

test("a model is read at once, and once more for all the messages that came meanwhile", async () => {
  let go!: () => void;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const { bells, asked } = openBells(() => gate);
  bells.ring("toy");
  expect(asked).toEqual(["toy"]);
  for (let i = 0; i < 100; i++) bells.ring("toy");
  bells.ring("music");
  expect(asked).toEqual(["toy"]);
  go();
  await bells.done();
  expect(asked).toEqual(["toy", "toy", "music"]);
  bells.ring("toy");
  expect(asked).toHaveLength(4);
});

test("what is no name, what cannot be read, and what names too many makes all be read, once", async () => {
  const { bells, asked } = openBells();
  bells.ring('{"format":1}');
  bells.ring("no name");
  await bells.done();
  expect(asked).toEqual(["(all)"]);

  const failing = openBells(() => Promise.reject(new Error("damaged")));
  failing.bells.ring("toy");
  await failing.bells.done();
  expect(failing.asked).toEqual(["toy", "(all)"]);

  const flood = openBells();
  for (let i = 0; i < 10_000; i++) flood.bells.ring(`model-${i}`);
  await eventually(() => flood.asked.filter((what) => what === "(all)").length).toBe(1);
  expect(flood.asked.length).toBeLessThan(100);
  flood.end.abort();
  await flood.bells.done();
});

test("nothing is asked after the end", async () => {
  const { bells, asked, end } = openBells();
  end.abort();
  bells.ring("toy");
  await bells.done();
  expect(asked).toEqual([]);
});
