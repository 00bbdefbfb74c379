// Cards that change without a purchase: blocked, free again, virtual; and how many are left to give out.
import {ask, button, change, field, here, may, menu, s, say, staff, tick} from "./desk_kit.js"
import {h} from "./dom.js"
import {fill, typed, words as w} from "./link.js"

const QUIET = 4 // modules of white around a QR, which cameras want

const STEPS = {
  block: {how: "dcards_block_how", does: "dcards_block_do", send: who => ({do: "block_card", ...who, reason: reason()})},
  unblock: {how: "dcards_unblock_how", does: "dcards_unblock_do", send: who => ({do: "unblock_card", card: who.card, reason: reason()})},
  virtual: {how: "dcards_virtual_how", does: "dcards_virtual_do", send: who => ({do: "make_virtual", ...who, ...(who.phone && allowed() && {manager: true})})},
  phone: {how: "dcards_phone_how", does: "dcards_phone_do", send: who => ({do: "card_on_phone", card: who.card, ...(here.values.send === true && {send: true})})},
}
const BY_NUMBER = ["unblock", "phone"] // a phone that was said is not enough

const reason = () => (here.values.reason ?? "").trim()
/** Where the office keeps a list of staff, the till asks for whoever may; else the cashier says that the manager does. */
const allowed = () => staff() !== null || here.values.manager === true

/** Which card it would be, as the till says: nothing is done to one that nobody has seen. */
const looked = () => here.values.looked

/** By a card's number; or by a phone, and the last digits where the member has several. */
function whose() {
  const text = (here.values.number ?? "").trim()
  const {phone} = BY_NUMBER.includes(here.step) ? {} : typed(text)
  const ending = (here.values.ending ?? "").trim()
  return phone ? {phone, ...(ending && {card: ending})} : {card: text}
}

async function submit() {
  if (!here.step || !here.values.number?.trim()) return
  const who = looked()?.who ?? whose()
  const answer = await ask({...STEPS[here.step].send(who), ...(!looked() && {look: true})})
  if (!answer || !here) return
  if (answer.code === "several_cards") change({values: {...here.values, several: true}})
  else if (answer.code === "card_looked_at") change({values: {...here.values, looked: {who, text: answer.text}}})
  else if (answer.ok) change({step: "", values: {}, found: answer.card?.qr?.length ? answer.card : null})
}

const begin = step => () => {
  say("")
  change({step, values: {}, found: null})
}

function back() {
  if (!here.step && !here.found) return false
  if (looked()) change({values: {...here.values, looked: null}})
  else begin("")()
  return true
}

// drawing

function left() {
  const {blanks, virtual, given_today: given} = s.status.cards
  const known = blanks === null ? w.dcards_uncounted : fill(w.dcards_blanks, {count: blanks})
  return h("p", {class: "quiet", id: "left"}, `${known} ${fill(w.dcards_given, {count: given})} ${fill(w.dcards_numbers, {count: virtual})}`)
}

/** For whoever takes a picture of the screen; the paper has the same, but for a link, which is on no paper. */
function shown({card, number, qr}) {
  const size = qr.length + 2 * QUIET
  const canvas = h("canvas", {width: size, height: size, class: "qr", role: "img", "aria-label": fill(w.dcards_qr, {number: number ?? card})})
  const pen = canvas.getContext("2d")
  pen.fillStyle = "#fff"
  pen.fillRect(0, 0, size, size)
  pen.fillStyle = "#000"
  qr.forEach((row, y) => [...row].forEach((module, x) => module === "1" && pen.fillRect(x + QUIET, y + QUIET, 1, 1)))
  return [h("p", {}, number ? w.dcards_take : w.dcards_link_take), canvas, h("p", {class: "qr-number"}, number ?? card)]
}

function draw() {
  if (here.found) return [shown(here.found), button(w.dcards_done, begin(""))]
  if (!here.step) {
    const unblock = staff() && !may("unblock_cards") ? `${w.dcards_unblock} (${w.desk_not_allowed})` : w.dcards_unblock
    return [left(), menu([[w.dcards_block, begin("block")], [unblock, begin("unblock")], [w.dcards_virtual, begin("virtual")], [w.dcards_phone, begin("phone")]])]
  }
  const {how, does} = STEPS[here.step]
  if (looked()) return [
    h("p", {class: "big", id: "looked"}, looked().text), h("p", {}, w.dcards_is_it),
    here.step === "phone" ? tick("send", w.dcards_phone_send) : here.step === "virtual" ? looked().who.phone && staff() === null && tick("manager", w.dcards_manager) : field("reason", w.dcards_reason, {maxlength: 200}),
    button(w[does], submit),
  ]
  return [
    h("p", {class: "quiet"}, w[how]),
    field("number", BY_NUMBER.includes(here.step) ? w.dcards_number : w.dcards_number_or_phone, {inputmode: "numeric"}),
    here.values.several && field("ending", w.dcards_ending, {inputmode: "numeric", maxlength: 13, "data-first": true}),
    button(w.dcards_look, submit),
  ]
}

/** A card that is scanned while another one is looked at is looked at instead. */
function scan(text) {
  if (!here.step) return false
  Object.assign(here.values, {number: text, looked: null})
  change({})
  void submit()
  return true
}

export const CARDS = {
  id: "cards", title: "dcards_title", right: "block_cards", draw, back, scan,
  submit: () => here.found ? begin("")() : void submit(),
  shows: () => [here.values.several, here.values.looked, s.status.cards],
}
