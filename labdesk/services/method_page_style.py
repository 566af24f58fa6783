"""How the quality manager's page looks, on a screen and on paper."""

STYLE = """
:root { --ink:#1c2733; --soft:#5b6b7b; --line:#dde3ea; --paper:#fff; --wash:#f5f7fa; --accent:#0b63b0;
  --good:#1b7f4b; --bad:#b3261e; --warn:#8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ink:#e6ebf0; --soft:#9fb0c0; --line:#33404d; --paper:#161d24;
  --wash:#1f2831; --accent:#7db8f0; --good:#6fcf97; --bad:#ff8a80; --warn:#f2c166; } }
* { box-sizing:border-box }
body { margin:0; background:var(--wash); color:var(--ink);
  font:15px/1.55 "Noto Sans SC","Microsoft YaHei","PingFang SC",system-ui,sans-serif }
main { max-width:1080px; margin:0 auto; padding:24px 20px 80px }
h1 { font-size:28px; margin:8px 0 }
h2 { font-size:22px; margin:40px 0 12px; padding-top:8px; border-top:2px solid var(--line) }
h3 { font-size:18px; margin:0 0 10px }
h4 { font-size:13px; margin:16px 0 4px; color:var(--soft); font-weight:700 }
.lead { font-size:17px; margin:4px 0 12px }
.warning { background:var(--paper); border-left:4px solid var(--warn); padding:10px 14px; margin:0 0 12px }
.faults { border-left:4px solid var(--bad); background:var(--paper); padding:4px 14px }
.marks, nav ul { list-style:none; padding:0; margin:0 0 8px; display:flex; flex-wrap:wrap; gap:6px 18px }
nav { margin:14px 0 } nav li { color:var(--soft) } a { color:var(--accent); text-decoration:none }
article { background:var(--paper); border:1px solid var(--line); border-radius:8px; padding:18px 20px; margin:0 0 18px }
.facts { display:flex; flex-wrap:wrap; gap:4px 28px; margin:0 }
.facts dt { color:var(--soft); font-size:12px } .facts dd { margin:0 }
table { width:100%; border-collapse:collapse; margin:4px 0 8px; font-size:14px }
th { text-align:left; white-space:nowrap; color:var(--soft); font-weight:500; font-size:12px }
td,th { padding:4px 10px 4px 0; border-bottom:1px solid var(--line); vertical-align:top; overflow-wrap:anywhere }
code { font:13px/1.4 ui-monospace,Consolas,"DejaVu Sans Mono",monospace; overflow-wrap:anywhere }
.id { color:var(--soft); font-weight:400; margin-left:6px }
.steps,ul { margin:2px 0; padding-left:22px } small { color:var(--soft) }
.result { margin:12px 0 2px } .none,.said { color:var(--soft); margin:2px 0 6px }
.badge { display:inline-block; padding:0 7px; border-radius:9px; font-size:12px; font-weight:700; white-space:nowrap;
  border:1px solid currentColor }
.c-v,.c-c { color:var(--good) } .c-m-h { color:var(--accent) } .c-m-m,.c-conv { color:var(--warn) } .c-m-l { color:var(--bad) }
.checked,.agrees { color:var(--good) } .unchecked { color:var(--warn); white-space:nowrap }
.differs { color:var(--bad); font-weight:700 }
@media print { body { background:#fff; font-size:11px } article { break-inside:avoid-page; border-radius:0 } nav { display:none } }
"""
