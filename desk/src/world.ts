/** The map under everything: borders from the package itself, names drawn as the browser writes them. No other host. */
import type GeoJSON from "geojson";
import type { Map as Maplibre, StyleSpecification } from "maplibre-gl";
import { get } from "./api";
import { knowCountries, language } from "./words";

export type Library = typeof import("maplibre-gl");
type Label = [name: string, code: string, two: string, lat: number, lon: number, weight: number];
interface Labels { countries: Label[]; towns: Label[] }

/** The one address from which a script may be started; the page says so to the browser, in `trusted.ts`. */
export const WORKER = "/static/maplibre/maplibre-gl-worker.mjs";

let library: Promise<Library> | null = null;
/** The map library, fetched when a map is first shown. */
export function loadLibrary(): Promise<Library> {
  const address = "/static/maplibre/maplibre-gl.mjs";
  library ??= (import(address) as Promise<Library>).then((made) => {
    made.setWorkerUrl(WORKER);
    return made;
  });
  return library;
}

let labels: Promise<Labels> | null = null;
export const loadLabels = () => (labels ??= get<Labels>("/api/labels").then((found) => {
  knowCountries(Object.fromEntries(found.countries.map(([, code, two]) => [code, two])));
  return found;
}, (error) => { labels = null; throw error; }));

export const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export function style(tiles: string): StyleSpecification {
  const empty = { type: "geojson" as const, data: { type: "FeatureCollection" as const, features: [] } };
  return {
    version: 8,
    sources: {
      // Coarse borders first: they are drawn while the fine ones, ten times as many, are still being cut up.
      world: { type: "geojson", data: "/static/world-first.json" },
      ...(tiles ? { tiles: { type: "raster" as const, tiles: [tiles], tileSize: 256 } } : {}),
      labels: empty, circles: empty, ties: empty, chosen: empty,
      marks: { ...empty, cluster: true, clusterRadius: 44, clusterMaxZoom: 11, clusterProperties: { n: ["+", ["get", "n"]], killed: ["+", ["get", "killed"]] } },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colour("sea") } },
      { id: "land", type: "fill", source: "world", paint: { "fill-color": colour("land") } },
      ...(tiles ? [{ id: "tiles", type: "raster" as const, source: "tiles" }] : []),
      { id: "borders", type: "line", source: "world", paint: { "line-color": colour("border"), "line-width": 0.8 } },
      { id: "circle-fill", type: "fill", source: "circles", paint: { "fill-color": colour("accent"), "fill-opacity": 0.16 } },
      { id: "circle-line", type: "line", source: "circles", paint: { "line-color": colour("accent"), "line-dasharray": [3, 2], "line-width": 1.5 } },
      { id: "labels", type: "symbol", source: "labels", layout: {
        "icon-image": ["get", "image"], "symbol-sort-key": ["get", "order"], "icon-padding": 4, "icon-optional": true,
      }, filter: ["<=", ["get", "from"], ["zoom"]] },
      { id: "ties", type: "line", source: "ties", paint: { "line-color": colour("accent"), "line-width": 1.6, "line-dasharray": [2, 2] } },
      { id: "clusters", type: "circle", source: "marks", filter: [">", ["get", "n"], 1], paint: {
        "circle-color": colour("accent"), "circle-opacity": 0.78, "circle-stroke-color": colour("panel"), "circle-stroke-width": 1.5,
        "circle-radius": ["interpolate", ["linear"], ["log10", ["get", "n"]], 0, 10, 4, 34],
      } },
      { id: "counts", type: "symbol", source: "marks", filter: [">", ["get", "n"], 1], layout: {
        "icon-image": ["concat", "n:", ["to-string", ["get", "n"]]], "icon-allow-overlap": true,
      } },
      { id: "marks", type: "circle", source: "marks", filter: ["==", ["get", "n"], 1], paint: {
        "circle-color": ["match", ["get", "status"], "accepted", colour("good"), "rejected", colour("quiet"), colour("accent")],
        "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "killed"]], 0, 5, 10, 16], "circle-opacity": 0.85,
        "circle-stroke-color": colour("panel"), "circle-stroke-width": 1.2,
      } },
      { id: "chosen", type: "circle", source: "chosen", paint: {
        "circle-radius": 9, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": colour("ink"), "circle-stroke-width": 3,
      } },
    ],
  };
}

