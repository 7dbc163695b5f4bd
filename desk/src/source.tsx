/** The reports of an incident: one after the other, with the words of this incident lit, the capture and its history. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { get } from "./api";
import { Marked, type Carrier, type Lit, type Selected } from "./marked";
import { turn } from "./place";
import { About, eventsOf, Legend } from "./reading";
import { Translated } from "./translate";
import { trouble } from "./ui";
import type { Source, Whole } from "./types";
import { shownAs } from "./values";
import { day, moment, t } from "./words";

interface Props {
  whole: Whole; chosen: string | null; lit: Lit | null; onLit: (lit: Lit | null) => void;
  onField: (field: string) => void; onSelect: (selected: Selected | null) => void; canSave: boolean; model: string;
}

const kept = new Map<string, Source>();

export function Sources({ whole, chosen, lit, onLit, onField, onSelect, canSave, model }: Props) {
  const report = whole.reports.find((r) => r.id === chosen) ?? whole.reports[0];
  const [source, setSource] = useState<Source | null>(null);
  const [others, setOthers] = useState(false);
  useEffect(() => {
    if (!report) return;
    const held = kept.get(report.id);
    if (held) { setSource(held); return; }
    const stop = new AbortController();
    get<Source>(`/api/documents/${report.id}`, stop.signal).then((s) => {
      if (kept.size > 40) kept.clear();
      kept.set(report.id, s);
      setSource(s);
    }, trouble);
    return () => stop.abort();
  }, [report?.id]);

  useEffect(() => { document.querySelector("[role=tab][aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" }); }, [report?.id]);

  const here = source && source.document.id === report?.id ? source : null;
  const [carriers, numbered] = useMemo(() => {
    const out: Carrier[] = [];
    if (!here?.reading) return [out, false] as const;
    const own = new Set(whole.incident.events);
    const events = eventsOf(here.reading);
    const shown = others ? events : events.filter((e) => own.has(e.id));
    shown.forEach((event, i) => event.claims.forEach((c) => {
      // The rivals of this incident are looked at too; of others, what they say.
      if (c.rank === "preferred" || own.has(event.id)) {
        c.spans.forEach((span) => out.push({ span, field: event.denied ? "denied" : c.field, event: others ? i + 1 : 0, claim: c.id }));
      }
    }));
    here.reading.wording.forEach((c) => c.spans.forEach((span) => out.push({ span, field: "wording", event: 0, claim: c.id })));
    return [out, others && shown.length > 1] as const;
  }, [here, whole, others]);

  if (!report) return <p class="none">{t("no_reports")}</p>;
  const many = here?.reading ? eventsOf(here.reading).length > report.events.length : false;
  return (
    <>
      {whole.reports.length > 1 && (
        <div class="tabs" role="tablist" aria-label={t("reports")}>
          {whole.reports.map((r, i) => (
            <button key={r.id} role="tab" aria-selected={r.id === report.id} tabIndex={r.id === report.id ? 0 : -1}
              onClick={() => turn({ document: r.id })} onKeyDown={(e) => {
                const step = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
                const to = whole.reports[i + step];
                if (step && to) { turn({ document: to.id }); (e.currentTarget.parentElement?.children[i + step] as HTMLElement).focus(); }
              }}>
              <bdi>{r.publisher ?? r.title ?? t("report")}</bdi> <span class="quiet">{day(r.published)}</span></button>))}
          {whole.unlisted > 0 && <span class="quiet">{t("more", { n: whole.unlisted })}</span>}
        </div>
      )}
      {here && (
        <>
          <About reading={{ id: "", document: here.document, events: [], denials: [], wording: [] }} />
          {here.unread && <p class="note">{t(here.reading ? "unread.partly" : "unread")} <bdi>{here.unread}</bdi></p>}
          {many && <label class="check"><input type="checkbox" checked={others} onChange={(e) => setOthers(e.currentTarget.checked)} /> {t("others")}</label>}
          <Translated document={here.document} model={model} />
          <Legend carriers={carriers} />
          <Marked document={here.document} carriers={carriers} lit={lit} numbered={numbered} onLit={onLit}
            onPick={(c) => { onLit({ claim: c.claim }); onField(shownAs(c.field)); }} onSelect={onSelect} />
          <Capture source={here} canSave={canSave} />
        </>
      )}
    </>
  );
}

function Capture({ source, canSave }: { source: Source; canSave: boolean }) {
  return (
    <details class="capture"><summary>{t("capture")}</summary>
      <dl>
        <div><dt>SHA-256</dt><dd><code>{source.capture}</code>{" "}
          {canSave && <a href={`/api/documents/${source.document.id}/capture`} download>{t("save")}</a>}</dd></div>
        <div><dt>{t("added")}</dt><dd><time>{moment(source.added_at)}</time></dd></div>
        {source.seen.map((s, i) => (
          <div key={i}><dt>{t("seen")}</dt><dd><bdi>{String(s.final_address ?? s.address ?? s.name)}</bdi>{" "}
            <span class="quiet">{moment(String(s.captured_at))} · <bdi>{String(s.tool)}</bdi></span></dd></div>))}
        {source.versions.length > 1 && <div><dt>{t("versions")}</dt><dd>{source.versions.map((v) =>
          <code key={v}>{v.slice(0, 8)} </code>)}</dd></div>}
      </dl>
    </details>
  );
}
