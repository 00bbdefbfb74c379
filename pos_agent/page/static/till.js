// The cashier's page: draws the till's state, sends commands. The till holds everything; here nothing is worked out.
import {$, h, region} from "./dom.js"
import {ALONE_BUT_FOR_SCANS_MS, ALONE_MS, listenToKeys} from "./keys.js"
import {fill, inWords, language, listen, newKey, rubles, send, setup, typed, words as w} from "./link.js"
import {choose, close, closeMenu, drawPanel, mayChoose, open, panel, panelKey, panelScan, react, remember} from "./panels.js"
import {gifts} from "./certificates.js" // behind the panels, of which it is one, as the next
import {mayAskCode} from "./codes.js"
import {drawSecond, onSecond, pressedSecond, secondIsOpen, secondScan, withSecond} from "./second.js"
import {play} from "./sounds.js"
import {drawDevices, drawDone, drawName, drawSide, drawTroubles, isReady} from "./views.js"

const COMMANDS = "/v1/commands"
const ASKED_CALM_MS = 600 // whoever was pressing Enter has not read the question yet
const TRIES_MAX = 10, TRY_AGAIN_MS = 500 // while the till is restarted
const WAITING_MAX = 8 // scans while the till is away: more of them are no customer's
const ONCE = ["reprint", "drawer", "points_report"] // told twice, these may be done twice

/** The till's state as it came last; null before. */
export let s = null
let chosen = null // the line that ↑↓ stand on
let asked = {paper: null, since: 0}
let working = null // the command that is on its way
let toldQuote = null // by an answer that is newer than the state
let waiting = 0
let notice = null // what the page itself has to say

// commands

/** What names the receipt that is shown, so that no command is taken for another's. */
export function named() {
  const {receipt, pos, day, shift} = s.visit
  if (receipt === null) return {}
  return {sale: receipt, ...(pos && {pos}), ...(day && {day}), ...(shift && {shift})}
}

const pause = ms => new Promise(done => setTimeout(done, ms))

/** One command, done once; where a second person is needed, he is asked first. */
export async function tell(command) {
  const answer = await tellOnce(command)
  return answer.code === "second_needed" && !secondIsOpen() ? await withSecond(command, answer) ?? answer : answer
}

/** With the same key it is told again until an answer comes. */
async function tellOnce(command) {
  const key = newKey()
  const tries = ONCE.includes(command.do) ? 1 : TRIES_MAX
  for (let left = tries; ; left--) {
    const answer = await send(COMMANDS, command, key)
    if (answer.code !== "gone" || left <= 1) return answer
    say(w.try_again, false)
    await pause(TRY_AGAIN_MS)
  }
}

/** A command of a key: while one is on its way, the next press is none. */
export const act = command => working ? null : run(command)

/** What was scanned or typed whole is not dropped: it waits for the command before it. */
async function inTurn(command) {
  if (waiting >= WAITING_MAX) return say(w.gone, false)
  waiting++
  while (working) await working
  waiting--
  return run(command)
}

function run(command) {
  working = told(command).finally(() => {
    working = null
    if (s) drawSaid() // what is asked now may be answered now
  })
  return working
}

/** The quote that the cashier sees; while a command is on its way, its answer tells another. */
const seenQuote = () => working ? undefined : toldQuote ?? s.visit.quote

async function told(command) {
  const answer = await tell(command)
  toldQuote = answer.told?.quote ?? null
  if (answer.code === "gone") say(answer.text, false)
  else if (notice) say(null)
  return answer
}

export function say(text, ok = true) {
  notice = text === null ? null : {text, ok}
  if (s) drawSaid()
}

function identify(text) {
  const {phone} = typed(text)
  const known = s.visit.member !== null
  if (phone && known) return open("who", {number: text}) // another member on this receipt: seen before it is done
  if (phone) return inTurn({do: "phone", number: phone, ...named()})
  return inTurn({do: "code", text, scanner: "keyboard", ...(known ? {} : named())}) // as a scan: the next one's card waits
}

/** The basket of a receipt that is keyed in here, with other lines. */
export function basket(lines) {
  return act({do: "basket", ...keyedName(), lines})
}

