// Segment and RudderStack: `analytics.track("Nameplate Exposure", ...)`. Their snippets take calls before they have loaded.

import type { Adapter } from "./adapter.ts";

interface Analytics {
  track?: (name: string, properties: object) => void;
}

export const analytics: Adapter = {
  event(window, type, fields) {
    const { analytics: segment, rudderanalytics } = window as { analytics?: Analytics; rudderanalytics?: Analytics };
    const name = `Nameplate ${type.charAt(0).toUpperCase()}${type.slice(1)}`;
    (segment ?? rudderanalytics)?.track?.(name, { ...fields });
  },
};
