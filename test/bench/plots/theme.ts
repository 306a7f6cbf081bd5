/** Colours that are distinguishable in light and dark mode with any kind of colour vision (after Okabe and Ito). */
export const COLOURS = {
  blue: 'var(--blue)',
  orange: 'var(--orange)',
  green: 'var(--green)',
  purple: 'var(--purple)',
  grey: 'var(--grey)',
} as const;

/** The CSS class of every drawing. */
export const CLASS = 'reelport';

/** Drawings set their own background, because the page that embeds them may be light or dark. */
export const STYLE = `
.${CLASS} {
  --ink: #1f2328; --paper: #ffffff;
  --blue: #0072b2; --orange: #d55e00; --green: #009e73; --purple: #8250c4; --grey: #8c959f;
  color: var(--ink); background: var(--paper); --plot-background: var(--paper);
}
@media (prefers-color-scheme: dark) {
  .${CLASS} {
    --ink: #e6edf3; --paper: #0d1117;
    --blue: #56b4e9; --orange: #f0883e; --green: #2fbf93; --purple: #bc8cff; --grey: #6e7681;
  }
}
`;
