import { createSubscriber } from 'svelte/reactivity';

const TICK_MS = 1_000;

/** The time, for texts such as "3 minutes ago": ticks only while something shows it. */
class Clock {
  private readonly subscribe = createSubscriber((update) => {
    const timer = setInterval(update, TICK_MS);
    return () => clearInterval(timer);
  });

  /** Milliseconds since the epoch. */
  get now(): number {
    this.subscribe();
    return Date.now();
  }
}

export const clock = new Clock();
