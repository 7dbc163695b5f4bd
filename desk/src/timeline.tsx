/** The time line: incidents and killed over time; drawing over it narrows everything to those days. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { turn } from "./place";
import { day, number, t } from "./words";

export interface Day { day: string; n: number; killed: number }
export const toDay = ([day, n, killed]: [string, number, number]): Day => ({ day, n, killed });

const DAY = 86_400_000;
const at = (iso: string) => Date.parse(`${iso.length === 4 ? `${iso}-01` : iso}${iso.length < 10 ? "-01" : ""}`.slice(0, 10)) / DAY;
const iso = (n: number) => new Date(Math.round(n) * DAY).toISOString().slice(0, 10);
const BINS = 110;

interface Props { days: Day[]; since: string | null; until: string | null; chosen: string | null }

export function Timeline({ days, since, until, chosen }: Props) {
  const box = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<[number, number] | null>(null);
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  const full = useMemo<[number, number]>(() => (days.length ? [at(days[0]!.day), at(days.at(-1)!.day) + 1] : [0, 1]), [days]);
  const [from, to] = zoom ?? full;
  const wide = Math.max(1, Math.ceil((to - from) / BINS));
  const bins = useMemo(() => {
    const out = Array.from({ length: Math.max(1, Math.ceil((to - from) / wide)) }, () => ({ n: 0, killed: 0 }));
    for (const d of days) {
      const bin = out[Math.floor((at(d.day) - from) / wide)];
      if (bin) { bin.n += d.n; bin.killed += d.killed; }
    }
    return out;
  }, [days, from, to, wide]);
  const most = Math.max(1, ...bins.map((b) => b.n)), dead = Math.max(1, ...bins.map((b) => b.killed));
  const scale = (d: number) => ((d - from) / (to - from)) * 1000;

  const dayAt = (e: PointerEvent) => {
    const r = box.current!.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (e.clientX - r.left) / r.width));
    return from + share * (to - from);
  };
  useEffect(() => {
    const svg = box.current;
    if (!svg) return;
    const wheel = (e: WheelEvent) => {
      e.preventDefault();
      const r = svg.getBoundingClientRect(), share = (e.clientX - r.left) / r.width, by = e.deltaY > 0 ? 1.3 : 1 / 1.3;
      const size = Math.max(14, Math.min(full[1] - full[0], (to - from) * by)), middle = from + share * (to - from);
      const low = Math.max(full[0], Math.min(full[1] - size, middle - share * size));
      setZoom(size >= full[1] - full[0] ? null : [low, low + size]);
    };
    svg.addEventListener("wheel", wheel, { passive: false });
    return () => svg.removeEventListener("wheel", wheel);
  });

  const brush = drag ?? (since || until ? [since ? at(since) : from, until ? at(until) + 1 : to] as [number, number] : null);
  const set = (low: number, high: number) => turn({ since: iso(low), until: iso(high) }, true);
  const keys = (e: KeyboardEvent) => {
    const size = brush ? brush[1] - brush[0] : Math.max(1, Math.round((to - from) / 10));
    const low = brush ? brush[0] : from;
    const step = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
    if (step && e.shiftKey) set(low, low + Math.max(0, size - 1 + step * wide));
    else if (step) set(low + step * wide, low + step * wide + size - 1);
    else if (e.key === "Escape" || e.key === "Delete") turn({ since: null, until: null }, true);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };

  if (!days.length) return null;
  return (
    <div class="timeline" dir="ltr">
      <svg ref={box} viewBox="0 0 1000 100" preserveAspectRatio="none" id="timeline" tabindex={0} role="slider"
        aria-label={t("timeline")} aria-valuemin={Math.round(full[0])} aria-valuemax={Math.round(full[1])} aria-valuenow={Math.round(brush?.[0] ?? from)}
        aria-valuetext={brush ? `${day(iso(brush[0]))} – ${day(iso(brush[1] - 1))}` : t("timeline.all")} onKeyDown={keys}
        onPointerDown={(e) => { box.current!.setPointerCapture(e.pointerId); const d = dayAt(e); setDrag([d, d]); }}
        onPointerMove={(e) => { if (drag) setDrag([drag[0], dayAt(e)]); }}
        onPointerUp={() => {
          if (!drag) return;
          const [a, b] = [Math.min(...drag), Math.max(...drag)];
          setDrag(null);
          if (b - a < (to - from) / 200) turn({ since: null, until: null }, true); else set(Math.floor(a), Math.ceil(b) - 1);
        }}>
        {bins.map((b, i) => b.n > 0 && (
          <rect key={i} class="n" x={scale(from + i * wide)} width={Math.max(1.5, (wide / (to - from)) * 1000 - 1)} y={100 - (b.n / most) * 92} height={(b.n / most) * 92}>
            <title>{`${day(iso(from + i * wide))}: ${t("queue.count", { n: b.n })}, ${t("killed.n", { n: b.killed })}`}</title></rect>))}
        <polyline class="dead-line" points={bins.map((b, i) => `${scale(from + (i + 0.5) * wide)},${100 - (b.killed / dead) * 92}`).join(" ")} />
        {brush && <rect class="brush" x={scale(Math.min(...brush))} width={Math.abs(scale(brush[1]) - scale(brush[0]))} y="0" height="100" />}
        {chosen && <line class="chosen-day" x1={scale(at(chosen) + 0.5)} x2={scale(at(chosen) + 0.5)} y1="0" y2="100" />}
      </svg>
      <div class="ends"><bdi>{day(iso(from))}</bdi>
        <span><i class="key-n" /> <bdi>{t("timeline.incidents", { most: number(most) })}</bdi> <i class="key-dead" /> <bdi>{t("timeline.killed", { most: number(dead) })}</bdi></span>
        <bdi>{day(iso(to - 1))}</bdi></div>
    </div>
  );
}
