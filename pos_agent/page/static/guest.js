// The guest's side: what the till tells of his purchase, and the few things that are his to say. Nothing is worked out
// here: how much would be paid is asked of the till with every digit.
import {fill, language, listen, number, points, rubles, send, setup, words} from "./link.js"

const PHONE_DIGITS = 10 // after the 8
const CARD_DIGITS_MAX = 19, CARD_DIGITS_MIN = 8, POINTS_DIGITS_MAX = 7
const CAMERA_EVERY_MS = 150 // the till makes no more than eight pictures a second
const CAMERA_AGAIN_MS = 2_000

const at = id => document.getElementById(id)
const say = (id, text) => { if (at(id).textContent !== text) at(id).textContent = text }
const show = (id, shown) => { at(id).hidden = !shown }

let state = null
let asked = 0 // the newest question of what it would come to; answers to older ones come too late
/** What he is in the middle of; it is over with the visit. `offer`: so many points, and what that would come to. */
const nothing = () => ({entry: null, digits: "", choosing: false, offer: null, busy: false, message: ""})
let his = nothing()

// what stands where

function draw(fresh) {
  const before = state
  state = fresh
  if (before && before.turn !== fresh.turn) his = nothing()
  if (before && JSON.stringify(before.member) !== JSON.stringify(fresh.member)) his.message = "" // of his digits
  if (before && before.quote !== fresh.quote && his.offer) askAgain()
  document.querySelector("main").hidden = false
  drawBasket()
  drawPanel()
  drawCamera()
}

function drawBasket() {
  const bare = state.moment === "welcome" || state.moment === "thanks"
  document.body.classList.toggle("alone-with-words", bare)
  show("training", state.training)
  show("offline", Boolean(state.offline))
  say("offline", state.offline ?? "")
  show("person", setup.alone && state.person_asked)
  say("title", state.moment === "thanks" ? words.thanks : state.moment === "welcome" ? words.welcome : words.lines)
  say("how", state.moment === "welcome" && !state.member ? words.welcome_how : !bare && !state.lines.length ? words.nothing_yet : "")
  show("lines", !bare && state.lines.length > 0)
  show("sums", !bare && state.lines.length > 0)
  drawLines()
  drawCoupons(!bare && state.coupons.length > 0)
  say("total", rubles(state.total))
  say("by_points", `\u2212${rubles(state.redeemed_amount)}`)
  show("total_row", state.redeemed > 0)
  show("points_row", state.redeemed > 0)
  say("to_pay", rubles(state.to_pay))
}

function drawLines() {
  const told = JSON.stringify(state.lines)
  const list = at("lines")
  if (list.dataset.told === told) return
  list.dataset.told = told
  list.replaceChildren(...state.lines.map(line => {
    const row = document.createElement("li")
    row.append(cell("name", line.name), cell("net number", rubles(line.net)), cell("count quiet number", count(line)))
    return row
  }))
  list.scrollTop = list.scrollHeight // what was scanned last
}

function drawCoupons(shown) {
  show("coupons", shown)
  at("coupons").replaceChildren(...(shown ? state.coupons : []).map(one => {
    const row = document.createElement("li")
    const gives = [one.discount !== "0.00" && `\u2212${rubles(one.discount)}`, one.points > 0 && fill(words.coupon_points, {points: points(one.points)})]
    row.append(cell("name", setup.coupons[one.campaign] ?? one.campaign), cell("gives number", one.why || gives.filter(Boolean).join(", ")))
    return row
  }))
}

function cell(kind, text) {
  const made = document.createElement("span")
  made.className = kind
  made.textContent = text
  return made
}

const decimal = new Intl.NumberFormat(language, {maximumFractionDigits: 3})

function count(line) {
  if (line.unit === "pc" && Number(line.quantity) === 1) return ""
  const unit = line.unit === "kg" ? (language === "ru" ? "\u00a0кг" : "\u00a0kg") : ""
  return `${decimal.format(line.quantity)}${unit} × ${rubles(line.price)}`
}

