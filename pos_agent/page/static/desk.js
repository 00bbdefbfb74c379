// The desk's page: whoever works here signs in, and does what his role may by flows (desk_flows.js).
import {FLOWS} from "./desk_flows.js"
import {
  ask, button, drawSaid, enterFlow, focusFirst, here, leave, may, onRedraw, redraw, refocus, s, say, signedIn, staff, take,
} from "./desk_kit.js"
import {$, h, region} from "./dom.js"
import {ALONE_BUT_FOR_SCANS_MS, ALONE_MS, listenToKeys} from "./keys.js"
import {fill, listen, setup, time, words as w} from "./link.js"
import {drawSecond, personButton, plainField, pressedSecond, secondIsOpen, secondScan} from "./second.js"

const FREE = ["sell", "give_cards", "block_cards"] // what a till did before people signed in
const BY_DIGIT = 9 // so many are chosen by one
const BADGE = /^ps:/i
const SCAN_MIN = 6 // fewer characters in the scan line are stray keys
let person = null // who is chosen, before he has typed his PIN
let wanted = "" // what the name has in it
let before = null // who was signed in
let leaving = false // he is asked whether he signs out

// what may be done

/** "" or why not. */
function whyNot(flow) {
  if (!staff()) return FREE.includes(flow.right) ? "" : w.desk_no_staff_short
  return may(flow.right) ? "" : w[flow.whose] ?? w.desk_not_allowed
}

function openFlow(flow) {
  if (whyNot(flow)) return say(whyNot(flow), false)
  enterFlow(flow)
}

// signing in

async function signIn(told) {
  const answer = await ask({do: "sign_in", ...told})
  if (answer?.ok) {
    person = null
    wanted = ""
    if (location.hash === "#back") location.href = "/"
  }
  else if ($("pin")) {
    $("pin").value = ""
    $("pin").focus()
  }
}

function submitSignIn() {
  const pin = $("pin")?.value.trim() ?? "", [first, ...more] = people()
  if (!person && wanted && first && more.length === 0) return choosePerson(first)
  if (person && pin) void signIn({person, pin})
  else say(person ? w.desk_pin_how : w.desk_who_how, false)
}

function choosePerson(one) {
  person = one.person
  refocus()
  redraw()
}

/** Of a large shop, those whose name has this in it. */
const people = () => staff().people.filter(one => one.name.toLowerCase().includes(wanted.trim().toLowerCase()))

const drawSignIn = () => [
  h("h2", {id: "desk-head"}, w.desk_sign_in), h("p", {class: "quiet"}, w.desk_sign_in_how),
  staff().people.length > BY_DIGIT && plainField("wanted", w.desk_wanted, {value: wanted, oninput: event => { wanted = event.target.value; redraw() }}),
  h("div", {class: "people"}, people().map((one, at) => personButton(one, at, person === one.person, () => choosePerson(one)))),
  person && plainField("pin", w.desk_pin, {type: "password", inputmode: "numeric", maxlength: 6, "data-first": true}),
  person && button(w.desk_enter, submitSignIn),
]

// drawing

function drawMenu() {
  return [
    h("h2", {id: "desk-head"}, w.desk_menu),
    !staff() && h("p", {class: "note"}, w.desk_no_staff),
    h("div", {class: "flows"}, FLOWS.map((flow, at) => {
      const why = whyNot(flow)
      return h("button", {type: "button", data: {choice: String(at + 1)}, "aria-disabled": why ? "true" : null, onclick: () => openFlow(flow)},
        at < 9 && h("kbd", {}, String(at + 1)), ` ${w[flow.title]}`, why && h("small", {}, why))
    })),
  ]
}

const drawFlow = () => [h("h2", {id: "desk-head"}, w[here.flow.title]), here.flow.draw()]

const drawWho = () => {
  const one = signedIn()
  if (!one) return [h("a", {href: "/"}, w.desk_to_till)]
  return [
    h("span", {id: "signed-in"}, `${one.name} · ${w[`role_${one.role}`]} · `, h("span", {class: "quiet"}, fill(w.desk_until, {time: time(one.until)}))),
    h("button", {type: "button", id: "sign-out", onclick: wantOut}, w.desk_sign_out), h("a", {href: "/"}, w.desk_to_till),
  ]
}

const needsSignIn = () => staff() !== null && signedIn() === null

/** Whoever leaves while a receipt stands is asked; it stays at the till either way. */
function wantOut() {
  leaving = s.visit.state !== "idle" || s.visit.put_aside.length > 0
  if (!leaving) return signOut()
  say("")
  redraw()
}

function signOut() {
  leaving = false
  leave()
  void ask({do: "sign_out"})
}

function stay() {
  leaving = false
  redraw()
}

