/** What the list of items shows, as in the URL. Empty values do not filter. */
export interface ItemsFilter {
  state: string;
  code: string;
  host: string;
  httpStatus: string;
  q: string;
  predicted: string;
  drift: string;
  run: string;
}

export const NO_FILTER: Readonly<ItemsFilter> = {
  state: '',
  code: '',
  host: '',
  httpStatus: '',
  q: '',
  predicted: '',
  drift: '',
  run: '',
};
