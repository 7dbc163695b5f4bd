/** The kinds of events by their type, weapons and measures, as the server's ontology has them. */
import { get } from "./api";

export let KINDS: [string, string[]][] = [];
/** The values of fields that are chosen from a list. */
export let LISTED: Record<string, string[]> = {};
export async function loadKinds() {
  const found = await get<{ kinds: [string, string[]][]; weapons: string[]; measures: string[] }>("/api/kinds");
  KINDS = found.kinds;
  LISTED = { weapons: found.weapons, responses: found.measures, uncertain: ["true", "false"] };
}
