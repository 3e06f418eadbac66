// Navigation inside a page, as single-page apps do it: the address changes and the document stays.

/** Calls `changed` after each new address, once the code that set it has run. Gives the way to end this. */
export function onNavigation(window: Window & typeof globalThis, changed: () => void): () => void {
  let { href } = window.location;
  let isActive = true;
  const look = async (): Promise<void> => {
    await undefined;
    if (!isActive || window.location.href === href) return;
    href = window.location.href;
    changed();
  };
  const ends = [listen(window, "popstate", look), listen(window, "hashchange", look)];
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation instanceof EventTarget) ends.push(listen(navigation, "currententrychange", look));
  else ends.push(wrap(window.history, "pushState", look), wrap(window.history, "replaceState", look));
  return () => {
    isActive = false;
    for (const end of ends) end();
  };
}

function listen(target: EventTarget, type: string, heard: () => void): () => void {
  target.addEventListener(type, heard);
  return () => target.removeEventListener(type, heard);
}

/** Browsers without the Navigation API tell nobody of `pushState`. Where a page forbids to wrap it, only `popstate` is heard. */
function wrap(history: History, name: "pushState" | "replaceState", called: () => void): () => void {
  const own = history[name];
  const wrapped: History["pushState"] = function (this: History, ...given) {
    const result = own.apply(this, given);
    called();
    return result;
  };
  try {
    history[name] = wrapped;
  } catch {
    return () => undefined;
  }
  return () => {
    // Somebody may have wrapped ours since.
    if (history[name] === wrapped) history[name] = own;
  };
}
