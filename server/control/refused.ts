/** Why what the store keeps of a model is not routed by. */
export type RefusalKind = "older" | "conflict" | "invalid" | "newer_format";

/** What the store keeps of a model is not routed by: told once for each rollout. */
export type Refused = (model: string, why: RefusalKind) => void;
