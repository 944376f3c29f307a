import { css } from 'lit'

/** The frame of the panel: its head with the tabs, and what all views are made of. */
export const panel = css`
  .panel {
    position: fixed;
    z-index: 2147483647;
    inset: auto 0 0 0;
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    height: min(26rem, 70dvh);
    border-top: 1px solid var(--line);
    background: var(--ground);
    box-shadow: 0 -8px 32px -12px #00000047;
    container: panel / inline-size;
  }
  .panel[data-size='tall'] {
    height: min(52rem, 92dvh);
  }
  .head {
    display: flex;
    align-items: center;
    gap: 4px 16px;
    min-height: 44px;
    padding: 0 8px 0 16px;
    border-bottom: 1px solid var(--line);
    background: var(--raised);
  }
  .brand {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    font-size: 13px;
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  .brand svg {
    width: 18px;
    height: 18px;
    color: var(--accent);
  }
  .tabs {
    display: flex;
    align-self: stretch;
    gap: 2px;
    overflow-x: auto;
    scrollbar-width: none;
  }
  .tabs button {
    position: relative;
    flex: none;
    padding: 0 10px;
    border: 0;
    background: none;
    color: var(--quiet);
    font-weight: 550;
    cursor: pointer;
  }
  .tabs button:hover {
    color: var(--text);
  }
  .tabs button[aria-selected='true'] {
    color: var(--text);
  }
  .tabs button[aria-selected='true']::after {
    content: '';
    position: absolute;
    inset: auto 10px 0;
    height: 2px;
    border-radius: 2px 2px 0 0;
    background: var(--accent);
  }
  .tabs button:focus-visible {
    outline-offset: -3px;
  }
  .tabs .number {
    margin-left: 5px;
    font-size: 11px;
    color: var(--quiet);
  }
  .tools {
    display: flex;
    gap: 2px;
    margin-left: auto;
  }
  .icon {
    display: inline-grid;
    place-items: center;
    width: 30px;
    height: 30px;
    padding: 0;
    border: 0;
    border-radius: 6px;
    background: none;
    color: var(--quiet);
    cursor: pointer;
  }
  .icon:hover {
    background: var(--hover);
    color: var(--text);
  }
  .icon svg {
    width: 16px;
    height: 16px;
  }
  .view {
    min-height: 0;
    overflow: auto;
    overscroll-behavior: contain;
  }
  .button {
    height: 28px;
    padding: 0 11px;
    border: 1px solid var(--line);
    border-radius: 7px;
    background: var(--ground);
    font-weight: 550;
    font-size: 12px;
    cursor: pointer;
    white-space: nowrap;
  }
  .button:hover {
    background: var(--hover);
  }
  .button:disabled {
    color: var(--quiet);
    opacity: 0.6;
    cursor: default;
  }
  .button[aria-pressed='true'] {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .empty {
    display: grid;
    place-content: center;
    gap: 4px;
    height: 100%;
    padding: 24px;
    text-align: center;
    color: var(--quiet);
  }
  .empty b {
    color: var(--text);
    font-weight: 600;
  }
  .state {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    color: var(--tone);
    font-size: 12px;
    font-weight: 550;
    white-space: nowrap;
  }
  @container panel (max-width: 44rem) {
    .head {
      flex-wrap: wrap;
      padding-left: 12px;
    }
    .tabs {
      order: 3;
      width: 100%;
      height: 36px;
    }
    .tools .icon {
      height: 36px;
      width: 36px;
    }
    .head {
      padding-top: 2px;
    }
  }
`
