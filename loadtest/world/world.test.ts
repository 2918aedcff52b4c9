import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createWorld } from "./create-world.ts";
import { genres } from "./genres.ts";
import { styles } from "./styles.ts";
import { kinds, linesOf } from "./world-lines.ts";

const small = { listeners: 300, playlists: 400, tracks: 2000, artists: 250 };

function sha256(world: ReturnType<typeof createWorld>): string {
  const hash = createHash("sha256");
  for (const kind of kinds) for (const line of linesOf(world, kind)) hash.update(line);
  return hash.digest("hex");
}

const golden = "c7eeaa47a6decfc2ed2d4490c18ab03e451a0fe3989b93d328f82b49b4424ac9";

test("the same seed gives the same bytes, today and later", () => {
  expect(sha256(createWorld({ ...small, seed: 1 }))).toBe(golden);
  expect(sha256(createWorld({ ...small, seed: 2 }))).not.toBe(golden);
});

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

test("everything refers to what is there", () => {
  const { sizes, ...world } = createWorld(small);
  const owners = upTo(sizes.playlists).map((playlist) => world.playlist(playlist).owner);
  const artists = upTo(sizes.tracks).map((track) => world.track(track).artist);
  const tracks = [
    ...upTo(sizes.playlists).flatMap((playlist) => [...world.playlistTracks(playlist)]),
    ...upTo(sizes.listeners).flatMap((listener) => [...world.listens(listener)]),
  ];
  expect(Math.max(...owners)).toBeLessThan(sizes.listeners);
  expect(Math.max(...artists)).toBeLessThan(sizes.artists);
  expect(Math.max(...tracks)).toBeLessThan(sizes.tracks);
  expect(Math.min(...owners, ...artists, ...tracks)).toBe(0);
});

test("the shares of a listener's tastes add up", () => {
  const world = createWorld(small);
  const sums = upTo(small.listeners).map((listener) =>
    world.tastes(listener).reduce((sum, { share }) => sum + share, 0),
  );
  expect(sums.filter((sum) => Math.abs(sum - 1) > 1e-9)).toEqual([]);
});

test("listeners follow playlists of others, each once", () => {
  const world = createWorld(small);
  for (const listener of upTo(small.listeners)) {
    const follows = [...world.follows(listener)];
    expect(follows.length).toBeGreaterThan(0);
    expect(new Set(follows).size).toBe(follows.length);
    expect(follows.filter((playlist) => world.playlist(playlist).owner === listener)).toEqual([]);
  }
});

test("follows, playlists and listens are mostly of the genre they should be", () => {
  const world = createWorld();
  const genreOfTrack = (track: number) => world.artist(world.track(track).artist).style.genre;
  let follows = { all: 0, main: 0 };
  let listens = { all: 0, main: 0 };
  let tracks = { all: 0, main: 0 };
  for (let i = 0; i < 300; i++) {
    const { genre } = world.tastes(i)[0]!.style;
    follows = count(
      follows,
      world.follows(i),
      (playlist) => world.playlist(playlist).style.genre === genre,
    );
    listens = count(listens, world.listens(i), (track) => genreOfTrack(track) === genre);
    const own = world.playlist(i).style.genre;
    tracks = count(tracks, world.playlistTracks(i), (track) => genreOfTrack(track) === own);
  }
  expect(follows.main / follows.all).toBeGreaterThan(0.65);
  expect(listens.main / listens.all).toBeGreaterThan(0.65);
  expect(tracks.main / tracks.all).toBeGreaterThan(0.8);
});

function count(
  so: { all: number; main: number },
  list: Int32Array,
  isMain: (index: number) => boolean,
) {
  return { all: so.all + list.length, main: so.main + list.filter(isMain).length };
}

test("a playlist's title says its style, and styles come as often as their genre weighs", () => {
  const world = createWorld({ playlists: 20_000 });
  const playlists = upTo(20_000).map((index) => world.playlist(index));
  expect(playlists.filter(({ title, style }) => !title.includes(style.name))).toEqual([]);
  const total = styles.reduce((sum, style) => sum + style.genre.weight, 0);
  for (const style of styles) {
    const own = playlists.filter((playlist) => playlist.style === style);
    expect(own.length / 20_000).toBeCloseTo(style.genre.weight / total, 2);
  }
});

test("genres know each other, and no two styles share a name", () => {
  const names = genres.map(({ name }) => name);
  for (const { near } of genres) expect(names).toEqual(expect.arrayContaining([...near]));
  expect(new Set(styles.map(({ name }) => name)).size).toBe(styles.length);
});

test("an entity of a world of millions is there without the others", () => {
  const world = createWorld({
    listeners: 1_000_000,
    playlists: 2_000_000,
    tracks: 2_000_000,
    artists: 200_000,
  });
  const { style, title } = world.playlist(1_999_999);
  expect(title).toContain(style.name);
  expect(world.follows(999_999).length).toBeGreaterThanOrEqual(8);
});

test("the smallest world has everything once", () => {
  const world = createWorld({ listeners: 1, playlists: 1, tracks: 1, artists: 1 });
  expect([...kinds].flatMap((kind) => [...linesOf(world, kind)])).toHaveLength(4);
  // The one playlist is his own.
  expect([...world.follows(0)]).toEqual([]);
});

test("senseless numbers are all named", () => {
  const options = { seed: 0.5, listeners: 0, playlists: Number.NaN, tracks: 1e12 };
  expect(() => createWorld(options)).toThrow(
    /listeners is 0.*playlists is NaN.*tracks is 1000000000000.*seed is 0\.5/,
  );
});

const script = fileURLToPath(new URL("world.ts", import.meta.url));
const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, ["--import", "tsx", script, ...args]);
const sizes = Object.entries(small).flatMap(([name, size]) => [`--${name}`, String(size)]);

test("the command prints the world, or writes it into a folder", async () => {
  const { stdout } = await run("--out", "-", ...sizes);
  expect(createHash("sha256").update(stdout).digest("hex")).toBe(golden);
  const dir = await mkdtemp(join(tmpdir(), "world-"));
  try {
    await run("--out", join(dir, "new"), ...sizes);
    const files = ["artists.jsonl", "tracks.jsonl", "playlists.jsonl", "listeners.jsonl"];
    expect((await readdir(join(dir, "new"))).toSorted()).toEqual(files.toSorted());
    const texts = await Promise.all(files.map((file) => readFile(join(dir, "new", file), "utf8")));
    expect(texts.join("")).toBe(stdout);
  } finally {
    await rm(dir, { recursive: true });
  }
});

test("the command explains itself and refuses what it does not understand", async () => {
  expect((await run("--help")).stdout).toContain("--listeners N    (default 3000)");
  await expect(run("--seed", "x", "--tracks", "many", "--out", "-")).rejects.toThrow(
    /tracks is NaN.*seed is NaN/,
  );
  await expect(run("--colour", "red")).rejects.toThrow(/Unknown option '--colour'/);
  await expect(run()).rejects.toThrow(/--out is missing/);
});
