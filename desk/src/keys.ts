/** Single keys, off inside inputs and windows; each user can give an action another key. */
import { useLayoutEffect } from "preact/hooks";

export const ACTIONS: Record<string, string[]> = {
  next: ["j", "ArrowDown"], previous: ["k", "ArrowUp"], open: ["Enter"], accept: ["a"], reject: ["x"], skip: [" "],
  edit: ["e"], merge: ["m"], split: ["s"], apart: ["d"], note: ["n"], flag: ["f"], undo: ["u", "Backspace"],
  next_words: ["]"], previous_words: ["["], search: ["/"], list: ["g l"], map: ["g m"], time: ["g t"], text: ["g x"],
  batch: ["b"], read: ["r"], translate: ["t"], help: ["?"],
};

const stored = (): Record<string, string> => {
  try {
    return JSON.parse(localStorage.getItem("constat.keys") ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
};

export const keysOf = (action: string): string[] => (stored()[action] ? [stored()[action]!] : ACTIONS[action] ?? []);

/** Give an action another key; nothing gives it its first one back. */
export function remap(action: string, key: string) {
  const all = stored();
  if (key) all[action] = key; else delete all[action];
  localStorage.setItem("constat.keys", JSON.stringify(all));
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.closest("dialog,.maplibregl-canvas-container") !== null);

let before = "";
let beforeAt = 0;

export function useKeys(acts: Record<string, (() => void) | undefined>) {
  // With the page itself, not after it is painted: a key pressed at once means what is shown.
  useLayoutEffect(() => {
    const hear = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return;
      // A button that has the focus keeps Enter and Space for itself.
      if ((e.key === "Enter" || e.key === " ") && e.target instanceof Element && e.target.closest("button,a,summary,label")) return;
      const long = e.timeStamp - beforeAt < 1200 ? `${before} ${e.key}` : "";
      const action = Object.keys(acts).find((a) => acts[a] && long && keysOf(a).includes(long)) ??
        Object.keys(acts).find((a) => acts[a] && keysOf(a).includes(e.key));
      before = e.key;
      beforeAt = e.timeStamp;
      if (!action) return;
      e.preventDefault();
      before = "";
      acts[action]!();
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  });
}
