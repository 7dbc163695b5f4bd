/** One incident as a report tells it: a row for each field, its value, how sure it is, its words and who says it. */
import type { Lit } from "./marked";
import { directionOf } from "./points";
import type { Claim, EventRow } from "./types";
import { FIELDS, nameOf, ofField, precision, said, text } from "./values";
import { named, percent, t } from "./words";

export function Sure({ confidence }: { confidence: number }) {
  const full = confidence >= 0.85 ? 3 : confidence >= 0.6 ? 2 : 1;
  const words = t("sure", { percent: percent(confidence) });
  return <span class={`sure sure-${full}`} role="img" aria-label={words} title={words}>
    {"●".repeat(full)}{"○".repeat(3 - full)}
  </span>;
}

export function Quote({ words, field }: { words: string; field: string }) {
  return <q class={`f-${field}`} dir={directionOf(words)}>{words}</q>;
}

const ASKED = ["date", "place", "perpetrator", "claimed_by"];

interface CardProps {
  event: EventRow; number: number; numberOf: (id: string) => number | undefined; nameOfEvent: (id: string) => string;
  lit: Lit | null; onLit: (lit: Lit | null) => void;
}

export function Card({ event, number, numberOf, nameOfEvent, lit, onLit }: CardProps) {
  const usual = usualVoice(event);
  const silent = ASKED.filter((field) => ofField(event, field, "preferred").length === 0);
  const role = event.denied ? "denied" : event.role;
  const on = lit?.event === number;
  return (
    <section class={`card role-${role}${on ? " on" : ""}`} aria-label={`${number}. ${nameOf(event)}`}>
      <header onMouseEnter={() => onLit({ event: number })} onMouseLeave={() => onLit(null)}>
        <button class="bare" onFocus={() => onLit({ event: number })} onBlur={() => onLit(null)}>
          <span class="badge">{number}</span> <bdi>{nameOf(event)}</bdi>
        </button>
        <span class="quiet">{t(`role.${role}`)} · {t("sure", { percent: percent(event.confidence) })}</span>
      </header>
      <dl>
        {FIELDS.map((field) => {
          const claims = rowsOf(event, field);
          if (claims.length === 0) {
            return field === "killed" || field === "wounded"
              ? <Row key={field} field={field}><span class="none">{t("not_stated")}</span>{" "}
                  <span class="quiet">{t("not_zero")}</span></Row>
              : null;
          }
          const others = event.claims.filter((c) => c.field === field && c.rank !== "preferred");
          return (
            <Row key={field} field={field} lit={lit?.field === field}
              onLit={(is) => onLit(is ? { field, event: number } : null)}>
              {claims.map((c) => <Value key={c.id} claim={c} event={event} usual={usual} />)}
              {others.map((c) => (
                <div class="other" key={c.id}>
                  {t(c.rank === "part" ? "of_these" : "or")} <bdi>{text(field, c.value)}</bdi>{" "}
                  <span class="quiet">({said(c)})</span>
                </div>
              ))}
            </Row>
          );
        })}
        {event.claims.length > 0 && <Row field="says"><bdi>{usual}</bdi> <span class="quiet">{t("unless")}</span></Row>}
        {silent.length > 0 &&
          <Row field="silent"><span class="none">{silent.map((f) => t(`field.${f}`)).join(t("comma"))}</span></Row>}
        {event.links.map((link) => (
          <Row field="linked" key={link.to + link.kind}>
            {named("link", link.kind)} <span class="arrow" aria-hidden="true" /> {numberOf(link.to) !== undefined &&
              <span class="badge">{numberOf(link.to)}</span>} <bdi>{nameOfEvent(link.to)}</bdi>
          </Row>
        ))}
      </dl>
    </section>
  );
}

/** The claims of a row: for what happened the narrower kind, for where the place or at least the country. */
export function rowsOf(event: EventRow, field: string): Claim[] {
  const own = ofField(event, field, "preferred");
  if (field === "type") {
    const narrow = ofField(event, "subtype", "preferred");
    return narrow.length ? narrow : own;
  }
  return field === "place" && own.length === 0 ? ofField(event, "country", "preferred") : own;
}

export function usualVoice(event: EventRow): string {
  const count = new Map<string, number>();
  for (const c of event.claims) if (c.field !== "sources") count.set(said(c), (count.get(said(c)) ?? 0) + 1);
  return [...count].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}

function Value({ claim, event, usual }: { claim: Claim; event: EventRow; usual: string }) {
  const field = claim.field === "subtype" ? "type" : claim.field === "country" ? "place" : claim.field;
  const certainty = claim.field === "perpetrator" ? ofField(event, "perpetrator_certainty", "preferred")[0] : undefined;
  const quotes = [...new Set(claim.spans.map((s) => s.quote))];
  return (
    <div class="value">
      <Sure confidence={claim.confidence} />
      <div>
        <strong dir="auto">{text(claim.field, claim.value)}</strong>
        {claim.modality === "inferred" && <em> ({named("modality", "inferred")})</em>}
        {typeof certainty?.value === "string" && <span class="quiet"> · {named("certainty", certainty.value)}</span>}
        {precision(claim.field, claim.value).map((line) => <div class="quiet" key={line}><bdi>{line}</bdi></div>)}
        {claim.note && <div class="quiet"><bdi>{claim.note}</bdi></div>}
        <div class="words">
          {quotes.map((q) => <Quote key={q} words={q} field={field} />)}
          {claim.field !== "sources" && said(claim) !== usual &&
            <span class="quiet"> {said(claim)}</span>}
        </div>
      </div>
    </div>
  );
}

interface RowProps { field: string; children: preact.ComponentChildren; lit?: boolean; onLit?: (is: boolean) => void }
function Row({ field, children, lit, onLit }: RowProps) {
  return (
    <div class={`row${lit ? " lit" : ""}`} onMouseEnter={() => onLit?.(true)} onMouseLeave={() => onLit?.(false)}>
      <dt>{onLit
        ? <button class="bare" onFocus={() => onLit(true)} onBlur={() => onLit(false)}>{t(`field.${field}`)}</button>
        : t(`field.${field}`)}</dt>
      <dd>{children}</dd>
    </div>
  );
}
