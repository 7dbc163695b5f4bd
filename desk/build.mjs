/** Builds the front end: one script, one style sheet, their licences. `node build.mjs OUT [--watch]`. */
import { build } from "esbuild";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "src", "constat", "desk", "static");
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const made = await build({
  absWorkingDir: here,
  entryPoints: { main: "src/main.tsx" },
  outdir: out,
  bundle: true,
  format: "esm",
  splitting: true,
  minify: true,
  target: ["chrome111", "firefox115", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});
await build({
  absWorkingDir: here,
  entryPoints: { main: "style/main.css" },
  outdir: out,
  bundle: true,
  minify: true,
  logLevel: "warning",
});
for (const name of ["index.html", "icon.svg"]) await cp(join(here, name), join(out, name));

// The licences of every package of which something is in the files above.
const packages = new Set(
  Object.keys(made.metafile.inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter(Boolean),
);
const texts = [];
for (const name of [...packages].sort()) {
  const folder = join(here, "node_modules", name);
  const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((f) => /^licen[cs]e/i.test(f));
  const text = file ? await readFile(join(folder, file), "utf8") : `License: ${about.license}`;
  texts.push(`${name} ${about.version}\n\n${text.trim()}\n`);
}
await writeFile(join(out, "licences.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
