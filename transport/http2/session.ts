import type { Socket } from "node:net";
import { ServingError } from "../../proto/serving-error.ts";
import { ConnectionError, Http2Code, type Http2CodeName } from "./connection-error.ts";
import { failureOfReset, lost, nameOfHttp2Code } from "./failures.ts";
import { FrameReader } from "./frame-reader.ts";
import { frameOf, FrameType, goAwayFrame, settingsFrame, standardWindow } from "./frames.ts";
import { maxHeaderListBytes } from "./header-blocks.ts";
import { type Connection, Incoming } from "./incoming.ts";
import { type Keepalive, startKeepalive } from "./keepalive.ts";
import type { Connect } from "./open-socket.ts";
import type { CallHolder, OutgoingCall } from "./outgoing-call.ts";
import { Outbox } from "./outbox.ts";
import { SettingId } from "./peer-settings.ts";
import { connectionWindow, streamWindow } from "./receive-window.ts";
import { Sender } from "./sender.ts";
import { atTurnEnd, type Gathering } from "./turn-end.ts";

/** Whose session it is. */
export interface SessionOwner {
  /** It takes calls from now on. */
  opened(): void;
  /** It may take more calls than it has. */
  hasRoom(): void;
  /** Whether calls wait for room. */
  isWaiting(): boolean;
  /** It takes no more calls, once and for all; those that it has may go on. With an error, it failed. */
  left(error: ServingError | undefined): void;
  /** The server says that it has not begun with the call, nor will. */
  returned(call: OutgoingCall): void;
}

export interface SessionOptions {
  readonly keepaliveMs: number;
  readonly keepaliveTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Of the first call; ids only grow, and end at 2^31 - 1. */
  readonly firstStreamId: number;
}

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const ownSettings = settingsFrame([
  [SettingId.ENABLE_PUSH, 0],
  [SettingId.INITIAL_WINDOW_SIZE, streamWindow],
  [SettingId.MAX_HEADER_LIST_SIZE, maxHeaderListBytes],
]);
const pingFrame = frameOf({ type: FrameType.PING, flags: 0, streamId: 0 }, Buffer.from("crossfad"));
const lastStreamId = 2 ** 31 - 1;
/** For the peer to close its side, too. */
const lingerMs = 1_000;

/** One connection. */
export class Session implements Connection, CallHolder, Gathering {
  readonly calls = new Map<number, OutgoingCall>();
  readonly outbox: Outbox;
  readonly sender: Sender;
  nextStreamId: number;
  hasAnswered = false;
  /** The server minds how often it is asked whether it is alive. */
  wasToldToPingLess = false;
  readonly #owner: SessionOwner;
  readonly #socket: Socket;
  readonly #incoming: Incoming;
  readonly #reader: FrameReader;
  readonly #keepalive: Keepalive;
  readonly #connectTimer: NodeJS.Timeout;
  #state: "opening" | "open" | "leaving" | "closed" = "opening";
  #maxStreams = Infinity;
  #isGathering = false;
  #hasGreeted = false;
  /** What the server said of why it goes. */
  #farewell = "";

