/** What the desk's server gives, as `records.py` and `docs/cli.md` describe it. */

export type Part = "text" | "title";
export interface Span { part: Part; start: number; end: number; quote: string }
export interface Toll { type: "toll"; low: number; high: number | null; group: string | null }
export interface DateValue { type: "date"; value: string | null; precision: string; part_of_day: string | null }
export interface PlaceValue {
  type: "place"; name: string; country: string | null; admin1: string | null; lat: number | null; lon: number | null;
  kind: string; radius_km: number | null; gazetteer_id: string | null; passed_over: string[]; precision: number | null; placed_by: string | null;
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
  signed_in: boolean; accounts: boolean; languages: string[]; tiles: string; model: string;
}
export interface Trouble { code: string; message: string; detail: unknown }

export interface Figure { low: number; best: number | null; high: number | null }
export interface Row {
  id: string; revision: string; kind: string | null; type: string | null; date: DateValue | null;
  place: PlaceValue | null; perpetrator: string | null; killed: Figure | null; wounded: Figure | null; tellings: number;
  voices: number; information: number; confidence: number; status: "open" | "accepted" | "rejected";
  contested: string[]; attention: { weight: number; why: string }[]; flagged: boolean; release: string | null;
}
export interface Listed { incidents: Row[]; total: number; next: number | null }
export interface Stated { value: Value; voices: string[]; claims: string[]; first: string | null; last: string | null }
export interface Fused { field: string; value: Value | null; why: string; stated: Stated[] }
export interface FusedToll extends Figure { field: string; group: string | null; why: string; stated: Stated[] }
export interface Voice { name: string; kind: string; documents: string[]; grade: string }
export interface Tie { to: string; kind: string; why: string; days: number | null }
export interface Incident {
  id: string; events: string[]; claims: Omit<Claim, "id">[]; fields: Fused[]; tolls: FusedToll[]; voices: Voice[];
  information: number; information_why: string; confidence: number; status: Row["status"]; notes: string[]; ties: Tie[];
}
export interface Report {
  id: string; title: string | null; publisher: string | null; published: string | null; lang: string | null;
  url: string | null; added_at: string; voice: string; events: string[];
}
export interface Made {
  id: string; kind: string; author: string; at: string; reason: string; field: string | null; value: Value | null;
  undoes: string | null; holds: boolean;
}
export interface Whole {
  row: Row; incident: Incident; claim_ids: string[]; revision: string; attention: Row["attention"]; reports: Report[];
  unlisted: number; where: Record<string, string[]>; history: Made[]; near: Row[]; tied: Row[];
}
export interface Source {
  reading: Reading | null; document: Document; capture: string; locator: string; added_at: string;
  unread: string | null; versions: string[]; seen: Record<string, unknown>[];
}
export interface Candidate {
  id: string; name: string; kind: string; country: string; admin1: string; lat: number; lon: number;
  radius_km: number; alike: boolean;
}
export interface Done { decision: string; incidents: Whole[] }
export interface Said {
  kind: string; about: string[]; seen?: string[]; field?: string; value?: string; place?: PlaceValue;
  reason?: string; events?: string[];
}
