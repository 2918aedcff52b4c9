/** What a load tool is to do, and what it says of it. */
export interface ToolLoad {
  readonly address: string;
  /** Calls per second; absent: as fast as so many callers are answered. */
  readonly perSecond?: number;
  readonly callers: number;
  readonly connections: number;
  readonly forMs: number;
}

export interface ToolReport {
  readonly calls: number;
  readonly failed: number;
  /** Of the tool's own account. */
  readonly perSecond: number;
  /** Percentiles by the tool's own account. */
  readonly at: (share: number) => number;
  /** Why the tool itself says that this proves nothing. */
  readonly invalid?: string;
}

export interface Tool {
  readonly name: string;
  /** Undefined where the tool has no such load. */
  readonly run: (load: ToolLoad) => Promise<ToolReport | undefined>;
}
