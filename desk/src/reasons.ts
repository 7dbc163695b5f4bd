/** Reasons come from the program in English; here they are said in the language of the interface. */
import table from "../locale/reasons.json";
import { day, language, named, t } from "./words";

interface Pattern { en: string; fr: string; ar: string }
const made = (table as Pattern[]).map((p) => ({
  p,
  re: new RegExp(`^${p.en.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)\}/g, "(?<$1>.*?)")}$`, "s"),
}));

/** What a reason names: a field or another word of the program, a day, a grade; else as it is, for a name is a name. */
function filled(value: string): string {
  const grade = /^ of grade ([A-F])$/.exec(value);
  if (grade) return ` ${t("graded.of", { grade: grade[1]! })}`;
  return /^\d{4}-\d\d-\d\d(T|$)/.test(value) ? day(value) : named("word", value);
}

export function reason(words: string): string {
  const lang = language();
  if (lang !== "fr" && lang !== "ar") return words;
  return words.split("; ").map((part) => {
    for (const { p, re } of made) {
      const found = re.exec(part);
      if (found) return p[lang].replace(/\{(\w+)\}/g, (_, name: string) => filled(found.groups?.[name] ?? ""));
    }
    return part;
  }).join(lang === "ar" ? "؛ " : " ; ");
}
