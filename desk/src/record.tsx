/** The record of an incident: each field with its value, why it is that one, and the rival claims side by side. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Quote, Sure } from "./card";
import { EDITED } from "./fields";
import type { Lit } from "./marked";
import { moved } from "./mouse";
import { turn } from "./place";
import { ReadBy } from "./readby";
import { reason } from "./reasons";
import { Responses } from "./responses";
import type { Claim, Fused, FusedToll, Made, Stated, Whole } from "./types";
import { FIELDS, precision, said, shownAs, text, tollText } from "./values";
import { day, group, isolated, moment, named, percent, t } from "./words";

/** The claims of an incident by their ids. */
export function claimsOf(whole: Whole): Map<string, Claim> {
  return new Map(whole.incident.claims.map((c, i) => [whole.claim_ids[i]!, { ...c, id: whole.claim_ids[i]! }]));
}

export const titleOf = (whole: Whole) => {
  const { row } = whole;
  return [row.kind ? named("type", row.kind) : t("incident"), row.place && isolated(row.place.name), row.date?.value && day(row.date.value)]
    .filter(Boolean).join(" · ");
};

interface RecordProps {
  whole: Whole; lit: Lit | null; onLit: (lit: Lit | null) => void; opened: string | null;
  onOpen: (field: string | null) => void; onWords: (claim: Claim, document: string) => void;
  onEdit?: (field: string) => void; onUndo?: (made: Made) => void;
}

export function Record({ whole, lit, onLit, opened, onOpen, onWords, onEdit, onUndo }: RecordProps) {
  const claims = claimsOf(whole);
  const { incident } = whole;
  const shared = { whole, claims, lit, onLit, opened, onOpen, onWords, onEdit };
  const publisher = (id: string) => whole.reports.find((r) => r.id === id);
  return (
    <>
      {whole.attention.length > 0 && (
        <ul class="reasons" aria-label={t("attention")}>{whole.attention.map((a) => <li key={a.why}>{reason(a.why)}</li>)}</ul>
      )}
      <p class="grade"><span class="badge">{incident.information}</span> {t(`grade.${incident.information}`)}
        <span class="quiet"> · {reason(incident.information_why)}</span>
        {incident.events.length > 1 && <span class="quiet"> · {t("one", { percent: percent(incident.confidence) })}</span>}</p>
      <dl class="record">
        {FIELDS.map((name) => {
          if (name === "killed" || name === "wounded") {
            const tolls = incident.tolls.filter((x) => x.field === name);
            return tolls.length
              ? tolls.map((x) => <TollField key={name + x.group} toll={x} {...shared} />)
              : <Field key={name} name={name} {...shared}><span class="none">{t("not_stated")}</span></Field>;
          }
          if (name === "type") {
            const narrow = incident.fields.find((f) => f.field === "subtype") ?? incident.fields.find((f) => f.field === "type");
            return narrow && <FusedField key={name} name={name} fused={narrow} {...shared} />;
          }
          const fused = incident.fields.find((f) => f.field === name)
            ?? (name === "place" ? incident.fields.find((f) => f.field === "country") : undefined);
          if (fused) return <FusedField key={name} name={name} fused={fused} {...shared} />;
          return ["date", "place", "perpetrator", "target"].includes(name)
            ? <Field key={name} name={name} {...shared}><span class="none">{t("not_stated")}</span></Field> : null;
        })}
      </dl>
      {incident.notes.length > 0 && <section><h3>{t("notes")}</h3>
        <ul>{incident.notes.map((n) => <li key={n}><bdi>{n}</bdi></li>)}</ul></section>}
      <section class="voices"><h3>{t("voices", { n: incident.voices.length })}</h3>
        <ul>{incident.voices.map((v) => (
          <li key={v.name}><bdi>{v.name}</bdi> <span class="quiet">{named("voice", v.kind)} · {t("graded", { grade: v.grade })}</span>
            {v.documents.length > 1 && <span class="quiet"> · {t("copies", { n: v.documents.length })}</span>}
            <ul>{v.documents.slice(0, 8).map((d) => {
              const r = publisher(d);
              return r && <li key={d}><button class="bare link" onClick={() => turn({ document: d })}>
                <bdi>{r.publisher ?? r.title ?? d.slice(0, 8)}</bdi></button>{" "}
                <span class="quiet">{day(r.published)}</span></li>;
            })}</ul></li>))}</ul>
      </section>
      <Others title={t("tied")} whole={whole} rows={whole.tied} why={(id) => {
        const tie = incident.ties.find((x) => x.to === id);
        return tie ? named("link", tie.kind) : "";
      }} />
      <Others title={t("near")} whole={whole} rows={whole.near} why={() => ""} />
      {whole.history.length > 0 && (
        <section class="history"><h3>{t("history")}</h3>
          <ol>{whole.history.map((m) => (
            <li key={m.id} class={m.holds ? "" : "gone"}>
              <strong>{t(`did.${m.kind}`)}</strong>{m.field && ` ${t(`field.${shownAs(m.field)}`)}`}
              {m.value !== null && m.field && <> <bdi>{text(m.field, m.value)}</bdi></>}
              <span class="quiet"> · <bdi>{m.author}</bdi> · <time dateTime={m.at}>{moment(m.at)}</time></span>
              {m.reason && <div class="quiet"><bdi>{m.reason}</bdi></div>}
              {m.holds && onUndo && <button class="small" onClick={() => onUndo(m)}>{t("undo")}</button>}
            </li>))}</ol>
        </section>
      )}
    </>
  );
}

