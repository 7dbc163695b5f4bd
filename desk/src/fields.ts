/** The fields that can be corrected; who is a source is no matter of opinion. */
export const EDITED = [
  "type", "date", "place", "perpetrator", "target", "weapons", "killed", "wounded", "damage", "claimed_by", "responses", "uncertain",
];
