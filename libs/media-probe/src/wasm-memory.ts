interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow: (this: WasmMemory, pages: number) => number;
}

/** TypeScript knows it in browsers alone. */
declare const WebAssembly: { Memory: { prototype: WasmMemory } };

const PAGE_BYTES = 64 * 1024;

let refused = false;

/**
 * Bounds the memory of each WebAssembly module of this thread, which no limit of V8's heap counts. A module that may
 * grow no more fails as on a machine whose memory is used up, and must not be used any more.
 *
 * @param maxBytes of one module
 * @see https://webassembly.github.io/spec/js-api/#dom-memory-grow
 */
export function limitWasmMemory(maxBytes: number): void {
  const { prototype } = WebAssembly.Memory;
  const grow = prototype.grow;
  prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * PAGE_BYTES > maxBytes) {
      refused = true;
      throw new RangeError(`A module wants more than ${maxBytes} bytes`);
    }
    return grow.call(this, pages);
  };
}

/** Whether a module was refused memory since this was last asked. */
export function wasmMemoryWasRefused(): boolean {
  const was = refused;
  refused = false;
  return was;
}
