// What the preview server says: its state, and that something has changed.

export interface Diagnostic {
  code: string;
  severity: string;
  message: string;
  file: string;
  line: number;
  column: number;
  help: string | null;
  rendered: string;
}

export interface ServerState {
  generation: number;
  /** `false`: the sources have errors, and the last good bundle stays in use. */
  ok: boolean;
  /** `null` while there has been no good bundle. */
  site: string | null;
  pages: string[];
  client: string;
  diagnostics: Diagnostic[];
  problem: string | null;
}

export async function fetchState(): Promise<ServerState> {
  const response = await fetch("/np/state", { cache: "no-store" });
  if (!response.ok) throw new Error(`the preview server answered with status ${response.status}`);
  return (await response.json()) as ServerState;
}

/** Calls `onChange` after every recompile and after every reconnection, because a change may have been missed. */
export function listen(onChange: () => void, onConnected: (connected: boolean) => void): void {
  const source = new EventSource("/np/changes");
  let lost = false;
  source.addEventListener("open", () => {
    onConnected(true);
    if (lost) onChange();
    lost = false;
  });
  source.addEventListener("error", () => {
    lost = true;
    onConnected(false);
  });
  source.addEventListener("change", () => onChange());
}
