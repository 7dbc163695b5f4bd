/** What the desk's server gives, as `records.py` and `docs/cli.md` describe it. */

export type Part = "text" | "title";
export interface Span { part: Part; start: number; end: number; quote: string }
export interface Toll { type: "toll"; low: number; high: number | null; group: string | null }
export interface DateValue { type: "date"; value: string | null; precision: string; part_of_day: string | null }
export interface PlaceValue {
  type: "place"; name: string; country: string | null; admin1: string | null; lat: number | null; lon: number | null;
  kind: string; radius_km: number | null; passed_over: string[]; precision: number | null; placed_by: string | null;
}
export type Value = string | boolean | Toll | DateValue | PlaceValue;
export interface Attribution { source: string; cue: string; through: Attribution | null; span: Span | null }
export interface Claim {
  id: string; field: string; value: Value; spans: Span[]; attribution: Attribution[]; modality: string;
  confidence: number; rank: "preferred" | "rival" | "part"; reader: string; note: string;
}
export interface Link { to: string; kind: string; spans: Span[] }
export interface EventRow {
  id: string; incident?: string; role: "main" | "background"; confidence: number; links: Link[]; claims: Claim[];
  denied?: boolean;
}
export interface Document {
  id: string; text: string; title: string | null; publisher: string | null; published: string | null;
  lang: string | null; url: string | null; flags: string[]; capture: string | null;
}
export interface Reading { id: string; document: Document; events: EventRow[]; denials: EventRow[]; wording: Claim[] }
export interface Tried { readings: Reading[]; reports: number; failures: string[] }
export interface KeptNow { account: Record<string, number>; documents: string[]; failures: string[] }
export interface About {
  version: string; casebook: string | null; user: string; role: "anyone" | "reader" | "reviewer" | "admin";
  signed_in: boolean; accounts: boolean; languages: string[]; tiles: string;
}
export interface Trouble { code: string; message: string; detail: unknown }
