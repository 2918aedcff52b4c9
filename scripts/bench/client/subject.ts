/** The same calls for every client: a closed loop over some connections, so many streams on each. */
export interface ClientLoad {
  readonly address: string;
  readonly path: string;
  /** An encoded message. */
  readonly request: Uint8Array;
  readonly connections: number;
  readonly streams: number;
  readonly forMs: number;
}

export interface Spent {
  readonly calls: number;
  readonly failed: number;
  /** User and system time of all threads of the client's process. */
  readonly cpuMs: number;
}

/** A client, and what it takes to measure it. */
export interface Subject extends AsyncDisposable {
  readonly name: string;
  run(load: ClientLoad): Promise<Spent>;
}

/** How to have one; a string says why it cannot be had here. */
export interface SubjectKind {
  readonly name: string;
  open(place: Place): Promise<Subject | string>;
}

export interface Place {
  /** Of the compiled sources. */
  readonly compiled: string;
  /** For files that programs read; removed in the end. */
  readonly scratch: string;
}