/** Of a receipt that is keyed in here; one that has no name yet gets its own. */
const keyedName = () => s.visit.receipt === null ? {sale: s.visit.next_number, day: s.visit.today} : named()

export const maySell = () => s.visit.keyed || (s.visit.receipt === null && s.visit.lines.length === 0)

// keys: the bar shows those that do something now

onSecond({state: () => s, tell: tellOnce, closed: () => drawSaid()})

const atRest = () => s.visit.state === "idle" && s.visit.put_aside.length === 0
const mustSignIn = () => Boolean(s.status.staff) && s.status.staff.signed_in === null

/** Where people sign in, and do what their role may; whoever only had to sign in comes back by himself. */
export const toDesk = () => { close(); location.href = mustSignIn() ? "/desk#back" : "/desk" }

const mayRedeem = () => isReady(s.visit) && (s.visit.limit_points > 0 || s.visit.redeemed_points > 0 || mayAskCode())

/** A lost card's fee is a sale by itself, where no POS has the receipt. */
const feeAlone = () => maySell() && s.visit.lines.length === 0 && (s.visit.told?.extras.length ?? 0) > 0
export const mayPay = () => !s.visit.prepared && ((s.visit.keyed && s.visit.lines.length > 0) || feeAlone())
const KEYS = [
  {key: "F1", word: "key_help", may: () => true, do: () => open("help")},
  {key: "F2", word: "key_who", may: () => s.visit.member === null, do: () => open("who")},
  {key: "F2", word: "key_who_off", may: () => s.visit.member !== null, do: () => open("who")},
  {key: "F3", word: "key_redeem", may: mayRedeem, do: () => open(mayAskCode() ? "codes" : "redeem")},
  {key: "F4", word: "key_cards", may: () => true, do: () => open("cards")},
  {key: "F6", word: "key_goods", may: maySell, do: () => open("goods")},
  {key: "F7", word: "key_return", may: () => true, do: () => open("return")},
  {key: "F8", word: "key_papers", may: () => true, do: () => open("papers")},
  {key: "F9", word: "key_pay", may: mayPay, do: () => { close(); return inTurn({do: "prepare", quote: seenQuote(), ...keyedName()}) }},
  {key: "F10", word: "key_away", may: () => s.visit.state !== "idle", do: () => open("away")},
  {key: "F10", word: "key_aside", may: () => s.visit.state === "idle" && s.visit.put_aside.length > 0, do: () => open("aside")},
  {key: "F10", word: "key_sign_in", may: () => atRest() && mustSignIn(), do: toDesk},
  {key: "F10", word: "key_desk", may: () => atRest() && !mustSignIn(), do: toDesk},
]
const legal = () => KEYS.filter(one => one.may())

export const key = (name, word, run, more = {}) =>
  h("button", {type: "button", data: {key: name}, onclick: run, ...more}, h("kbd", {}, name), ` ${word}`)

// what Enter and Esc answer now, the nearest question first

function answers() {
  const {visit, reply} = s
  if (panel || working) return null // a panel has its own; what is on its way may change the question
  if (visit.prepared && visit.keyed) {
    const amount = rubles(visit.told?.to_pay ?? "0")
    return {
      text: fill(w.money, {amount}),
      yes: {text: w.money_yes, run: () => act({do: "pay", sale: visit.receipt, day: visit.day, quote: visit.quote, ...gifts()})},
      no: {text: w.back, run: () => basket(visit.lines)}, // the same goods: only the sum is no longer frozen
    }
  }
  if (!reply?.ask || notice) return null
  const [first, ...others] = reply.ask.answers
  const run = choice => () => choice.prompt ? open("codes") : choice.command ? act(choice.command) : say(" ")
  const last = others.at(-1)
  const destroys = last?.command?.do === "cancel" // for a POS that has no other way out; here Esc is always back
  const no = last && (destroys ? {text: w.back, run: () => say(" ")} : {text: last.text, run: run(last)})
  return {text: reply.ask.text, yes: {text: first.text, run: run(first)}, no}
}

// drawing

