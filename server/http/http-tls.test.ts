import { once } from "node:events";
import { request } from "node:https";
import { connect } from "node:tls";
import { expect, test } from "vitest";
import { createTrialAuthority } from "../../transport/issue-certificates.ts";
import { openGateway, recommendPath } from "./gateway.fixture.ts";

const authority = createTrialAuthority();
const ca = authority.certificate;

async function post(port: number, options: object): Promise<number | undefined> {
  const headers = { "content-type": "application/json" };
  const target = { port, host: "127.0.0.1", path: recommendPath, method: "POST", headers };
  const sent = request({ ...target, ca, agent: false, ...options });
  sent.end("{}");
  const [response] = await once(sent, "response");
  response.resume();
  await once(response, "end");
  return response.statusCode;
}

/** The name in the certificate that a new connection is shown. */
async function shownName(port: number): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", servername: "localhost", ca });
  await once(socket, "secureConnect");
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

test("over TLS, with certificates that change", async () => {
  await using gateway = await openGateway({ certificates: authority.issue("first") });
  const { port } = gateway.server;
  expect(await post(port, {})).toBe(200);
  expect(await shownName(port)).toBe("first");
  gateway.server.setCertificates(authority.issue("second"));
  expect(await shownName(port)).toBe("second");
  const misfit = { ...authority.issue("third"), key: authority.issue("fourth").key };
  expect(() => gateway.server.setCertificates(misfit)).toThrow();
  expect(await shownName(port)).toBe("second");
  expect(await post(port, {})).toBe(200);
});

test("only with a certificate of the authority's", async () => {
  const certificates = { ...authority.issue("server"), clientAuthority: ca };
  await using gateway = await openGateway({ certificates });
  const { port } = gateway.server;
  const { certificate: cert, key } = authority.issue("client");
  expect(await post(port, { cert, key })).toBe(200);
  await expect(post(port, {})).rejects.toThrow();
  const stranger = createTrialAuthority("stranger").issue("client");
  await expect(post(port, { cert: stranger.certificate, key: stranger.key })).rejects.toThrow();
});

test("plain HTTP to a TLS port ends, and a server in plain text takes no certificates", async () => {
  await using secure = await openGateway({ certificates: authority.issue("server") });
  expect(await secure.raw("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")).not.toContain("200");
  expect(secure.answered).toEqual([]);
  await using gateway = await openGateway();
  expect(() => gateway.server.setCertificates(authority.issue("late"))).toThrow("plain text");
});

test("closing does not wait for handshakes that do not come", async () => {
  await using gateway = await openGateway({ certificates: authority.issue("server") });
  const silent = gateway.raw();
  expect(await post(gateway.server.port, {})).toBe(200);
  await gateway.server.close(20);
  expect(await silent).toBe("");
});
