/** The alerts of the watches: a card for each incident that is followed, with what is new of it, and whether it was read. */
import { useEffect, useRef, useState } from "preact/hooks";
import { get, post, query as queryOf } from "./api";
import { Help } from "./help";
import { keysOf, useKeys } from "./keys";
import { go, turn, usePlace } from "./place";
import { announce, trouble } from "./ui";
import { isolated, language, moment, t } from "./words";

interface News { number: number; kind: "new" | "update" | "merged" | "withdrawn"; at: string; headline: string; told: string[] }
interface Thread { id: string; watch: string; incident: string | null; unread: number; news: News[]; reports: string[] }
interface Watching { name: string; looked_at: string | null; follows: number; alerts: number }
interface Given { threads: Thread[]; total: number; unread: number; newest: number; next: number | null; watches: Watching[] }
interface Looked { raised: number; unread: number; watches: number }

const EVERY = 60_000;  // milliseconds between two looks
const PAGE = 30;
const SAMPLE = '[[watch]]\nname = "roads east"\nnear = "Kassala"\nkm = 120\nmin_killed = 1\nchannels = ["desk"]';
let counted: (unread: number) => void = () => undefined;
let came: () => void = () => undefined;

/** How many threads hold something unread; the watches look every minute while the page is seen. */
export function useUnread(on: boolean): number {
  const [unread, set] = useState(0);
  useEffect(() => {
    counted = set;
    if (!on) { set(0); return; }
    let timer = 0;
    const look = () => {
      clearTimeout(timer);
      if (document.hidden) return;
      post<Looked>("/api/alerts/look", null).then((looked) => {
        set(looked.unread);
        if (looked.raised) { announce(t("alerts.came", { n: looked.raised })); came(); }
        if (looked.watches) timer = window.setTimeout(look, EVERY);
      }, () => { timer = window.setTimeout(look, EVERY); });  // whoever is asked next says what is wrong
    };
    timer = window.setTimeout(look, 1500);  // after what the page itself asks for
    document.addEventListener("visibilitychange", look);
    return () => { clearTimeout(timer); document.removeEventListener("visibilitychange", look); };
  }, [on]);
  return unread;
}

export function Feed() {
  const { query } = usePlace();
  const only = query.get("unread") === "1", watch = query.get("watch"), here = query.get("thread"), lang = language();
  const [given, setGiven] = useState<Given | null>(null);
  const [help, setHelp] = useState(false);
  const shown = useRef(PAGE);
  const load = () => get<Given>(`/api/alerts${queryOf({ lang, unread: only, watch, limit: shown.current })}`)
    .then((g) => { setGiven(g); counted(g.unread); }, trouble);
  useEffect(() => { shown.current = PAGE; void load(); came = () => void load(); return () => { came = () => undefined; }; }, [only, watch, lang]);

  const mark = (threads: Record<string, number>, upTo: number | null, then?: () => void) => {
    post<Looked>("/api/alerts/read", { threads, up_to: upTo }).then((looked) => { counted(looked.unread); if (then) then(); else void load(); }, trouble);
  };
  const last = (thread: Thread) => thread.news[0]?.number ?? 0;
  const turnOver = (thread: Thread) => mark({ [thread.id]: thread.unread ? last(thread) : last(thread) - 1 }, null);
  const open = (thread: Thread) => {
    if (!thread.incident) { announce(t("alerts.no_incident")); return; }
    const to = `/queue?incident=${thread.incident}&pane=record`;
    if (thread.unread) mark({ [thread.id]: last(thread) }, null, () => go(to)); else go(to);
  };
  const threads = given?.threads ?? [];
  const at = threads.findIndex((thread) => thread.id === here);
  const step = (by: number) => {
    const to = threads[Math.max(0, Math.min(threads.length - 1, at < 0 ? 0 : at + by))];
    if (!to) return;
    turn({ thread: to.id }, true);
    document.getElementById(`thread-${to.id}`)?.focus();
  };
  useKeys(help ? {} : {
    next: () => step(1), previous: () => step(-1), open: () => { if (threads[at]) open(threads[at]!); },
    read: () => { if (threads[at]) turnOver(threads[at]!); else announce(t("alerts.choose")); }, help: () => setHelp(true),
  });

  return (
    <main class="feed" id="main" tabIndex={-1}>
      <h1>{t("page.alerts")}</h1>
      {given && given.watches.length === 0 && given.total === 0 && (
        <section><p>{t("alerts.no_watch")}</p><pre class="sample" tabIndex={0}>{SAMPLE}</pre><p class="quiet">{t("alerts.no_watch_more")}</p></section>)}
      {given && (given.watches.length > 0 || given.total > 0) && (
        <div class="tools" role="group" aria-label={t("alerts.tools")}>
          <label><input type="checkbox" checked={only} onChange={(e) => turn({ unread: e.currentTarget.checked ? "1" : null }, true)} />{t("alerts.only_unread")}</label>
          {given.watches.length > 1 && <label>{t("alerts.watch")}
            <select value={watch ?? ""} onChange={(e) => turn({ watch: e.currentTarget.value || null }, true)}>
              <option value="">{t("alerts.every_watch")}</option>
              {given.watches.map((w) => <option key={w.name} value={w.name}>{w.name}</option>)}</select></label>}
          <span class="grow quiet" role="status">{t("alerts.unread", { n: given.unread })}</span>
          <button class="small" disabled={given.unread === 0} onClick={() => mark({}, given.newest)}>{t("alerts.all_read")}</button>
          <button class="small" aria-label={t("help")} onClick={() => setHelp(true)}><kbd aria-hidden="true">{keysOf("help")[0]}</kbd></button>
        </div>)}
      {given && given.total === 0 && given.watches.length > 0 && <p class="none">{t(only ? "alerts.none_unread" : "alerts.none")}</p>}
      <ul class="threads">{threads.map((thread) => (
        <Card key={thread.id} thread={thread} here={thread.id === here} onOpen={() => open(thread)} onTurn={() => turnOver(thread)}
          onFocus={() => turn({ thread: thread.id }, true)} />))}</ul>
      {given?.next && <p><button onClick={() => { shown.current += PAGE; void load(); }}>{t("more_rows")}</button></p>}
      {given && given.watches.length > 0 && (
        <ul class="watches quiet" aria-label={t("alerts.watches")}>{given.watches.map((w) => (
          <li key={w.name}><bdi>{w.name}</bdi> · {t("alerts.follows", { n: w.follows })} · {w.looked_at ? t("alerts.looked", { at: moment(w.looked_at) }) : t("alerts.never")}</li>))}</ul>)}
      {help && <Help onClose={() => setHelp(false)} />}
    </main>
  );
}

