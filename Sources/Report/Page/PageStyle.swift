/// The style sheet of all pages.
enum PageStyle {
  static let css = """
    :root {
      color-scheme: light dark;
      --paper: #fbfbf9; --ink: #1c1e22; --faint: #5f646d; --line: #d9dad6; --panel: #f1f1ee;
      --accent: #1f6f8b; --bad: #a3341f;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #17191c; --ink: #e7e8ea; --faint: #a2a8b1; --line: #363a40; --panel: #202327;
        --accent: #62b6d2; --bad: #ff9b85;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; max-width: 1180px; padding: 20px 24px 48px; background: var(--paper);
      color: var(--ink); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif;
    }
    h1 { font-size: 1.05rem; margin: 0 0 .9rem; color: var(--faint); font-weight: 600; }
    h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; }
    h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; overflow-wrap: anywhere; }
    p { margin: .4rem 0; }
    .question { color: var(--faint); margin: 0 0 .3rem; }
    .said { white-space: pre-wrap; overflow-wrap: anywhere; }
    .answer {
      margin: 0; padding: .9rem 1.1rem; font-size: 1.2rem; background: var(--panel);
      border-left: 4px solid var(--accent);
    }
    .bad .answer { border-left-color: var(--bad); }
    .facts { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; padding: 0; list-style: none; }
    .facts b { font-variant-numeric: tabular-nums; }
    .faint, figcaption, .note { color: var(--faint); font-size: .9rem; }
    .pictures {
      display: grid; gap: 20px;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
    }
    figure { margin: 0; min-width: 0; break-inside: avoid; }
    figure.wide { grid-column: 1 / -1; }
    .scroll { overflow-x: auto; border: 1px solid var(--line); }
    img { display: block; max-width: 100%; height: auto; border: 1px solid var(--line); }
    .scroll img { border: 0; max-width: max(100%, 1000px); }
    figcaption { margin-top: .3rem; overflow-wrap: anywhere; }
    .columns {
      display: grid; gap: 8px 40px;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr));
    }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    th, td {
      text-align: left; vertical-align: top; overflow-wrap: anywhere;
      padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line);
    }
    th { font-weight: 400; color: var(--faint); }
    td.number { text-align: right; padding-right: 0; white-space: nowrap; }
    .boxes td { padding-right: 1rem; }
    .boxes td:first-child { width: 1%; }
    .tag { display: inline-block; min-width: 1.6em; padding: 0 .35em; text-align: center; }
    .chart { max-width: 100%; height: auto; font: 13px system-ui, "DejaVu Sans", sans-serif; }
    .chart text { fill: var(--ink); }
    .chart tspan { fill: var(--faint); }
    .chart rect { fill: var(--accent); }
    pre {
      margin: 0; padding: .8rem 1rem; background: var(--panel); white-space: pre-wrap;
      overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, "DejaVu Sans Mono", monospace;
    }
    @media (max-width: 600px) { body { padding: 14px 14px 32px; } .answer { font-size: 1.1rem; } }
    @media print {
      :root {
        --paper: #fff; --ink: #000; --faint: #444; --line: #bbb; --panel: #f3f3f3;
        --accent: #1f6f8b; --bad: #a3341f;
      }
      body { max-width: none; padding: 0; font-size: 11pt; }
      .pictures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px; }
      img { width: auto; max-height: 22cm; }
      .scroll { overflow: visible; }
      .scroll img { max-width: 100%; }
      h2, h3 { break-after: avoid; }
    }
    """
}
