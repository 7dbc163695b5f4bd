/** The address bar holds all that is looked at: the page, the filters, the incident. So every view can be sent on. */
import { useEffect, useState } from "preact/hooks";

export interface Place { path: string; query: URLSearchParams }

const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });
const heard = new Set<(place: Place) => void>();
const tell = () => heard.forEach((hear) => hear(here()));
addEventListener("popstate", tell);

export function go(to: string, replace = false) {
  if (to === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  tell();
}

/** Change parts of the query; null takes a name out. */
export function turn(changes: Record<string, string | string[] | null>, replace = false) {
  const { path, query } = here();
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    if (Array.isArray(value)) value.forEach((v) => query.append(name, v));
    else if (value) query.set(name, value);
  }
  const text = query.toString();
  go(text ? `${path}?${text}` : path, replace);
}

export function usePlace(): Place {
  const [place, set] = useState(here);
  useEffect(() => {
    heard.add(set);
    return () => { heard.delete(set); };
  }, []);
  return place;
}
