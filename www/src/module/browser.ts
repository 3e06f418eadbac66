// Browsers and Deno: the wasm file lies next to this one, on a server or (Deno) on disk. The address is written so that
// bundlers which know `new URL(..., import.meta.url)` copy the file.

export async function defaultModule(): Promise<WebAssembly.Module> {
  const url = new URL("./nameplate_bg.wasm", import.meta.url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the core is not at ${url.pathname}: status ${response.status}`);
  // Not `compileStreaming`: it insists on the MIME type, which many static hosts get wrong, and gains nothing at this size.
  return WebAssembly.compile(await response.arrayBuffer());
}
