import { mount } from 'svelte';
import './app/theme.css';
import App from './app/App.svelte';

// A new release has files of other names: the page is loaded again, with its URL, which holds all of its state.
window.addEventListener('vite:preloadError', (event) => {
  event.preventDefault();
  window.location.reload();
});

// Browsers look at the icon again after the URL has changed, and would resolve a relative URL against the other one.
for (const icon of document.querySelectorAll<HTMLLinkElement>('link[rel="icon"]')) {
  icon.setAttribute('href', icon.href);
}

const target = document.getElementById('app');
if (target === null) throw new Error('The page has no place for the console');
mount(App, { target });
