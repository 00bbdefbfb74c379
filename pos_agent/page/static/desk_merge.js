// The flow that makes one member of two: first what it would be, for nobody can undo it.
import {button, change, here, isWorking} from "./desk_kit.js"
import {checked, scanInto, tellForm, value} from "./desk_form.js"
import {h} from "./dom.js"
import {fill, points, words as w} from "./link.js"

const command = agreed => ({do: "merge_members", gone: value("gone"), into: value("into"), reason: value("reason"), agreed})

async function submit() {
  if (isWorking() || here.step === "done") return
  const answer = await tellForm(command(here.step === "look"))
  if (answer && here.step === "look") change({step: "done", told: answer, values: {}})
  else if (answer) change({step: "look", found: answer.member})
}

const drawSide = (title, side) => h("section", {class: "side"}, h("h3", {}, `${title} ${side.card}`),
  h("p", {}, points(side.points)), side.debt > 0 && h("p", {}, fill(w.merge_debt, {points: points(side.debt)})),
  h("p", {class: "quiet"}, fill(w.merge_cards, {cards: side.cards})), h("p", {class: "quiet"}, side.registered ? w.merge_registered : w.merge_not_registered))

const drawLook = () => [
  h("div", {class: "two-columns"}, drawSide(w.merge_gone_short, here.found.gone), drawSide(w.merge_into_short, here.found.into)),
  here.found.lost?.length > 0 && h("p", {class: "note"}, fill(w.merge_lost, {what: here.found.lost.map(one => w[`merge_lost_${one}`]).join(", ")})),
  h("p", {class: "note"}, w.merge_for_good), checked("reason", w.merge_reason, {maxlength: 200, "data-first": true}), button(w.merge_do, () => void submit()),
]

const drawCards = () => [
  h("p", {class: "quiet"}, w.merge_how), checked("gone", w.merge_gone, {inputmode: "numeric", maxlength: 64}),
  checked("into", w.merge_into, {inputmode: "numeric", maxlength: 64}), button(w.merge_look, () => void submit()),
]

const draw = () => here.step === "done" ? h("p", {class: "note"}, here.told.text) : here.step === "look" ? drawLook() : drawCards()

function back() {
  if (here.step !== "look") return false
  change({step: "", wrong: null})
  return true
}

export const MERGE = {
  id: "merge", title: "merge_title", right: "merge_members", draw, submit, back, scan: scanInto("gone", "into"),
  shows: () => [here.wrong, here.told?.text],
}