function draw(state) {
  const before = s
  s = state
  toldQuote = null
  document.title = [s.status.training && w.training, title()].filter(Boolean).join(" · ")
  if (before && before.handled !== s.handled) notice = null
  if (before && before.handled !== s.handled) heard(before)
  const isNew = s.question !== null && s.question.paper !== asked.paper
  if (s.question?.paper !== asked.paper) asked = {paper: s.question?.paper ?? null, since: performance.now()}
  region("name", [s.status.till, s.status.store, s.status.training, s.status.staff?.signed_in?.name, mustSignIn()], drawName)
  region("devices", [s.status.hub, s.status.outbox, s.status.printer, s.status.scanners], drawDevices)
  region("troubles", s.status.troubles, drawTroubles)
  drawWork()
  region("side", [s.visit, s.visit.state === "idle" && s.done], drawSide)
  region("asked", s.question, drawAsked)
  drawSaid()
  region("bar", legal().map(one => one.word), () => legal().map(one => key(one.key, w[one.word], one.do)))
  drawPanel()
  drawSecond()
  for (const one of document.querySelectorAll("header, main, footer, #panel, #second")) one.inert = s.question !== null || (secondIsOpen() && one.id !== "second")
  if (isNew) $("asked-box").focus()
  remember()
}

function heard(before) {
  const {reply, question} = s
  if (question && !before.question) play("needs")
  else if (reply) play(reply.ok ? "ok" : "no")
  react(reply)
}

function title() {
  const {state, receipt} = s.visit
  if (state === "idle") return `${fill(w.till, {till: s.status.till})} · ${setup.programme}`
  return receipt ? fill(w.receipt, {number: receipt}) : w.receipt_unnamed
}

function drawWork() {
  const {visit} = s
  if (!visit.lines.some(line => line.id === chosen)) chosen = visit.lines.at(-1)?.id ?? null
  region("work", [visit, visit.state === "idle" && s.done, chosen], () => visit.state === "idle" ? drawIdle() : drawLines())
  $("work").querySelector(".chosen")?.scrollIntoView({block: "nearest"})
}

const drawIdle = () => [
  h("div", {class: "welcome"}, h("h2", {}, w.welcome), h("p", {class: "quiet"}, w.welcome_how)),
  s.done && drawDone(s.done),
]

const quantity = line => `${line.quantity.replace(".", language === "ru" ? "," : ".")} ${w[line.unit ?? "pc"]}`

function drawLines() {
  const {visit} = s
  const told = new Map((visit.told?.lines ?? []).map(line => [line.id, line]))
  const own = maySell()
  const remove = line => h("td", {}, own && h("button", {type: "button", class: "plain", "aria-label": fill(w.remove_line, {name: line.name}), onclick: () => basket(visit.lines.filter(one => one !== line))}, "×"))
  const rows = visit.lines.map(line => h("tr", {class: line.id === chosen ? own ? "chosen own" : "chosen" : null},
    h("td", {}, line.name), h("td", {class: "number"}, quantity(line)),
    h("td", {class: "number"}, rubles(told.get(line.id)?.net ?? line.price)), remove(line)))
  const extras = (visit.told?.extras ?? []).map(line => h("tr", {}, h("td", {}, w.new_card), h("td", {}), h("td", {class: "number"}, rubles(line.net)), h("td", {})))
  return [
    h("h2", {}, visit.receipt ? fill(w.receipt, {number: visit.receipt}) : w.receipt_unnamed),
    visit.state === "retold" && h("p", {class: "note"}, w.retold),
    visit.state === "reserving" && h("p", {class: "note"}, w.reserving),
    rows.length + extras.length === 0 ? h("p", {class: "quiet"}, w.empty)
      : h("table", {}, h("thead", {}, h("tr", {}, ...[w.name, w.quantity, w.sum].map(text => h("th", {scope: "col"}, text)), h("td", {}))), h("tbody", {}, rows, extras)),
  ]
}

function drawAsked() {
  if (!s.question) return null
  const [yes, no] = s.status.ask?.answers ?? []
  return h("div", {class: "box", tabindex: "-1", id: "asked-box"},
    h("h2", {id: "asked-text"}, s.question.text), h("p", {}, w.question_how),
    h("div", {class: "choices"},
      key("Enter", w.came_out, () => answerAsked(yes), {class: "main"}), key("F8", w.not_out, () => answerAsked(no))))
}

