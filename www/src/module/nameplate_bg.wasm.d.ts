// What `import module from "nameplate/nameplate_bg.wasm"` gives where a runtime or a bundler makes modules of such files.
declare const module: WebAssembly.Module;
export default module;
