/** Text never becomes markup or script: the browser is told so, and this is the one exception, the map's worker. */
import { WORKER } from "./world";

interface Policies { createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown }

(window as { trustedTypes?: Policies }).trustedTypes?.createPolicy("default", {
  createScriptURL(url) {
    if (new URL(url, location.href).href === new URL(WORKER, location.href).href) return url;
    throw new TypeError(`no script may be started from ${url}`);
  },
});