function Others({ title, rows, why }: { title: string; whole: Whole; rows: Whole["near"]; why: (id: string) => string }) {
  if (!rows.length) return null;
  return <section><h3>{title}</h3><ul>{rows.map((r) => (
    <li key={r.id}>{why(r.id) && <span class="quiet">{why(r.id)}: </span>}
      <button class="bare link" onClick={() => turn({ incident: r.id, document: null })}>
        <bdi>{[r.kind ? named("type", r.kind) : t("incident"), r.place && isolated(r.place.name), day(r.date?.value)].filter(Boolean).join(" · ")}</bdi>
      </button></li>))}</ul></section>;
}

interface FieldProps {
  name: string; whole: Whole; claims: Map<string, Claim>; lit: Lit | null; onLit: (lit: Lit | null) => void;
  opened: string | null; onOpen: (field: string | null) => void; onWords: RecordProps["onWords"];
  onEdit?: ((field: string) => void) | undefined; children?: preact.ComponentChildren; contested?: boolean;
}

function Field({ name, lit, onLit, opened, onOpen, onEdit, children, contested }: FieldProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => { if (opened === name) row.current?.scrollIntoView({ block: "nearest" }); }, [opened, name]);
  return (
    <div class={`row f-${name}${lit?.field === name ? " lit" : ""}`} ref={row} data-field={name}
      onMouseEnter={moved(() => onLit({ field: name }))} onMouseLeave={moved(() => onLit(null))}>
      <dt><button class="bare" aria-expanded={opened === name} onClick={() => onOpen(opened === name ? null : name)}
        onFocus={() => onLit({ field: name })}>{t(`field.${name}`)}</button>
        {contested && <span class="contested" title={t("contested")}>{t("contested.short")}</span>}</dt>
      <dd>{children}
        {onEdit && EDITED.includes(name) && <button class="small edit" aria-label={t("edit.of", { field: t(`field.${name}`) })} onClick={() => onEdit(name)}>
          {t("edit")}</button>}
      </dd>
    </div>
  );
}

function FusedField({ fused, ...props }: FieldProps & { fused: Fused }) {
  const open = props.opened === props.name;
  const contested = !["weapons", "responses", "sources", "uncertain"].includes(props.name) && fused.stated.length > 1;
  const several = ["weapons", "sources"].includes(props.name);
  return (
    <Field {...props} contested={contested}>
      {props.name === "responses" ? <Responses fused={fused} {...props} /> : several
        ? <ul class="several">{fused.stated.map((s) => <li key={JSON.stringify(s.value)}>
            <strong dir="auto">{text(fused.field, s.value)}</strong> <Words stated={s} {...props} few /></li>)}</ul>
        : <>
            <strong class="chosen" dir="auto">{text(fused.field, fused.value)}</strong>
            {precision(fused.field, fused.value).map((line) => <div class="quiet" key={line}><bdi>{line}</bdi></div>)}
            <div class="quiet">{reason(fused.why)}</div>
            {fused.stated[0] && !open && <Words stated={fused.stated[0]} {...props} few />}
          </>}
      {open && <Rivals field={fused.field} stated={fused.stated} {...props} />}
    </Field>
  );
}

