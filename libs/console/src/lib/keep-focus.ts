import type { Attachment } from 'svelte/attachments';

/**
 * Moves the focus on when what had it is removed, such as a button that has done its work: to the list that it was in, or
 * to the title. Keyboards and screen readers would start again at the top of the page.
 */
export function keepFocus(title: () => HTMLElement): Attachment<HTMLElement> {
  return (page) => {
    let last: Element | undefined;
    let list: HTMLElement | null = null;
    const note = ({ target }: FocusEvent): void => {
      if (!(target instanceof Element)) return;
      last = target;
      list = target.closest<HTMLElement>('[role="group"][tabindex]');
    };
    const observer = new MutationObserver(() => {
      if (last === undefined || last.isConnected || document.activeElement !== document.body) return;
      last = undefined;
      (list?.isConnected ? list : title()).focus({ preventScroll: true });
    });
    page.addEventListener('focusin', note);
    observer.observe(page, { childList: true, subtree: true });
    return () => {
      page.removeEventListener('focusin', note);
      observer.disconnect();
    };
  };
}
