/** The windows in which something is decided: correct, merge, split, keep apart, reject, note. */
import { useEffect, useState } from "preact/hooks";
import { get, post, query } from "./api";
import { EDITED } from "./fields";
import { KINDS, LISTED } from "./kinds";
import { nameOfRow } from "./list";
import type { Selected } from "./marked";
import { titleOf } from "./record";
import type { Candidate, Incident, Said, Whole } from "./types";
import { Dialog, trouble } from "./ui";
import { point, text, tollText } from "./values";
import { day, named, t } from "./words";

export type Ask = { what: "edit"; field: string } | { what: "merge" | "split" | "apart" | "reject" | "note" };
interface Props {
  ask: Ask; whole: Whole; selected: Selected | null; picked: [number, number] | null; onPick: (() => void) | null;
  onDecide: (said: Said) => void; onClose: () => void;
}

export function Decide(props: Props) {
  switch (props.ask.what) {
    case "edit": return <Edit {...props} field={props.ask.field} />;
    case "merge": return <Join {...props} kind="merge" />;
    case "apart": return <Join {...props} kind="negative" />;
    case "split": return <Split {...props} />;
    default: return <Because {...props} kind={props.ask.what} />;
  }
}

function Buttons({ can, onClose }: { can: boolean; onClose: () => void }) {
  return <div class="actions">
    <button class="main" type="submit" disabled={!can}>{t("do")} <kbd>Ctrl</kbd>+<kbd>Enter</kbd></button>
    <button type="button" onClick={onClose}>{t("cancel")}</button></div>;
}

function Form({ children, can, onSubmit, onClose }: {
  children: preact.ComponentChildren; can: boolean; onSubmit: () => void; onClose: () => void;
}) {
  return (
    <form onSubmit={(e) => { e.preventDefault(); if (can) onSubmit(); }}
      onKeyDown={(e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && can) { e.preventDefault(); onSubmit(); } }}>
      {children}
      <Buttons can={can} onClose={onClose} />
    </form>
  );
}

const Reason = ({ value, set, label = "reason", first = false }: { value: string; set: (v: string) => void; label?: string; first?: boolean }) => (
  <label class="reason">{t(label)}<textarea rows={2} dir="auto" autofocus={first} value={value} onInput={(e) => set(e.currentTarget.value)} /></label>
);

