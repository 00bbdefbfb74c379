// «Мне не начислили»: whose purchase it was, which one, why it earned nothing; it is added once, for a reason.
import {h} from "./dom.js"
import {decimal, fill, points, rubles, words as w} from "./link.js"
import {ask, button, change, field, here, s, sayOf} from "./desk_kit.js"

const CODE = /^(po:|t=|https?:)/i // our paper's code, the fiscal receipt's

/** By a code or a number of the receipt; without one by the card that was shown, with day and sum. */
function sought() {
  const {who, receipt, till, day, total} = here.values
  const said = receipt?.trim() ?? ""
  const of = CODE.test(said) ? {code: said} : said ? {sale: said, day: day || undefined, till: till?.trim() || undefined} : undefined
  return {who: who?.trim() ?? "", of, day: of ? undefined : day || undefined, total: !of && total?.trim() ? decimal(total) : undefined}
}

async function look() {
  if (!here.values.who?.trim()) return sayOf("who", w.purchase_who_how)
  const answer = await ask({do: "look_at_claim", ...sought()})
  if (answer?.code === "claim_to_give") change({step: "give", found: {claim: answer.claimed, text: answer.text}})
}

async function give() {
  const reason = (here.values.reason ?? "").trim()
  if (!reason) return sayOf("reason", w.claim_reason_how)
  const answer = await ask({do: "claim_sale", ...sought(), reason})
  if (answer?.ok) change({step: "done", found: {claim: answer.claimed, text: answer.text}})
}

const drawWhich = () => [
  h("div", {class: "form"}, field("who", w.purchase_who), field("receipt", w.claim_receipt), field("till", w.claim_till),
    field("day", w.purchase_day, {type: "date", max: s.visit.today}), field("total", w.purchase_total, {inputmode: "decimal"})),
  h("p", {class: "quiet"}, w.claim_how), button(w.claim_look, look),
]

const drawGive = () => [
  h("p", {class: "big"}, fill(w.claim_points, {points: points(here.found.claim.points)})),
  h("p", {}, here.found.text), h("p", {class: "quiet"}, rubles(here.found.claim.total)),
  field("reason", w.claim_reason, {maxlength: 200}), button(w.claim_give, give),
]

const again = () => change({step: "", values: {}, found: null})
const drawDone = () => [h("p", {class: "big"}, fill(w.claim_points, {points: points(here.found.claim.points)})), h("p", {}, here.found.text), button(w.purchase_next, again)]

const STEPS = {"": [drawWhich, look], give: [drawGive, give], done: [drawDone, again]}

export const CLAIM = {
  id: "claim",
  title: "claim_title",
  right: "claim_sales",
  draw: () => STEPS[here.step][0](),
  submit: () => void STEPS[here.step][1](),
  scan: text => {
    if (here.step) return false
    here.values[CODE.test(text) ? "receipt" : "who"] = text
    change({})
    return true
  },
  back: () => here.step === "give" && (change({step: ""}), true),
}
