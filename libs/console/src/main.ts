import { mount } from 'svelte';
import './app/theme.css';
import App from './app/App.svelte';

// A new release has files of other names: the page is loaded again, with its URL, which holds all of its state.
window.addEventListener('vite:preloadError', (event) => {
  event.preventDefault();
  window.location.reload();
});

const target = document.getElementById('app');
if (target === null) throw new Error('The page has no place for the console');
mount(App, { target });