function TollField({ toll, ...props }: Omit<FieldProps, "name"> & { toll: FusedToll }) {
  const name = toll.field;
  const open = props.opened === name;
  const most = Math.max(1, ...toll.stated.map((s) => (typeof s.value === "object" && s.value.type === "toll" ? s.value.high ?? s.value.low : 0)), toll.high ?? 0);
  return (
    <Field name={name} {...props} contested={toll.stated.length > 1}>
      <strong class="chosen">{toll.best !== null && toll.low !== toll.high ? t("toll.best", { best: toll.best, range: tollText(toll.low, toll.high) }) : tollText(toll.low, toll.high)}
        {toll.group && ` · ${group(toll.group)}`}</strong>
      <div class="quiet">{reason(toll.why)}</div>
      {(open || toll.stated.length > 1) && (
        <svg class="bars" viewBox={`0 0 200 ${toll.stated.length * 14}`} role="img"
          aria-label={toll.stated.map((s) => text(name, s.value)).join("; ")}>
          {toll.stated.map((s, i) => {
            const v = s.value as { low: number; high: number | null };
            const from = 6 + (v.low / most) * 170, to = v.high === null ? 198 : 6 + (v.high / most) * 170, y = i * 14 + 7;
            return <g key={i}><line x1="6" x2="198" y1={y} y2={y} class="axis" />
              <line x1={from} x2={to} y1={y} y2={y} class={v.high === null ? "open" : "range"} />
              <circle cx={from} cy={y} r="4" />{v.high !== null && v.high !== v.low && <circle cx={to} cy={y} r="4" />}</g>;
          })}
        </svg>
      )}
      {toll.stated[0] && !open && <Words stated={toll.stated[0]} name={name} {...props} few />}
      {open && <Rivals field={name} stated={toll.stated} name={name} {...props} />}
    </Field>
  );
}

/** All values that are stated of a field, beside one another, with who states each and how. */
function Rivals({ field, stated, ...props }: { field: string; stated: Stated[] } & FieldProps) {
  return (
    <ul class="rivals">{stated.map((s) => (
      <li key={JSON.stringify(s.value)}>
        <strong dir="auto">{text(field, s.value)}</strong>{" "}
        <span class="quiet">{s.voices.slice(0, 6).map((v, i) => <>{i > 0 && t("comma")}<bdi key={v}>{v}</bdi></>)}
          {s.first && ` · ${s.last && s.last !== s.first ? `${day(s.first)} – ${day(s.last)}` : day(s.first)}`}</span>
        <div><Words stated={s} {...props} /></div>
      </li>))}</ul>
  );
}

function Words({ stated, claims, whole, onWords, onLit, few }: FieldProps & { stated: Stated; few?: boolean }) {
  const [all, setAll] = useState(false);
  const shown = stated.claims.slice(0, few ? 1 : all ? 100 : 4);
  return (
    <span class="words">
      {shown.map((id) => {
        const claim = claims.get(id);
        if (!claim) return null;
        const document = whole.where[id]?.[0];
        return (
          <span class="claim" key={id} onMouseEnter={moved(() => onLit({ claim: id }))}>
            <Sure confidence={claim.confidence} />{" "}
            {[...new Set(claim.spans.map((s) => s.quote))].map((q) => document
              ? <button class="bare" key={q} onClick={() => onWords(claim, document)} onFocus={() => onLit({ claim: id })}>
                  <Quote words={q} field={shownAs(claim.field)} /></button>
              : <Quote key={q} words={q} field={shownAs(claim.field)} />)}
            {!few && <span class="quiet"> {said(claim)}</span>}
            <ReadBy claim={claim} why={!few} />
          </span>
        );
      })}
      {!few && stated.claims.length > 4 && !all && <button class="small" onClick={() => setAll(true)}>
        {t("more", { n: stated.claims.length - 4 })}</button>}
    </span>
  );
}
