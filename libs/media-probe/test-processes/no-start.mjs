// Stands in for a probing process that ends before it is ready, as one whose modules are being replaced.
throw new Error('Cannot find module');
