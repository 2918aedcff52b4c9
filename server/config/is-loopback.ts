import { isIP } from "node:net";

/** Only this machine reaches it. Of names, only the one that always means that. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith("127.");
  return host === "::1" || host === "localhost";
}
