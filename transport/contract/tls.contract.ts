import { once } from "node:events";
import { connect as connectTls } from "node:tls";
import { expect, test } from "vitest";
import { Code } from "../../proto/serving-error.ts";
import { createTrialAuthority } from "../issue-certificates.ts";
import type { Peer } from "../peer.ts";
import type { Method, TransportServer } from "../transport.ts";
import { bytes, echo, echoPath, openPair, text, type Transport } from "./open-pair.contract.ts";

const authority = createTrialAuthority();
const stranger = createTrialAuthority("somebody else");
const trusting = { serverAuthority: authority.certificate };

/** The name in the certificate that a new connection is shown. */
async function shownName(server: TransportServer): Promise<string | undefined> {
  const socket = connectTls({
    port: server.port,
    ca: authority.certificate,
    ALPNProtocols: ["h2"],
  });
  await once(socket, "secureConnect");
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

async function* one(request: string) {
  yield bytes(request);
}

export function testTls(transport: Transport): void {
  const certificates = authority.issue("first");

  test("serves those who trust its authority", async () => {
    await using pair = await openPair(transport, [echo], {
      server: { certificates },
      channel: trusting,
    });
    expect(text(await pair.channel.unary(echoPath, bytes("secret")))).toBe("secret");
  });

  test.each([
    ["a plain-text caller", {}],
    ["a caller that trusts another authority", { serverAuthority: stranger.certificate }],
  ])("%s gets nothing", async (_, channel) => {
    await using pair = await openPair(transport, [echo], { server: { certificates }, channel });
    await expect(pair.channel.unary(echoPath, bytes("x"))).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
    });
  });

  test("a server that was found under another name shows a certificate for the name it should have", async () => {
    const server = { certificates: authority.issue("servers", { names: ["servers.cluster"] }) };
    const right = { ...trusting, serverName: "servers.cluster" };
    await using pair = await openPair(transport, [echo], { server, channel: right });
    expect(text(await pair.channel.unary(echoPath, bytes("x")))).toBe("x");
    for (const wrong of [trusting, { ...trusting, serverName: "others.cluster" }]) {
      using channel = transport.openChannel(pair.server.address, wrong);
      await expect(channel.unary(echoPath, bytes("y"))).rejects.toMatchObject({
        code: Code.UNAVAILABLE,
      });
    }
  });

  test("a server whose certificate has expired is not trusted", async () => {
    const past = { from: new Date("2020-01-01"), until: new Date("2020-01-02") };
    const expired = authority.issue("old", past);
    await using pair = await openPair(transport, [echo], {
      server: { certificates: expired },
      channel: trusting,
    });
    await expect(pair.channel.unary(echoPath, bytes("x"))).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
    });
  });

  test("asks for client certificates and takes only its authority's", async () => {
    const server = { certificates: { ...certificates, clientAuthority: authority.certificate } };
    await using pair = await openPair(transport, [echo], {
      server,
      channel: { ...trusting, certificates: authority.issue("client") },
    });
    expect(text(await pair.channel.unary(echoPath, bytes("me")))).toBe("me");
    for (const wrong of [trusting, { ...trusting, certificates: stranger.issue("client") }]) {
      using channel = transport.openChannel(pair.server.address, wrong);
      await expect(channel.unary(echoPath, bytes("x"))).rejects.toMatchObject({
        code: Code.UNAVAILABLE,
      });
    }
  });

  test("a handler learns who called: the address, and the names that the authority signed", async () => {
    const peers: Peer[] = [];
    const told: Method = {
      kind: "unary",
      path: echoPath,
      async handle(request, { peer }) {
        peers.push(peer);
        return request;
      },
    };
    const server = { certificates: { ...certificates, clientAuthority: authority.certificate } };
    // Quoted, and escaped, where it is read: one name all the same.
    const uris = ["spiffe://cluster/ops", 'spiffe://x/", DNS:admin'];
    const ann = authority.issue("ann", { uris });
    await using pair = await openPair(transport, [told], {
      server,
      channel: { ...trusting, certificates: ann },
    });
    await pair.channel.unary(echoPath, bytes(""));
    const names = ["CN=ann", "DNS:localhost", ...uris.map((uri) => `URI:${uri}`)];
    expect(peers).toEqual([
      { address: "127.0.0.1", port: expect.any(Number), names: expect.arrayContaining(names) },
    ]);
    expect(peers[0]!.names).not.toContain("DNS:admin");
  });

  test("without a certificate a caller has no names", async () => {
    const peers: Peer[] = [];
    const stream: Method = {
      kind: "bidi_stream",
      path: echoPath,
      async *handle(requests, { peer }) {
        peers.push(peer);
        yield* requests;
      },
    };
    for (const tls of [{}, { server: { certificates }, channel: trusting }]) {
      await using pair = await openPair(transport, [stream], tls);
      for await (const reply of pair.channel.stream(echoPath, one("x")))
        expect(text(reply)).toBe("x");
    }
    const nameless = { address: "127.0.0.1", port: expect.any(Number), names: [] };
    expect(peers).toEqual([nameless, nameless]);
  });

  test("new certificates serve new connections, and no call fails meanwhile", async () => {
    await using pair = await openPair(transport, [echo], {
      server: { certificates },
      channel: trusting,
    });
    const rotated = new AbortController();
    const traffic = async () => {
      let answered = 0;
      for (; !rotated.signal.aborted; answered += 1) await pair.channel.unary(echoPath, bytes("x"));
      return answered;
    };
    const callers = Array.from({ length: 4 }, traffic);
    for (const name of ["second", "third", "fourth"]) {
      pair.server.setCertificates(authority.issue(name));
      expect(await shownName(pair.server)).toBe(name);
      using fresh = transport.openChannel(pair.server.address, trusting);
      await fresh.unary(echoPath, bytes("x"));
    }
    rotated.abort();
    expect(Math.min(...(await Promise.all(callers)))).toBeGreaterThan(0);
  });

  test("clients of a new authority are taken once it is set", async () => {
    const server = { certificates: { ...certificates, clientAuthority: stranger.certificate } };
    const channel = { ...trusting, certificates: authority.issue("client") };
    await using pair = await openPair(transport, [echo], { server, channel });
    await expect(pair.channel.unary(echoPath, bytes("x"))).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
    });
    pair.server.setCertificates({ ...certificates, clientAuthority: authority.certificate });
    using second = transport.openChannel(pair.server.address, channel);
    expect(text(await second.unary(echoPath, bytes("me")))).toBe("me");
  });

  test.each([
    ["a key of another certificate", { ...certificates, key: authority.issue("other").key }],
    ["no PEM at all", { certificate: "nonsense", key: "nonsense" }],
    ["turning client certificates on", { ...certificates, clientAuthority: authority.certificate }],
  ])("refuses %s and keeps what it had", async (_, wrong) => {
    await using pair = await openPair(transport, [echo], {
      server: { certificates },
      channel: trusting,
    });
    expect(() => pair.server.setCertificates(wrong)).toThrow();
    expect(await shownName(pair.server)).toBe("first");
  });

  test("a plain-text server takes no certificates", async () => {
    await using pair = await openPair(transport, [echo]);
    expect(() => pair.server.setCertificates(certificates)).toThrow("plain text");
  });

  test("a plain-text channel takes no certificates", () => {
    expect(() => transport.openChannel("127.0.0.1:1", { certificates })).toThrow("serverAuthority");
  });
}
