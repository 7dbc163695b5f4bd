/** Who read a value, where it was not the rules alone, and what a person should check about it. */
import type { Claim } from "./types";
import { t } from "./words";

export function ReadBy({ claim, why = false }: { claim: Claim; why?: boolean }) {
  if (claim.reader === "rules") return null;
  const review = claim.note.startsWith("review: ");
  return <span class={review ? "readby review" : "readby quiet"}> · {t(`reader.${claim.reader}`)}
    {review && <> · {t("review")}{why && <> <bdi lang="en">({claim.note.slice(8)})</bdi></>}</>}</span>;
}
