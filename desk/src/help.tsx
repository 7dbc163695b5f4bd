/** The sheet of keys, in which each can be changed. */
import { useState } from "preact/hooks";
import { ACTIONS, keysOf, remap } from "./keys";
import { Dialog } from "./ui";
import { t } from "./words";

export function Help({ onClose }: { onClose: () => void }) {
  const [, again] = useState(0);
  return (
    <Dialog title={t("keys.title")} onClose={onClose} wide>
      <p class="quiet">{t("keys.change")}</p>
      <div class="keys">
        {Object.keys(ACTIONS).map((action) => (
          <label key={action}><span>{t(`key.${action}`)}</span>
            <input value={keysOf(action).map((k) => (k === " " ? "␣" : k)).join("  ")} readOnly size={8} onKeyDown={(e) => {
              if (e.key === "Tab" || e.key === "Escape" || e.key === "Shift") return;
              e.preventDefault();
              remap(action, e.key === "Delete" ? "" : e.key);
              again((n) => n + 1);
            }} /></label>))}
      </div>
      <div class="actions"><button onClick={() => { Object.keys(ACTIONS).forEach((a) => remap(a, "")); again((n) => n + 1); }}>
        {t("keys.reset")}</button></div>
    </Dialog>
  );
}
