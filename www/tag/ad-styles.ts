// How creatives look: three shapes (`row` as 728x90, `box` as 300x250, `column` as 300x600) of one design.

export const AD_STYLES = `
:host { display: block; position: relative; overflow: hidden; contain: layout paint; border-radius: 6px; container-type: inline-size }
* { box-sizing: border-box }
.ad { position: absolute; inset: 0; display: flex; overflow: hidden; isolation: isolate; color: #fff; text-decoration: none; text-align: start;
  font-family: -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif; line-height: 1.25;
  background: radial-gradient(120% 130% at 100% 0%, #1d6f7c 0%, #123f5c 46%, #0b2138 100%) }
.ad:has(.image), .ad.over { background: none; padding: 0 }
.frame { position: absolute; inset: 0; width: 100%; height: 100%; border: 0 }
.ad:focus-visible { outline: 3px solid #ffb454; outline-offset: -3px }
.image { display: block; width: 100%; height: 100%; object-fit: contain }
.backdrop { position: absolute; z-index: -2; object-fit: cover }
.with-backdrop { background: #0b2138 }
.with-backdrop::before { content: ""; position: absolute; inset: 0; z-index: -1 }
.box .backdrop { inset: auto 0 0; width: 100%; height: 60% }
.box.with-backdrop::before { background: linear-gradient(180deg, #0b2138 42%, #0b2138cc 62%, #0b213866 100%) }
.row .backdrop { inset: 0 0 0 auto; width: 52%; height: 100% }
.row.with-backdrop::before { background: linear-gradient(90deg, #0b2138 49%, #0b2138d9 64%, #0b213873 100%) }
.column .backdrop { inset: 0 0 auto; width: 100%; height: 50% }
.column.with-backdrop::before { background: linear-gradient(180deg, #0b213800 0%, #0b213833 26%, #0b2138 50%) }
.words { display: flex; flex-direction: column; min-width: 0 }
.headline { font-weight: 650; letter-spacing: -0.012em; text-wrap: balance }
.body { color: #cfe3ea; line-height: 1.4 }
.cta { display: inline-flex; align-items: center; justify-content: center; gap: .45em; border-radius: 999px; background: #ffb454; color: #10222f;
  font-weight: 650; white-space: nowrap; transition: background-color .15s }
.cta::after { content: ""; width: .38em; height: .38em; border: solid currentColor; border-width: .13em .13em 0 0; rotate: 45deg }
.ad:hover .cta { background: #ffc678 }
.label { position: absolute; top: 0; inset-inline-end: 0; padding: 2px 7px 3px; border-end-start-radius: 6px; background: #ffffffd9; color: #33424f;
  font: 10px/1.2 -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; letter-spacing: .02em; pointer-events: none }

.box { flex-direction: column; justify-content: space-between; padding: 30px 22px 20px }
.box .words { gap: 9px }
.box .headline { font-size: 24px; line-height: 1.17; display: -webkit-box; -webkit-line-clamp: 4; -webkit-box-orient: vertical; overflow: hidden }
.box .body { font-size: 14px; display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden }
.box .cta { align-self: flex-start; padding: 9px 18px 10px; font-size: 14px }

.row { align-items: center; justify-content: space-between; gap: 22px; padding: 10px 26px 8px 24px }
.row .words { gap: 4px; flex: 1 }
.row .headline { font-size: 21px; line-height: 1.15; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden }
.row .body { font-size: 13px; overflow: hidden; display: -webkit-box; -webkit-line-clamp: 1; -webkit-box-orient: vertical }
.row .cta { padding: 10px 20px 11px; font-size: 14px; flex: none }
@container (max-width: 560px) { .row { padding: 8px 14px; gap: 12px } .row .body { display: none } .row .headline { font-size: 16px } .row .cta { padding: 8px 14px } }

.column { flex-direction: column; justify-content: flex-end; gap: 26px; padding: 40px 28px 34px }
.column .words { gap: 16px }
.column .headline { font-size: 33px; line-height: 1.12 }
.column .headline::before { content: ""; display: block; width: 44px; height: 4px; margin-bottom: 22px; border-radius: 2px; background: #ffb454 }
.column .body { font-size: 16px }
.column .cta { padding: 13px 22px 14px; font-size: 16px }
`;
