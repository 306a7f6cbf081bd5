export * from '../../src/testing/origin.js';
