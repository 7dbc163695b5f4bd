/** Signing in, and for admins the accounts. */
import { useEffect, useState } from "preact/hooks";
import { get, post, remove } from "./api";
import { announce, trouble } from "./ui";
import { named, t } from "./words";

export function SignIn({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  return (
    <main class="sign-in" id="main" tabIndex={-1}>
      <h1>{t("page.sign-in")}</h1>
      <form onSubmit={(e) => {
        e.preventDefault();
        setBusy(true);
        post("/api/session", { name, password }).then(onDone, trouble).finally(() => setBusy(false));
      }}>
        <label>{t("name")}<input value={name} autocomplete="username" autofocus onInput={(e) => setName(e.currentTarget.value)} /></label>
        <label>{t("password")}<input type="password" value={password} autocomplete="current-password" onInput={(e) => setPassword(e.currentTarget.value)} /></label>
        <div class="actions"><button class="main" disabled={busy || !name || !password}>{t("page.sign-in")}</button></div>
      </form>
    </main>
  );
}

interface Account { name: string; role: string }

export function Accounts() {
  const [all, setAll] = useState<Account[] | null>(null);
  const [made, setMade] = useState({ name: "", role: "reviewer", password: "" });
  const load = () => { get<{ accounts: Account[] }>("/api/accounts").then((a) => setAll(a.accounts), trouble); };
  useEffect(load, []);
  return (
    <main class="overview" id="main" tabIndex={-1}>
      <h1>{t("page.accounts")}</h1>
      <table><thead><tr><th scope="col">{t("name")}</th><th scope="col">{t("role")}</th><th><span class="hidden">{t("remove")}</span></th></tr></thead>
        <tbody>{all?.map((a) => (
          <tr key={a.name}><th scope="row"><bdi>{a.name}</bdi></th><td>{named("as", a.role)}</td>
            <td><button class="small" aria-label={`${t("remove")}: ${a.name}`} onClick={() => remove(`/api/accounts/${encodeURIComponent(a.name)}`).then(load, trouble)}>{t("remove")}</button></td></tr>))}</tbody></table>
      <h2>{t("accounts.add")}</h2>
      <form class="fields" onSubmit={(e) => {
        e.preventDefault();
        post("/api/accounts", made).then(() => { announce(t("accounts.made")); setMade({ name: "", role: "reviewer", password: "" }); load(); }, trouble);
      }}>
        <label>{t("name")}<input value={made.name} autocomplete="off" onInput={(e) => setMade({ ...made, name: e.currentTarget.value })} /></label>
        <label>{t("role")}<select value={made.role} onChange={(e) => setMade({ ...made, role: e.currentTarget.value })}>
          {["reader", "reviewer", "admin"].map((r) => <option key={r} value={r}>{named("as", r)}</option>)}</select></label>
        <label>{t("password")}<input type="password" value={made.password} autocomplete="new-password" onInput={(e) => setMade({ ...made, password: e.currentTarget.value })} /></label>
        <button class="main" disabled={!made.name || made.password.length < 10}>{t("accounts.add")}</button>
      </form>
    </main>
  );
}
