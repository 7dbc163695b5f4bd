/** The map: incidents as marks and clusters, the chosen one with its accuracy and its ties. Its pin can be moved. */
import type GeoJSON from "geojson";
import type { GeoJSONSource, Map as Maplibre, Marker } from "maplibre-gl";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Whole } from "./types";
import { circle, labelData, loadLibrary, style, writeNames } from "./world";
import { turn } from "./place";
import { day, language, named, t } from "./words";

/** What lies at one place; `id`, `type`, `day` and `status` are those of a single incident, else empty. */
export interface Spot { lat: number; lon: number; n: number; killed: number; id: string; type: string; day: string; status: string }
type SpotRow = [number, number, number, number, string, string, string, string];
export const toSpot = ([lat, lon, n, killed, id, type, day, status]: SpotRow): Spot => ({ lat, lon, n, killed, id, type, day, status });

interface Props {
  spots: Spot[]; whole: Whole | null; tiles: string; onChoose: (id: string) => void; onSpot: (at: [number, number]) => void; picking: boolean;
  onPicked: (at: [number, number]) => void; onMoved: ((at: [number, number]) => void) | null;
}

const collection = (features: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({ type: "FeatureCollection", features });

/** Where the map looks, as the address holds it once a user has moved it: degrees north and east, and how near. */
function looks(): { center: [number, number]; zoom: number } | null {
  const [lat, lon, zoom] = (new URLSearchParams(location.search).get("at") ?? "").split(",").map(Number);
  return lat !== undefined && lon !== undefined && zoom !== undefined && [lat, lon, zoom].every(Number.isFinite) && Math.abs(lat) <= 85
    ? { center: [lon, lat], zoom } : null;
}

/** So near that the circle in which a place may lie is seen, and something of what lies around it. */
function nearness(lat: number, km: number | null): number {
  const metres = Math.max(0.5, km ?? 0.5) * 1000;
  return Math.max(2, Math.min(7.5, Math.log2((78_271 * Math.cos((lat * Math.PI) / 180) * 40) / metres)));
}

export function WorldMap({ spots, whole, tiles, onChoose, onSpot, picking, onPicked, onMoved }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<Maplibre | null>(null);
  const pin = useRef<Marker | null>(null);
  const [ready, setReady] = useState(0);
  const [failed, setFailed] = useState(false);
  const [hint, setHint] = useState<{ x: number; y: number; text: string } | null>(null);
  const now = useRef({ onChoose, onSpot, picking, onPicked, onMoved });
  now.current = { onChoose, onSpot, picking, onPicked, onMoved };
  const theme = document.documentElement.dataset.theme ?? "";
  const fitted = useRef(false);
  const shown = useRef<string | null>(null);

  useEffect(() => {
    let gone = false;
    loadLibrary().then((library) => {
      if (gone || !box.current) return;
      const made = new library.Map({
        container: box.current, style: style(tiles), ...(looks() ?? { center: [20, 20], zoom: 1 }), attributionControl: false, maxZoom: 14,
        dragRotate: false, pitchWithRotate: false, renderWorldCopies: true, fadeDuration: 0,
      });
      map.current = made;
      writeNames(made);
      made.touchZoomRotate.disableRotation();
      made.getCanvas().setAttribute("aria-label", t("map"));
      made.on("load", () => { if (!gone) setReady((n) => n + 1); });
      made.once("idle", () => (made.getSource("world") as GeoJSONSource | undefined)?.setData("/static/world.json"));
      made.on("click", (e) => {
        if (now.current.picking) { now.current.onPicked([e.lngLat.lat, e.lngLat.lng]); return; }
        const [hit] = made.queryRenderedFeatures([[e.point.x - 4, e.point.y - 4], [e.point.x + 4, e.point.y + 4]], { layers: ["marks", "clusters"] });
        if (!hit) return;
        const at = (hit.geometry as GeoJSON.Point).coordinates as [number, number];
        if (hit.properties.cluster) {
          const source = made.getSource("marks") as GeoJSONSource;
          void source.getClusterExpansionZoom(hit.properties.cluster_id as number)
            .then((zoom) => made.easeTo({ center: at, zoom: Math.min(zoom, 13) }));
        } else if (hit.properties.id) now.current.onChoose(String(hit.properties.id));
        else now.current.onSpot([Number(hit.properties.lat), Number(hit.properties.lon)]);
      });
      made.on("mousemove", (e) => {
        const [hit] = made.queryRenderedFeatures(e.point, { layers: ["marks", "clusters"] });
        made.getCanvas().style.cursor = now.current.picking ? "crosshair" : hit ? "pointer" : "";
        if (!hit) { setHint(null); return; }
        const p = hit.properties;
        setHint({ x: e.point.x, y: e.point.y, text: [
          ...(p.id ? [named("type", String(p.type)), day(String(p.day))] : [t("queue.count", { n: Number(p.n) })]),
          Number(p.killed) > 0 && t("killed.n", { n: Number(p.killed) }),
        ].filter(Boolean).join(" · ") });
      });
      made.on("mouseout", () => setHint(null));
      made.on("moveend", (e) => {
        if (!e.originalEvent) return;
        const { lat, lng } = made.getCenter().wrap();
        turn({ at: `${lat.toFixed(3)},${lng.toFixed(3)},${made.getZoom().toFixed(1)}` }, true);
      });
    }).catch(() => setFailed(true));
    return () => {
      gone = true;
      fitted.current = false;
      pin.current = null;
      map.current?.remove();
      map.current = null;
      setReady(0);
    };
  }, [theme, tiles]);

  const where = whole?.row.place;
  const at: [number, number] | null = where && where.lat !== null && where.lon !== null ? [where.lon, where.lat] : null;
  const fill = (name: string, data: GeoJSON.FeatureCollection) => (map.current?.getSource(name) as GeoJSONSource | undefined)?.setData(data);

  useEffect(() => {
    if (ready) labelData(at).then((data) => fill("labels", data), () => undefined);
  }, [ready, language(), at?.join()]);

  useEffect(() => {
    if (!ready) return;
    fill("marks", collection(spots.map((s) => ({
      type: "Feature", properties: s, geometry: { type: "Point", coordinates: [s.lon, s.lat] },
    }))));
    if (!fitted.current && spots.length && !whole && !looks()) {
      fitted.current = true;
      const lons = spots.map((s) => s.lon), lats = spots.map((s) => s.lat);
      const low = (of: number[]) => of.reduce((a, b) => Math.min(a, b)), high = (of: number[]) => of.reduce((a, b) => Math.max(a, b));
      map.current?.fitBounds([[low(lons), low(lats)], [high(lons), high(lats)]], { padding: 40, maxZoom: 7, animate: false });
    }
  }, [ready, spots]);

  useEffect(() => {
    if (!ready || !map.current) return;
    pin.current?.remove();
    pin.current = null;
    fill("chosen", collection(at ? [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: at } }] : []));
    fill("circles", collection(at && where?.radius_km ? [circle(at[1], at[0], where.radius_km)] : []));
    fill("ties", collection(at ? (whole?.tied ?? []).filter((r) => r.place?.lat != null && r.place.lon != null).map((r) => ({
      type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [at, [r.place!.lon!, r.place!.lat!]] },
    })) : []));
    if (!at) return;
    fitted.current = true;
    // An address that says where the map looks is followed once; after that the map goes where the incident is.
    const here = `${whole!.incident.id} ${at.join()}`, follow = shown.current !== null || !looks();
    if (follow && shown.current !== here) map.current.easeTo({ center: at, zoom: nearness(at[1], where?.radius_km ?? null), duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 400 });
    shown.current = here;
    if (onMoved) {
      void loadLibrary().then((library) => {
        if (!map.current || pin.current) return;
        const handle = document.createElement("div");
        handle.className = "pin";
        handle.title = t("map.drag");
        const marker = new library.Marker({ element: handle, draggable: true, anchor: "bottom" }).setLngLat(at).addTo(map.current);
        marker.on("dragend", () => { const to = marker.getLngLat(); now.current.onMoved?.([to.lat, to.lng]); });
        pin.current = marker;
      });
    }
  }, [ready, whole, onMoved !== null]);

  useEffect(() => {
    if (!box.current || !ready) return;
    const watch = new ResizeObserver(() => map.current?.resize());
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [ready]);

  return (
    <div class={`map${picking ? " picking" : ""}`} data-ready={ready > 0} id="map" tabIndex={-1} dir="ltr">
      {failed ? <p class="none" dir="auto">{t("map.failed")}</p> : <div class="world" ref={box} />}
      {hint && <div class="hint" dir="auto" ref={(e) => { if (e) { e.style.left = `${hint.x + 12}px`; e.style.top = `${hint.y + 12}px`; } }}>{hint.text}</div>}
      {!failed && (
        <div class="zoom">
          <button aria-label={t("map.in")} onClick={(e) => map.current?.zoomIn({}, { originalEvent: e })}>+</button>
          <button aria-label={t("map.out")} onClick={(e) => map.current?.zoomOut({}, { originalEvent: e })}>−</button>
        </div>
      )}
      {picking && <p class="pick-note" role="status" dir="auto">{t("edit.picking")}</p>}
      <p class="credit">Natural Earth · GeoNames</p>
    </div>
  );
}
