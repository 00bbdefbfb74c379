// Goods come back: which receipt, what of it, whether the money has been given back. A panel of panels.js.
import {h} from "./dom.js"
import {decimal, fill, language, points, rubles, words as w} from "./link.js"
import {ask, back, button, change, field, keypad, panel, redraw, remember} from "./panels.js"
import {s, tell} from "./till.js"

let turn = 0 // answers to what is marked no more are not shown

const CODE = /^(po:|t=|https?:)/i // our paper's code, the fiscal receipt's

export async function findSold() {
  const mine = panel
  const number = panel.values.number.trim()
  if (!number) return
  let refused = null
  for (const of of meanings(number)) {
    const answer = await tell({do: "return", of, whole: true})
    if (panel !== mine) return
    if (answer.code === "return_prepared") return foundSold(of, answer)
    refused ??= answer
  }
  change({bad: refused.text, text: ""})
}

/** A code, or a number; a POS's letters are large ones, whichever somebody typed. */
function meanings(number) {
  if (CODE.test(number)) return [{code: number}]
  const day = panel.values.day || undefined
  return [...new Set([number, number.toUpperCase()])].map(sale => ({sale, day}))
}

function foundSold(of, answer) {
  panel.values.of = of
  panel.values.takes ??= {}
  change({step: "choose", found: {lines: answer.returned.lines, told: null}, bad: "", text: ""})
  if (Object.keys(panel.values.takes).length > 0) void prepareReturn()
}

let preparing = null // the sums of what is marked now

const taken = () => panel.found.lines.filter(line => panel.values.takes[line.id])
  .map(line => ({id: line.id, quantity: decimal(String(panel.values.takes[line.id]))}))

async function prepareReturn() {
  const mine = panel
  const lines = taken()
  const turnOf = ++turn
  if (lines.length === 0) return change({found: {...panel.found, told: null}, bad: ""})
  const answer = await tell({do: "return", of: panel.values.of, lines})
  if (panel !== mine || turnOf !== turn) return
  const told = answer.code === "return_prepared" ? answer.returned : null
  Object.assign(panel, {found: {...panel.found, told}, bad: told ? "" : answer.text})
  if (told && panel.wanted === "given") change({wanted: "", step: "given"}) // where it was before a reload
  else redraw()
}

async function submitReturn() {
  if (!panel.step) return findSold()
  const mine = panel
  await preparing
  if (panel !== mine) return
  const told = panel.found?.told
  if (!told) return panel.bad || change({bad: w.return_nothing})
  if (panel.step === "choose") return change({step: "given"})
  // its number is made once: told again after a lost answer it is the same return
  panel.values.sale ??= s.visit.next_number
  panel.values.saleDay ??= s.visit.today
  remember()
  return ask({do: "return", quote: told.quote, sale: panel.values.sale, day: panel.values.saleDay, paid: true})
}

function drawReturn() {
  if (!panel.step) return [
    field("number", w.return_number, {inputmode: "none"}), field("day", w.return_day, {type: "date", max: s.visit.today}),
    keypad("number", submitReturn), button(w.return_find, submitReturn),
  ]
  const {lines, told} = panel.found ?? {lines: [], told: null}
  if (panel.step === "given") return [h("p", {class: "big"}, fill(w.return_given, {amount: rubles(told.refund)})), returnSums(told), button(w.return_yes, submitReturn)]
  return [
    h("p", {}, w.return_what),
    h("ul", {class: "takes"}, lines.map(takeLine)),
    told && returnSums(told), button(w.return_do, submitReturn),
  ]
}

function takeLine(line) {
  const takes = panel.values.takes
  const set = quantity => {
    if (quantity === null) delete takes[line.id]
    else takes[line.id] = quantity
    preparing = prepareReturn()
  }
  const out = line.quantity
  return h("li", {},
    h("input", {type: "checkbox", id: `t-${line.id}`, checked: takes[line.id] !== undefined, onchange: event => set(event.target.checked ? out : null)}),
    h("label", {for: `t-${line.id}`}, line.name),
    takes[line.id] !== undefined && h("input", {id: `q-${line.id}`, class: "short", inputmode: "decimal", value: takes[line.id], "aria-label": fill(w.return_quantity, {name: line.name}), oninput: event => set(event.target.value.trim())}),
    h("span", {class: "quiet"}, fill(w.return_of, {quantity: out.replace(".", language === "ru" ? "," : ".")})))
}

const returnSums = told => h("div", {class: "sums"},
  h("p", {class: "to-pay"}, h("span", {}, w.return_refund), h("strong", {class: "number"}, rubles(told.refund))),
  h("p", {}, [
    told.tenders.certificate !== "0.00" && fill(w.return_certificate, {amount: rubles(told.tenders.certificate)}),
    told.restored > 0 && fill(w.return_restored, {points: points(told.restored)}),
    told.clawed_back > 0 && fill(w.return_clawed, {points: points(told.clawed_back)}),
  ].filter(Boolean).join(". ")))

export const returnPanel = {
  title: "return_title", submit: () => void submitReturn(), draw: drawReturn, restored: step => { panel.wanted = step; void findSold() },
  back: () => panel.step === "given" ? change({step: "choose"}) : back(),
  opened: () => { panel.values = {number: "", day: "", ...panel.values} },
  scan: text => panel.step ? null : (panel.values.number = text, void findSold(), true),
}
