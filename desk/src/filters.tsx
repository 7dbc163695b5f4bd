/** What the queue, the map and the time line are narrowed to: kept in the address, so that it can be sent on. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Export, Views } from "./more";
import { turn } from "./place";
import { KINDS } from "./kinds";
import { trouble } from "./ui";
import { country, LANGUAGES, language, named, t } from "./words";
import { loadLabels } from "./world";

export const FILTERS = [
  "since", "until", "near", "km", "types", "countries", "actor", "source", "lang", "text", "min_killed", "min_confidence",
  "status",
] as const;
export const SORTS = ["attention", "date", "oldest", "killed", "voices", "unsure"];

/** The filters of an address as a query of the server. */
export function asked(query: URLSearchParams): string {
  const out = new URLSearchParams();
  for (const name of FILTERS) for (const value of query.getAll(name)) if (value) out.append(name, value);
  if (!out.has("near")) out.delete("km");
  return out.toString();
}

export function Filters({ query, total }: { query: URLSearchParams; total: number | null }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState(query.get("text") ?? "");
  const timer = useRef(0);
  const [codes, setCodes] = useState<string[]>([]);
  useEffect(() => { if (open) loadLabels().then((l) => setCodes(l.countries.map(([, code]) => code)), trouble); }, [open]);
  const countries = codes.map((code) => [code, country(code)] as const).sort((a, b) => a[1].localeCompare(b[1], language()));
  useEffect(() => setText(query.get("text") ?? ""), [query.get("text")]);
  const set = FILTERS.filter((f) => f !== "text" && f !== "km" && query.has(f));
  const later = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => turn({ text: value || null }, true), 250);
  };
  const field = (name: (typeof FILTERS)[number], type: "text" | "date" | "number" = "text", more: object = {}) => (
    <label>{t(`f.${name}`)}
      <input {...({ type } as { type: "text" })} value={query.get(name) ?? ""} {...more}
        onChange={(e) => turn({ [name]: e.currentTarget.value || null })} /></label>
  );
  return (
    <search class="filters">
      <div class="line">
        <label class="grow"><span class="hidden">{t("search.hint")}</span>
          <input id="search" type="search" placeholder={t("search.hint")} value={text} dir="auto"
            onInput={(e) => later(e.currentTarget.value)} /></label>
        <button aria-expanded={open} onClick={() => setOpen(!open)}>{t("filters")}
          {set.length > 0 && <span class="badge">{set.length}</span>}</button>
      </div>
      {open && (
        <div class="fields">
          {field("since", "date")}{field("until", "date")}
          {field("near")}{field("km", "number", { min: 1, placeholder: "50" })}
          <label>{t("f.types")}
            <select value={query.get("types") ?? ""} onChange={(e) => turn({ types: e.currentTarget.value || null })}>
              <option value="">{t("any")}</option>
              {KINDS.map(([type, subtypes]) => (
                <optgroup key={type} label={named("type", type)}>
                  <option value={type}>{named("type", type)}</option>
                  {subtypes.map((s) => <option key={s} value={s}>— {named("type", s)}</option>)}
                </optgroup>))}
            </select></label>
          <label>{t("f.countries")}
            <select value={query.get("countries") ?? ""} onChange={(e) => turn({ countries: e.currentTarget.value || null })}>
              <option value="">{t("any")}</option>
              {countries.map(([code, name]) => <option key={code} value={code}>{name}</option>)}
            </select></label>
          {field("actor")}{field("source")}
          <label>{t("f.lang")}
            <select value={query.get("lang") ?? ""} onChange={(e) => turn({ lang: e.currentTarget.value || null })}>
              <option value="">{t("any")}</option>
              {LANGUAGES.map(([code, name]) => <option key={code} value={code}>{name}</option>)}
            </select></label>
          {field("min_killed", "number", { min: 0 })}{field("min_confidence", "number", { min: 0, max: 1, step: 0.05 })}
          <label>{t("f.status")}
            <select value={query.get("status") ?? ""} onChange={(e) => turn({ status: e.currentTarget.value || null })}>
              <option value="">{t("any")}</option>
              {["open", "accepted", "rejected"].map((s) => <option key={s} value={s}>{named("status", s)}</option>)}
            </select></label>
          <button onClick={() => turn(Object.fromEntries(FILTERS.map((f) => [f, null])))}>{t("filters.clear")}</button>
        </div>
      )}
      {open && <details><summary>{t("views")}</summary><Views now={query.toString()} /></details>}
      {open && <details><summary>{t("export")}</summary><Export filters={asked(query)} /></details>}
      <div class="line">
        <span class="quiet" role="status">{total !== null && t("queue.count", { n: total })}</span>
        <label class="small push">{t("sort")}{" "}
          <select value={query.get("sort") ?? "attention"} onChange={(e) => turn({ sort: e.currentTarget.value })}>
            {SORTS.map((s) => <option key={s} value={s}>{t(`sort.${s}`)}</option>)}
          </select></label>
      </div>
    </search>
  );
}
