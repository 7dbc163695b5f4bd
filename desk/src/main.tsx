/** The shell: what is always there, and which page the address asks for. */
import "./trusted";
import { render } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { askAhead, get, remove } from "./api";
import { Feed, useUnread } from "./feed";
import { Overview } from "./overview";
import { go, usePlace } from "./place";
import { Accounts, SignIn } from "./people";
import { listOf, Queue } from "./queue";
import { Read } from "./read";
import { Announcements, trouble } from "./ui";
import type { About } from "./types";
import { apply, LANGUAGES, language, number, speak, t } from "./words";

type Theme = "auto" | "light" | "dark";
const THEMES: Theme[] = ["auto", "light", "dark"];

function theme(): Theme {
  const kept = localStorage.getItem("constat.theme") as Theme | null;
  return kept && THEMES.includes(kept) ? kept : "auto";
}

function paint(to: Theme) {
  localStorage.setItem("constat.theme", to);
  document.documentElement.dataset.theme = to;
}

export function Link({ to, children, here }: { to: string; children: preact.ComponentChildren; here?: boolean }) {
  return <a href={to} aria-current={here ? "page" : undefined} onClick={(e) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
    e.preventDefault();
    go(to);
  }}>{children}</a>;
}

function Desk() {
  const [about, setAbout] = useState<About | null>(null);
  const [, again] = useState(0);
  const [light, setLight] = useState(theme());
  const { path } = usePlace();
  const unread = useUnread(Boolean(about?.signed_in && about.casebook));
  const load = () => { get<About>("/api/about").then(setAbout, trouble); };
  useLayoutEffect(load, []);
  const asked = path === "/" ? (about?.casebook ? "queue" : "read") : path.split("/")[1]!;
  const page = about && !about.signed_in ? "sign-in" : asked;
  useEffect(() => { document.title = `${t(`page.${page}`)} · Constat`; });
  return (
    <>
      <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById("main")?.focus(); }}>
        {t("skip")}</a>
      <header class="bar">
        <span class="mark-name"><Link to="/">Constat</Link></span>
        <nav aria-label={t("pages")}>
          {about?.signed_in && <Link to="/read" here={page === "read"}>{t("page.read")}</Link>}
          {about?.casebook && <Link to="/queue" here={page === "queue"}>{t("page.queue")}</Link>}
          {about?.casebook && <Link to="/overview" here={page === "overview"}>{t("page.overview")}</Link>}
          {about?.casebook && <Link to="/alerts" here={page === "alerts"}>{t("page.alerts")}{unread > 0 && <>
            {" "}<span class="badge" aria-hidden="true">{number(unread)}</span><span class="hidden">, {t("alerts.unread", { n: unread })}</span></>}</Link>}
          {about?.accounts && about.role === "admin" && <Link to="/accounts" here={page === "accounts"}>{t("page.accounts")}</Link>}
        </nav>
        <span class="push">{about?.casebook && <bdi class="quiet book">{about.casebook}</bdi>}</span>
        {about?.accounts && about.signed_in && <button class="small" onClick={() => { remove("/api/session").then(load, trouble); }}>
          <bdi>{about.user}</bdi> · {t("sign-out")}</button>}
        <label class="small"><span class="hidden">{t("language")}</span>
          <select value={language()} onChange={(e) => { speak(e.currentTarget.value); again((n) => n + 1); }}>
            {LANGUAGES.map(([code, name]) => <option key={code} value={code} lang={code}>{name}</option>)}
          </select></label>
        <label class="small"><span class="hidden">{t("theme")}</span>
          <select value={light} onChange={(e) => { const to = e.currentTarget.value as Theme; paint(to); setLight(to); }}>
            {THEMES.map((name) => <option key={name} value={name}>{t(`theme.${name}`)}</option>)}
          </select></label>
      </header>
      {about && page === "sign-in" && <SignIn onDone={load} />}
      {about && page === "accounts" && <Accounts />}
      {about && page === "read" && <Read about={about} />}
      {about && page === "queue" && <Queue about={about} />}
      {about && page === "overview" && <Overview />}
      {about && page === "alerts" && <Feed />}
      <Announcements />
    </>
  );
}

apply();
paint(theme());
askAhead("/api/about");
if (location.pathname === "/" || location.pathname === "/queue") askAhead(listOf(new URLSearchParams(location.search)));
render(<Desk />, document.getElementById("desk")!);
