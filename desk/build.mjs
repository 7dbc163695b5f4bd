/** Builds the front end: one script, one style sheet, their licences. `node build.mjs OUT [--watch]`. */
import { build } from "esbuild";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { feature } from "topojson-client";

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
// The map library finds its worker by address, so it stays in files of its own.
await mkdir(join(out, "maplibre"));
for (const name of ["maplibre-gl.mjs", "maplibre-gl-worker.mjs"]) {
  const text = await readFile(join(here, "node_modules", "maplibre-gl", "dist", name), "utf8");
  await writeFile(join(out, "maplibre", name), text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

// Borders: Natural Earth, of which world-atlas is a copy; at 1:50,000,000 two decimals, a kilometre, are enough.
const round = (at) => (typeof at === "number" ? Math.round(at * 100) / 100 : at.map(round));
/** Rings over the date line go on beyond 180°, and one around a pole is closed along it. */
function unwound(ring) {
  const out = [ring[0]];
  for (const [lon, lat] of ring.slice(1)) {
    const before = out.at(-1)[0];
    out.push([lon - 360 * Math.round((lon - before) / 360), lat]);
  }
  const turn = out.at(-1)[0] - out[0][0];
  if (Math.abs(turn) > 180) {
    const pole = out.reduce((sum, [, lat]) => sum + lat, 0) > 0 ? 90 : -90;
    out.push([out.at(-1)[0], pole], [out[0][0], pole], out[0]);
  }
  return out;
}
const rings = (at) => (typeof at[0][0] === "number" ? unwound(at) : at.map(rings));
/** A point that rounding has put where the one before lies is left out. */
const once = (at) => (typeof at[0][0] === "number" ? at.filter((p, i) => !i || i === at.length - 1 || String(p) !== String(at[i - 1])) : at.map(once));
for (const [name, scale] of [["world-first", "110m"], ["world", "50m"]]) {
  const atlas = JSON.parse(await readFile(join(here, "node_modules", "world-atlas", `countries-${scale}.json`), "utf8"));
  const world = feature(atlas, atlas.objects.countries);
  for (const country of world.features) {
    country.properties = {};
    country.geometry.coordinates = once(round(rings(country.geometry.coordinates)));
  }
  await writeFile(join(out, `${name}.json`), JSON.stringify(world));
}

for (const name of ["index.html", "icon.svg"]) await cp(join(here, name), join(out, name));

// The licences of every package of which something is in the files above.
const packages = new Set(
  Object.keys(made.metafile.inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter(Boolean),
);
for (const name of ["maplibre-gl", "world-atlas"]) packages.add(name);
const texts = [];
for (const name of [...packages].sort()) {
  const folder = join(here, "node_modules", name);
  const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((f) => /^licen[cs]e/i.test(f));
  const text = file ? await readFile(join(folder, file), "utf8") : `License: ${about.license}`;
  texts.push(`${name} ${about.version}\n\n${text.trim()}\n`);
}
await writeFile(join(out, "licences.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));

// Squeezed here, once, as well as can be; the server hands these out as they are.
for (const name of await readdir(out, { recursive: true })) {
  if (!/\.(m?js|css|json)$/.test(name)) continue;
  await writeFile(join(out, `${name}.gz`), gzipSync(await readFile(join(out, name)), { level: 9 }));
}