  constructor(connect: Connect, options: SessionOptions, owner: SessionOwner) {
    this.#owner = owner;
    this.nextStreamId = options.firstStreamId;
    this.#socket = connect({
      connected: () => this.#greet(),
      received: (bytes, length) => this.#received(bytes, length),
      closed: (why) => this.#die(why),
    });
    this.outbox = new Outbox(this.#socket, () => this.#written());
    this.sender = new Sender(this.outbox);
    this.#incoming = new Incoming(this);
    this.#reader = new FrameReader((frame) => this.#incoming.take(frame));
    this.#keepalive = startKeepalive({
      afterMs: options.keepaliveMs,
      timeoutMs: options.keepaliveTimeoutMs,
      isWaiting: () => this.calls.size > 0,
      ping: () => this.#ping(),
      died: () =>
        this.#die(`the server has not answered a ping within ${options.keepaliveTimeoutMs} ms`),
    });
    const { connectTimeoutMs } = options;
    this.#connectTimer = setTimeout(
      () => this.#die(`no connection within ${connectTimeoutMs} ms`),
      connectTimeoutMs,
    ).unref();
  }

  hasPlace(): boolean {
    return this.#state === "open" && this.calls.size < this.#maxStreams && !this.outbox.isFull;
  }

  begin(call: OutgoingCall): void {
    call.holder = this;
    call.streamId = this.nextStreamId;
    call.receiveWindow = streamWindow;
    this.nextStreamId += 2;
    this.calls.set(call.streamId, call);
    if (this.calls.size === 1) this.#socket.ref();
    this.sender.open(call);
    this.#gather();
    if (this.nextStreamId > lastStreamId) this.leave();
  }

  /** More of the request is there. */
  continue(call: OutgoingCall): void {
    this.sender.continue(call);
    this.#gather();
  }

  wantMore(call: OutgoingCall): void {
    this.#incoming.renew(call);
    this.#gather();
  }

  abandon(call: OutgoingCall): void {
    this.sender.reset(call.streamId, "CANCEL");
    this.#gather();
    this.#release(call);
  }

  /** Calls that it has finish; then it ends. */
  leave(): void {
    if (this.#state === "leaving" || this.#state === "closed") return;
    this.#state = "leaving";
    this.#owner.left(undefined);
    this.#endIfDone();
  }

  /** While somebody waits for it, the process has to live on. */
  keepAlive(isWanted: boolean): void {
    if (isWanted || this.calls.size > 0) this.#socket.ref();
    else this.#socket.unref();
  }

  opened(): void {
    clearTimeout(this.#connectTimer);
    if (this.#state !== "opening") return;
    this.#state = "open";
    this.#owner.opened();
  }

  limitStreams(most: number): void {
    this.#maxStreams = most;
    this.#gather();
  }

  end(call: OutgoingCall, error: ServingError | undefined): void {
    // The server need not have waited for all of the request.
    if (!call.isSent) {
      if (call.body.pendingBytes > 0) this.sender.reset(call.streamId, "CANCEL");
      else this.sender.end(call);
    }
    this.#release(call);
    call.complete(error);
  }

  giveUp(call: OutgoingCall, code: Http2CodeName, error: ServingError): void {
    this.sender.reset(call.streamId, code);
    this.#release(call);
    call.settle(error);
  }

  dropped(call: OutgoingCall, code: number): void {
    this.#release(call);
    if (code === Http2Code.REFUSED_STREAM && !call.hasReplyHeaders) this.#return(call);
    else call.settle(failureOfReset(code));
  }

  sentAway(lastProcessedId: number, code: number, why: string): void {
    const isFault = code !== Http2Code.NO_ERROR;
    if (isFault) this.#farewell = `it said GOAWAY ${nameOfHttp2Code(code)} ${why}`.trimEnd();
    this.wasToldToPingLess ||= code === Http2Code.ENHANCE_YOUR_CALM && why === "too_many_pings";
    this.leave();
    for (const call of this.calls.values()) {
      if (call.streamId <= lastProcessedId) continue;
      this.#release(call);
      this.#return(call);
    }
    // Servers that found a fault answer nothing any more, and may leave it to us to hang up.
    if (isFault) this.#die("the server gave the connection up");
  }

  turnEnded(): void {
    if (this.#state === "open" && this.#owner.isWaiting()) this.#owner.hasRoom();
    this.#isGathering = false;
    if (this.#state !== "closed") this.outbox.flush();
  }

  #greet(): void {
    if (this.#state !== "opening") return;
    this.#hasGreeted = true;
    this.outbox.append(preface);
    this.outbox.append(ownSettings);
    this.sender.grantWindow(0, connectionWindow - standardWindow);
    this.#gather();
  }

  #received(bytes: Buffer, length: number): void {
    this.#keepalive.heard();
    try {
      this.#reader.feed(bytes, length);
    } catch (error) {
      this.#break(error);
    }
    if (this.outbox.length > 0 || this.#owner.isWaiting()) this.#gather();
  }

  #written(): void {
    if (this.#state === "closed") return;
    this.sender.continueBlocked();
    if (this.outbox.length > 0 || this.#owner.isWaiting()) this.#gather();
  }

  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    atTurnEnd(this);
  }

  #ping(): void {
    this.outbox.append(pingFrame);
    this.#gather();
  }

  #release(call: OutgoingCall): void {
    this.calls.delete(call.streamId);
    this.sender.forget(call);
    call.holder = undefined;
    if (this.calls.size > 0) return;
    this.#socket.unref();
    this.#endIfDone();
  }

  /** Once; a server that goes on refusing it means it. */
  #return(call: OutgoingCall): void {
    const isNew = !call.wasRefused && call.body.restart();
    if (!isNew) return call.settle(lost("the server refused the call before it began with it"));
    call.wasRefused = true;
    call.isSent = false;
    this.#owner.returned(call);
  }

  #endIfDone(): void {
    if (this.#state !== "leaving" || this.calls.size > 0) return;
    this.#shut("NO_ERROR", "");
    this.#close(undefined);
  }

  /** The peer broke the protocol, or we have a bug; calls fail either way, and nothing is thrown into the event loop. */
  #break(error: unknown): void {
    const [code, message] =
      error instanceof ConnectionError
        ? ([error.code, error.message] as const)
        : (["INTERNAL_ERROR", `the connection failed: ${String(error)}`] as const);
    this.#shut(code, message);
    this.#close(new ServingError("UNAVAILABLE", message, { isLost: true, cause: error }));
  }

  /** Says goodbye, and lets the peer hear it. */
  #shut(code: Http2CodeName, why: string): void {
    if (this.#hasGreeted) {
      this.outbox.append(goAwayFrame(code, why));
      this.#socket.end(this.outbox.takeAll());
      setTimeout(() => this.#socket.destroy(), lingerMs).unref();
    } else this.#socket.destroy();
  }

  #die(why: string): void {
    this.#socket.destroy();
    this.#close(lost(this.#farewell === "" ? why : `${why}: ${this.#farewell}`));
  }

  #close(error: ServingError | undefined): void {
    if (this.#state === "closed") return;
    const hadLeft = this.#state === "leaving";
    this.#state = "closed";
    this.#reader.stop();
    this.#keepalive.stop();
    clearTimeout(this.#connectTimer);
    if (!hadLeft) this.#owner.left(error);
    const calls = [...this.calls.values()];
    this.calls.clear();
    for (const call of calls) {
      call.holder = undefined;
      call.settle(error);
    }
  }
}
