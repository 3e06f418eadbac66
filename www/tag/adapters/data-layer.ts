// Google Tag Manager and Google Analytics 4: `nameplate_exposure` and so on, in `dataLayer`, or by `gtag` where the page has it.

import type { Adapter } from "./adapter.ts";

interface Google {
  dataLayer?: unknown[];
  gtag?: (command: "event", name: string, parameters: object) => void;
}

export const dataLayer: Adapter = {
  event(window, type, fields) {
    const google = window as Google;
    const name = `nameplate_${type}`;
    if (typeof google.gtag === "function") google.gtag("event", name, fields);
    else (google.dataLayer ??= []).push({ event: name, ...fields });
  },
};
