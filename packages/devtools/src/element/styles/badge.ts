import { css } from 'lit'

/** The badge in the corner. */
export const badge = css`
  .badge {
    position: fixed;
    z-index: 2147483646;
    right: 16px;
    bottom: 16px;
    display: inline-flex;
    align-items: center;
    gap: 8px;
    height: 32px;
    padding: 0 12px 0 9px;
    border: 1px solid var(--line);
    border-radius: 16px;
    background: var(--ground);
    box-shadow: 0 1px 2px #0000001a, 0 6px 20px -6px #00000040;
    font-size: 12px;
    font-weight: 600;
    cursor: pointer;
  }
  :host([position='bottom-left']) .badge {
    right: auto;
    left: 16px;
  }
  .badge:hover {
    background: var(--hover);
  }
  .badge svg {
    width: 16px;
    height: 16px;
    color: var(--accent);
  }
  .badge .dot {
    margin-left: 2px;
  }
  .badge .fault {
    color: var(--busy);
  }
`