/** Which of the panel's views he needs now. */
function view() {
  if (state.thanks) return "thanks"
  if (setup.alone && state.changed) return "changed"
  if (state.may_choose && his.entry === "points") return "entry"
  if (state.may_choose && his.offer) return "confirm"
  if (state.moment === "pay" && !(state.may_choose && his.choosing)) return "pay"
  if (state.may_choose) return "choose"
  if (state.may_prove) return state.code ? "entry" : "prove"
  if (!state.member && state.may_say_who) return "entry"
  return ""
}

function drawPanel() {
  const shown = view(), held = document.activeElement
  for (const id of ["entry", "choose", "prove", "confirm", "pay", "changed", "thanks"]) show(id, id === shown)
  if (shown === "entry" && his.entry !== "points") setEntry()
  drawMember()
  drawStep(shown)
  HEADS[shown]()
  show("not_mine", Boolean(state.member) && state.may_say_who && ["", "choose", "prove"].includes(shown))
  say("message", his.message)
  for (const button of document.querySelectorAll("#panel button")) button.disabled = his.busy || button.dataset.not === "1"
  if (held !== document.body && held?.offsetParent === null) at("panel").focus() // what had the focus is gone
}

/** What he types now: a code, where one was sent to him; else who he is. */
function setEntry() {
  const wanted = state.member && state.code ? "code" : his.entry && his.entry !== "code" ? his.entry : "phone"
  if (his.entry !== wanted) Object.assign(his, {entry: wanted, digits: ""})
}

const head = (title, note = "") => { say("heading", title); say("note", his.message ? "" : note) }

const HEADS = {
  entry: drawEntry,
  choose() {
    head(fill(words.may_redeem, {points: points(state.limit_points)}), state.limit_text)
    say("all", fill(words.redeem_all, {points: points(state.limit_points)}))
  },
  prove() { head(words.prove_title, fill(words.prove_how, {to: words.prove_your_phone})) },
  confirm() {
    const would = his.offer.would
    head(fill(words.redeem_all, {points: points(his.offer.points)}))
    say("offer", would ? wouldBe(would) : "…")
    at("yes").dataset.not = would && would.points > 0 ? "" : "1"
  },
  pay() {
    const spent = !state.member ? "" : state.redeemed ? fill(words.spent, {points: points(state.redeemed)}) : words.spent_none
    head(state.prepared ? (setup.alone ? words.pay_alone : words.pay_now) : spent)
    say("spent", state.prepared ? spent : "")
    say("earns", state.member && state.accrued ? fill(words.will_earn, {points: points(state.accrued)}) : "")
    show("change", state.may_choose)
  },
  changed() { head(fill(words.sum_changed, {sum: rubles(state.to_pay)})) },
  thanks() {
    const thanks = state.thanks
    head("")
    say("thanks_paid", fill(words.paid, {sum: rubles(thanks.to_pay)}))
    say("thanks_spent", thanks.redeemed ? fill(words.was_spent, {points: points(thanks.redeemed)}) : "")
    say("thanks_earned", thanks.accrued ? fill(words.earned, {points: points(thanks.accrued)}) : "")
    say("thanks_balance", thanks.balance === null ? "" : onAccount(thanks.balance))
  },
  ""() {
    const earns = state.accrued ? fill(words.will_earn, {points: points(state.accrued)}) : ""
    head(earns, state.limit_text)
  },
}

/** What is owed is said with why, and with what pays it: a number with a minus says nothing. */
function onAccount(balance) {
  return balance < 0 ? fill(words.owed, {points: points(-balance)}) : fill(words.on_account, {points: points(balance)})
}

function drawMember() {
  const member = state.thanks ? null : state.member
  const blank = member?.by === "card" && member.balance === null
  const known = member?.blocked ? words.card_is_blocked : member?.by === "phone" ? words.phone_known : blank ? words.new_card : words.card_read
  say("stickers", member && his.entry !== "points" ? state.stickers : "")
  if (his.entry === "points") return say("account", ""), say("who", "") // the pad needs the room
  say("who", member ? fill(known, {card: (member.card ?? "").replace(/^\*+/, "••••\u00a0")}) : "")
  if (!member || member.balance === null) return say("account", "")
  const all = onAccount(member.balance)
  const now = member.active === Math.max(0, member.balance) ? "" : `. ${fill(words.active_now, {points: points(Math.max(0, member.active))})}`
  say("account", all + now)
}

