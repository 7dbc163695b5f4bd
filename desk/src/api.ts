/** Questions to the server, and the one error that all of them can end with. */
import type { Trouble } from "./types";

export class Failure extends Error {
  constructor(readonly status: number, readonly trouble: Trouble) {
    super(trouble.message);
  }
}

const ahead = new Map<string, Promise<unknown>>();

async function ask<T>(method: string, path: string, body?: BodyInit, type?: string, signal?: AbortSignal): Promise<T> {
  if (method !== "GET") ahead.clear();  // whoever signs in or decides changes what those answers would be
  const headers: Record<string, string> = type ? { "Content-Type": type } : {};
  let answer: Response;
  try {
    answer = await fetch(path, { method, body, headers, signal: signal ?? null });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Failure(0, { code: "offline", message: "", detail: null });
  }
  const said: unknown = await answer.json().catch(() => null);
  if (!answer.ok) {
    const trouble = (said as { error?: Trouble } | null)?.error;
    throw new Failure(answer.status, trouble ?? { code: "fault", message: String(answer.status), detail: null });
  }
  return said as T;
}

/** Ask for what a page will want, while its parts are still on their way; whoever gets it first takes it. */
export function askAhead(path: string) {
  const coming = ask<unknown>("GET", path);
  ahead.set(path, coming);
  coming.catch(() => { if (ahead.get(path) === coming) ahead.delete(path); });
}

export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const coming = ahead.get(path) as Promise<T> | undefined;
  ahead.delete(path);
  if (!coming) return ask<T>("GET", path, undefined, undefined, signal);
  return coming.then((said) => {
    signal?.throwIfAborted();
    return said;
  });
}
export const post = <T>(path: string, body: unknown) => ask<T>("POST", path, JSON.stringify(body), "application/json");
export const put = <T>(path: string, body: unknown) => ask<T>("PUT", path, JSON.stringify(body), "application/json");
export const remove = <T>(path: string) => ask<T>("DELETE", path);
export const send = <T>(path: string, file: Blob) => ask<T>("POST", path, file, "application/octet-stream");

/** A query string of what is set. */
export function query(values: Record<string, string | number | boolean | string[] | null | undefined>): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (Array.isArray(value)) value.forEach((v) => out.append(name, v));
    else if (value !== null && value !== undefined && value !== "" && value !== false) out.set(name, String(value));
  }
  const text = out.toString();
  return text ? `?${text}` : "";
}
