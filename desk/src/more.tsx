/** What the queue offers besides one incident at a time: several accepted together, saved views, files. */
import { useEffect, useState } from "preact/hooks";
import { get, post, put, remove } from "./api";
import { nameOfRow } from "./list";
import { go } from "./place";
import type { Row } from "./types";
import { announce, Dialog, trouble } from "./ui";
import { tollText } from "./values";
import { day, percent, t } from "./words";

interface Batch { total: number; incidents: [string, string][]; sample: Row[] }

export function Several({ filters, onDone, onClose }: { filters: string; onDone: () => void; onClose: () => void }) {
  const [least, setLeast] = useState(0.9);
  const [batch, setBatch] = useState<Batch | null>(null);
  const [looked, setLooked] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const asked = new URLSearchParams(filters);
    asked.set("min_confidence", String(least));
    asked.delete("status");
    setLooked([]);
    const timer = setTimeout(() => get<Batch>(`/api/batch?${asked}`).then(setBatch, trouble), 250);
    return () => clearTimeout(timer);
  }, [filters, least]);
  const all = batch !== null && batch.sample.length > 0 && batch.sample.every((r) => looked.includes(r.id));
  function accept() {
    if (!batch) return;
    setBusy(true);
    const decisions = batch.incidents.map(([id, revision]) => ({ kind: "accept", about: [id], seen: [revision], reason: t("batch.reason", { n: batch.sample.length, percent: percent(least) }) }));
    post<{ done: number; refused: string[] }>("/api/decisions/batch", { decisions }).then((done) => {
      announce([t("batch.done", { n: done.done }), ...done.refused.slice(0, 3)].join(" "));
      onDone();
    }, trouble).finally(() => setBusy(false));
  }
  return (
    <Dialog title={t("batch.title")} onClose={onClose} wide>
      <label>{t("batch.least")} {percent(least)}
        <input type="range" min="0.5" max="1" step="0.01" value={least} onInput={(e) => setLeast(Number(e.currentTarget.value))} /></label>
      {batch && (
        <>
          <p role="status">{t("batch.count", { n: batch.incidents.length })}</p>
          <fieldset><legend>{t("batch.sample")}</legend>
            {batch.sample.map((r) => (
              <label class="check" key={r.id}><input type="checkbox" checked={looked.includes(r.id)}
                onChange={(e) => setLooked(e.currentTarget.checked ? [...looked, r.id] : looked.filter((id) => id !== r.id))} />{" "}
                <a href={`/queue?incident=${r.id}`} target="_blank" rel="noopener"><bdi>{nameOfRow(r)}</bdi></a>{" "}
                <span class="quiet">{day(r.date?.value)}{r.killed && ` · ${t("killed.is", { figure: tollText(r.killed.low, r.killed.high) })}`} · {t("voices", { n: r.voices })}</span></label>))}
          </fieldset>
        </>
      )}
      <div class="actions"><button class="main" disabled={!all || busy} onClick={accept}>{t("batch.do", { n: batch?.incidents.length ?? 0 })}</button>
        <button onClick={onClose}>{t("cancel")}</button></div>
    </Dialog>
  );
}

interface View { name: string; query: string }

/** The saved views of a user, and the name for what is looked at now. */
export function Views({ now }: { now: string }) {
  const [views, setViews] = useState<View[]>([]);
  const [name, setName] = useState("");
  useEffect(() => { get<{ views: View[] }>("/api/views").then((v) => setViews(v.views), trouble); }, []);
  return (
    <div class="views">
      <ul class="plain">{views.map((v) => (
        <li key={v.name}><button class="bare link" onClick={() => go(`/queue?${v.query}`)}><bdi>{v.name}</bdi></button>
          <button class="bare" aria-label={`${t("remove")}: ${v.name}`} onClick={() => remove<{ views: View[] }>(`/api/views/${encodeURIComponent(v.name)}`).then((r) => setViews(r.views), trouble)}>×</button></li>))}</ul>
      <form class="line" onSubmit={(e) => {
        e.preventDefault();
        put<{ views: View[] }>(`/api/views/${encodeURIComponent(name)}`, { query: now }).then((r) => { setViews(r.views); setName(""); announce(t("views.saved")); }, trouble);
      }}>
        <label class="grow"><span class="hidden">{t("views.name")}</span>
          <input value={name} maxLength={80} placeholder={t("views.name")} onInput={(e) => setName(e.currentTarget.value)} /></label>
        <button disabled={!name.trim()}>{t("save")}</button>
      </form>
    </div>
  );
}

interface Form { name: string; title: string; suffix: string }

/** The incidents that are looked at as a file. */
export function Export({ filters }: { filters: string }) {
  const [forms, setForms] = useState<Form[]>([]);
  const [form, setForm] = useState("csv");
  useEffect(() => { get<{ formats: Form[] }>("/api/formats").then((f) => setForms(f.formats), trouble); }, []);
  const asked = filters ? `?${filters}` : "";
  return (
    <div class="line">
      <label class="grow"><span class="hidden">{t("export.format")}</span>
        <select value={form} onChange={(e) => setForm(e.currentTarget.value)}>
          {forms.map((f) => <option key={f.name} value={f.name}>{f.title}</option>)}</select></label>
      <a class="button" id="export" href={`/api/export/${form}${asked}`} download>{t("export")}</a>
    </div>
  );
}
