/** One report that was read: its incidents beside its text, each lighting up the other. */
import { useMemo, useState } from "preact/hooks";
import { Card } from "./card";
import { Marked, type Carrier, type Lit } from "./marked";
import type { EventRow, Reading } from "./types";
import { FIELDS, nameOf, shownAs } from "./values";
import { day, named, t } from "./words";

export function eventsOf(reading: Reading): EventRow[] {
  return [...reading.events, ...reading.denials.map((e) => ({ ...e, denied: true }))];
}

export function carriersOf(reading: Reading, events: EventRow[]): Carrier[] {
  const out: Carrier[] = [];
  events.forEach((event, i) => {
    for (const c of event.claims) {
      if (c.rank !== "preferred") continue;
      for (const span of c.spans) {
        out.push({ span, field: event.denied ? "denied" : c.field, event: i + 1, claim: c.id });
      }
    }
  });
  for (const c of reading.wording) for (const span of c.spans) out.push({ span, field: "wording", event: 0, claim: c.id });
  return out;
}

export function Legend({ carriers }: { carriers: Carrier[] }) {
  const used = new Set(carriers.map((c) => shownAs(c.field)));
  return <p class="legend">{[...FIELDS, "wording", "denied"].filter((f) => used.has(f)).map((f) =>
    <mark key={f} class={`f-${f}`}>{t(`field.${f}`)}</mark>)}</p>;
}

export function About({ reading }: { reading: Reading }) {
  const d = reading.document;
  const known = [d.publisher, day(d.published), d.lang && named("lang", d.lang), d.url].filter(Boolean) as string[];
  return <>
    {known.length > 0 && <p class="quiet">{known.map((k, i) => <>{i > 0 && " · "}<bdi>{k}</bdi></>)}</p>}
    {d.flags.length > 0 && <p class="note">{t("note")}: {d.flags.map((f) => named("flag", f)).join(t("comma"))}</p>}
  </>;
}

function summary(reading: Reading): string {
  const main = reading.events.filter((e) => e.role === "main").length;
  const told = reading.events.length - main;
  if (reading.events.length === 0 && reading.denials.length === 0) return t("no_incident");
  return [
    main > 0 && t("incidents", { n: main }), told > 0 && t("in_passing", { n: told }),
    reading.denials.length > 0 && t("denials", { n: reading.denials.length }),
  ].filter(Boolean).join(t("comma"));
}

export function ReadingView({ reading }: { reading: Reading }) {
  const [lit, setLit] = useState<Lit | null>(null);
  const events = useMemo(() => eventsOf(reading), [reading]);
  const carriers = useMemo(() => carriersOf(reading, events), [reading, events]);
  const number = (id: string) => { const i = events.findIndex((e) => e.id === id); return i < 0 ? undefined : i + 1; };
  return (
    <div class="reading">
      <section class="cards" aria-label={t("incidents.title")}>
        <p class="summary" role="status">{summary(reading)}</p>
        {events.map((event, i) => (
          <Card key={event.id} event={event} number={i + 1} numberOf={number} lit={lit} onLit={setLit}
            nameOfEvent={(id) => { const to = events.find((e) => e.id === id); return to ? nameOf(to) : ""; }} />
        ))}
        {reading.wording.length > 0 && (
          <p class="wording">{t("wording.taken")} {reading.wording.map((c, i) => (
            <>{i > 0 && t("comma")}<q class="f-wording">{c.spans.map((s) => s.quote).join(" … ")}</q></>))}</p>
        )}
      </section>
      <section class="paper scrolls" aria-label={t("text.title")} tabIndex={0}>
        <About reading={reading} />
        {carriers.length > 0 && <Legend carriers={carriers} />}
        <Marked document={reading.document} carriers={carriers} lit={lit} numbered={events.length > 1} onLit={setLit}
          onPick={(c) => setLit({ claim: c.claim })} />
      </section>
    </div>
  );
}
