// Cases of this shop: a digit opens one, a digit chooses what is done about it, Enter settles it and the next one comes.
import {ask, button, change, field, here, redraw, refocus, say} from "./desk_kit.js"
import {h} from "./dom.js"
import {fill, words as w} from "./link.js"
import {pointsOf, rows, when} from "./desk_said.js"

const SHOWN_MAX = 9 // as many as there are digits

async function list() {
  const answer = await ask({do: "cases"})
  if (answer?.ok) change({step: "", values: {}, found: answer.office.cases})
}

async function open(id) {
  const answer = await ask({do: "case", id})
  if (answer?.ok) change({step: "case", values: {}, found: answer.office.case})
}

function choose(remedy) {
  here.values.remedy = remedy.remedy
  refocus()
  redraw()
}

const chosen = () => here.found.remedies.find(one => one.remedy === here.values.remedy)

async function settle() {
  const remedy = chosen()
  if (!remedy) return say(w.cases_choose, false)
  const {points = "", member = "", operation = "", note = ""} = here.values
  if (points && !/^[-+−]?\d{1,9}$/.test(points.trim())) return say(w.cases_points_bad, false)
  const {id} = here.found.line, next = here.found.next
  const answer = await ask({
    do: "settle_case", id, remedy: remedy.remedy, note: note.trim(), points: Number(points.trim().replace("−", "-")),
    member: member.trim() || null, operation: operation.trim() || null,
  })
  if (!answer?.ok) return
  const told = answer.text
  await (next ? open(next) : list())
  say(told)
}

const cost = line => [line.cost_points ? pointsOf(line.cost_points) : "", line.cost ? `${line.cost} ₽` : ""].filter(Boolean).join(" · ")

const drawList = () => here.found === null ? [] : here.found.cases.length === 0 ? h("p", {}, w.cases_none) : [
  h("p", {class: "quiet"}, here.found.kinds.map(one => `${one.text}: ${one.count}`).join(" · ")),
  rows(here.found.cases.slice(0, SHOWN_MAX).map(one => [
    one.text, [one.why, one.sale && fill(w.cases_sale, {sale: one.sale}), one.till, when(one.opened_at), cost(one)], () => open(one.id)])),
  here.found.cases.length > SHOWN_MAX && h("p", {class: "quiet"}, w.cases_more),
]

const fact = (name, text) => text ? [h("dt", {}, name), h("dd", {}, text)] : []

function drawCase() {
  const {line, remedies} = here.found, remedy = chosen()
  return [
    h("h3", {}, line.text), line.why && h("p", {}, line.why),
    h("dl", {class: "facts"},
      fact(w.cases_receipt, [line.sale ?? w.cases_no_sale, line.till, when(line.opened_at)].join(" · ")),
      fact(w.cases_cost, cost(line)),
      fact(w.cases_member, [here.found.member, ...(here.found.cards ?? []), here.found.phone].filter(Boolean).join(" · ") || w.cases_nobody),
      fact(w.cases_card, here.found.card),
      fact(w.cases_promised, [here.found.promised_redeemed && `−${pointsOf(here.found.promised_redeemed)}`, here.found.promised_earned && `+${pointsOf(here.found.promised_earned)}`].filter(Boolean).join(" · "))),
    (here.found.history ?? []).length > 0 && h("ul", {class: "past"}, here.found.history.map(one => h("li", {}, `${when(one.at)} ${one.text} ${one.points ? pointsOf(one.points) : ""}`))),
    here.found.settled ? h("p", {}, here.found.settled) : [
      h("div", {class: "people remedies"}, (remedies ?? []).map((one, at) => h("button", {type: "button", data: {choice: String(at + 1)}, "aria-pressed": String(one === remedy), onclick: () => choose(one)},
        h("kbd", {}, String(at + 1)), ` ${one.text}`, one.points > 0 && h("small", {}, pointsOf(one.points))))),
      remedy?.asks?.includes("points") && field("points", w.cases_points, {inputmode: "numeric", maxlength: 12, "data-first": true}),
      remedy?.asks?.includes("member") && field("member", w.cases_whose, {maxlength: 60}),
      remedy?.asks?.includes("operation") && field("operation", w.cases_operation, {maxlength: 80}),
      remedy && field("note", w.cases_note, {maxlength: 200}),
      remedy && button(w.cases_settle, settle),
    ],
  ]
}

export const CASES = {
  id: "cases", title: "cases_title", right: "settle_cases",
  opened: () => void list(),
  draw: () => here.step === "case" ? drawCase() : drawList(),
  submit: () => { if (here.step === "case") void settle() },
  back: () => {
    if (here.step !== "case") return false
    void list()
    return true
  },
  shows: () => here.values.remedy,
}