/** At a self-checkout nobody tells him what comes next. */
function drawStep(shown) {
  const choosing = his.entry === "points" || ["choose", "confirm"].includes(shown)
  const now = state.thanks || (shown === "entry" && !choosing) ? "" : choosing ? words.step_choose : words.step_pay
  say("step", now)
  show("step", setup.alone && Boolean(now))
}

// his digits

const KINDS = {
  phone: {most: PHONE_DIGITS, whole: digits => digits.length === PHONE_DIGITS, other: "card"},
  card: {most: CARD_DIGITS_MAX, whole: digits => digits.length >= CARD_DIGITS_MIN, other: "phone"},
  code: {most: 10, whole: digits => digits.length === state.code?.digits},
  points: {most: POINTS_DIGITS_MAX, whole: () => his.offer?.would?.points > 0},
}

const isOver = () => Number(his.digits) > state.limit_points

function drawEntry() {
  const kind = his.entry
  const most = fill(words.at_most, {most: number(state.limit_points)})
  if (kind === "points") head(`${words.how_many} ${most}`)
  else if (kind === "code") head(fill(words.prove_entry, {to: state.code.to}), fill(words.prove_left, {tries: state.code.tries}))
  else if (setup.alone) head(words.step_who)
  else if (state.moment === "welcome") head(kind === "phone" ? words.phone : words.card_number)
  else head(words.who_title, words.who_how)
  at("entry").classList.toggle("points", kind === "points")
  at("shown").classList.toggle("empty", !his.digits)
  say("shown", kind === "code" ? [...his.digits.padEnd(state.code.digits, "_")].join(" ") : kind === "phone" ? asPhone(his.digits, his.busy) : kind === "card" ? his.digits || "…" : his.digits || "0")
  say("would", kind !== "points" || !his.digits ? "" : isOver() ? fill(words.over_limit, {most: number(state.limit_points)})
    : his.offer?.would ? wouldBe(his.offer.would) : "…")
  at("would").classList.toggle("bad", kind === "points" && isOver())
  say("other_kind", kind === "phone" ? words.by_card : words.by_phone)
  show("other_kind", !["points", "code"].includes(kind))
  show("leave", ["points", "code"].includes(kind))
  say("leave", kind === "code" ? words.prove_none : words.back)
  const button = at("done")
  say("done", kind === "points" ? words.confirm : words.done)
  button.dataset.not = KINDS[kind].whole(his.digits) ? "" : "1"
}

/** 8 916 123-45-67; once it is sent, whoever looks over his shoulder sees its end alone. */
function asPhone(digits, hidden) {
  const one = [...digits.padEnd(PHONE_DIGITS, "_")].map((digit, index) => hidden && index > 0 && index < 8 ? "•" : digit)
  const part = (from, to) => one.slice(from, to).join("")
  return `8 ${part(0, 3)} ${part(3, 6)}-${part(6, 8)}-${part(8, 10)}`
}

function typed(digit) {
  if (his.busy || view() !== "entry") return
  if (his.entry === "phone" && !his.digits && (digit === "8" || digit === "7")) return // it stands there already
  if (his.digits.length >= (his.entry === "code" ? state.code.digits : KINDS[his.entry].most)) return
  his.message = ""
  his.digits = his.entry === "points" ? String(Number(his.digits + digit)) : his.digits + digit
  if (his.entry === "points") offer(Number(his.digits))
  if (his.entry === "code" && his.digits.length === 1) void send("/guest/commands", {do: "types", turn: state.turn})
  drawPanel()
}

function erased() {
  if (his.busy || view() !== "entry") return
  his.message = ""
  his.digits = his.digits.slice(0, -1)
  if (his.entry === "points") offer(Number(his.digits))
  drawPanel()
}

function done() {
  if (his.busy || view() !== "entry" || !KINDS[his.entry].whole(his.digits)) return
  if (his.entry === "points") return redeem(his.offer.would.points)
  if (his.entry === "code") return command({do: "enter_code", code: his.digits})
  if (his.entry === "phone") return command({do: "phone", number: `8${his.digits}`})
  return command({do: "code", text: his.digits})
}

