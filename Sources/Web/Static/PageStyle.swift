/// The style of all pages, light and dark, from 400 to 2,000 pixels.
enum PageStyle {
  /// The style.
  static let text = #"""
    :root { color-scheme: light dark; --ink: #1b2328; --soft: #55626b; --paper: #f6f7f8; --card: #fff;
      --line: #cfd6da; --main: #17626b; --on-main: #fff; --good: #1f6b33; --bad: #a3241c;
      --busy: #8a4b00; --radius: .6rem; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6eaec; --soft: #a5b1b8; --paper: #14191c;
      --card: #1d2428; --line: #3a454b; --main: #7fd0d9; --on-main: #0c2226; --good: #84d39a;
      --bad: #ff9d94; --busy: #f0b566; } }
    * { box-sizing: border-box; }
    html { background: var(--paper); color: var(--ink); font: 100%/1.5 system-ui, sans-serif; }
    body { margin: 0 auto; padding: 0 1rem 2rem; max-width: 84rem; }
    a { color: var(--main); }
    :focus-visible { outline: .2rem solid var(--main); outline-offset: .15rem; }
    main:focus { outline: none; }
    .skip { position: absolute; left: -100rem; }
    .skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem; z-index: 2; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding: .8rem 0;
      border-bottom: 1px solid var(--line); }
    .brand { font-weight: 700; font-size: 1.2rem; text-decoration: none; color: var(--ink); }
    nav { display: flex; gap: .4rem; }
    nav a { padding: .45rem .8rem; border-radius: var(--radius); text-decoration: none; }
    nav a[aria-current] { background: var(--main); color: var(--on-main); }
    h1 { font-size: 1.5rem; margin: 1rem 0 .6rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.1rem; margin: 1.2rem 0 .4rem; overflow-wrap: anywhere; }
    footer, .how, .when { color: var(--soft); font-size: .9rem; }
    button, input, select, textarea { font: inherit; color: inherit; background: var(--card);
      border: 1px solid var(--soft); border-radius: var(--radius); padding: .5rem .7rem; max-width: 100%; }
    button { cursor: pointer; min-height: 2.75rem; }
    button.main, .filters button, .login button { background: var(--main); color: var(--on-main); border-color: var(--main); }
    button:disabled { opacity: .6; cursor: default; }
    label { display: flex; flex-direction: column; gap: .2rem; color: var(--soft); font-size: .9rem; }
    label input, label select, label textarea { color: var(--ink); font-size: 1rem; }
    .wide { margin: .8rem 0; }
    .filters, .fields { display: grid; gap: .7rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
      align-items: end; margin: 1rem 0; }
    .login { display: grid; gap: 1rem; max-width: 26rem; }
    .message, .note, .bad { padding: .6rem .8rem; border-radius: var(--radius); background: var(--card);
      border-left: .3rem solid var(--line); }
    .note { border-color: var(--busy); } .bad { border-color: var(--bad); }
    .counts, .links, .running, .findings, .history, #chosen { list-style: none; padding: 0; }
    .counts, .links { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; }
    .running li, .findings li { background: var(--card); border: 1px solid var(--line); margin: .4rem 0;
      border-radius: var(--radius); padding: .6rem .8rem; overflow-wrap: anywhere; }
    .running q:empty { display: none; }
    .findings .good b { color: var(--good); } .findings .note b { color: var(--busy); }
    .findings .bad b { color: var(--bad); } .findings span { color: var(--soft); }
    progress { accent-color: var(--main); width: min(20rem, 60vw); height: .9rem; vertical-align: middle; }
    table { width: 100%; border-collapse: collapse; }
    th { text-align: left; font-weight: 600; color: var(--soft); }
    th, td { padding: .5rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
    .name { overflow-wrap: anywhere; min-width: 8rem; }
    .words span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden;
      overflow-wrap: anywhere; }
    .asked { color: var(--soft); }
    .when { white-space: nowrap; }
    .state { font-weight: 600; white-space: nowrap; color: var(--busy); }
    .state.done { color: var(--good); } .state.failed { color: var(--bad); }
    .state.queued, .state.held, .state.cancelled { color: var(--soft); }
    .orders { display: flex; flex-wrap: wrap; gap: .5rem; }
    blockquote { margin: .4rem 0; padding: .6rem .8rem; background: var(--card); border: 1px solid var(--line);
      border-radius: var(--radius); min-height: 2.8rem; }
    .written:empty { display: none; }
    .text { white-space: pre-wrap; overflow-wrap: anywhere; }
    .facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; }
    .facts dt { color: var(--soft); max-width: 16rem; overflow-wrap: anywhere; }
    .facts dd { margin: 0; overflow-wrap: anywhere; }
    .figures { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); }
    figure { margin: 0; } figcaption { color: var(--soft); font-size: .85rem; overflow-wrap: anywhere; }
    img, video { max-width: 100%; height: auto; border-radius: var(--radius); background: var(--card); }
    .charts { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); }
    .chart { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: .7rem; }
    .chart svg { width: 100%; color: var(--main); display: block; }
    .tabs { display: flex; gap: .3rem; border-bottom: 1px solid var(--line); }
    .tabs button { border-bottom: none; border-radius: var(--radius) var(--radius) 0 0; background: none; }
    .tabs [aria-selected=true] { background: var(--main); color: var(--on-main); border-color: var(--main); }
    .drop { border: 2px dashed var(--soft); border-radius: var(--radius); padding: .8rem 1rem; margin: 1rem 0; }
    .drop label { min-width: 0; max-width: 100%; } .drop input { width: 24rem; }
    .drop.over { border-color: var(--main); background: var(--card); }
    .drop p { display: flex; flex-wrap: wrap; gap: 1rem; margin: 0; }
    #chosen { display: flex; flex-wrap: wrap; gap: .6rem; margin: .6rem 0 0; }
    #chosen li { max-width: 9rem; font-size: .85rem; overflow-wrap: anywhere; }
    #chosen img, #chosen video { height: 6rem; width: 9rem; object-fit: cover; }
    #layer-picture { max-height: 70vh; }
    .presets, .actions { display: flex; flex-wrap: wrap; gap: .5rem; margin: .6rem 0; }
    details { margin: .6rem 0; } summary { cursor: pointer; padding: .4rem 0; }
    [hidden] { display: none !important; }
    @media (max-width: 44rem) {
      thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      tr, td { display: block; } tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
      td { border: 0; padding: .15rem 0; }
      .facts { grid-template-columns: 1fr; } .facts dd { margin-bottom: .4rem; }
    }
    @media (prefers-reduced-motion: no-preference) { nav a, button { transition: background .15s; } }

    """#
}
