import type { Kind } from "./setting.ts";

const form = /^(redis|rediss|redis\+sentinel|redis\+cluster):\/\/[^\s/]+/;

/** The store itself judges the rest of it. */
export const storeUrl: Kind<string> = {
  allowed:
    "redis://HOST:PORT, rediss://… for TLS, redis+sentinel://HOST,HOST/MASTER or redis+cluster://HOST,HOST",
  format: (url) => url,
  parse: (raw) => (typeof raw === "string" && form.test(raw) ? raw : undefined),
};
