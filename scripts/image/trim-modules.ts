import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/*
 * node scripts/image/trim-modules.ts FOLDER: takes what no production process reads out of a node_modules folder.
 * Runs in the build of the image, where there is Node and nothing else.
 */

const declarations = /\.(map|d\.[cm]?ts)$/;
/** What Node resolves `onnxruntime-web` to, and what that loads; the rest is for browsers. */
const webRuntime = /^(ort\.node\.min\.mjs|ort-wasm-simd-threaded\.(mjs|wasm))$/;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("which node_modules folder is to be trimmed?");
trimModules(folder);

/** Keeps the native library of this machine only. */
function trimModules(modules: string): void {
  const { platform, arch } = process;
  const native = join(modules, "onnxruntime-node/bin/napi-v6");
  if (!existsSync(join(native, platform, arch))) {
    throw new Error(`onnxruntime-node has no library for ${platform} ${arch} in ${native}`);
  }
  keepOnly(native, (name) => name === platform);
  keepOnly(join(native, platform), (name) => name === arch);
  keepOnly(join(modules, "onnxruntime-web/dist"), (name) => webRuntime.test(name));
  removeFiles(modules, (name) => declarations.test(name));
}

function keepOnly(dir: string, isKept: (name: string) => boolean): void {
  for (const name of readdirSync(dir)) {
    if (!isKept(name)) rmSync(join(dir, name), { recursive: true });
  }
}

function removeFiles(dir: string, isMeant: (name: string) => boolean): void {
  for (const file of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (file.isFile() && isMeant(file.name)) rmSync(join(file.parentPath, file.name));
  }
}
