import { onTestFinished } from "vitest";
import { callWith } from "../backends/backend.contract.ts";
import type { Answer, Query } from "../backends/backend.ts";
import type { Clock } from "../backends/clock.ts";
import { createHost } from "../backends/host.ts";
import { createPuppet, type Puppet } from "../backends/puppet.ts";
import { createQuery } from "../backends/query.ts";
import { toyRequest } from "../backends/toy-family.ts";
import { RecommendResponse } from "../proto/gen/crossfade/v1/recommender.ts";
import { ServingError } from "../proto/serving-error.ts";
import type { Call } from "../transport/call.ts";
import { createBucketOf } from "./bucket.ts";
import type { Distribution } from "./distribution.ts";
import type { ArmOutcome, RouterMeter, ShadowOutcome, SpillOutcome } from "./meter.ts";
import { createRouter, type Router, type RouterOptions } from "./router.ts";

/** A router over a host with a puppet for each version of one model, and what it told its meter. */
export interface Scene {
  readonly router: Router;
  /** Version "1" first. */
  readonly puppets: readonly Puppet[];
  readonly told: Told;
}

export interface Told {
  readonly applied: Distribution[];
  readonly refused: [model: string, code: number][];
  readonly answered: ArmOutcome[];
  readonly spilled: SpillOutcome[];
  readonly shadowed: ShadowOutcome[];
  dropped: number;
}

interface SceneOptions extends Partial<RouterOptions> {
  readonly versions?: number;
  readonly document?: Distribution;
  readonly clock?: Clock;
}

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const { versions = 3, document, ...routerOptions } = options;
  const host = createHost();
  const puppets = Array.from({ length: versions }, (_, i) =>
    createPuppet({ ...options, name: `puppet ${i + 1}`, model: "toy", version: `${i + 1}` }),
  );
  for (const [i, backend] of puppets.entries())
    await host.add({ model: "toy", version: `${i + 1}`, backend });
  const { meter, told } = listening();
  const router = createRouter({ inner: host, meter, ...routerOptions, name: "router" });
  if (document !== undefined) router.apply(document);
  onTestFinished(() => {
    for (const puppet of puppets) puppet.perform();
    return router.close();
  });
  return { router, puppets, told };
}

function listening(): { readonly meter: RouterMeter; readonly told: Told } {
  const told: Told = {
    applied: [],
    refused: [],
    answered: [],
    spilled: [],
    shadowed: [],
    dropped: 0,
  };
  const meter: RouterMeter = {
    applied: (document) => told.applied.push(document),
    refused: (model, code) => told.refused.push([model, code]),
    answered: (outcome) => told.answered.push(outcome),
    spilled: (outcome) => told.spilled.push(outcome),
    shadowed: (outcome) => told.shadowed.push(outcome),
    shadowDropped: () => told.dropped++,
  };
  return { meter, told };
}

export function toyQuery(
  user: string,
  {
    model = "toy",
    version = "",
    ...call
  }: Partial<Call> & { model?: string; version?: string } = {},
): Query {
  const names = { model, version, user: Buffer.from(user) };
  return createQuery(toyRequest(user), callWith(call), names);
}

export function responseOf(answer: Answer | undefined): RecommendResponse {
  if (answer === undefined || answer instanceof ServingError)
    throw answer ?? new Error("no answer");
  return RecommendResponse.decode(answer.bytes);
}

/** The version that answered, and what the router says about it. */
export function routeOf(answer: Answer | undefined) {
  const { served, routed } = responseOf(answer);
  return { version: served?.modelVersion, ...routed! };
}

/** The first users, of u0, u1, …, whose buckets this arm has. */
export function usersOf(arm: string, count: number, document: Distribution): string[] {
  const bucketOf = createBucketOf(document.salt);
  const { ranges } = document.arms.find(({ name }) => name === arm)!;
  const users: string[] = [];
  for (let i = 0; users.length < count; i++) {
    const bucket = bucketOf(Buffer.from(`u${i}`));
    if (ranges.some(([start, end]) => start <= bucket && bucket < end)) users.push(`u${i}`);
  }
  return users;
}