export function drawSaid() {
  const reply = panel?.name === "return" ? null : s.reply // it says itself what it found
  const text = notice ? notice.text : reply ? [inWords(reply.text), reply.advice].filter(Boolean).join(" ") : ""
  const good = notice ? notice.ok : reply?.ok ?? true
  const now = answers()
  region("status", good && text, () => good ? text : "")
  region("alert", good || text, () => good ? "" : text)
  $("status").hidden = !good
  $("alert").hidden = good
  region("answers", now && [now.text, now.yes.text, now.no?.text], () => now && [
    h("p", {}, h("strong", {}, now.text)),
    key("Enter", now.yes.text, () => answers()?.yes.run(), {class: "main"}),
    now.no && key("Esc", now.no.text, () => answers()?.no.run()),
  ])
}

// the keyboard

function pressed(event) {
  if (!s) return false
  if (s.question) return pressedAsked(event.key)
  if (secondIsOpen()) return pressedSecond(event) || /^F\d+$/.test(event.key)
  if (panelKey(event)) return true
  const found = legal().find(one => one.key === event.key)
  if (found) {
    void found.do()
    return true
  }
  if (event.key === "Enter" || event.key === "Escape") return pressedAnswer(event)
  return pressedLines(event.key)
}

function pressedAsked(name) {
  const [yes, no] = s.status.ask?.answers ?? []
  if (performance.now() - asked.since > ASKED_CALM_MS) {
    if (name === "Enter" && yes) answerAsked(yes)
    if (name === "F8" && no) answerAsked(no)
  }
  return !["Tab", "Shift", " "].includes(name) // nothing else is answered before
}

/** Once: until it is done, or has failed, the next press is none. */
function answerAsked({command}) {
  const mine = asked
  if (mine.since === Infinity) return
  mine.since = Infinity
  void inTurn(command).finally(() => { mine.since = 0 })
}

function pressedAnswer(event) {
  const entry = $("entry")
  if (event.key === "Escape" && entry.value) {
    entry.value = ""
    entry.blur()
    return true
  }
  if (event.target instanceof HTMLButtonElement && event.key === "Enter") return false // it is pressed itself
  if (entry.value) return false // the form sends it
  const now = answers()
  const choice = event.key === "Enter" ? now?.yes : now?.no
  if (choice) void choice.run()
  else if (event.key === "Escape") say(" ")
  return true
}

function pressedLines(name) {
  const {lines} = s.visit
  const at = lines.findIndex(line => line.id === chosen)
  const step = {ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10}[name]
  if (!maySell() || at < 0 || document.activeElement !== document.body) return false
  if (name === "Delete") {
    void basket(lines.filter(line => line.id !== chosen))
    return true
  }
  if (step === undefined) return false
  chosen = lines[Math.max(0, Math.min(lines.length - 1, at + step))].id
  drawWork()
  return true
}

$("enter").addEventListener("submit", event => {
  event.preventDefault()
  const text = $("entry").value.trim()
  if (!s || !text) return
  $("entry").value = ""
  $("entry").blur()
  void (panelScan(text) || (closeMenu(), identify(text)))
})

$("entry").addEventListener("pointerdown", event => { // a finger gets digits
  if (event.pointerType !== "touch" || !s) return
  event.preventDefault()
  open("who")
})
// what a finger pressed is not what Enter presses next
document.addEventListener("click", event => { if (event.detail > 0) event.target.closest("button")?.blur() })

listenToKeys({
  entry: $("entry"),
  pressed, mayChoose, choose, aloneMs: () => secondIsOpen() ? ALONE_BUT_FOR_SCANS_MS : ALONE_MS,
  scanned: text => { if (s) void (secondIsOpen() ? secondScan(text) : panelScan(text) || (closeMenu(), inTurn({do: "code", text, scanner: "keyboard"}))) }, // as the till's own scanner: the next one's card waits
})
listen("/v1/events", draw, gone => {
  $("gone").hidden = !gone
  $("gone").textContent = s?.visit.keyed ? w.gone_keyed : w.gone
})