// to the till

/** Sends it for the visit that stands here; what he was in the middle of is over when it was done. */
async function command(what) {
  his.busy = true
  his.message = ""
  drawPanel()
  const mine = his
  const answer = await send("/guest/commands", {turn: state.turn, ...what})
  if (mine !== his) return // another visit stands here meanwhile
  if (answer.ok) his = nothing()
  else Object.assign(his, {busy: false, digits: his.entry === "code" ? "" : his.digits, message: answer.code === "gone" ? words.gone_guest : answer.text})
  drawPanel()
}

const redeem = count => command({do: "redeem", points: count, quote: state.quote})

const askAgain = () => offer(his.offer.points)

/** Ask what so many points would come to. */
async function offer(count) {
  const mine = ++asked
  his.offer = {points: count, would: null}
  if (count > state.limit_points) return
  const answer = await send("/guest/commands", {do: "redeem", turn: state.turn, points: count, preview: true})
  if (mine !== asked || his.offer?.points !== count) return
  if (answer.ok) his.offer.would = answer.would_be
  else his.message = answer.code === "gone" ? words.gone_guest : answer.text
  drawPanel()
}

const wouldBe = would => [
  would.points === his.offer.points ? "" : fill(words.spent, {points: points(would.points)}),
  fill(words.would_pay, {sum: rubles(would.to_pay)}),
].filter(Boolean).join(". ")

// what the camera sees

let looking = 0

function drawCamera() {
  const wanted = state.camera && !state.member && ["welcome", "shopping"].includes(state.moment) && !document.hidden
  if (wanted && !looking) look()
  if (!wanted) {
    clearTimeout(looking)
    looking = 0
    show("camera", false)
  }
}

function look() {
  looking = -1 // on its way
  const image = new Image()
  const again = after => { if (looking) looking = setTimeout(look, after) }
  image.onload = () => {
    if (!looking) return
    document.querySelector("#camera img").src = image.src
    show("camera", true)
    again(CAMERA_EVERY_MS)
  }
  image.onerror = () => { show("camera", false); again(CAMERA_AGAIN_MS) }
  image.src = `/guest/camera.jpg?${Date.now()}`
}

// begin

for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "erase"]) {
  const button = document.createElement("button")
  button.type = "button"
  button.textContent = words[key] ?? key
  button.className = key in words ? "word" : "number"
  if (key in words) button.id = key
  button.addEventListener("click", key === "erase" ? erased : () => typed(key))
  if (key === "0") button.classList.add("zero")
  at("pad").append(button)
}
at("done").addEventListener("click", done)

const press = (id, act) => at(id).addEventListener("click", () => { his.message = ""; act(); drawPanel() })

press("other_kind", () => { his.entry = KINDS[his.entry].other; his.digits = "" })
press("leave", () => { if (his.entry === "code") redeem(0); else Object.assign(his, {entry: null, digits: "", offer: null}) })
press("send_code", () => { command({do: "send_code"}) })
press("prove_none", () => { redeem(0) })
press("all", () => { offer(state.limit_points) })
press("other", () => { his.entry = "points"; his.digits = ""; his.offer = null })
press("none", () => { redeem(0) })
press("yes", () => { redeem(his.offer.would.points) })
press("no", () => { his.offer = null })
press("change", () => { his.choosing = true })
press("go_on", () => { command({do: "prepare", quote: state.quote}) })
press("not_mine", () => { command({do: "drop_card"}) })

document.addEventListener("keydown", event => {
  if (!state || event.ctrlKey || event.altKey || event.metaKey || view() !== "entry") return
  if (/^[0-9]$/.test(event.key)) typed(event.key)
  else if (event.key === "Backspace") erased()
  else if (event.key === "Enter" && event.target.tagName !== "BUTTON") done()
  else return
  event.preventDefault()
})
document.addEventListener("visibilitychange", () => { if (state) drawCamera() })

say("programme", setup.programme)
listen("/guest/events", draw, gone => show("gone", gone))
