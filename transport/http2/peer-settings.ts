import { ConnectionError } from "./connection-error.ts";
import { largestWindow, readUint32, standardFrameBytes, type Frame } from "./frames.ts";

/** RFC 9113, section 6.5.2. */
export const SettingId = {
  HEADER_TABLE_SIZE: 1,
  ENABLE_PUSH: 2,
  MAX_CONCURRENT_STREAMS: 3,
  INITIAL_WINDOW_SIZE: 4,
  MAX_FRAME_SIZE: 5,
  MAX_HEADER_LIST_SIZE: 6,
} as const;

const settingBytes = 6;

/** The settings of a frame in their order, those unknown among them. Throws a ConnectionError for one that is not allowed. */
export function readSettings({
  bytes,
  start,
  end,
}: Frame): (readonly [id: number, value: number])[] {
  if ((end - start) % settingBytes !== 0)
    throw new ConnectionError("FRAME_SIZE_ERROR", `the peer sent settings of ${end - start} bytes`);
  const settings: (readonly [number, number])[] = [];
  for (let at = start; at < end; at += settingBytes) {
    const id = (bytes[at]! << 8) | bytes[at + 1]!;
    const value = readUint32(bytes, at + 2);
    check(id, value);
    settings.push([id, value]);
  }
  return settings;
}

function check(id: number, value: number): void {
  if (id === SettingId.INITIAL_WINDOW_SIZE && value > largestWindow)
    throw new ConnectionError("FLOW_CONTROL_ERROR", `the peer wants a window of ${value} bytes`);
  if (id === SettingId.ENABLE_PUSH && value !== 0)
    throw new ConnectionError("PROTOCOL_ERROR", `the peer, a server, sent ENABLE_PUSH ${value}`);
  if (id === SettingId.MAX_FRAME_SIZE && (value < standardFrameBytes || value >= 2 ** 24))
    throw new ConnectionError("PROTOCOL_ERROR", `the peer wants frames of ${value} bytes`);
}
