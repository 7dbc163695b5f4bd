/** Three linked panes: the queue, the map with the reports, and the record of the incident that was chosen. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Failure, get, post } from "./api";
import { Decide, Stale, type Ask } from "./decide";
import { asked, Filters } from "./filters";
import { Help } from "./help";
import { useKeys, keysOf } from "./keys";
import { loadKinds } from "./kinds";
import { List } from "./list";
import type { Lit, Selected } from "./marked";
import { toSpot, WorldMap, type Spot } from "./map";
import { Several } from "./more";
import { go, turn, usePlace } from "./place";
import { claimsOf, Record, titleOf } from "./record";
import { Sources } from "./source";
import { Timeline, toDay, type Day } from "./timeline";
import type { About, Done, Listed, Made, Row, Said, Whole } from "./types";
import { announce, trouble } from "./ui";
import { shownAs } from "./values";
import { named, t } from "./words";
import { loadLabels } from "./world";

const PAGE = 50;
/** The address of a list, also for asking ahead of the page. */
export const listOf = (query: URLSearchParams, count = PAGE) =>
  `/api/incidents?${asked(query)}&sort=${query.get("sort") ?? "attention"}&limit=${Math.min(500, count)}`;
const PANES = ["list", "map", "text", "record"] as const;

export function Queue({ about }: { about: About }) {
  const { query } = usePlace();
  const filters = asked(query), sort = query.get("sort") ?? "attention";
  const chosen = query.get("incident");
  const pane = query.get("pane") ?? (chosen ? "record" : "list");
  const [rows, setRows] = useState<Row[] | null>(null);
  const [total, setTotal] = useState<number | null>(null);
  const [whole, setWhole] = useState<Whole | null>(null);
  const [lit, setLit] = useState<Lit | null>(null);
  const opened = query.get("field");
  const setOpened = (field: string | null) => turn({ field }, true);
  const [ask, setAsk] = useState<Ask | null>(null);
  const [selected, setSelected] = useState<Selected | null>(null);
  const [stale, setStale] = useState<{ seen: Whole; now: Whole[] } | null>(null);
  const [help, setHelp] = useState(false);
  const [several, setSeveral] = useState(false);
  const [days, setDays] = useState<Day[]>([]);
  const [found, setFound] = useState<{ spots: Spot[]; width: number } | null>(null);
  const [picking, setPicking] = useState(false);
  const [picked, setPicked] = useState<[number, number] | null>(null);
  const folded = query.get("map") === "0";
  const [, came] = useState(0);
  const made = useRef<string[]>([]);
  const listing = useRef<Promise<void>>(Promise.resolve());
  const words = useRef(-1);
  const can = about.role === "reviewer" || about.role === "admin";

  const load = useCallback(async (count: number, signal?: AbortSignal) => {
    const found = await get<Listed>(`/api/incidents?${filters}&sort=${sort}&limit=${Math.min(500, count)}`, signal);
    setRows(found.incidents);
    setTotal(found.total);
  }, [filters, sort]);

  // At once and not after a picture without it: where pictures are drawn slowly, each costs a tenth of a second.
  useLayoutEffect(() => {
    const stop = new AbortController();
    listing.current = load(PAGE, stop.signal).catch(trouble);
    return () => stop.abort();
  }, [load]);

  // The time line shows what lies outside its brush, so its days are all of them.
  const timeless = useMemo(() => {
    const all = new URLSearchParams(filters);
    all.delete("since");
    all.delete("until");
    return all.toString();
  }, [filters]);
  const since = query.get("since"), until = query.get("until");
  const loadDays = useCallback((signal?: AbortSignal) =>
    get<{ days: Parameters<typeof toDay>[0][] }>(`/api/days?${timeless}`, signal).then((found) => setDays(found.days.map(toDay)), trouble), [timeless]);
  const loadSpots = useCallback((signal?: AbortSignal) =>
    get<{ spots: Parameters<typeof toSpot>[0][]; width: number }>(`/api/spots?${filters}`, signal)
      .then(({ spots, width }) => setFound({ spots: spots.map((s) => toSpot(s)), width }))
      .catch((error) => { trouble(error); setFound((held) => held ?? { spots: [], width: 0 }); }), [filters]);
  const afterList = (loading: (signal?: AbortSignal) => Promise<void>) => () => {
    // After the list, which is what is looked at first.
    const stop = new AbortController();
    void listing.current.then(() => { if (!stop.signal.aborted) void loading(stop.signal); });
    return () => stop.abort();
  };
  useLayoutEffect(afterList(loadDays), [loadDays]);
  useLayoutEffect(afterList(loadSpots), [loadSpots]);
  // What windows and filters are made of, once all else is there.
  useEffect(() => {
    if (!found) return;
    loadKinds().then(() => came((n) => n + 1), trouble);
    loadLabels().then(() => came((n) => n + 1), trouble);
  }, [found === null]);

  const loadMarks = () => { void loadDays(); void loadSpots(); };

  const more = useMemo(() => (rows && total !== null && rows.length < total ? () => {
    get<Listed>(`/api/incidents?${filters}&sort=${sort}&limit=${PAGE}&offset=${rows.length}`).then((found) => {
      setRows((held) => {
        const known = new Set(held?.map((r) => r.id));
        return [...(held ?? []), ...found.incidents.filter((r) => !known.has(r.id))];
      });
    }, trouble);
  } : null), [rows, total, filters, sort]);

  useEffect(() => {
    setSelected(null); setLit(null); setPicking(false); setPicked(null); words.current = -1;
    if (!chosen) { setWhole(null); return; }
    if (whole?.incident.id === chosen) return;
    const stop = new AbortController();
    get<Whole>(`/api/incidents/${chosen}`, stop.signal).then(setWhole, trouble);
    return () => stop.abort();
  }, [chosen]);

  const here = whole && whole.incident.id === chosen ? whole : null;
  const place = rows?.findIndex((r) => r.id === chosen) ?? -1;
  const choose = (id: string | undefined, to: string | null = null) => {
    if (id) turn({ incident: id, document: null, field: null, at: null, pane: to }, chosen !== null);
  };
  const step = (by: number) => {
    if (!rows?.length) return;
    const to = Math.max(0, Math.min(rows.length - 1, place < 0 ? 0 : place + by));
    choose(rows[to]!.id, query.get("pane"));
    if (to > rows.length - 5) more?.();
  };

  async function decide(said: Said, after?: string) {
    const seen = here;
    // What stands open was seen last, so it is the last word.
    const known = new Map([...(rows ?? []), ...(here?.tied ?? []), ...(here?.near ?? []), here?.row].filter((r) => r !== undefined).map((r) => [r.id, r.revision]));
    try {
      const about = await Promise.all(said.about.map(async (id) => known.has(id) || said.kind === "undo" ? [id, known.get(id) ?? ""] as const
        : get<Whole>(`/api/incidents/${id}`).then((w) => [w.incident.id, w.revision] as const)));
      const done = await post<Done>("/api/decisions", {
        ...said, about: about.map(([id]) => id), seen: said.kind === "undo" ? [] : about.map(([, revision]) => revision),
      });
      setAsk(null);
      setSelected(null);
      if (said.kind === "undo") made.current = made.current.filter((id) => id !== said.about[0]);
      else made.current.push(done.decision);
      announce(t(`done.${said.kind}`), said.kind === "undo" ? undefined : () => undo(done.decision));
      setPicked(null);
      await load(Math.max(PAGE, rows?.length ?? 0));
      loadMarks();
      const now = done.incidents[0];
      if (after) choose(after, query.get("pane"));
      else if (now) {
        setWhole(now);
        turn({ incident: now.incident.id }, true);
      }
    } catch (error) {
      if (error instanceof Failure && error.trouble.code === "stale" && seen) {
        setAsk(null);
        setStale({ seen, now: (error.trouble.detail as { now: Whole[] } | null)?.now ?? [] });
      } else trouble(error);
    }
  }

  const undo = (id: string | undefined) => {
    const last = id ?? made.current.at(-1) ?? [...(here?.history ?? [])].reverse().find((m) => m.holds)?.id;
    if (last) void decide({ kind: "undo", about: [last] }); else announce(t("nothing_to_undo"));
  };

  const on = (act: () => void) => () => {
    if (!here) announce(t("choose_one")); else if (!can) trouble(new Failure(403, { code: "forbidden", message: "", detail: null })); else act();
  };
  const accept = on(() => void decide({ kind: "accept", about: [here!.incident.id] }, rows?.[place + 1]?.id));
  const set = (field: string, value: string) => void decide({ kind: "value", about: [here!.incident.id], field, value });
  const split = on(() => { if (here!.incident.events.length < 2) announce(t("one_telling")); else setAsk({ what: "split" }); });
  const walk = (by: number) => {
    if (!here) return;
    const all = here.claim_ids.filter((id) => here.where[id]);
    words.current = (words.current + by + all.length) % all.length;
    const claim = claimsOf(here).get(all[words.current]!);
    if (!claim) return;
    turn({ document: here.where[claim.id]![0]! }, true);
    setLit({ claim: claim.id });
    setOpened(shownAs(claim.field));
  };
  const focus = (id: string) => document.getElementById(id)?.focus();

  useKeys(help || ask || stale || several ? {} : {
    next: () => step(1), previous: () => step(-1), skip: () => step(1), open: () => choose(rows?.[Math.max(0, place)]?.id, "record"),
    accept, reject: on(() => setAsk({ what: "reject" })), edit: on(() => setAsk({ what: "edit", field: opened ?? "place" })),
    merge: on(() => setAsk({ what: "merge" })), split, apart: on(() => setAsk({ what: "apart" })),
    note: on(() => setAsk({ what: "note" })), undo: () => undo(undefined), search: () => focus("search"),
    next_words: () => walk(1), previous_words: () => walk(-1), list: () => focus("list"), text: () => focus("text"), time: () => focus("timeline"), translate: () => document.getElementById("translate")?.click(),
    map: () => (document.querySelector<HTMLElement>(".maplibregl-canvas") ?? document.getElementById("map"))?.focus(),
    help: () => setHelp(true), flag: on(() => set("flag", here!.row.flagged ? "no" : "yes")), batch: () => { if (can) setSeveral(true); },
  });

  const first = here?.incident.fields.find((f) => f.field === "approval")?.value;
  const approval = typeof first === "string" ? first : null;
  const key = (action: string) => <kbd aria-hidden="true">{keysOf(action)[0]}</kbd>;
  return (
    <main class={`queue pane-${pane}`} id="main" tabIndex={-1}>
      <h1 class="hidden">{t("queue.title")}</h1>
      <nav class="panes" aria-label={t("panes")}>{PANES.map((p) => (
        <button key={p} aria-current={p === pane ? "true" : undefined} disabled={p !== "list" && p !== "map" && !chosen}
          onClick={() => turn({ pane: p }, true)}>{t(`pane.${p}`)}</button>))}</nav>
      <section class="column left" aria-label={t("pane.list")}>
        <Filters query={query} total={total} />
        {rows && rows.length === 0 && (
          <p class="none">{filters ? t("queue.empty") : <>{t("queue.nothing")} <button class="bare link" onClick={() => go("/read")}>{t("queue.add")}</button></>}</p>)}
        {rows && <List rows={rows} chosen={chosen} onChoose={(id) => choose(id, "record")} more={more} />}
      </section>
      <div class={`column middle${folded ? " folded" : ""}`}>
        {!folded && (
          <section aria-label={t("pane.map")}>
            {found && <WorldMap spots={found.spots} whole={here} tiles={about.tiles} onChoose={(id) => choose(id, "record")} picking={picking}
              onSpot={([lat, lon]) => turn({ near: `${lat},${lon}`, km: String(Math.max(1, Math.ceil(found.width * 111))), pane: "list" })}
              onPicked={(at) => { setPicking(false); setPicked(at); setAsk({ what: "edit", field: "place" }); }}
              onMoved={can && here ? (at) => { setPicked(at); setAsk({ what: "edit", field: "place" }); } : null} />}
          </section>
        )}
        <section class="time" aria-label={t("timeline")}>
          {days.length > 0 && <Timeline days={days} since={since} until={until} chosen={here?.row.date?.value ?? null} />}
          <button class="small" aria-pressed={!folded} onClick={() => turn({ map: folded ? null : "0" }, true)}>{t("pane.map")}</button>
        </section>
        <section class="text scrolls" id="text" tabIndex={0} aria-label={t("pane.text")}>
          {here ? <Sources whole={here} chosen={query.get("document")} lit={lit} onLit={setLit} onField={setOpened} canSave={can} model={about.model}
            onSelect={setSelected} /> : <p class="none">{t("select_hint")}</p>}
        </section>
      </div>
      <section class="column right scrolls" aria-label={t("pane.record")}>
        {!chosen && rows && rows.length > 0 && (
          <>
            <h2>{t("start.title")}</h2>
            <p>{t("start.how")}</p>
            <div class="start-here">{["next", "accept", "reject", "edit", "merge", "undo", "search", "help"].map((a) => (
              <><kbd>{keysOf(a)[0]}</kbd><span>{t(`key.${a}`)}</span></>))}</div>
          </>
        )}
        {here && (
          <>
            <header class="title"><h2><bdi>{titleOf(here)}</bdi></h2>
              <span class={`state ${here.incident.status}`}>{named("status", here.incident.status)}</span></header>
            {can && (
              <div class="toolbar" role="group" aria-label={t("do")}>
                <button class="main" onClick={accept}>{t("accept")} {key("accept")}</button>
                <button onClick={() => setAsk({ what: "reject" })}>{t("reject")} {key("reject")}</button>
                <button onClick={() => setAsk({ what: "merge" })}>{t("merge")} {key("merge")}</button>
                {here.incident.events.length > 1 && <button onClick={split}>{t("split")} {key("split")}</button>}
                <button onClick={() => setAsk({ what: "apart" })}>{t("apart")} {key("apart")}</button>
                <button onClick={() => setAsk({ what: "note" })}>{t("note.add")} {key("note")}</button>
                <button aria-pressed={here.row.flagged} onClick={() => set("flag", here.row.flagged ? "no" : "yes")}>{t("flag")} {key("flag")}</button>
                <button onClick={() => undo(undefined)}>{t("undo")} {key("undo")}</button>
                <button aria-label={t("help")} onClick={() => setHelp(true)}>{key("help")}</button>
                <label class="small release"><span class="hidden">{t("release")}</span>
                  <select value={here.row.release ?? "draft"} onChange={(e) => set("release", e.currentTarget.value)}>
                    {["draft", "restricted", "published"].map((r) => <option key={r} value={r}>{t(`release.${r}`)}</option>)}</select></label>
              </div>
            )}
            {approval && here.incident.status === "open" && <p class="note">{t("approved.first", { who: approval })}</p>}
            {selected && can && (
              <p class="selected">“<bdi>{selected.quote}</bdi>” <button onClick={() => setAsk({ what: "edit", field: opened ?? "target" })}>
                {t("edit")} {key("edit")}</button></p>
            )}
            <Record whole={here} lit={lit} onLit={setLit} opened={opened} onOpen={setOpened}
              onWords={(claim, document) => { turn({ document }, true); setLit({ claim: claim.id }); }}
              {...(can ? { onEdit: (field: string) => setAsk({ what: "edit", field }), onUndo: (m: Made) => undo(m.id) } : {})} />
          </>
        )}
      </section>
      {ask && here && <Decide ask={ask} whole={here} selected={selected} picked={ask.what === "edit" ? picked : null}
        onPick={() => { setAsk(null); setPicking(true); turn({ map: null, pane: "map" }, true); }}
        onDecide={(said) => void decide(said, said.kind === "reject" ? rows?.[place + 1]?.id : undefined)} onClose={() => { setAsk(null); setPicked(null); }} />}
      {stale && <Stale {...stale} onClose={() => setStale(null)} onAgain={() => {
        const now = stale.now[0];
        setStale(null);
        void load(Math.max(PAGE, rows?.length ?? 0));
        if (now) { setWhole(now); turn({ incident: now.incident.id }, true); } else turn({ incident: null }, true);
      }} />}
      {several && <Several filters={filters} onClose={() => setSeveral(false)} onDone={() => {
        setSeveral(false);
        void load(Math.max(PAGE, rows?.length ?? 0));
        loadMarks();
      }} />}
      {help && <Help onClose={() => setHelp(false)} />}
    </main>
  );
}
