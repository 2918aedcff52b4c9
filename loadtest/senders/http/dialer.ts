import { connect, type Socket } from "node:net";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";
import { parseAddress } from "../../../transport/http2/address.ts";
import type { TargetTls } from "../../run-plan.ts";

/** Connects to one address, again and again. */
export interface Dialer {
  readonly address: string;
  /** The Host header. */
  readonly authority: string;
  /** @param onConnect It can be written to. */
  dial(onConnect: () => void): Socket;
}

/** Throws for an address or certificates that cannot work. */
export function createDialer(address: string, tls: TargetTls | undefined): Dialer {
  const { authority, connect: target, serverName } = parseAddress(address);
  const secureContext = tls && contextOf(tls);
  return {
    address,
    authority,
    dial(onConnect) {
      const socket = secureContext
        ? connectTls({ ...target, secureContext, ...(serverName && { servername: serverName }) })
        : connect(target);
      socket.setNoDelay(true);
      socket.once(secureContext ? "secureConnect" : "connect", onConnect);
      return socket;
    },
  };
}

function contextOf({ serverAuthority, certificate, key }: TargetTls): SecureContext {
  return createSecureContext({
    ca: serverAuthority,
    ...(certificate !== undefined && key !== undefined && { cert: certificate, key }),
  });
}
