interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow: (this: WasmMemory, pages: number) => number;
}

/** TypeScript declares it only for browsers. */
declare const WebAssembly: { Memory: { prototype: WasmMemory } };

const PAGE_BYTES = 64 * 1024;

let refused = false;

/**
 * Limits the memory of each WebAssembly module in this thread, which V8's heap limit does not count. A module that
 * exceeds the limit fails as if the machine had no memory left, and must not be used any more.
 *
 * @param maxBytes maximum per module
 * @see https://webassembly.github.io/spec/js-api/#dom-memory-grow
 */
export function limitWasmMemory(maxBytes: number): void {
  const { prototype } = WebAssembly.Memory;
  const grow = prototype.grow;
  prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * PAGE_BYTES > maxBytes) {
      refused = true;
      throw new RangeError(`A WebAssembly module exceeds ${maxBytes} bytes`);
    }
    return grow.call(this, pages);
  };
}

/** Whether a module was refused memory since the last call. */
export function wasmMemoryWasRefused(): boolean {
  const was = refused;
  refused = false;
  return was;
}
