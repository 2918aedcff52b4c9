import { array, assert, constantFrom, integer, property, record, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { createResponseReader } from "./response-reader.ts";

const bodies = uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

const responses = record({
  status: constantFrom(200, 204, 404, 503),
  framing: constantFrom("length", "chunked"),
  body: bodies,
  chunkBytes: integer({ min: 1, max: 80 }),
  continued: constantFrom("", "HTTP/1.1 100 Continue\r\n\r\n"),
});

type Sample = typeof responses extends { generate(...args: never): { value: infer T } } ? T : never;

function onTheWire({ status, framing, body, chunkBytes, continued }: Sample): Buffer {
  const head = `${continued}HTTP/1.1 ${status} Fine\r\nDate: now\r\n`;
  if (status === 204) return Buffer.from(`${head}\r\n`);
  if (framing === "length")
    return Buffer.concat([Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`), body]);
  const parts = [Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`)];
  for (let at = 0; at < body.length; at += chunkBytes) {
    const chunk = body.subarray(at, at + chunkBytes);
    parts.push(Buffer.from(`${chunk.length.toString(16)};ext=1\r\n`), chunk, Buffer.from("\r\n"));
  }
  parts.push(Buffer.from("0\r\nTrailer: x\r\n\r\n"));
  return Buffer.concat(parts);
}

test("reads responses, whatever packets they come in", () => {
  assert(
    property(
      array(responses, { minLength: 1, maxLength: 3 }),
      integer({ min: 1, max: 60 }),
      (all, packet) => {
        const reader = createResponseReader();
        for (const sample of all) {
          const bytes = onTheWire(sample);
          const read = [];
          for (let at = 0; at < bytes.length; at += packet) {
            const response = reader.read(Buffer.from(bytes.subarray(at, at + packet)));
            if (response) read.push({ ...response, body: response.body.toString("hex") });
          }
          const body = sample.status === 204 ? "" : sample.body.toString("hex");
          expect(read).toEqual([{ status: sample.status, body, isReusable: true }]);
        }
      },
    ),
  );
});

test.each([
  ["HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi", false],
  ["HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", false],
  ["HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", true],
  ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi and more", false],
])("%j can be followed by another call: %j", (text, isReusable) => {
  expect(createResponseReader().read(Buffer.from(text))).toMatchObject({ isReusable });
});

test("a response without a length ends with the connection", () => {
  const reader = createResponseReader();
  expect(reader.read(Buffer.from("HTTP/1.1 200 OK\r\n\r\nall "))).toBeUndefined();
  expect(reader.read(Buffer.from("of it"))).toBeUndefined();
  expect(String(reader.end()?.body)).toBe("all of it");
  expect(createResponseReader().end()).toBeUndefined();
});

test.each([
  ["PRI * HTTP/2.0\r\n\r\n", 'it begins with "PRI * HTTP/2.0'],
  [`HTTP/1.1 200 OK\r\n${"x".repeat(70_000)}`, "its headers have more than"],
  ["HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "its body has more than"],
  ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 'a chunk\'s size is "zz"'],
])("refuses %j", (text, why) => {
  expect(() => createResponseReader().read(Buffer.from(text))).toThrow(why);
});