/** Names become pictures, written by the browser: so Arabic is joined and turned as it should be, with no font fetched. */
export function writeNames(map: Maplibre) {
  map.setMissingStyleImageResolver((id) => {
    const kind = id.slice(0, 1);
    if (id[1] !== ":" || map.hasImage(id)) return;
    const words = kind === "n" ? Number(id.slice(2)).toLocaleString(language(), { notation: "compact" }) : id.slice(2);
    const scale = Math.min(3, Math.max(1, devicePixelRatio));
    const size = kind === "c" ? 13 : kind === "n" ? 12 : 11.5;
    const font = `${kind === "t" ? 400 : 700} ${size * scale}px system-ui, "Noto Sans", "Noto Sans Arabic", sans-serif`;
    const canvas = document.createElement("canvas");
    let pen = canvas.getContext("2d")!;
    pen.font = font;
    canvas.width = Math.ceil(pen.measureText(words).width + 8 * scale);
    canvas.height = Math.ceil(size * scale * 1.7);
    pen = canvas.getContext("2d", { willReadFrequently: true })!;
    pen.font = font;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const [x, y] = [canvas.width / 2, canvas.height / 2];
    if (kind !== "n") {
      pen.strokeStyle = colour("land");
      pen.lineWidth = 3 * scale;
      pen.lineJoin = "round";
      pen.strokeText(words, x, y);
    }
    pen.fillStyle = kind === "n" ? colour("accent-ink") : colour("label");
    pen.fillText(words, x, y);
    map.addImage(id, pen.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: scale });
  });
}

/** Names for the map: countries and large towns, and what lies around the place that is looked at, if one is. */
export async function labelData(at: [number, number] | null): Promise<GeoJSON.FeatureCollection> {
  const [{ countries, towns }, around] = await Promise.all([
    loadLabels(), at ? get<Labels>(`/api/labels/around?lat=${at[1]}&lon=${at[0]}`).then((l) => l.towns, () => []) : []]);
  const names = new Intl.DisplayNames(language(), { type: "region" });
  const feature = (image: string, order: number, from: number, lat: number, lon: number): GeoJSON.Feature => ({
    type: "Feature", properties: { image, order, from }, geometry: { type: "Point", coordinates: [lon, lat] },
  });
  return {
    type: "FeatureCollection",
    features: [
      ...countries.map(([name, , two, lat, lon, radius]) =>
        feature(`c:${(two && names.of(two)) || name}`, -radius, radius > 500 ? 1 : radius > 200 ? 2.5 : 4, lat, lon)),
      ...around.map(([name, , , lat, lon, people]) => feature(`t:${name}`, 20_000 - people / 10_000, 5, lat, lon)),
      ...towns.map(([name, , , lat, lon, people]) =>
        feature(`t:${name}`, 10_000 - people / 10_000, people > 3e6 ? 4 : people > 8e5 ? 5 : people > 3e5 ? 6 : 7, lat, lon)),
    ],
  };
}

/** A circle on the globe as a polygon: how far from the point a place may lie. */
export function circle(lat: number, lon: number, km: number): GeoJSON.Feature {
  const at = km / 6371, p = (lat * Math.PI) / 180, l = (lon * Math.PI) / 180;
  const ring = Array.from({ length: 65 }, (_, i) => {
    const course = (i / 64) * 2 * Math.PI;
    const q = Math.asin(Math.sin(p) * Math.cos(at) + Math.cos(p) * Math.sin(at) * Math.cos(course));
    const m = l + Math.atan2(Math.sin(course) * Math.sin(at) * Math.cos(p), Math.cos(at) - Math.sin(p) * Math.sin(q));
    return [(m * 180) / Math.PI, (q * 180) / Math.PI];
  });
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
}
