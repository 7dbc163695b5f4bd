/** Paste and read: a text, a file or an address, read at once; kept or not. */
import { useRef, useState } from "preact/hooks";
import { get, post, query, send } from "./api";
import { go } from "./place";
import { ReadingView } from "./reading";
import { announce, trouble } from "./ui";
import type { About, KeptNow, Tried } from "./types";
import { LANGUAGES, t } from "./words";
import { loadLabels } from "./world";

const ADDRESS = /^https?:\/\/\S+$/i;

export function Read({ about }: { about: About }) {
  const [text, setText] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [more, setMore] = useState({ title: "", published: "", lang: "", publisher: "", url: "" });
  const [tried, setTried] = useState<Tried | null>(null);
  const [busy, setBusy] = useState(false);
  const [took, setTook] = useState(0);
  const [over, setOver] = useState(false);
  const [, came] = useState(0);
  const results = useRef<HTMLDivElement>(null);

  const address = ADDRESS.test(text.trim());
  const known = Object.fromEntries(Object.entries(more).filter(([, v]) => v));
  const about_file = (f: File) => query({ name: f.name, published: more.published, lang: more.lang, publisher: more.publisher });
  const pasted = () => (address ? { ...known, url: text.trim(), text: "" } : { ...known, text });

  async function run<T>(what: () => Promise<T>): Promise<T | null> {
    setBusy(true);
    try {
      return await what();
    } catch (error) {
      trouble(error);
      return null;
    } finally {
      setBusy(false);
    }
  }

  async function read(f: File | null = file) {
    const start = performance.now();
    const found = await run(() => f
      ? send<Tried>(`/api/read/file${about_file(f)}`, f)
      : post<Tried>("/api/read", pasted()));
    if (!found) return;
    setTook(performance.now() - start);
    loadLabels().then(() => came((n) => n + 1), () => undefined);
    setTried(found);
    announce(t("read.done", { n: found.reports }));
    requestAnimationFrame(() => results.current?.scrollIntoView({ block: "start", behavior: "smooth" }));
  }

  async function keep() {
    const done = await run(() => file
      ? send<KeptNow>(`/api/keep/file${about_file(file)}`, file)
      : post<KeptNow>("/api/keep", pasted()));
    if (!done) return;
    announce(done.account.stored ? t("kept", { n: done.account.stored }) : done.account.duplicate ? t("kept.before")
      : done.failures.join("; "));
    const first = done.documents[0];
    const incident = first && await get<{ incidents: { id: string }[] }>(`/api/documents/${first}/incidents`)
      .then((d) => d.incidents[0]?.id, () => undefined);
    go(incident ? `/queue?incident=${incident}` : "/queue");
  }

  function dropped(e: DragEvent) {
    e.preventDefault();
    setOver(false);
    const f = e.dataTransfer?.files[0];
    if (f) { setFile(f); void read(f); return; }
    const said = e.dataTransfer?.getData("text/uri-list") || e.dataTransfer?.getData("text/plain");
    if (said) setText(said);
  }

  const field = (name: keyof typeof more, type: "text" | "date" | "url" = "text") => (
    <label>{t(`known.${name}`)}
      <input {...({ type } as { type: "text" })} value={more[name]} onInput={(e) => setMore({ ...more, [name]: e.currentTarget.value })} /></label>
  );

  return (
    <main class="read-page" id="main" tabIndex={-1}>
      <h1>{t("read.title")}</h1>
      <form class={`paste${over ? " over" : ""}`} onSubmit={(e) => { e.preventDefault(); void read(); }}
        onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={dropped}>
        <label for="pasted">{t("read.label")}</label>
        <textarea id="pasted" rows={file ? 2 : tried ? 4 : 9} dir="auto" value={text} autofocus placeholder={t("read.placeholder")}
          onInput={(e) => { setText(e.currentTarget.value); setFile(null); }}
          onKeyDown={(e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); void read(); } }} />
        {file && <p class="file"><bdi>{file.name}</bdi>{" "}
          <button type="button" onClick={() => { setFile(null); setTried(null); }}>{t("remove")}</button></p>}
        <details>
          <summary>{t("read.more")}</summary>
          <div class="fields">
            {field("published", "date")}{field("publisher")}{field("title")}
            <label>{t("known.lang")}
              <select value={more.lang} onChange={(e) => setMore({ ...more, lang: e.currentTarget.value })}>
                <option value="">{t("known.told")}</option>
                {about.languages.map((code) =>
                  <option key={code} value={code}>{LANGUAGES.find(([c]) => c === code)?.[1] ?? code}</option>)}
              </select></label>
            {!address && field("url", "url")}
          </div>
        </details>
        <div class="actions">
          <button class="main" type="submit" disabled={busy || (!file && !text.trim())}>
            {t(busy ? "read.busy" : address && !file ? "read.fetch" : "read.go")}</button>
          <label class="button">{t("read.file")}
            <input type="file" class="hidden" onChange={(e) => {
              const f = e.currentTarget.files?.[0];
              if (f) { setFile(f); void read(f); }
            }} /></label>
          {!text && !file && <button type="button" onClick={() => { setText(t("example")); setMore({ ...more, published: "2024-03-12" }); }}>{t("read.try")}</button>}
          <span class="quiet">{t("read.hint")}</span>
        </div>
      </form>
      <div ref={results}>
        {tried && (
          <>
            <div class="outcome">
              <span class="quiet">{t("read.took", { seconds: (took / 1000).toFixed(2) })}
                {tried.reports > tried.readings.length && ` · ${t("read.first", { n: tried.reports, shown: tried.readings.length })}`}
              </span>
              {about.casebook
                ? <button class="main" disabled={busy || about.role === "reader"} onClick={() => void keep()}>
                    {t("read.keep", { book: about.casebook })}</button>
                : <span class="quiet">{t("read.no_book")}</span>}
              <button onClick={() => { setTried(null); setText(""); setFile(null); }}>{t("read.discard")}</button>
            </div>
            {tried.failures.map((f) => <p class="note" key={f}><bdi>{f}</bdi></p>)}
            {tried.readings.map((r) => <ReadingView key={r.id} reading={r} />)}
          </>
        )}
      </div>
    </main>
  );
}
