/** What is said to the user outside of the panes: announcements, which screen readers speak, and troubles. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Failure } from "./api";
import { t } from "./words";

export interface Said { text: string; bad: boolean; id: number; undo?: () => void }
let heard: (said: Said) => void = () => undefined;
let count = 0;

export function announce(text: string, undo?: () => void) {
  heard({ text, bad: false, id: ++count, ...(undo ? { undo } : {}) });
}

export function trouble(error: unknown) {
  if (error instanceof DOMException && error.name === "AbortError") return;
  const code = error instanceof Failure ? error.trouble.code : "fault";
  const known = t(`trouble.${code}`);
  const words = error instanceof Failure ? error.trouble.message : String(error);
  heard({ text: [known === `trouble.${code}` ? "" : known, words].filter(Boolean).join(" "), bad: true, id: ++count });
}

export function Announcements() {
  const [said, set] = useState<Said | null>(null);
  useEffect(() => { heard = set; }, []);
  useEffect(() => {
    if (!said || said.bad) return;
    const timer = setTimeout(() => set((s) => (s?.id === said.id ? null : s)), 8000);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <div class="announcements">
      <div role="status" aria-live="polite">{said && !said.bad && <Toast said={said} close={() => set(null)} />}</div>
      <div role="alert">{said?.bad && <Toast said={said} close={() => set(null)} />}</div>
    </div>
  );
}

function Toast({ said, close }: { said: Said; close: () => void }) {
  return <div class={`toast${said.bad ? " bad" : ""}`}><bdi>{said.text}</bdi>
    {said.undo && <button onClick={() => { said.undo?.(); close(); }}>{t("undo")}</button>}
    <button class="bare" aria-label={t("close")} onClick={close}>×</button></div>;
}

interface DialogProps { title: string; children: preact.ComponentChildren; onClose: () => void; wide?: boolean }
/** A window over the page; Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, children, onClose, wide }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog ref={box} class={wide ? "wide" : ""} aria-labelledby="dialog-title" onClose={onClose}
      onCancel={(e) => { e.preventDefault(); onClose(); }}>
      <header><h2 id="dialog-title">{title}</h2>
        <button class="bare" aria-label={t("close")} onClick={onClose}>×</button></header>
      {children}
    </dialog>
  );
}