function Edit({ whole, field: first, selected, picked, onPick, onDecide, onClose }: Props & { field: string }) {
  const [field, setField] = useState(EDITED.includes(first) ? first : "place");
  const stored = field === "type" ? "subtype" : field;
  const stated = (whole.incident.fields.find((f) => f.field === stored)?.stated ?? [])
    .concat(whole.incident.tolls.filter((x) => x.field === field && !x.group).flatMap((x) => x.stated));
  const [value, setValue] = useState(selected && !picked ? selected.quote.trim() : "");
  const [places, setPlaces] = useState<Candidate[]>([]);
  const [place, setPlace] = useState<Candidate | null>(null);
  const [reason, setReason] = useState("");
  const chosen = whole.incident.fields.find((f) => f.field === stored)?.value ?? null;

  useEffect(() => {
    if (!picked) return;
    const now = whole.row.place;
    setPlace({
      id: "", name: now?.name ?? point(...picked), kind: "site", country: now?.country ?? "", admin1: now?.admin1 ?? "",
      lat: Number(picked[0].toFixed(5)), lon: Number(picked[1].toFixed(5)), radius_km: 1, alike: false,
    });
  }, [picked]);

  useEffect(() => {
    if (field !== "place" || value.trim().length < 2) { setPlaces([]); return; }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      get<{ places: Candidate[] }>(`/api/places${query({ name: value.trim() })}`, stop.signal)
        .then((found) => setPlaces(found.places), trouble);
    }, 200);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [field, value]);

  const words = selected ? `“${selected.quote.trim()}”` : "";
  function decide() {
    const why = [words, reason.trim()].filter(Boolean).join(" ");
    const base: Said = { kind: "value", about: [whole.incident.id], field: stored, reason: why };
    if (field === "place" && place) {
      onDecide({ ...base, place: {
        type: "place", name: place.name, country: place.country || null, admin1: place.admin1 || null, lat: place.lat,
        lon: place.lon, kind: place.kind, radius_km: place.radius_km, gazetteer_id: place.id || null, passed_over: [],
        precision: null, placed_by: null,
      } });
    } else onDecide({ ...base, value: value.trim() });
  }

  return (
    <Dialog title={t("edit.title")} onClose={onClose}>
      <Form can={place !== null || value.trim() !== ""} onSubmit={decide} onClose={onClose}>
        <label>{t("edit.field")}
          <select value={field} onChange={(e) => { setField(e.currentTarget.value); setValue(""); setPlace(null); }}>
            {EDITED.map((f) => <option key={f} value={f}>{t(`field.${f}`)}</option>)}</select></label>
        {chosen !== null && <p class="quiet">{t("edit.is")} <bdi>{text(stored, chosen)}</bdi></p>}
        {stated.length > 0 && (
          <fieldset><legend>{t("edit.stated")}</legend>
            {stated.map((s, i) => {
              const written = writtenOf(s.value);
              return <label class="check" key={i}><input type="radio" name="stated" checked={!place && value === written}
                onChange={() => { setPlace(null); setValue(written); }} /> <bdi>{text(stored, s.value)}</bdi>
                <span class="quiet"> {s.voices.slice(0, 3).join(t("comma"))}</span></label>;
            })}</fieldset>
        )}
        {words && <p class="quiet">{t("edit.words")} <bdi>{words}</bdi></p>}
        {stored === "subtype"
          ? <label>{t("edit.other")}
              <select value={value} onChange={(e) => setValue(e.currentTarget.value)} autofocus><option value="" />
                {KINDS.map(([type, subs]) => <optgroup key={type} label={named("type", type)}>
                  {subs.map((s) => <option key={s} value={s}>{named("type", s)}</option>)}</optgroup>)}</select></label>
          : LISTED[field] ? <label>{t("edit.other")}
              <select id="edit-value" value={value} onChange={(e) => setValue(e.currentTarget.value)} autofocus><option value="" />
                {LISTED[field]!.map((v) => <option key={v} value={v}>{text(field, v === "true" ? true : v === "false" ? false : v)}</option>)}</select></label>
          : <label>{t("edit.other")}
              <input id="edit-value" value={value} dir="auto" autofocus onInput={(e) => { setValue(e.currentTarget.value); setPlace(null); }} />
              <span class="quiet">{t(`edit.how.${field}`) === `edit.how.${field}` ? t("edit.select") : t(`edit.how.${field}`)}</span></label>}
        {field === "place" && (
          <>
            {places.length > 0 && (
              <fieldset class="candidates"><legend>{t("edit.places")}</legend>
                {places.map((p) => (
                  <label class="check" key={p.id}><input type="radio" name="candidate" checked={place?.id === p.id && place.lat === p.lat}
                    onChange={() => setPlace(p)} /> <bdi>{p.name}</bdi>{" "}
                    <span class="quiet"><bdi>{[named("place", p.kind), p.admin1, p.country].filter(Boolean).join(", ")}</bdi> · {point(p.lat, p.lon)}
                      {p.alike && ` · ${t("edit.alike")}`}</span></label>))}
              </fieldset>)}
            {onPick && <button type="button" onClick={onPick}>{t("edit.map")}</button>}
            {place && <p><strong><bdi>{place.name}</bdi></strong> {point(place.lat, place.lon)}</p>}
          </>
        )}
        <Reason value={reason} set={setReason} />
      </Form>
    </Dialog>
  );
}

/** A value as it is written in a decision. */
function writtenOf(value: Whole["incident"]["fields"][number]["value"]): string {
  if (value === null) return "";
  if (typeof value !== "object") return String(value);
  if (value.type === "toll") return value.high === null ? `${value.low}+` : value.low === value.high ? String(value.low) : `${value.low}-${value.high}`;
  if (value.type === "date") return value.value ?? "";
  return value.lat === null ? value.name : `${value.name}@${value.lat},${value.lon}`;
}

function Join({ whole, kind, onDecide, onClose }: Props & { kind: "merge" | "negative" }) {
  const near = [...whole.near, ...whole.tied];
  const [others, setOthers] = useState<string[]>([]);
  const [id, setId] = useState("");
  const [reason, setReason] = useState("");
  const with_ = [...others, ...(id.trim().length >= 6 ? [id.trim()] : [])];
  const about = [whole.incident.id, ...with_];
  const can = with_.length > 0 && (kind === "merge" || with_.length === 1);
  return (
    <Dialog title={t(kind === "merge" ? "merge.title" : "apart.title")} onClose={onClose} wide>
      <Form can={can} onClose={onClose} onSubmit={() => onDecide({ kind, about, reason })}>
        <p><bdi>{titleOf(whole)}</bdi></p>
        <fieldset><legend>{t("merge.with")}</legend>
          {near.length === 0 && <p class="none">{t("merge.none")}</p>}
          {near.map((r, i) => (
            <label class="check" key={r.id}>
              <input type={kind === "merge" ? "checkbox" : "radio"} name="other" value={r.id} checked={others.includes(r.id)} autofocus={i === 0}
                onChange={(e) => setOthers(kind === "merge"
                  ? (e.currentTarget.checked ? [...others, r.id] : others.filter((o) => o !== r.id)) : [r.id])} />{" "}
              <bdi>{nameOfRow(r)}</bdi> <span class="quiet">{day(r.date?.value)}
                {r.killed && ` · ${t("killed.is", { figure: tollText(r.killed.low, r.killed.high) })}`} · {t("voices", { n: r.voices })}</span>
            </label>))}
          <label>{t("merge.id")}<input value={id} autofocus={near.length === 0} onInput={(e) => setId(e.currentTarget.value)} /></label>
        </fieldset>
        <Reason value={reason} set={setReason} />
        {can && kind === "merge" && <Preview said={{ kind, about }} />}
      </Form>
    </Dialog>
  );
}

