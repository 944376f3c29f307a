import { css } from 'lit'

/** The tree of peers and connections, and the connection that is chosen. */
export const connections = css`
  .split {
    display: grid;
    grid-template-columns: minmax(14rem, 19rem) minmax(0, 1fr);
    height: 100%;
  }
  .tree {
    padding: 10px 8px;
    border-right: 1px solid var(--line);
    overflow: auto;
  }
  .tree .peer {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 5px 8px;
    font-weight: 600;
  }
  .tree .peer .name,
  .node .name {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tree li + li .peer {
    margin-top: 8px;
  }
  .node {
    display: flex;
    align-items: center;
    gap: 8px;
    width: 100%;
    padding: 6px 8px 6px 20px;
    border: 0;
    border-radius: 7px;
    background: none;
    text-align: left;
    cursor: pointer;
  }
  .node:hover {
    background: var(--hover);
  }
  .node[aria-current='true'] {
    background: var(--hover);
    box-shadow: inset 2px 0 var(--accent);
  }
  .none {
    padding: 4px 8px 4px 20px;
    color: var(--quiet);
    font-size: 12px;
  }
  .detail {
    padding: 16px 20px 20px;
    overflow: auto;
  }
  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    margin-bottom: 14px;
  }
  .title h2 {
    font-size: 17px;
    font-weight: 650;
    letter-spacing: -0.015em;
    overflow-wrap: anywhere;
  }
  .title .buttons {
    margin-left: auto;
  }
  .figures {
    display: flex;
    flex-wrap: wrap;
    gap: 12px 36px;
    margin-bottom: 16px;
  }
  .figures dt {
    color: var(--quiet);
    font-size: 11px;
    font-weight: 600;
  }
  .figures dd {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 24px;
    font-size: 15px;
    font-weight: 550;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .figures dd small {
    color: var(--quiet);
    font-size: 12px;
    font-weight: 450;
  }
  .sparkline {
    width: 72px;
    height: 22px;
    fill: none;
    stroke: var(--accent);
    stroke-width: 1.5;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .notice {
    margin-bottom: 16px;
    padding: 10px 12px;
    border: 1px solid color-mix(in srgb, var(--tone) 35%, transparent);
    border-radius: 8px;
    background: color-mix(in srgb, var(--tone) 8%, transparent);
    overflow-wrap: anywhere;
  }
  .notice b {
    color: var(--tone);
    font-weight: 600;
  }
  .notice p + p {
    margin-top: 2px;
  }
  .notice ul {
    margin-top: 6px;
  }
  .section {
    margin: 0 0 6px;
    color: var(--quiet);
    font-size: 11px;
    font-weight: 600;
  }
  .events li {
    display: flex;
    gap: 10px;
    align-items: baseline;
    padding: 3px 0;
  }
  .events .dot {
    align-self: center;
    width: 6px;
    height: 6px;
  }
  .events time {
    color: var(--quiet);
  }
  textarea {
    width: 100%;
    height: 10rem;
    margin-bottom: 16px;
    padding: 8px;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--raised);
    color: inherit;
    font: 12px / 1.5 var(--mono);
  }
  @container panel (max-width: 44rem) {
    .split {
      display: block;
      height: auto;
    }
    .tree {
      padding-bottom: 6px;
      border-right: 0;
      border-bottom: 1px solid var(--line);
    }
    .detail {
      padding: 14px 16px 20px;
    }
    .title .buttons {
      width: 100%;
      margin: 6px 0 0;
    }
    .figures {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
`
