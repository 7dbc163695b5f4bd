/** The queue: a line for each incident, those that deserve a look first. */
import { useEffect, useRef } from "preact/hooks";
import { reason } from "./reasons";
import type { Row } from "./types";
import { tollText } from "./values";
import { day, isolated, named, percent, t } from "./words";

interface Props {
  rows: Row[]; chosen: string | null; onChoose: (id: string) => void; more: (() => void) | null;
}

export const nameOfRow = (r: Row) => [r.kind ? named("type", r.kind) : t("incident"), r.place && isolated(r.place.name)].filter(Boolean).join(" · ");

export function List({ rows, chosen, onChoose, more }: Props) {
  const end = useRef<HTMLLIElement>(null);
  const root = useRef<HTMLUListElement>(null);
  useEffect(() => { root.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }); }, [chosen]);
  useEffect(() => {
    if (!end.current || !more) return;
    const watch = new IntersectionObserver((seen) => { if (seen.some((s) => s.isIntersecting)) more(); });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [more]);
  return (
    <ul class="list" ref={root} id="list" tabIndex={-1}>
      {rows.map((r) => (
        <li key={r.id}>
          <button class={`line-of status-${r.status}`} aria-current={r.id === chosen ? "true" : undefined} onClick={() => onChoose(r.id)}>
            <span class="head"><bdi class="name">{nameOfRow(r)}</bdi>
              {r.flagged && <span class="flag" role="img" aria-label={t("flagged")}>⚑</span>}
              {r.status !== "open" && <span class={`state ${r.status}`}>{named("status", r.status)}</span>}</span>
            <span class="facts">
              <span>{r.date?.value ? day(r.date.value) : t("date.unresolved")}</span>
              {r.killed && <span class="dead">{t("killed.is", { figure: tollText(r.killed.low, r.killed.high) })}</span>}
              <span>{t("voices", { n: r.voices })}</span>
              {r.tellings > 1 && r.confidence < 1 && <span title={t("one", { percent: percent(r.confidence) })}>{t("one.short", { percent: percent(r.confidence) })}</span>}
              {r.contested.length > 0 && <span class="contested">{t("contested.short")}</span>}
            </span>
            {r.attention[0] && <span class="why">{reason(r.attention[0].why)}</span>}
          </button>
        </li>
      ))}
      {more && <li ref={end}><button onClick={more}>{t("more_rows")}</button></li>}
    </ul>
  );
}
