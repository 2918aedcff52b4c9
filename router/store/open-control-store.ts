import type { ControlStore } from "./control-store.ts";
import { type FileStoreOptions, openFileStore } from "./file/file-store.ts";
import { openRedisStore } from "./redis/redis-store.ts";
import type { RedisSettings } from "./redis/redis-settings.ts";
import type { StoreAddress } from "./store-address.ts";

/** What the file store takes, and what Redis takes: it uses what it needs. */
export type StoreSettings = Pick<FileStoreOptions, "dir" | "nowMs"> &
  Omit<RedisSettings, "address"> & {
    /** Absent: embedded, in the folder. */
    readonly address?: StoreAddress | undefined;
  };

/**
 * Embedded, it rejects when another process has the folder or when what is in it cannot be used. In Redis it is there at
 * once, whether or not that can be reached.
 */
export function openControlStore({ address, ...settings }: StoreSettings): Promise<ControlStore> {
  if (address !== undefined) return openRedisStore({ ...settings, address });
  const { onNotice, ...others } = settings;
  const message = "the store's files were mended";
  return openFileStore({
    ...others,
    onNotice: (what) => onNotice?.({ level: "warn", message, details: { what } }),
  });
}
