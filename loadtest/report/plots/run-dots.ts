import type { ComparedRun } from "../../compare/comparison.ts";
import { inUnitOf } from "../../compare/describe-difference.ts";
import type { Metric } from "../../compare/metrics.ts";
import { html, type Html } from "../../../display/html.ts";
import { plot, xPercent, yPx } from "../../../display/plots/frame.ts";
import { rangeScale } from "../../../display/plots/scale.ts";

const heightPx = 120;
const looks = { a: "series-0", b: "series-1" } as const;

/** A metric of each valid run, in the order in which they ran: drifts and outliers show here. */
export function runDots(metric: Metric, runs: readonly ComparedRun[]): Html {
  const dots = runs.flatMap(({ side, sample }, at) => {
    const value = sample && metric.read(sample);
    return value === undefined ? [] : [{ side, at, value }];
  });
  const values = dots.map(({ value }) => value);
  const y = rangeScale(Math.min(...values), Math.max(...values));
  const x = { at: (run: number) => (run + 0.5) / runs.length, ticks: runs.map((_, at) => at) };
  return plot({
    id: `runs-${metric.name.replaceAll(/\W+/g, "-")}`,
    title: `${metric.name} of each run`,
    description: dots.map(({ side, value }) => `${side}: ${inUnitOf(metric, value)}`).join(", "),
    heightPx,
    x: { scale: x, label: (run) => String(run + 1) },
    y: { scale: y, label: (value) => inUnitOf(metric, value) },
    shapes: "",
    marks: dots.map(
      ({ side, at, value }) =>
        html`<circle
          class="dot ${looks[side]}"
          cx="${xPercent(x.at(at))}"
          cy="${yPx({ heightPx }, y.at(value))}"
          r="4.5"
          ><title>Run ${at + 1}, ${side}: ${inUnitOf(metric, value)}</title></circle
        >`,
    ),
  });
}
