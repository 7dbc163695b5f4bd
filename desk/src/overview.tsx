/** All incidents at a glance: over time with their tolls as bands, by kind, country, place, actor; sources and their record. */
import { useEffect, useState } from "preact/hooks";
import { get } from "./api";
import { asked } from "./filters";
import { nameOfRow } from "./list";
import { go, usePlace } from "./place";
import { trouble } from "./ui";
import type { Row } from "./types";
import { shownAs } from "./values";
import { country, day, isolated, named, number, t } from "./words";
import { loadLabels } from "./world";

interface Month { month: string; incidents: number; low: number; best: number; high: number; types: Record<string, number> }
interface Counted { name: string; incidents: number; near: string }
interface Track { name: string; grade: string; incidents: number; alone: number; accepted: number; rejected: number }
interface Glance {
  overview: {
    incidents: number; undated: number; open: number; accepted: number; rejected: number; months: Month[]; types: Counted[];
    countries: Counted[]; places: Counted[]; actors: Counted[]; sources: Track[];
  };
  contested: Row[]; documents: number; today: number; unread: number; quarantined: number;
  waiting: { id: string; name: string; locator: string; cause: string; since: string; tries: number }[];
}

export function Overview() {
  const { query } = usePlace();
  const filters = asked(query);
  const [found, setFound] = useState<Glance | null>(null);
  const [, countriesCame] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    get<Glance>(`/api/overview?${filters}`, stop.signal).then(setFound, trouble);
    return () => stop.abort();
  }, [filters]);
  useEffect(() => { loadLabels().then(() => countriesCame(true), () => undefined); }, []);
  const o = found?.overview;
  return (
    <main class="overview" id="main" tabIndex={-1}>
      <h1>{t("overview.title")}</h1>
      {found && o && (
        <>
          <ul class="figures">
            {([["queue.title", o.incidents], ["overview.open", o.open], ["overview.accepted", o.accepted], ["overview.rejected", o.rejected], ["overview.undated", o.undated],
              ["overview.documents", found.documents], ["overview.today", found.today], ["overview.unread", found.unread], ["overview.quarantined", found.quarantined],
            ] as [string, number][]).map(([name, n]) => <li key={name}><strong>{number(n)}</strong> {t(name)}</li>)}
          </ul>
          <section><h2>{t("overview.months")}</h2><Months months={o.months} /></section>
          <div class="grid">
            <Bars title="overview.types" rows={o.types} name={(n) => named("type", n)} to={(n) => `/queue?types=${encodeURIComponent(n)}`} />
            <Bars title="overview.countries" rows={o.countries} name={country} to={(n) => `/queue?countries=${n}`} />
            <Bars title="overview.places" rows={o.places} name={(n) => n} to={(_, near) => `/queue?near=${near}&km=25`} />
            <Bars title="overview.actors" rows={o.actors} name={(n) => n} to={(n) => `/queue?actor=${encodeURIComponent(n)}`} />
            <section><h2>{t("overview.contested")}</h2>
              <ul class="plain">{found.contested.map((r) => (
                <li key={r.id}><button class="bare link" onClick={() => go(`/queue?incident=${r.id}`)}><bdi>{nameOfRow(r)}</bdi></button>{" "}
                  <span class="quiet">{day(r.date?.value)} · {[...new Set(r.contested.map(shownAs))].map((f) => t(`field.${f}`)).join(t("comma"))}</span></li>))}</ul>
            </section>
            <section class="scrolls-x"><h2>{t("overview.sources")}</h2>
              <table><thead><tr>{["source", "grade", "incidents", "alone", "accepted", "rejected"].map((c) => <th key={c} scope="col">{t(`col.${c}`)}</th>)}</tr></thead>
                <tbody>{o.sources.map((s) => (
                  <tr key={s.name}><th scope="row"><a href={`/queue?source=${encodeURIComponent(s.name)}`} onClick={(e) => { e.preventDefault(); go(`/queue?source=${encodeURIComponent(s.name)}`); }}>
                    <bdi>{s.name}</bdi></a></th><td>{s.grade}</td><td>{number(s.incidents)}</td><td>{number(s.alone)}</td><td>{number(s.accepted)}</td><td>{number(s.rejected)}</td></tr>))}</tbody></table>
            </section>
          </div>
          {found.waiting.length > 0 && (
            <section><h2>{t("overview.waiting")}</h2>
              <ul class="plain">{found.waiting.map((w) => <li key={w.id}><bdi>{isolated([w.name, w.locator].filter(Boolean).join(", "))}</bdi>
                <div class="quiet"><bdi>{w.cause}</bdi> · {day(w.since)}</div></li>)}</ul></section>
          )}
        </>
      )}
    </main>
  );
}

