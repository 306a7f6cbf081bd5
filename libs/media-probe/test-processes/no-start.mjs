// Replaces a probing process that ends before it is ready, such as one whose modules are being replaced.
throw new Error('Cannot find module');
