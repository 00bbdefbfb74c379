// Goods without a receipt: whose purchase, which one, what of it comes back and why; a second person answers for it.
import {h} from "./dom.js"
import {decimal, fill, rubles, words as w} from "./link.js"
import {dayText} from "./desk_said.js"
import {ask, button, change, field, here, menu, s, say, sayOf} from "./desk_kit.js"

const lineName = line => `${line.name} · ${fill(w.purchase_out, {quantity: line.quantity})} · ${rubles(line.total)}`

async function find() {
  const {who, day, total} = here.values
  if (!who?.trim()) return sayOf("who", w.purchase_who_how)
  const answer = await ask({do: "member_sales", who: who.trim(), day: day || undefined, total: total?.trim() ? decimal(total) : undefined})
  if (answer?.code === "purchases_told") change({step: "which", found: {member: answer.purchases.member, sales: answer.purchases.sales}})
}

function choose(sale) {
  here.values.takes = {}
  change({step: "what", found: {...here.found, sale}})
}

const goods = () => here.found.sale.lines
  .filter(line => here.values.takes[line.id])
  .map(line => ({id: line.id, quantity: decimal(here.values.takes[line.id])}))

async function work() {
  const lines = goods()
  if (lines.length === 0) return say(w.return_nothing, false)
  const answer = await ask({do: "return", of: {id: here.found.sale.id}, lines, reason: (here.values.reason ?? "").trim()})
  if (answer?.code === "return_prepared") change({step: "sum", found: {...here.found, told: answer.returned}})
}

/** The second person has seen the sum: it is his answer that the money waits for. */
async function agreed() {
  const answer = await ask({do: "return", quote: here.found.told.quote})
  if (answer?.code === "return_prepared") change({step: "given"})
}

async function given() {
  // its number is made once: told again after a lost answer it is the same return
  here.values.sale ??= s.visit.next_number
  here.values.saleDay ??= s.visit.today
  const answer = await ask({do: "return", quote: here.found.told.quote, sale: here.values.sale, day: here.values.saleDay, paid: true})
  if (answer?.ok) change({step: "done", found: {...here.found, told: answer.returned}})
}

const drawWho = () => [
  h("div", {class: "form"}, field("who", w.purchase_who), field("day", w.purchase_day, {type: "date", max: s.visit.today}),
    field("total", w.purchase_total, {inputmode: "decimal"})),
  button(w.purchase_find, find),
]

const drawWhich = () => [
  h("p", {class: "quiet"}, here.found.member), h("p", {}, w.purchase_which),
  menu(here.found.sales.map(sale => [
    `${dayText(sale.day)} · ${fill(w.purchase_of, {number: sale.number, till: sale.till})} · ${rubles(sale.total)} · ${sale.lines.map(line => line.name).join(", ")}`,
    () => choose(sale),
  ])),
]

function takeLine(line) {
  const takes = here.values.takes
  const set = value => {
    if (value === null) delete takes[line.id]
    else takes[line.id] = value
  }
  const box = h("input", {type: "checkbox", id: `t-${line.id}`, checked: takes[line.id] !== undefined, onchange: event => {
    set(event.target.checked ? line.quantity : null)
    change({})
  }})
  return h("li", {class: "check"}, box, h("label", {for: `t-${line.id}`}, lineName(line)),
    takes[line.id] !== undefined && h("input", {id: `q-${line.id}`, class: "short", inputmode: "decimal", value: takes[line.id], "aria-label": fill(w.return_quantity, {name: line.name}), oninput: event => set(event.target.value.trim())}))
}

const drawWhat = () => [
  h("p", {}, w.purchase_what), h("ul", {class: "takes"}, here.found.sale.lines.map(takeLine)),
  field("reason", w.purchase_reason, {maxlength: 200}), button(w.purchase_work, work),
]

const drawSum = () => [
  h("p", {class: "big"}, fill(w.purchase_sum, {amount: rubles(here.found.told.refund)})), h("p", {}, w.purchase_second), button(w.purchase_ask, agreed),
]

const drawGiven = () => [
  h("p", {class: "big"}, fill(w.return_given, {amount: rubles(here.found.told.refund)})),
  h("div", {class: "choices"}, button(w.return_yes, given), h("button", {type: "button", id: "not-given", onclick: back}, h("kbd", {}, "Esc"), ` ${w.purchase_no}`)),
]

function back() {
  if (BACK[here.step] === undefined) return false
  change({step: BACK[here.step]})
  return true
}

const drawDone = () => [h("p", {class: "big"}, fill(w.purchase_done, {amount: rubles(here.found.told.refund), number: here.values.sale})), button(w.purchase_next, () => change({step: "", values: {}, found: null}))]

const STEPS = {"": [drawWho, find], which: [drawWhich], what: [drawWhat, work], sum: [drawSum, agreed], given: [drawGiven, given], done: [drawDone, () => change({step: "", values: {}, found: null})]}
const BACK = {which: "", what: "which", sum: "what", given: "sum"}

export const RETURN = {
  id: "return",
  title: "purchase_title",
  right: "take_back_without_receipt",
  draw: () => STEPS[here.step][0](),
  submit: () => void STEPS[here.step][1]?.(),
  scan: text => here.step === "" && (here.values.who = text, void find(), true),
  back,
}