function Split({ whole, onDecide, onClose }: Props) {
  const [out, setOut] = useState<string[]>([]);
  const [reason, setReason] = useState("");
  const events = whole.reports.flatMap((r) => r.events.map((e) => ({ e, r })));
  const can = out.length > 0 && out.length < events.length;
  return (
    <Dialog title={t("split.title")} onClose={onClose} wide>
      <Form can={can} onClose={onClose} onSubmit={() => onDecide({ kind: "split", about: [whole.incident.id], events: out, reason })}>
        <fieldset><legend>{t("split.which")}</legend>
          {events.map(({ e, r }, i) => (
            <label class="check" key={e}><input type="checkbox" checked={out.includes(e)} autofocus={i === 0}
              onChange={(x) => setOut(x.currentTarget.checked ? [...out, e] : out.filter((o) => o !== e))} />{" "}
              <bdi>{r.publisher ?? r.voice}</bdi> <span class="quiet">{day(r.published)} <bdi>{r.title}</bdi></span></label>))}
        </fieldset>
        <Reason value={reason} set={setReason} />
        {can && <Preview said={{ kind: "split", about: [whole.incident.id], events: out }} />}
      </Form>
    </Dialog>
  );
}

function Because({ whole, kind, onDecide, onClose }: Props & { kind: "reject" | "note" }) {
  const [reason, setReason] = useState("");
  return (
    <Dialog title={kind === "reject" ? t("reject") : t("note.title")} onClose={onClose}>
      <Form can={reason.trim() !== ""} onClose={onClose}
        onSubmit={() => onDecide({ kind, about: [whole.incident.id], reason: reason.trim() })}>
        <p><bdi>{titleOf(whole)}</bdi></p>
        <Reason value={reason} set={setReason} label={kind === "reject" ? "reason.reject" : "note"} first />
      </Form>
    </Dialog>
  );
}

const SHOWN = ["subtype", "date", "place", "perpetrator", "target"];

/** An incident in a few lines, to be compared with another. */
export function Brief({ incident }: { incident: Incident }) {
  return (
    <dl class="brief">
      {SHOWN.map((name) => {
        const f = incident.fields.find((x) => x.field === name);
        return f && <div key={name}><dt>{t(`field.${name === "subtype" ? "type" : name}`)}</dt><dd><bdi>{text(name, f.value)}</bdi></dd></div>;
      })}
      {incident.tolls.map((x) => <div key={x.field + x.group}><dt>{t(`field.${x.field}`)}</dt>
        <dd>{tollText(x.low, x.high, x.group)}</dd></div>)}
      <div><dt>{t("f.status")}</dt><dd>{named("status", incident.status)}</dd></div>
      <div><dt>{t("brief.tellings")}</dt><dd>{t("tellings", { n: incident.events.length })}, {t("voices", { n: incident.voices.length })}</dd></div>
      {incident.notes.length > 0 && <div><dt>{t("notes")}</dt><dd><bdi>{incident.notes.join("; ")}</bdi></dd></div>}
    </dl>
  );
}

function Preview({ said }: { said: Said }) {
  const [found, setFound] = useState<Incident[] | null>(null);
  useEffect(() => {
    setFound(null);
    post<{ incidents: Incident[] }>("/api/decisions/preview", said).then((p) => setFound(p.incidents), trouble);
  }, [JSON.stringify(said)]);
  return <section aria-live="polite"><h3>{t("preview")}</h3>
    <div class="side">{found?.map((i) => <Brief key={i.id} incident={i} />)}</div></section>;
}

/** A decision that came too late: what was seen beside what is. */
export function Stale({ seen, now, onAgain, onClose }: { seen: Whole; now: Whole[]; onAgain: () => void; onClose: () => void }) {
  return (
    <Dialog title={t("stale.title")} onClose={onClose} wide>
      <div class="side">
        <section><h3>{t("stale.seen")}</h3><Brief incident={seen.incident} /></section>
        <section><h3>{t("stale.now")}</h3>
          {now.length ? now.map((w) => <Brief key={w.incident.id} incident={w.incident} />) : <p>{t("stale.gone")}</p>}
          {now.flatMap((w) => w.history.slice(-2)).map((m) => <p class="quiet" key={m.id}>{t(`did.${m.kind}`)} · <bdi>{m.author}</bdi> {m.reason}</p>)}
        </section>
      </div>
      <div class="actions"><button class="main" onClick={onAgain}>{t("stale.again")}</button>
        <button onClick={onClose}>{t("cancel")}</button></div>
    </Dialog>
  );
}
