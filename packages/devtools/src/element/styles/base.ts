import { css } from 'lit'

/** Colours for light and dark, letters, and what every element begins with. */
export const base = css`
  :host {
    all: initial;
    color-scheme: light dark;
    --ground: light-dark(#fff, #16191e);
    --raised: light-dark(#f6f7f8, #1d2127);
    --hover: light-dark(#eef0f2, #262b33);
    --line: light-dark(#e3e6e9, #2d333b);
    --text: light-dark(#1b2026, #e6e9ed);
    --quiet: light-dark(#5b6570, #9aa4b0);
    --accent: light-dark(#0b6b5f, #5fd0bb);
    --on-accent: light-dark(#fff, #06231d);
    --good: light-dark(#13754f, #55cf9f);
    --busy: light-dark(#8a5800, #eeb655);
    --bad: light-dark(#b3302a, #ff8d84);
    --good-fill: light-dark(#bfe6d4, #1d5a45);
    --busy-fill: light-dark(#f4d9a4, #644a18);
    --bad-fill: light-dark(#f6c4bf, #6e2d2a);
    --wait-fill: light-dark(#dfe3e8, #39414c);
    --work-fill: light-dark(#a9c8f2, #2c4f80);
    --flow-fill: light-dark(#8fd3c5, #1f6a5e);
    --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace;
    font: 13px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
    color: var(--text);
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
    border-radius: 6px;
  }
  code,
  .number {
    font-family: var(--mono);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .quiet {
    color: var(--quiet);
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  [data-tone='good'] {
    --tone: var(--good);
  }
  [data-tone='busy'] {
    --tone: var(--busy);
  }
  [data-tone='bad'] {
    --tone: var(--bad);
  }
  [data-tone='quiet'] {
    --tone: var(--quiet);
  }
  .dot {
    flex: none;
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--tone);
  }
`
