/** The host of items that contact none; not the name of any host. It has no throttle and no circuit. */
export const NO_HOST = '-';
