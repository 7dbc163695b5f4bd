/** Reasons come from the program in English; here they are said in the language of the interface. */
import table from "../locale/reasons.json";
import { language, named } from "./words";

interface Pattern { en: string; fr: string; ar: string }
const made = (table as Pattern[]).map((p) => ({
  p,
  re: new RegExp(`^${p.en.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)\}/g, "(?<$1>.+?)")}$`, "s"),
}));

export function reason(words: string): string {
  const lang = language();
  if (lang !== "fr" && lang !== "ar") return words;
  return words.split("; ").map((part) => {
    for (const { p, re } of made) {
      const found = re.exec(part);
      if (found) return p[lang].replace(/\{(\w+)\}/g, (_, name: string) => named("word", found.groups?.[name] ?? ""));
    }
    return part;
  }).join(lang === "ar" ? "؛ " : " ; ");
}
