/** Values in words: what a claim says, where it lies, who says it. */
import type { Attribution, Claim, DateValue, EventRow, PlaceValue, Toll, Value } from "./types";
import { country, day, group as groupName, isolated, named, number, t } from "./words";

/** The fields in the order in which they are shown; those that share words with another are told beside it. */
export const FIELDS = [
  "type", "date", "place", "perpetrator", "target", "weapons", "killed", "wounded", "damage", "responses", "claimed_by",
  "sources", "uncertain",
] as const;
const SAME: Record<string, string> = {
  subtype: "type", country: "place", admin1: "place", perpetrator_certainty: "perpetrator",
};
export const shownAs = (field: string) => SAME[field] ?? field;
const KIND: Record<string, string> = { type: "type", subtype: "type", weapons: "weapon", responses: "measure" };

export const isToll = (v: Value | null): v is Toll => typeof v === "object" && v !== null && v.type === "toll";
export const isDate = (v: Value | null): v is DateValue => typeof v === "object" && v !== null && v.type === "date";
export const isPlace = (v: Value | null): v is PlaceValue => typeof v === "object" && v !== null && v.type === "place";

export function tollText(low: number, high: number | null, group: string | null = null): string {
  const figure =
    high === null ? (low ? t("toll.least", { n: low }) : t("toll.some"))
    : low === high ? number(low)
    : low ? t("toll.between", { low, high }) : t("toll.most", { n: high });
  return group ? `${figure} · ${groupName(group)}` : figure;
}

export function text(field: string, value: Value | null): string {
  if (value === null) return t("unknown");
  if (isToll(value)) return tollText(value.low, value.high, value.group);
  if (isDate(value)) {
    const when = value.value ? day(value.value) : t("date.unresolved");
    return value.part_of_day ? `${when}, ${named("part", value.part_of_day)}` : when;
  }
  if (isPlace(value)) return value.name;
  if (typeof value === "boolean") return value ? t(field === "uncertain" ? "uncertain.yes" : "yes") : t("no");
  const kind = KIND[field];
  return kind ? named(kind, value) : value;
}

/** What is known of the precision of a value, in a second line. */
export function precision(field: string, value: Value | null): string[] {
  if (isDate(value)) {
    if (!value.value) return [t("date.hint")];
    return value.precision === "part of day" || value.precision === "day" ? [] : [named("precision", value.precision)];
  }
  if (isPlace(value)) {
    const where = [value.admin1, country(value.country)].filter(Boolean).join(", ");
    if (value.lat === null || value.lon === null) return [t("place.not_found"), where].filter(Boolean);
    const kind = named("place", value.kind);
    const within = value.radius_km ? t("place.within", { kind, km: value.radius_km }) : kind;
    return [[within, where].filter(Boolean).join(" · "), point(value.lat, value.lon)];
  }
  return field === "type" ? [] : [];
}

export function point(lat: number, lon: number): string {
  const digits = (n: number) => Math.abs(n).toFixed(2);
  return `${digits(lat)}° ${lat >= 0 ? "N" : "S"} ${digits(lon)}° ${lon >= 0 ? "E" : "W"}`;
}

function voice(a: Attribution): string {
  return a.through ? t("through", { source: a.source, through: voice(a.through) }) : a.source;
}

/** Who says it. */
export function saidBy(claim: Claim): string {
  const names = claim.attribution.filter((a) => a.source !== "unattributed").map(voice);
  return [...new Set(names)].join(", ") || t("outlet");
}

/** Who says it, with which words of saying, in which mood. */
export function said(claim: Claim): string {
  const cues = [...new Set(claim.attribution.map((a) => a.cue).filter(Boolean))].map((c) => named("cue", c)).join(t("comma"));
  const mood = claim.modality === "asserted" ? "" : named("modality", claim.modality);
  return [isolated(saidBy(claim)), cues, mood].filter(Boolean).join(" · ");
}

export const ofField = (event: EventRow, field: string, rank?: Claim["rank"]) =>
  event.claims.filter((c) => c.field === field && (!rank || c.rank === rank));

/** An event in a few words: its kind and place. */
export function nameOf(event: EventRow): string {
  const kind = ofField(event, "subtype", "preferred")[0] ?? ofField(event, "type", "preferred")[0];
  const place = ofField(event, "place", "preferred")[0];
  return [kind ? text(kind.field, kind.value) : t("incident"), place ? isolated(text("place", place.value)) : ""]
    .filter(Boolean).join(" · ");
}
