// Who did what at this till, and whether the log is as it was written.
import {ask, button, change, here} from "./desk_kit.js"
import {h} from "./dom.js"
import {fill, words as w} from "./link.js"

const ACTS = 100

async function look() {
  const answer = await ask({do: "audit", most: ACTS})
  if (answer?.audit) change({found: answer.audit})
}

const drawLog = log => h("div", {id: "audit"},
  log.faults.length > 0 && h("section", {class: "rings"}, h("h3", {}, w.audit_faults), h("ul", {}, log.faults.map(one => h("li", {}, h("span", {"aria-hidden": "true"}, "▲ "), one)))),
  h("p", {class: "quiet"}, fill(w.audit_rows, {rows: log.rows})),
  h("table", {class: "acts", "aria-label": w.audit_title}, h("thead", {}, h("tr", {}, [w.audit_number, w.audit_at, w.audit_who, w.audit_act, w.audit_code].map(head => h("th", {scope: "col"}, head)))),
    h("tbody", {}, log.acts.map(one => h("tr", {}, h("td", {class: "number"}, String(one.number)), h("td", {}, one.at), h("td", {}, one.name || "—"),
      h("td", {}, one.what, one.text && h("small", {}, ` ${one.text}`)), h("td", {}, one.ended))))))

const draw = () => [button(w.audit_look, look), here.found && drawLog(here.found)]

export const AUDIT = {id: "audit", title: "audit_title", right: "see_audit", whose: "audit_whose", draw, opened: () => { void look() }, submit: look}
