/** The words of the interface, in the language that was chosen. No sentence is made anywhere else. */
import ar from "../locale/ar.json";
import en from "../locale/en.json";
import fr from "../locale/fr.json";

const LOCALES: Record<string, Record<string, string>> = { en, fr, ar };
export const LANGUAGES: [string, string][] = [["en", "English"], ["fr", "Français"], ["ar", "العربية"]];

function first(): string {
  const kept = localStorage.getItem("constat.lang");
  if (kept && LOCALES[kept]) return kept;
  return navigator.languages.map((l) => l.slice(0, 2)).find((l) => LOCALES[l]) ?? "en";
}

let lang = first();
export const language = () => lang;
export const direction = () => (lang === "ar" ? "rtl" : "ltr");

export function speak(code: string) {
  lang = LOCALES[code] ? code : "en";
  localStorage.setItem("constat.lang", lang);
  apply();
}

export function apply() {
  document.documentElement.lang = lang;
  document.documentElement.dir = direction();
}

/** A sentence with `{names}` filled in; `n` also chooses among its plural forms. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const words = LOCALES[lang] ?? en as Record<string, string>;
  let found = words[key];
  if (typeof values.n === "number") {
    const form = new Intl.PluralRules(lang).select(values.n);
    found = words[`${key}#${form}`] ?? words[`${key}#other`] ?? found;
  }
  return (found ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

/** A value of the ontology or of a record in the user's language, itself where it has no other name. */
export function named(kind: string, value: string): string {
  return LOCALES[lang]?.[`${kind}.${value}`] ?? value;
}

export const number = (n: number) => n.toLocaleString(lang);
export const percent = (n: number) => n.toLocaleString(lang, { style: "percent" });

export function day(iso: string | null | undefined): string {
  if (!iso) return "";
  const [y, m, d] = iso.slice(0, 10).split("-").map(Number);
  if (!y) return iso;
  const at = new Date(Date.UTC(y, (m ?? 1) - 1, d ?? 1));
  return at.toLocaleDateString(lang, {
    timeZone: "UTC", year: "numeric", ...(m ? { month: "short" } : {}), ...(d ? { day: "numeric" } : {}),
  });
}

/** A moment, to the minute, in the user's own time. */
export const moment = (iso: string) => new Date(iso).toLocaleString(lang, { dateStyle: "medium", timeStyle: "short" });

let countries: Intl.DisplayNames | null = null;
let countriesOf = "";
let alpha2: Record<string, string> = {};
/** What the place index knows of countries: the alpha-2 code of each alpha-3 code, by which a browser names it. */
export function knowCountries(found: Record<string, string>) {
  alpha2 = found;
}

/** A country by its ISO 3166-1 alpha-3 code, in the user's language. */
export function country(code: string | null): string {
  if (!code) return "";
  if (countriesOf !== lang) { countries = new Intl.DisplayNames(lang, { type: "region" }); countriesOf = lang; }
  const two = alpha2[code];
  return (two && countries?.of(two)) || code;
}

/** A name that keeps its direction to itself, within a line of another. */
export const isolated = (name: string) => `\u2068${name}\u2069`;

/** Groups of people, as the packs call them. */
export const group = (name: string) => name.split("+").map((g) => named("group", g)).join(language() === "ar" ? "، " : ", ");
