import { css } from 'lit'

/** The picture along time. */
export const timeline = css`
  .bar {
    position: sticky;
    top: 0;
    z-index: 1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
    min-height: 44px;
    padding: 6px 16px;
    border-bottom: 1px solid var(--line);
    background: var(--ground);
  }
  .bar .spacer {
    flex: 1;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 14px;
    color: var(--quiet);
    font-size: 12px;
  }
  .legend li {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .legend svg {
    width: 14px;
    height: 10px;
  }
  .picture {
    display: block;
    width: 100%;
    outline-offset: -3px;
    touch-action: pan-y;
  }
  .picture text {
    fill: var(--text);
    font-size: 11.5px;
    font-weight: 550;
  }
  .picture .tick {
    fill: var(--quiet);
    font-size: 11px;
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }
  .picture .who {
    font-size: 12.5px;
    font-weight: 600;
  }
  .picture .more {
    fill: var(--quiet);
    font-weight: 400;
  }
  .grid {
    stroke: var(--line);
  }
  .rule {
    stroke: var(--line);
  }
  .link {
    fill: var(--good-fill);
  }
  .unstable {
    fill: var(--busy-fill);
  }
  .away,
  .waiting {
    fill: var(--wait-fill);
  }
  .dial {
    fill: var(--busy-fill);
  }
  .failed {
    fill: var(--bad-fill);
  }
  .pending {
    fill: var(--work-fill);
  }
  .streaming {
    fill: var(--flow-fill);
  }
  .outline {
    fill: none;
    stroke: var(--line);
  }
  .ended-badly {
    fill: none;
    stroke: var(--bad);
    stroke-width: 1.5;
  }
  .session,
  .resumed {
    fill: var(--good);
  }
  .refused,
  .limit {
    fill: var(--bad);
  }
  .log {
    padding: 10px 16px 16px;
    border-top: 1px solid var(--line);
  }
  .log .who {
    color: var(--quiet);
  }
`
