import { CONSOLE_URL } from './place.js';

interface Place {
  /** Below the console, beginning with a slash. */
  readonly path: string;
  readonly query: URLSearchParams;
}

interface HowToGo {
  /** Replaces the current entry of the history, for changes that are no steps of their own. */
  replace?: boolean;
}

/** Where the console is: the URL holds everything that a shared link has to show again. */
class Router {
  /** Whether the reader has gone from one page to another, rather than loaded this one. */
  hasMoved = false;
  private place = $state.raw<Place>(here());

  constructor() {
    window.addEventListener('popstate', () => {
      this.hasMoved = true;
      this.place = here();
    });
    document.addEventListener('click', (event) => this.follow(event));
  }

  get path(): string {
    return this.place.path;
  }

  /** Value of a query parameter, empty if it is absent. */
  query(name: string): string {
    return this.place.query.get(name) ?? '';
  }

  /** Values of a query parameter that is a list. */
  list(name: string): string[] {
    return this.query(name)
      .split(',')
      .filter((value) => value !== '');
  }

  /** URL of a path, for `href`. */
  href(path: string): string {
    return new URL(`.${path}`, CONSOLE_URL).href.slice(CONSOLE_URL.origin.length);
  }

  go(path: string, { replace = false }: HowToGo = {}): void {
    this.hasMoved ||= !replace;
    window.history[replace ? 'replaceState' : 'pushState'](null, '', this.href(path));
    this.place = here();
  }

  /** Changes query parameters of this page; empty ones are removed. */
  set(changes: Readonly<Record<string, string>>, { replace = true }: HowToGo = {}): void {
    const query = new URLSearchParams(this.place.query);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') query.delete(name);
      else query.set(name, value);
    }
    const text = query.toString();
    this.go(this.path + (text === '' ? '' : `?${text}`), { replace });
  }

  /** Links within the console change the page without loading it; with a modifier key they are the browser's. */
  private follow(event: MouseEvent): void {
    const { button, metaKey, ctrlKey, shiftKey, altKey, defaultPrevented, target } = event;
    if (button !== 0 || metaKey || ctrlKey || shiftKey || altKey || defaultPrevented) return;
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href]') : null;
    if (link === null || link.target !== '' || link.hasAttribute('download')) return;
    if (!isWithinConsole(link.href)) return;
    event.preventDefault();
    this.go(link.href.slice(CONSOLE_URL.href.length - 1));
  }
}

function isWithinConsole(url: string): boolean {
  return url.startsWith(CONSOLE_URL.href);
}

function here(): Place {
  const { pathname, search } = window.location;
  return {
    path: pathname.slice(CONSOLE_URL.pathname.length - 1) || '/',
    query: new URLSearchParams(search),
  };
}

export const router = new Router();
