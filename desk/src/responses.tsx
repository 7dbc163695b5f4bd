/** What was done about an incident, on a time line of its own: by the day on which it was told, in the order of telling. */
import { Quote, Sure } from "./card";
import type { Lit } from "./marked";
import { moved } from "./mouse";
import type { Claim, Fused, Stated, Whole } from "./types";
import { isDate, said, text } from "./values";
import { day, isolated, named, t } from "./words";

interface Step { stated: Stated; claim: Claim; document: string | undefined; at: number }
interface Told { day: string; steps: Step[] }

const DAY = 86_400_000;
const whole_day = /^\d{4}-\d\d-\d\d$/;

/** The measures by the first day on which a report tells of each; of one day, as the reports tell them. */
function told(fused: Fused, whole: Whole, claims: Map<string, Claim>): Told[] {
  const order = new Map(whole.reports.map((r, i) => [r.id, i]));
  const steps: Step[] = [];
  for (const stated of fused.stated) {
    const own = stated.claims.map((id) => claims.get(id)).filter((c) => c !== undefined);
    const places = own.map((claim) => {
      const document = whole.where[claim.id]?.[0];
      return { stated, claim, document, at: (order.get(document ?? "") ?? 1e4) * 1e7 + (claim.spans[0]?.start ?? 0) };
    });
    const first = places.sort((a, b) => a.at - b.at)[0];
    if (first) steps.push(first);
  }
  const days = [...new Set(steps.map((s) => s.stated.first ?? ""))].sort((a, b) => (a || "9") < (b || "9") ? -1 : 1);
  return days.map((name) => ({ day: name, steps: steps.filter((s) => (s.stated.first ?? "") === name).sort((a, b) => a.at - b.at) }));
}

/** How a day lies to that of the incident, where both are known to the day. */
function distance(from: string | null, to: string): string {
  if (!to) return t("responses.undated");
  if (!from || !whole_day.test(from)) return t("responses.told", { day: day(to) });
  const n = Math.round((Date.parse(to) - Date.parse(from)) / DAY);
  if (n < 0) return t("responses.told", { day: day(to) });
  return n === 0 ? t("responses.same") : t("responses.after", { n, day: day(to) });
}

interface Props {
  fused: Fused; whole: Whole; claims: Map<string, Claim>; onLit: (lit: Lit | null) => void;
  onWords: (claim: Claim, document: string) => void;
}

export function Responses({ fused, whole, claims, onLit, onWords }: Props) {
  const date = whole.row.date;
  const began = isDate(date) ? date.value : null;
  return (
    <ol class="measures">
      <li class="moment start"><span class="at">{began ? day(began) : t("date.unresolved")}</span>{" "}
        <span class="quiet">{t("responses.incident")}</span></li>
      {told(fused, whole, claims).map((moment) => (
        <li class="moment" key={moment.day}><span class="at">{distance(began, moment.day)}</span>
          <ol>{moment.steps.map(({ stated, claim, document }) => (
            <li class={`step ${claim.modality}`} key={JSON.stringify(stated.value)} onMouseEnter={moved(() => onLit({ claim: claim.id }))}>
              <strong>{text("responses", stated.value)}</strong>
              {claim.modality !== "asserted" && <span class="quiet"> {named("modality", claim.modality)}</span>}
              <div class="words"><Sure confidence={claim.confidence} />{" "}
                {document
                  ? <button class="bare" onClick={() => onWords(claim, document)} onFocus={() => onLit({ claim: claim.id })}>
                      <Quote words={claim.spans.map((s) => s.quote).join(" … ")} field="responses" /></button>
                  : <Quote words={claim.spans.map((s) => s.quote).join(" … ")} field="responses" />}
                <span class="quiet"> {stated.voices.length > 1
                  ? stated.voices.slice(0, 4).map(isolated).join(t("comma")) : said(claim)}</span></div>
            </li>))}</ol></li>))}
    </ol>
  );
}