function Bars({ title, rows, name, to }: { title: string; rows: Counted[]; name: (n: string) => string; to: (n: string, near: string) => string }) {
  const most = Math.max(1, ...rows.map((r) => r.incidents));
  return (
    <section><h2>{t(title)}</h2>
      <ul class="plain amounts">{rows.map((r) => (
        <li key={r.name + r.near}><a href={to(r.name, r.near)} onClick={(e) => { e.preventDefault(); go(to(r.name, r.near)); }}><bdi>{name(r.name)}</bdi></a>
          <meter min={0} max={most} value={r.incidents} aria-label={`${name(r.name)}: ${number(r.incidents)}`} /> <span>{number(r.incidents)}</span></li>))}</ul>
    </section>
  );
}

/** Months with no incident in between are shown too: silence is a part of the picture. */
function every(months: Month[]): Month[] {
  if (!months.length) return [];
  const held = new Map(months.map((m) => [m.month, m]));
  const out: Month[] = [];
  let [y, m] = months[0]!.month.split("-").map(Number) as [number, number];
  const last = months.at(-1)!.month;
  for (let i = 0; i < 1200; i++) {
    const name = `${y}-${String(m).padStart(2, "0")}`;
    out.push(held.get(name) ?? { month: name, incidents: 0, low: 0, best: 0, high: 0, types: {} });
    if (name === last) break;
    if (++m > 12) { m = 1; y++; }
  }
  return out;
}

function Months({ months }: { months: Month[] }) {
  const all = every(months);
  const most = Math.max(1, ...all.map((m) => m.incidents)), dead = Math.max(1, ...all.map((m) => m.high));
  const x = (i: number) => ((i + 0.5) / all.length) * 1000, y = (n: number) => 100 - (n / dead) * 94;
  const band = [...all.map((m, i) => `${x(i)},${y(m.high)}`), ...all.map((m, i) => `${x(i)},${y(m.low)}`).reverse()].join(" ");
  if (!all.length) return null;
  return (
    <>
      <figure dir="ltr">
        <svg class="months" viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label={t("overview.months")}>
          {all.map((m, i) => <rect key={m.month} class="n" x={x(i) - 450 / all.length} width={900 / all.length} y={100 - (m.incidents / most) * 94} height={(m.incidents / most) * 94}>
            <title>{`${day(m.month)}: ${t("queue.count", { n: m.incidents })}. ${t("band", { low: m.low, best: m.best, high: m.high })}`}</title></rect>)}
          <polygon class="band" points={band} />
          <polyline class="dead-line" points={all.map((m, i) => `${x(i)},${y(m.best)}`).join(" ")} />
        </svg>
        <figcaption class="ends"><bdi>{day(all[0]!.month)}</bdi>
          <span><i class="key-n" /> <bdi>{t("timeline.incidents", { most: number(most) })}</bdi> <i class="key-dead" /> <bdi>{t("timeline.killed", { most: number(dead) })}</bdi></span>
          <bdi>{day(all.at(-1)!.month)}</bdi></figcaption>
      </figure>
      <details><summary>{t("as_table")}</summary>
        <table><thead><tr><th scope="col">{t("col.month")}</th><th scope="col">{t("col.incidents")}</th><th scope="col">{t("col.killed")}</th></tr></thead>
          <tbody>{months.map((m) => <tr key={m.month}><th scope="row">{day(m.month)}</th><td>{number(m.incidents)}</td><td>{number(m.low)} – {number(m.best)} – {number(m.high)}</td></tr>)}</tbody></table></details>
    </>
  );
}
