import { createHash, randomBytes } from "node:crypto";
import { keyWords } from "./key-table.ts";

/**
 * 128 bits of an id, by a secret of its own: whoever chooses ids cannot choose those whose places in a table are the same,
 * which would make every look-up slow.
 */
export function createKeyedHash(secret: Buffer = randomBytes(32)): (id: string) => Uint32Array {
  return (id) => {
    const hash = createHash("sha256").update(secret).update(id).digest();
    return Uint32Array.from({ length: keyWords }, (_, word) => hash.readUInt32LE(4 * word));
  };
}
