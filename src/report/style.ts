/** The page's whole style. Colours are the tokens of the visual language; blue only ever means long. */
export const style = `
:root{color-scheme:light dark;--page:#FBFBF9;--raised:#F3F3F0;--text:#1B1D22;--muted:#5A5E68;--edge:#84847C;--hair:#DCDCD6;--long:#0B66B2;--short:#B14A00;--flat:#5F6570;--failed:#8C0B33;--warn:#4A3500;--warnbg:#FFF0BF;--warnedge:#8A6A00;--sun:#9A6A00;--fall:#5F657033;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media screen and (prefers-color-scheme:dark){:root{--page:#0E1116;--raised:#1D242D;--text:#E8EBF0;--muted:#A3ACB9;--edge:#68737F;--hair:#2C3540;--long:#5AB0FF;--short:#FF9D4D;--flat:#A0A8B4;--failed:#FF5C7A;--warn:#FFE9A8;--warnbg:#3A2E0A;--warnedge:#B08A1E;--sun:#F2C14E;--fall:#A0A8B440}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:16px}
body{margin:0;background:var(--page);color:var(--text);font:14px/22px ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
header,main,footer{max-width:1168px;margin:0 auto;padding:0 24px}
a{color:inherit;text-decoration-color:var(--edge);text-underline-offset:3px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--text);outline-offset:2px;border-radius:2px}
.long{color:var(--long)}.short{color:var(--short)}.flat{color:var(--flat)}.failed{color:var(--failed);font-weight:600}
.n{white-space:nowrap}
code{font:12px/18px var(--mono);overflow-wrap:anywhere}
header{display:flex;flex-wrap:wrap;align-items:center;gap:4px 12px;padding-top:20px;padding-bottom:12px}
header b{font-size:16px;font-weight:600}header>span{color:var(--muted)}
.logo{width:32px;height:32px;flex:none;overflow:visible}.logo ellipse{fill:none;stroke:var(--edge);stroke-width:1}.logo .sun{fill:var(--sun)}.logo .planet{fill:var(--text)}
.badge{font-size:12px;line-height:20px;letter-spacing:.04em;font-weight:600;border:1px solid var(--edge);border-radius:6px;padding:0 8px;color:var(--text)!important}
.badge.syn{border-color:var(--warnedge);background:var(--warnbg);color:var(--warn)!important}
.badge.now::before{content:"";display:inline-block;width:8px;height:8px;border-radius:50%;background:var(--sun);margin-right:6px}
nav{display:flex;flex-wrap:wrap;gap:0 16px;margin-left:auto;font-size:13px}nav a{text-decoration:none;color:var(--muted);padding:4px 0}nav a:hover{text-decoration:underline;color:var(--text)}
section{border-top:1px solid var(--hair);padding:28px 0 36px}
h1{font-size:28px;line-height:36px;font-weight:600;margin:0 0 20px;letter-spacing:-.01em;}
h1>span:not(.n){display:inline-block;margin-right:.28em}
h1 small{display:block;font-size:16px;line-height:24px;font-weight:400;letter-spacing:0;color:var(--muted);margin-top:8px;text-wrap:pretty}
h2{font-size:20px;line-height:28px;font-weight:600;margin:0}
h3{font-size:14px;line-height:22px;font-weight:600;margin:0 0 4px}
.how,.note{color:var(--muted);font-size:13px;line-height:20px;margin:2px 0 20px;max-width:76ch}.note{margin:16px 0 0}
.notes{list-style:none;margin:0 0 20px;padding:8px 12px;max-width:90ch;border:1px solid var(--warnedge);border-radius:4px;background:var(--warnbg);color:var(--warn)}
.lead{margin:0 0 4px}.empty{color:var(--muted);margin:0}
#verdict{border:0;padding-top:12px}
progress{width:100%;height:6px;display:block;margin:0 0 20px;accent-color:var(--text)}
.who{margin:0 0 6px;font-size:16px;line-height:24px;font-weight:500}
.bar{display:flex;height:8px;gap:2px;max-width:640px}.bar span{min-width:3px}
.key{display:flex;flex-wrap:wrap;gap:2px 20px;margin:6px 0 24px;font-size:13px;color:var(--muted)}.key b{font-weight:500;color:var(--text)}.key i{display:inline-block;width:10px;height:8px;margin-right:6px}
.s-llm{background:var(--text)}.s-cache,.s-council,.s-model{background:var(--muted)}.s-rules{background:repeating-linear-gradient(90deg,var(--edge) 0 4px,var(--hair) 4px 6px)}.s-hold{background:var(--failed)}
.tiles{display:grid;grid-template-columns:repeat(6,1fr);margin:0;border:1px solid var(--hair);border-radius:6px}
.tiles div{padding:12px 16px;border-left:1px solid var(--hair)}.tiles div:first-child{border-left:0}
.tiles dt{font-size:12px;line-height:16px;color:var(--muted)}.tiles dd{margin:4px 0 0;font-size:20px;line-height:28px;font-weight:600;white-space:nowrap}.tiles .of{font-size:12px;line-height:16px;font-weight:400;color:var(--muted);white-space:normal;margin:0}
.card{margin:0;display:grid;gap:6px}.card div{display:grid;grid-template-columns:160px 1fr;gap:16px}.card dt{color:var(--muted)}.card dd{margin:0}.card ul,.say,.open{margin:0;padding-left:18px}.card ul{padding:0;list-style:none}
main{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);column-gap:48px}section{grid-column:1/-1;min-width:0}#run:has(+#costs){grid-column:1}#costs{grid-column:2}.say{max-width:86ch}.say li{margin:2px 0}
pre{font:12px/18px var(--mono);background:var(--raised);border-radius:6px;padding:12px 16px;white-space:pre-wrap;margin:8px 0 0}
figure{margin:0 0 8px}
.cap{margin:16px 0 6px;font-weight:600}.cap span{font-weight:400;color:var(--muted);font-size:13px}.cap>span{margin-left:6px}
.pane{display:grid;grid-template-columns:64px 1fr 88px}
.ys,.ends{position:relative;font-size:12px;line-height:16px;color:var(--muted)}
.ys span{position:absolute;right:8px;transform:translateY(-50%);white-space:nowrap}
.ends span{position:absolute;left:8px;transform:translateY(-50%);white-space:nowrap;border-left:2px solid;padding-left:6px}.ends b{display:block;font-weight:600}.ends .own{color:var(--text)}.ends .hold{border-left-style:dashed}.ends .matched{border-left-style:dotted}
.plot{position:relative;border-bottom:1px solid var(--hair)}
.plot svg{position:absolute;inset:0;width:100%;height:100%;display:block;overflow:visible}
.plot path{vector-effect:non-scaling-stroke;fill:none;stroke-linejoin:round}
.plot .grid{stroke:var(--hair);stroke-width:1;opacity:.75}
.plot .line{stroke:var(--text);stroke-width:2}.plot .line.thin{stroke:var(--flat);stroke-width:1}
.plot .line.hold{stroke:var(--muted);stroke-width:1.5;stroke-dasharray:6 4}.plot .line.matched{stroke:var(--muted);stroke-width:1.75;stroke-dasharray:1.5 3.5}
.plot .start{stroke:var(--edge);stroke-width:1}
.plot .fall{fill:var(--fall)}
.plot .wick{stroke:var(--flat);stroke-width:1;opacity:.8}.plot .up{stroke:var(--flat);fill:var(--page);stroke-width:1}.plot .down{stroke:var(--flat);fill:var(--flat);stroke-width:1}
.plot .held{stroke-width:2}.plot .held.long{stroke:var(--long)}.plot .held.short{stroke:var(--short)}
.plot .stop{stroke:var(--failed);stroke-width:1;stroke-dasharray:3 3;opacity:.7}
.mk{position:absolute;transform:translate(-50%,-50%);text-decoration:none;font:normal 12px/12px ui-sans-serif,system-ui,"DejaVu Sans",sans-serif;text-shadow:0 0 2px var(--page),0 0 2px var(--page),0 0 1px var(--page);padding:2px}
.mk.long{margin-top:11px}.mk.short{margin-top:-11px}.mk.out{font-size:9px;color:var(--text)}.mk.no{color:var(--muted);font-size:11px}
.mk:hover,.mk:target{font-size:18px;z-index:2}.mk:target{outline:2px solid var(--text);border-radius:50%}
.worst{position:absolute;transform:translate(6px,-100%);font-size:12px;line-height:16px;white-space:nowrap;font-weight:600;padding:0 4px;background:color-mix(in srgb,var(--page) 75%,transparent);border-radius:3px}.worst.left{transform:translate(calc(-100% - 6px),-100%)}.worst i{font-style:normal;font-weight:400;color:var(--muted)}
.xs{margin:0 88px 0 64px}.xs div{position:relative;height:22px;font-size:12px;line-height:20px;color:var(--muted)}.xs span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.narrow{display:none}
.legend{display:flex;flex-wrap:wrap;gap:2px 20px;font-size:13px;color:var(--muted);margin:0}.legend b{font-weight:400;margin-right:6px}
details.nums{margin:8px 0 0}.nums .scroll{overflow-x:auto}.nums td,.nums th{white-space:nowrap}summary{cursor:pointer}.nums>summary{color:var(--muted);font-size:13px;width:max-content;max-width:100%}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:13px;line-height:20px;width:100%}
th{font-weight:400;color:var(--muted);text-align:left;font-size:12px}td,th{padding:5px 16px 5px 0;border-bottom:1px solid var(--hair);vertical-align:top}
.nums table td,.nums table th{text-align:right}.nums table td:first-child,.nums table th:first-child{text-align:left}
.trades a{text-decoration-color:var(--hair)}.trades i{font-style:normal;color:var(--text)}.trades td{white-space:nowrap}.trades .r,.trades td:nth-child(3),.trades td:nth-child(5),.trades td:nth-child(n+7),.nums .trades .r{text-align:right}.trades td:nth-child(9){font-weight:600}.nums .trades td:nth-child(n),.nums .trades th:nth-child(n){text-align:left}.nums .trades td:nth-child(3),.nums .trades td:nth-child(5),.nums .trades td:nth-child(n+7),.nums .trades th.r{text-align:right}
.trades td:last-child,.trades th:last-child{padding-right:0}
tr:target td{background:var(--warnbg);color:var(--warn)}
.metrics{max-width:760px}.metrics td,.metrics thead th+th{text-align:right;white-space:nowrap}.metrics th{font-size:13px;color:var(--text)}.metrics small{display:block;color:var(--muted);font-size:12px;line-height:16px}.metrics td:nth-child(2){font-weight:600}.metrics td small{font-weight:400}
.dh,.d>summary{display:grid;grid-template-columns:140px 180px 44px 112px minmax(0,1fr) 200px;gap:0 12px;font-size:13px;line-height:20px}
.dh span:first-child{padding-left:16px}.dh{color:var(--muted);font-size:12px;border-bottom:1px solid var(--hair);padding:5px 0}.dh span:nth-child(3),.d .num{text-align:right}
.d{border-bottom:1px solid var(--hair)}.d>summary{list-style:none;padding:6px 0}.d>summary::-webkit-details-marker{display:none}.d>summary:hover{background:var(--raised)}
.d time{color:var(--muted)}.d time::before{content:"▸";display:inline-block;width:16px;color:var(--edge)}.d[open] time::before{content:"▾"}.act{font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}.act i{font-style:normal;font-weight:400;color:var(--text)}
.by{color:var(--muted)}.by i{font-style:normal}
.why,.then{white-space:nowrap;overflow:hidden;text-overflow:ellipsis;min-width:0}.then{color:var(--muted)}
.d[open]>summary{background:var(--raised)}.d[open]>summary .why,.d[open]>summary .then{white-space:normal}
.chip{font-size:12px;line-height:16px;border:1px solid var(--warnedge);background:var(--warnbg);color:var(--warn);border-radius:4px;padding:0 5px}
.more{padding:8px 0 20px 152px;display:grid;gap:10px;scroll-margin-top:64px;font-size:13px;line-height:20px}
.more p,.more ul{margin:0}.more ul{padding-left:16px}.ln{display:grid;grid-template-columns:84px minmax(0,1fr);gap:12px;max-width:900px}.ln>b{font-weight:500;color:var(--muted)}
.v+.v{margin-top:10px}.v small{color:var(--muted);font-size:12px}.v b{font-weight:600}
q{quotes:none;color:var(--muted);white-space:nowrap;margin-left:8px}q b{color:var(--text);font-weight:500}
.more dl{margin:4px 0 0;display:grid;gap:2px;font-size:12px;line-height:18px;color:var(--muted)}.more dl div{display:grid;grid-template-columns:84px minmax(0,1fr);gap:12px;max-width:900px}.more .ln dl div{grid-template-columns:minmax(0,auto) minmax(0,1fr)}.more dd{margin:0;unicode-bidi:isolate;white-space:pre-line}
.more .id{color:var(--muted);font-size:12px}
.trouble{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:20px 32px}.trouble ul{margin:0;padding:0;list-style:none}.trouble i{font-style:normal;color:var(--muted)}.trouble b{font-weight:600}
.words{margin:0;columns:2;column-gap:40px}.words div{break-inside:avoid;padding:0 0 12px}.words dt{font-weight:600}.words dd{margin:0;color:var(--muted)}
footer{color:var(--muted);font-size:12px;padding-top:16px;padding-bottom:40px;border-top:1px solid var(--hair)}
#lost{position:sticky;top:0;z-index:5;margin:0;padding:8px 24px;background:var(--warnbg);color:var(--warn);border-bottom:1px solid var(--warnedge);text-align:center}
@media screen and (max-width:1000px){main{display:block}.dh{display:none}.d>summary{grid-template-columns:1fr auto;gap:0 12px;padding:8px 0}.d .act{grid-area:1/1}.d .num{grid-area:1/2}.d time{grid-area:2/1;color:var(--muted)}.d .by{grid-area:2/2;text-align:right}.d .why{grid-column:1/3}.d .then{grid-column:1/3}.d .num::before{content:"sure ";color:var(--muted)}.more{padding-left:0}}
@media screen and (max-width:900px){.tiles{grid-template-columns:repeat(3,1fr)}.tiles div:nth-child(4){border-left:0}.tiles div:nth-child(n+4){border-top:1px solid var(--hair)}
.trades thead{display:none}.trades,.trades tbody,.trades tr{display:block}.trades tr{display:grid;grid-template-columns:auto 1fr auto;gap:0 10px;padding:8px 0;border-bottom:1px solid var(--hair)}.trades tr:target{background:var(--warnbg)}.trades td:nth-child(n){border:0;padding:0;text-align:left}.trades td:nth-child(1)::before{content:"#"}.trades td:nth-child(9):nth-child(9){text-align:right;grid-area:1/3}.trades td:nth-child(3){display:none}.trades td:nth-child(4):nth-child(4){grid-area:2/1/3/3;color:var(--muted)}.trades td:nth-child(5):nth-child(5){grid-area:2/3;text-align:right}.trades td:nth-child(6):nth-child(6){grid-area:3/1/4/3;color:var(--muted)}.trades td:nth-child(6)::before{content:"→ "}.trades td:nth-child(7):nth-child(7){grid-area:3/3;text-align:right}.trades td:nth-child(n+8):not(:nth-child(9)){display:none}}
@media screen and (max-width:640px){header,main,footer{padding-left:16px;padding-right:16px}nav{margin-left:0;width:100%;gap:0 13px;font-size:12.5px}.mk{font-size:10px}.mk.out{font-size:8px}.mk.long{margin-top:9px}.mk.short{margin-top:-9px}nav a{padding:10px 0}h1{font-size:24px;line-height:30px}.tiles{grid-template-columns:repeat(2,1fr)}.tiles div{padding:10px 12px}.tiles div:nth-child(n){border-left:0;border-top:1px solid var(--hair)}.tiles div:nth-child(-n+2){border-top:0}.tiles div:nth-child(2n){border-left:1px solid var(--hair)}
.card div{grid-template-columns:1fr;gap:0}.card{gap:10px}.pane{grid-template-columns:46px 1fr 66px}.ys span{right:5px;font-size:11px}.ends{font-size:11px}.ends span{left:4px;padding-left:4px}.xs{margin:0 66px 0 46px}.xs .odd{display:none}.cap>span{display:block;margin:0}
.wide{display:none}span.narrow{display:inline}g.narrow{display:inline}.words{columns:1}.ln{grid-template-columns:1fr;gap:0}.metrics th small{display:none}.metrics td{white-space:normal}.metrics td,.metrics th{padding-right:6px}q{white-space:normal}.worst i{display:none}.d>summary{min-height:44px}.nums>summary{padding:10px 0}}
@media print{main{display:block}body{print-color-adjust:exact}.tiles dd{font-size:15px}.tiles div{padding:6px 8px}td,th{padding-right:8px}h1{font-size:20px;line-height:26px}.d time::before{content:none}.dh span:first-child{padding:0}.plot,.pane{break-inside:avoid}@page{size:A4;margin:14mm}:root{color-scheme:light}body{font-size:11px;line-height:16px}header,main,footer{max-width:none;padding-left:0;padding-right:0}nav,.nums>summary{display:none}section{padding:14px 0}figure,.tiles,tr,.d{break-inside:avoid}#trades,#decisions,#metrics{break-before:page}h2{break-after:avoid}.dh,.d>summary{grid-template-columns:92px 110px 32px 64px minmax(0,1fr) 110px;font-size:10px;line-height:14px}.why,.then{white-space:normal}.trades,.metrics{font-size:10px}a{text-decoration:none}}
`
  .replace(/\n/g, '')
  .trim();
