/** The style of the page: light and dark as the reader has it, and fit for paper. */
export const style = `
:root{color-scheme:light dark;--back:#fff;--text:#1b1f24;--soft:#57606a;--line:#d0d7de;--card:#f6f8fa;--main:#0b62c4;
--good:#1a7f37;--bad:#c62828;--unknown:#8a6100;--heat:11,98,196}
@media (prefers-color-scheme:dark){:root{--back:#0d1117;--text:#e6edf3;--soft:#9aa5b1;--line:#30363d;--card:#161b22;
--main:#6cb0ff;--good:#4ac26b;--bad:#ff8078;--unknown:#e0b13d;--heat:108,176,255}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:15px/1.5 system-ui,sans-serif}
header,main{max-width:1200px;margin:auto;padding:1rem 1.5rem}
h1{font-size:1.6rem;margin:.4rem 0}
h2{font-size:1.15rem;margin:0 0 .6rem}
p{margin:.3rem 0}
.soft,caption{color:var(--soft)}
.facts{display:flex;flex-wrap:wrap;gap:.8rem;padding:0;margin:1rem 0;list-style:none}
.facts li{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.5rem 1rem;min-width:8rem}
.facts b{display:block;font-size:1.6rem;line-height:1.2}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1rem;margin-bottom:1rem}
section{border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin-bottom:1rem;min-width:0}
.grid section{margin:0}
table{border-collapse:collapse;width:100%}
caption{text-align:left;font-size:.85rem;padding-bottom:.3rem}
th,td{text-align:left;padding:.25rem .5rem;vertical-align:top;overflow-wrap:anywhere;font-weight:400}
thead th{font-weight:600;border-bottom:1px solid var(--line)}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;overflow-wrap:normal}
.grid>:first-child{grid-column:1/-1}
.bars th{width:36%}.bars td:nth-child(3){width:32%;vertical-align:middle}.bars td:last-child{width:18%;white-space:nowrap}
.bar{width:100%;height:.7rem;display:block}
.plain{fill:var(--main)}.rest{fill:var(--soft)}.good{fill:var(--good)}.bad{fill:var(--bad)}.unknown{fill:var(--unknown)}
.True{color:var(--good)}.False{color:var(--bad);font-weight:600}.Unknown{color:var(--unknown)}
.error{color:var(--bad);font-weight:600}.warning{color:var(--unknown);font-weight:600}
.scroll{overflow-x:auto}
.matrix td{text-align:right;font-variant-numeric:tabular-nums}.matrix th{white-space:nowrap;overflow-wrap:normal}
.matrix{width:auto}
.h1{background:rgba(var(--heat),.08)}.h2{background:rgba(var(--heat),.16)}.h3{background:rgba(var(--heat),.25)}
.h4{background:rgba(var(--heat),.34)}.h5{background:rgba(var(--heat),.42)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
details{border-top:1px solid var(--line);padding:.4rem 0}
summary{cursor:pointer}
details ul{margin:.3rem 0;padding-left:1.4rem}
form{display:flex;flex-wrap:wrap;gap:.8rem;align-items:end;margin-bottom:.6rem}
label{display:flex;flex-direction:column;font-size:.85rem;color:var(--soft)}
input,select{font:inherit;color:var(--text);background:var(--back);border:1px solid var(--soft);border-radius:.3rem;padding:.25rem .5rem;max-width:16rem}
button{font:inherit;font-weight:600;color:inherit;background:none;border:0;padding:0;cursor:pointer}
button::after{content:'\\2195';content:'\\2195' / '';color:var(--soft);padding-left:.3rem}
th[aria-sort=ascending] button::after{content:'\\2191';content:'\\2191' / ''}
th[aria-sort=descending] button::after{content:'\\2193';content:'\\2193' / ''}
:focus-visible{outline:3px solid var(--main);outline-offset:2px}
#clusters-table{table-layout:fixed;min-width:60rem}
#clusters-table th:last-child{width:26%}#clusters-table th:nth-child(5){width:14%}#clusters-table th:nth-child(6){width:9%}
#clusters-table tbody tr:nth-child(even){background:var(--card)}
.live{display:none}
#all{text-decoration:underline;color:var(--main)}#all::after{content:none}
.scripted tbody.rows:not(.ready){display:none}
.scripted .live{display:flex}
@media print{form,.scripted .live{display:none}body{font-size:10pt}section{break-inside:avoid-page}
#clusters{break-inside:auto}details{break-inside:avoid}button::after{content:''}header,main{max-width:none;padding:0}}
`;
