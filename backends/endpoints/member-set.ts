import type { Backend } from "../backend.ts";
import { createMember, type Endpoint, type Member, type MemberOptions } from "./member.ts";

/** Endpoints that come and go while calls are answered. */
export interface MemberSet {
  /** Those that may be asked; the same list for good. */
  readonly members: readonly Member[];
  /** Throws for a name that another has, and for a class that stands on no rung. */
  add(endpoint: Endpoint): void;
  /** Resolves when it is closed; see `Endpoints.remove`. */
  remove(backend: Backend): Promise<void>;
  /** Closes all of them, and resolves when those that left before are closed too. */
  close(): Promise<void>;
}

export function createMemberSet(options: MemberOptions): MemberSet {
  const members: Member[] = [];
  const leaving = new Set<Promise<void>>();
  const isKnown = (name: string) => members.some(({ backend }) => backend.name === name);

  async function leave(backend: Backend): Promise<void> {
    await backend.close();
    // What came back under its name meanwhile goes on counting.
    if (!isKnown(backend.name)) options.meter.left(backend.name);
  }

  return {
    members,
    add(endpoint) {
      const { name } = endpoint.backend;
      if (isKnown(name)) throw new Error(`two endpoints are named "${name}"; rename one`);
      members.push(createMember(endpoint, options));
    },
    async remove(backend) {
      const place = members.findIndex((member) => member.backend === backend);
      if (place < 0) return;
      members.splice(place, 1);
      const left = leave(backend);
      leaving.add(left);
      await left;
      leaving.delete(left);
    },
    async close() {
      await Promise.all([...leaving, ...members.map(({ backend }) => backend.close())]);
    },
  };
}
