import { expect, test } from "vitest";
import { namedIn } from "./named-in.ts";

test.each([
  ["up == 0", ["up"], []],
  ['rate(a_total{x="y{z}", w!~"b"}[5m])', ["a_total"], ["x", "w"]],
  [
    "sum by (model, le) (a:rate5m) / on (job) group_left () (sum without (arm) (b offset 1d) > 1.5e3)",
    ["a:rate5m", "b"],
    ["model", "le", "job", "arm"],
  ],
  ["time() - a and scalar(b) unless c or vector(0)", ["a", "b", "c"], []],
  ["histogram_quantile(0.95, sum by (le) (rate(a_bucket[1h:5m])))", ["a_bucket"], ["le"]],
])("%s", (expression, metrics, labels) => {
  const named = namedIn(expression);
  expect([...named.metrics]).toEqual(metrics);
  expect([...named.labels].sort()).toEqual([...labels].sort());
});
