interface Memory {
  readonly buffer: ArrayBuffer;
}

/** The part of the WebAssembly JavaScript interface that is used here; the types of Node leave it to those of browsers. */
interface WebAssemblyInterface {
  readonly Memory: new (descriptor: { readonly initial: number; readonly maximum: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: Memory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** A module at work, and its memory, which never grows. */
export interface LoadedModule {
  readonly buffer: ArrayBuffer;
  readonly exports: Readonly<Record<string, unknown>>;
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface };
const PAGE = 65_536;
const compiled = new Map<string, object>();

/** Starts a module that imports `env.memory`, with at least `size` bytes of it; compiled once each. */
export function startModule(base64: string, size: number): LoadedModule {
  const module = compiled.get(base64) ?? new WebAssembly.Module(Buffer.from(base64, 'base64'));
  compiled.set(base64, module);
  const pages = Math.ceil(size / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { buffer: memory.buffer, exports };
}
