// Stands in for a probing process that ends before it is ready, as one whose modules are being replaced.
const missing = './not-there.mjs';
await import(missing);
