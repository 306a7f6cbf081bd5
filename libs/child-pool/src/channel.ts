/** File descriptor of the channel between a child and its parent. */
export const CHANNEL = 3;
