/** Tells a mouse that moves from a page that moves under a mouse at rest, for which browsers say "enter" and "leave" as well. */
let last: [number, number] = [NaN, NaN];
// Browsers say "enter" and "leave" before the "move" that they belong to, and no "move" where only the page moved.
addEventListener("mousemove", (e) => { last = [e.screenX, e.screenY]; }, true);

/** Do this only if the mouse itself moved; otherwise what a key has lit would go out as soon as the page shifts. */
export const moved = (act: () => void) => (e: MouseEvent) => {
  if (e.screenX !== last[0] || e.screenY !== last[1]) act();
};