const drawLeaving = () => [
  h("h2", {id: "desk-head"}, w.desk_leaving), h("p", {}, w.desk_leaving_how),
  h("div", {class: "choices"}, button(w.desk_sign_out, signOut), h("button", {type: "button", onclick: stay}, h("kbd", {}, "Esc"), ` ${w.back}`)),
]

const KEYS = [
  {key: "Escape", word: "desk_back", do: () => void goBack()},
  {key: "F10", word: "desk_to_till", do: () => { location.href = "/" }},
]

function draw(state) {
  if (state) take(state)
  if (!s) return
  const now = signedIn()?.person ?? null
  if (before !== null && now !== before && here) leave() // what one had begun is not another's
  before = now
  document.title = `${w.desk_title} · ${s.status.till}`
  region("name", [s.status.till, s.status.store, s.status.training], () => [
    h("strong", {}, `${w.desk_title}. ${fill(w.till, {till: s.status.till})}`), h("span", {class: "quiet"}, [setup.programme, s.status.store].filter(Boolean).join(" · ")),
    s.status.training && h("mark", {}, w.training)])
  region("who", signedIn(), drawWho)
  region("troubles", s.status.troubles, () => s.status.troubles.length === 0 ? null
    : s.status.troubles.map(one => h("p", {class: one.stops ? "stops" : ""}, h("span", {"aria-hidden": "true"}, "▲ "), one.text)))
  if (needsSignIn()) leaving = false
  const shows = leaving ? ["leaving"] : needsSignIn() ? ["sign-in", person, wanted, staff().people] : here ? [here.flow.id, here.step, here.found, here.flow.shows?.()] : ["menu", signedIn()?.may, staff() === null]
  region("desk", shows, () => leaving ? drawLeaving() : needsSignIn() ? drawSignIn() : here ? drawFlow() : drawMenu())
  region("bar", [], () => KEYS.map(one => h("button", {type: "button", data: {key: one.key}, onclick: one.do}, h("kbd", {}, one.key.replace("Escape", "Esc")), ` ${w[one.word]}`)))
  drawSecond()
  drawSaid()
  focusFirst()
}

onRedraw(() => draw(null))

// the keyboard

const choices = () => [...(secondIsOpen() ? $("second") : $("desk")).querySelectorAll("[data-choice]")]
/** Once somebody is chosen, digits are his PIN; Esc goes back to the names. */
const typesPin = () => needsSignIn() && person !== null && !secondIsOpen()
const mayChoose = () => s !== null && choices().length > 0 && !typesPin()
const home = () => s && needsSignIn() && !secondIsOpen() ? $("pin") ?? $("wanted") : $("entry")

function pressed(event) {
  if (!s) return false
  if (secondIsOpen()) return pressedSecond(event)
  const found = KEYS.find(one => one.key === event.key) ?? (here?.flow.keys?.[event.key] && {do: here.flow.keys[event.key]})
  if (found) {
    found.do()
    return true
  }
  if (event.key !== "Enter" || event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement || event.target instanceof HTMLTextAreaElement) return false
  if (event.target === $("entry") && $("entry").value) return false
  $("entry").value = "" // what somebody left there is no answer to what the screen asks
  enter()
  return true
}

/** What Enter does on this screen. */
function enter() {
  if (leaving) return signOut()
  if (needsSignIn()) submitSignIn()
  else here?.flow.submit?.()
}

/** A step back; from the menu to the till, where one came from. */
function goBack() {
  $("entry").value = ""
  if (leaving) stay()
  else if (needsSignIn() && person) {
    person = null
    redraw()
  } else if (needsSignIn() || !here) location.href = "/"
  else if (!here.flow.back?.()) leave()
  return true
}

/** A badge signs in, or answers for the step that waits; everything else is the open flow's. */
function scanned(text) {
  if (!s || !text) return
  if (secondIsOpen()) return secondScan(text)
  if (BADGE.test(text)) return void signIn({badge: text})
  if (!here?.flow.scan?.(text)) say(w.desk_scan_nothing, false)
}

$("enter").addEventListener("submit", event => {
  event.preventDefault()
  const text = $("entry").value.trim()
  $("entry").value = ""
  $("entry").blur()
  if (text.length >= SCAN_MIN || secondIsOpen()) scanned(text)
  else enter()
})
// what a finger pressed is not what Enter presses next
document.addEventListener("click", event => { if (event.detail > 0) event.target.closest("button")?.blur() })

listenToKeys({
  entry: $("entry"), pressed, mayChoose, scanned, home, choose: digit => choices()[digit - 1]?.click(),
  aloneMs: () => secondIsOpen() || needsSignIn() ? ALONE_BUT_FOR_SCANS_MS : ALONE_MS,
})
listen("/v1/events", draw, gone => { $("gone").hidden = !gone })
