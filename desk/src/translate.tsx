/** A report by machine in the language of the interface, beside its own words: marked as what it is, and never evidence. */
import { useEffect, useRef, useState } from "preact/hooks";
import { post } from "./api";
import { keysOf } from "./keys";
import { directionOf } from "./points";
import type { Document } from "./types";
import { announce, trouble } from "./ui";
import { direction, isolated, language, t } from "./words";

interface Translation { to: string; model: string; paragraphs: [string, string][] }

const kept = new Map<string, Translation>();

/** Nothing where no model is set, or where the report is in the language of the interface. */
export function Translated({ document: doc, model }: { document: Document; model: string }) {
  const to = language();
  const key = `${doc.id} ${to}`;
  const [shown, setShown] = useState("");
  const [busy, setBusy] = useState("");
  const wanted = useRef(key);
  wanted.current = key;
  useEffect(() => () => { wanted.current = ""; }, []);
  if (!model || doc.lang === to) return null;
  const found = shown === key ? kept.get(key) : undefined;

  async function press() {
    if (busy === key) return;
    if (found) { setShown(""); return; }
    try {
      if (!kept.has(key)) {
        setBusy(key);
        announce(t("translation.busy"));
        const made = await post<Translation>(`/api/documents/${doc.id}/translation`, { to });
        if (kept.size > 40) kept.clear();
        kept.set(key, made);
      }
      if (wanted.current !== key) return;
      setShown(key);
      announce(t("translation.here"));
    } catch (error) {
      trouble(error);
    } finally {
      setBusy((now) => (now === key ? "" : now));
    }
  }

  return (
    <>
      <p class="translate"><button class="small" id="translate" aria-expanded={found !== undefined} aria-busy={busy === key}
        aria-controls={found ? "translation" : undefined} onClick={() => void press()}>
        {busy === key ? t("translation.busy") : found ? t("translation.hide") : t("translation")} <kbd aria-hidden="true">{keysOf("translate")[0]}</kbd>
      </button></p>
      {found && (
        <section class="translation" id="translation" aria-label={t("translation")}>
          <p class="warning"><strong>{t("translation")}</strong> · {t("translation.by", { model: isolated(found.model) })}<br />{t("translation.aid")}</p>
          {found.paragraphs.map(([own, other], i) => (
            <div class="pair" key={i}>
              <p class="other" dir={direction()} lang={found.to}>{other}</p>
              <p class="own" dir={directionOf(own)} lang={doc.lang ?? undefined}>{own}</p>
            </div>))}
        </section>
      )}
    </>
  );
}