interface CardProps { thread: Thread; here: boolean; onOpen: () => void; onTurn: () => void; onFocus: () => void }
function Card({ thread, here, onOpen, onTurn, onFocus }: CardProps) {
  const [first, ...earlier] = thread.news;
  if (!first) return null;
  const name = <bdi>{first.headline}</bdi>;
  return (
    <li id={`thread-${thread.id}`} class={`thread${thread.unread ? " unread" : ""}${here ? " here" : ""}`} tabIndex={-1}
      aria-current={here ? "true" : undefined} onFocusCapture={here ? undefined : onFocus}>
      <header><span class={`kind ${first.kind}`}>{t(`alerts.${first.kind}`)}</span>
        <h2>{thread.unread > 0 && <span class="hidden">{t("alerts.is_unread")} </span>}
          {thread.incident ? <a href={`/queue?incident=${thread.incident}&pane=record`} onClick={(e) => {
            if (e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
            e.preventDefault();
            onOpen();
          }}>{name}</a> : name}</h2>
        <time class="quiet" dateTime={first.at}>{moment(first.at)}</time></header>
      <ul>{first.told.map((line, n) => <li key={n}><bdi>{line}</bdi></li>)}</ul>
      {earlier.length > 0 && (
        <details><summary>{t("alerts.earlier", { n: earlier.length })}</summary>
          <ol reversed>{earlier.map((news) => (
            <li key={news.number}><span class="kind">{t(`alerts.${news.kind}`)}</span> <time class="quiet" dateTime={news.at}>{moment(news.at)}</time>
              <ul>{news.told.map((line, n) => <li key={n}><bdi>{line}</bdi></li>)}</ul></li>))}</ol></details>)}
      {thread.reports.length > 0 && (
        <details><summary>{t("alerts.reports", { n: thread.reports.length })}</summary>
          <ul>{thread.reports.map((r, n) => <li key={n}><bdi>{r}</bdi></li>)}</ul></details>)}
      <footer><span class="quiet">{t("alerts.of", { name: isolated(thread.watch) })}{thread.unread > 1 && <> · {t("alerts.news", { n: thread.unread })}</>}</span>
        <button class="small" onClick={onTurn}>{t(thread.unread ? "alerts.mark_read" : "alerts.mark_unread")}</button></footer>
    </li>
  );
}
