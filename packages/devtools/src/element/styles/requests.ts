import { css } from 'lit'

/** The list of requests, the tables of limits, and the faults. */
export const requests = css`
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    position: sticky;
    top: 0;
    z-index: 1;
    height: 32px;
    padding: 0 10px;
    border-bottom: 1px solid var(--line);
    background: var(--ground);
    color: var(--quiet);
    font-size: 11px;
    font-weight: 600;
    text-align: left;
    white-space: nowrap;
  }
  td {
    height: 34px;
    padding: 4px 10px;
    border-bottom: 1px solid var(--line);
    vertical-align: middle;
  }
  th:first-child,
  td:first-child {
    padding-left: 16px;
  }
  th:last-child,
  td:last-child {
    padding-right: 16px;
  }
  tbody tr:hover {
    background: var(--raised);
  }
  tr[data-open] td {
    border-bottom-color: transparent;
    background: var(--raised);
  }
  .row {
    display: inline-flex;
    gap: 8px;
    align-items: baseline;
    max-width: 100%;
    padding: 2px 0;
    border: 0;
    background: none;
    font-weight: 600;
    text-align: left;
    cursor: pointer;
  }
  .row .way {
    flex: none;
    color: var(--quiet);
    font-weight: 450;
  }
  td .durations {
    display: block;
    width: 100%;
    min-width: 48px;
    height: 10px;
  }
  td.right,
  th.right {
    text-align: right;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  progress,
  meter {
    display: block;
    width: 90px;
    height: 6px;
    border: 0;
    border-radius: 3px;
    overflow: hidden;
    appearance: none;
    background: var(--wait-fill);
  }
  progress::-webkit-progress-bar,
  meter::-webkit-meter-bar {
    border: 0;
    background: var(--wait-fill);
  }
  progress::-webkit-progress-value,
  meter::-webkit-meter-optimum-value {
    background: var(--accent);
  }
  meter::-webkit-meter-suboptimum-value {
    background: var(--busy);
  }
  meter::-webkit-meter-even-less-good-value {
    background: var(--bad);
  }
  progress::-moz-progress-bar,
  meter::-moz-meter-bar {
    background: var(--accent);
  }
  .facts {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 6px 16px;
    padding: 2px 0 10px;
  }
  .facts dt {
    color: var(--quiet);
    font-size: 12px;
  }
  .facts dd {
    overflow-wrap: anywhere;
  }
  .facts .buttons {
    grid-column: 2;
    margin-top: 4px;
  }
  .swatches {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
  }
  .swatches svg {
    width: 10px;
    height: 10px;
    margin-right: 6px;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    gap: 20px 32px;
    padding: 16px 20px 24px;
    align-items: start;
  }
  .columns table th:first-child,
  .columns table td:first-child {
    padding-left: 0;
  }
  .columns th {
    position: static;
  }
  .columns td {
    height: 28px;
  }
  .columns h2 {
    margin-bottom: 4px;
    font-size: 14px;
    font-weight: 650;
  }
  .columns section + section {
    margin-top: 20px;
  }
  .columns ul li {
    padding: 4px 0;
    overflow-wrap: anywhere;
  }
  .hits {
    color: var(--bad);
    font-weight: 600;
  }
  label {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    white-space: nowrap;
  }
  input[type='number'] {
    width: 5.5rem;
    height: 28px;
    padding: 0 8px;
    border: 1px solid var(--line);
    border-radius: 7px;
    background: var(--ground);
  }
  input[type='checkbox'] {
    width: 15px;
    height: 15px;
    margin: 0;
    accent-color: var(--accent);
  }
  .fault-list {
    padding: 4px 16px 16px;
  }
  .fault-list > li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 18px;
    padding: 10px 0;
    border-bottom: 1px solid var(--line);
  }
  .fault-list .who {
    flex: 1 1 12rem;
    min-width: 0;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .fault-list .peer {
    color: var(--quiet);
    font-weight: 400;
  }
  .hint {
    padding: 14px 16px 0;
    color: var(--quiet);
  }
  @container panel (max-width: 44rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
      padding: 14px 16px 24px;
    }
    .wide-only {
      display: none;
    }
    th {
      white-space: normal;
    }
  }
`
