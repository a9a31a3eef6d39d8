/**
 * Builds the page as it is deployed: `node build.mjs [FOLDER]`, by default into public/.
 *
 * What the first view needs becomes one script and the chunks that it shares with the others; what is loaded on demand
 * keeps the address that it has in src/, so that a page that is open while a new one is deployed still finds it.
 */

import { build, transform } from "esbuild";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCES = fileURLToPath(new URL("src", import.meta.url));
const ON_DEMAND = [
  "appcheck.js", "export.js", "report/controller.js", "views/report/report.js", "views/voice/voice.js", "voice/controller.js", "voice/livekit.js", "voice/microphone.js", "voice/room.js",
];
const AS_THEY_ARE = ["old.js", "vendor/livekit-client.umd.js"]; // neither is a module
const STYLES = ["main.css", "report.css"];
const TARGET = "es2021"; // as in tests/browser/features.mjs

const PUBLIC = fileURLToPath(new URL("public", import.meta.url));
const folder = resolve(process.argv[2] ?? PUBLIC);

/** @param {string} path */
const isCopied = (path) => AS_THEY_ARE.includes(relative(SOURCES, path)) || ![".js", ".mjs", ".mts", ".css"].includes(extname(path));

async function bundle() {
  const { metafile } = await build({
    entryPoints: ["main.js", ...ON_DEMAND].map((name) => join(SOURCES, name)),
    outdir: folder,
    outbase: SOURCES,
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    target: TARGET,
    metafile: true,
    absWorkingDir: folder,
    logLevel: "warning",
  });
  return metafile.outputs["main.js"].imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path);
}

/** @param {string} name */
async function minifyStyles(name) {
  const { code } = await transform(await readFile(join(SOURCES, name), "utf8"), { loader: "css", minify: true });
  await writeFile(join(folder, name), code);
}

/** Chunks that the first script imports are fetched beside it, not after it. @param {string[]} chunks */
async function preload(chunks) {
  const path = join(folder, "index.html");
  const script = '<script type="module"';
  const links = chunks.map((chunk) => `<link rel="modulepreload" href="/${chunk}">\n    `).join("");
  const html = await readFile(path, "utf8");
  await writeFile(path, html.replace(script, links + script));
}

if (folder === PUBLIC) await rm(folder, { recursive: true, force: true }); // nobody else's folder is emptied
await cp(SOURCES, folder, { recursive: true, filter: isCopied });
await Promise.all([bundle().then(preload), ...STYLES.map(minifyStyles)]);
