/** The kinds of events by their type, as the server's ontology has them. */
import { get } from "./api";

export let KINDS: [string, string[]][] = [];
export async function loadKinds() {
  KINDS = (await get<{ kinds: [string, string[]][] }>("/api/kinds")).kinds;
}
