// What opens over the receipt: spending, goods, cards, returns, papers. One at a time; Esc closes it.
import {certificatePanel, giftPanel, mayGive} from "./certificates.js"
import {codesPanel} from "./codes.js"
import {$, forget, h, region} from "./dom.js"
import {decimal, fill, inWords, points, rubles, setup, typed, words as w} from "./link.js"
import {findSold, returnPanel} from "./returns.js"
import {setSounds, sounds} from "./sounds.js"
import {secondIsOpen} from "./second.js"
import {act, basket, drawSaid, key, maySell, named, s, tell, toDesk} from "./till.js"

const DRAFT = "draft", DRAFT_LIVES_MS = 600_000 // what somebody typed ten minutes ago is another customer's

/** What is open: its name, the step it is at, what was typed, what the till said to it. */
export let panel = null
let focusNext = false

export function open(name, values = {}) {
  panel = {name, step: "", values, found: null, text: "", bad: "", receipt: receiptShown(), card: s.visit.card}
  focusNext = true
  PANELS[name].opened?.()
  redraw()
}

export function close() {
  panel = null
  redraw()
}

export function redraw() {
  forget("panel")
  drawPanel()
  drawSaid() // an open panel has answers of its own
  remember()
}

export function change(more) {
  Object.assign(panel, {first: ""}, more)
  focusNext = true
  redraw()
}

/** Two POS may use the same number. */
const receiptShown = () => s.visit.receipt === null ? null : JSON.stringify(named())

/** What was opened for one receipt is not another's. */
function isOver() {
  const {of} = PANELS[panel.name]
  const {card, state} = s.visit, receipt = receiptShown()
  panel.receipt ??= receipt
  if (!of) return false
  return receipt !== panel.receipt || (of === "visit" && (state === "idle" || card !== panel.card))
}

export function drawPanel() {
  if (panel && isOver()) panel = null
  region("panel", panel && [panel.name, panel.step, panel.found, panel.text, panel.bad, PANELS[panel.name].shows?.()], () => {
    if (panel === null) return null
    const {title, draw, changed} = PANELS[panel.name]
    if (changed) queueMicrotask(changed)
    return [
      h("div", {class: "panel-head"}, h("h2", {id: "panel-title"}, w[title]), h("button", {type: "button", data: {key: "close"}, onclick: close}, h("kbd", {}, "Esc"), ` ${w.close}`)),
      draw(),
      panel.bad && h("p", {class: "bad", role: "alert"}, panel.bad),
      panel.text && h("p", {class: "told", role: "status"}, panel.text),
    ]
  })
  if (!panel || !focusNext) return
  focusNext = false
  const wanted = (panel.first && $(`f-${panel.first}`)) || $("panel").querySelector("[data-first]") || $("panel").querySelector("input, select, button:not([data-key=close])")
  wanted?.focus()
  wanted?.select?.()
}

// what was typed outlives a reload

const whose = () => receiptShown() ?? JSON.stringify(s.visit.card)

export function remember() {
  if (s === null) return
  if (!restored) return restore()
  const draft = panel && !PANELS[panel.name].secret && !isMenu() && {name: panel.name, step: panel.step, values: panel.values, whose: whose(), at: Date.now()}
  if (draft) localStorage.setItem(DRAFT, JSON.stringify(draft))
  else localStorage.removeItem(DRAFT)
}

let restored = false

function restore() {
  restored = true
  const draft = JSON.parse(localStorage.getItem(DRAFT) ?? "null")
  if (!draft || draft.whose !== whose() || Date.now() - draft.at > DRAFT_LIVES_MS || !PANELS[draft.name]) return
  open(draft.name, draft.values)
  if (draft.step && PANELS[draft.name].restored) PANELS[draft.name].restored(draft.step)
}

// keys and scans that a panel takes

export function panelKey(event) {
  if (panel === null) return false
  if (event.key === "Escape") {
    const {back} = PANELS[panel.name]
    if (panel.step && back) back()
    else close()
    return true
  }
  const {keys, submit} = PANELS[panel.name]
  if (keys?.[event.key]) {
    return keys[event.key](event) !== false
  }
  if (/^Arrow(Up|Down)$/.test(event.key) && !(event.target instanceof HTMLSelectElement)) return step(event.key === "ArrowDown" ? 1 : -1)
  if (event.key !== "Enter" || event.target instanceof HTMLButtonElement || $("entry").value) return false
  submit?.()
  return true
}

const choices = () => [...$(secondIsOpen() ? "second" : "panel").querySelectorAll("[data-choice]")]

/** It asks for nothing but a choice: what is scanned or typed meanwhile is not its. */
const isMenu = () => panel !== null && choices().length > 0 && !$("panel").querySelector("input, select")

export const closeMenu = () => { if (isMenu()) close() }

/** Whether digits choose now, where they belong to no field. */
export const mayChoose = () => (panel !== null || secondIsOpen()) && !s.question && choices().length > 0

export const choose = digit => { if (mayChoose()) choices()[digit - 1]?.click() }

function step(by) {
  const stops = [...$("panel").querySelectorAll("input, select, [data-choice]")]
  const at = stops.indexOf(document.activeElement)
  stops[Math.max(0, Math.min(stops.length - 1, at + by))]?.focus()
  return true
}

/** A scan that the open panel waits for; null: it is not its. */
export const panelScan = text => panel && PANELS[panel.name].scan?.(text) || null

/** What the till has just said may be what a panel waits for. */
export function react(reply) {
  if (!reply || secondIsOpen()) return
  if (reply.scanned && reply.code === "goods" && maySell()) open("goods", {...EMPTY_GOODS, code: reply.scanned})
  else if (reply.scanned && reply.code === "receipt") {
    open("return", {number: reply.scanned, day: ""})
    void findSold()
  } else if (panel?.name === "cards" && /issue_card$/.test(reply.ask?.answers[0].command?.do ?? "")) close()
  else if (panel?.name === "codes" && reply.code === "code_right") close() // typed by the guest, perhaps
  else if (reply.code === "code_sent" && panel === null) open("codes")
  else if (panel?.name === "who" && reply.code.startsWith("member_found")) close()
}

// pieces

/** A field whose text is kept in the panel's values. */
export function field(name, label, more = {}) {
  const {onchange, ...attributes} = more
  const input = h("input", {
    id: `f-${name}`, autocomplete: "off", spellcheck: "false", value: panel.values[name] ?? "", ...attributes,
    oninput: event => {
      panel.values[name] = event.target.value
      remember()
      onchange?.()
    },
  })
  return h("p", {class: "field"}, h("label", {for: `f-${name}`}, label), input)
}

const PAD = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "⌫", "0", "-"]

/** Digits for a finger; they go into the field of that name. */
export function keypad(name, enter) {
  const press = digit => {
    const input = $(`f-${name}`)
    input.value = digit === "⌫" ? input.value.slice(0, -1) : input.value + digit
    input.dispatchEvent(new Event("input", {bubbles: true}))
  }
  return h("div", {class: "pad", role: "group", "aria-label": w.keypad},
    PAD.map(digit => h("button", {type: "button", "aria-label": digit === "⌫" ? w.erase : null, onclick: () => press(digit)}, digit)),
    h("button", {type: "button", class: "main", onclick: enter}, "↵"))
}

const choice = (number, text, run, more = {}) => h("button", {type: "button", data: {choice: number}, onclick: run, ...more}, h("kbd", {}, number), ` ${text}`)
const menu = choices => h("div", {class: "menu"}, choices.map(([text, run], at) => choice(String(at + 1), text, run)))
export const button = (text, run) => h("button", {type: "button", class: "main", onclick: run}, h("kbd", {}, "Enter"), ` ${text}`)

/** A command whose answer the panel shows; it closes where that was all. */
export async function ask(command, {stays = false} = {}) {
  const mine = panel
  const answer = await act(command)
  if (!answer || panel !== mine) return answer
  if (answer.ok && !stays) close()
  else change({bad: answer.ok ? "" : answer.text, text: answer.ok ? answer.text : ""})
  return answer
}

// spending

let turn = 0

async function preview() {
  const mine = ++turn
  if (panel?.name !== "redeem") return
  const text = (panel.values.points ?? "").trim()
  const wanted = Number(text)
  panel.gets = null
  if (!/^\d{1,9}$/.test(text)) return becomes("", "")
  const answer = await tell({do: "redeem", points: wanted, preview: true, ...named()})
  if (mine !== turn || panel?.name !== "redeem") return
  if (!answer.ok) return becomes("", answer.text)
  const {redeemed, to_pay: toPay, accrued} = answer.told
  panel.gets = redeemed.points
  if (redeemed.points < wanted) becomes("", `${w.redeem_less} ${s.visit.limit_text}`)
  else becomes(fill(w.redeem_becomes, {to_pay: rubles(toPay), accrued: points(accrued.points)}), "")
}

function becomes(text, bad) {
  $("becomes").textContent = text
  $("becomes-not").textContent = bad
}

const redeem = count => ask({do: "redeem", points: count, ...named()})

async function submitRedeem() {
  const text = (panel.values.points ?? "").trim()
  if (!text) return redeem(null)
  if (panel.gets === null) await preview()
  if (panel?.gets === Number(text)) return redeem(panel.gets) // else the field stays, with what may be beside it
}

// goods

const EMPTY_GOODS = {code: "", name: "", price: "", quantity: "1", unit: "pc", category: ""}

function submitGoods() {
  const {code, name, price, quantity, unit, category} = panel.values
  if (!code.trim() && !name.trim() && !category) return change({bad: w.goods_what})
  if ((price.trim() || !code.trim()) && !/^\d+(\.\d{1,2})?$/.test(decimal(price))) return change({bad: w.goods_price_bad, first: "price"})
  if (!/^\d+(\.\d{1,3})?$/.test(decimal(quantity)) || Number(decimal(quantity)) === 0) return change({bad: w.goods_quantity_bad, first: "quantity"})
  const lines = s.visit.lines
  const id = String(1 + Math.max(0, ...lines.map(line => Number(line.id) || 0)))
  const called = name.trim() || (code.trim() ? "" : setup.categories.find(one => one[1] === category)?.[0])
  const known = code.trim() && (/^\d{8,14}$/.test(code.trim()) ? {barcode: code.trim()} : {article: code.trim()})
  const line = {id, name: called, price: decimal(price), quantity: decimal(quantity), unit, ...(category && {category}), ...known}
  void addLine([...lines, line])
}

async function addLine(lines) {
  const mine = panel
  const answer = await basket(lines)
  if (panel !== mine || !answer) return
  if (answer.ok) open("goods", {...EMPTY_GOODS})
  else change({bad: inWords(answer.text), first: answer.field?.split(".").at(-1) ?? ""})
}

// cards

const CARD_STEPS = {
  issue: {how: "cards_issue_how", does: "do_issue", send: number => ({do: "issue_card", card: number, ...named()})},
  replace: {
    how: "cards_replace_how", does: "do_replace",
    send: number => ({do: "reissue_card", new_card: number, ...(panel.values.manager && {manager: true, by: panel.values.by || undefined}), ...(panel.values.code?.trim() && {second_factor: panel.values.code.trim()}), ...named()}),
  },
  balance: {how: "cards_balance_how", does: "do_balance", send: text => ({do: "balance", ...typed(text)})},
  block: {how: "cards_block_how", does: "do_block", send: text => {
    const {phone} = typed(text)
    return {do: "block_card", ...(phone ? {phone} : {card: text})}
  }},
  swap: {how: "cards_swap_how", does: "do_swap", send: number => ({do: "swap_card", card: number, ...named()})},
}
const OF_ANY = ["balance", "block"] // a card or a phone, and no receipt is touched

function submitCard() {
  const number = (panel.values.number ?? "").trim()
  if (panel.step && number) void ask(CARD_STEPS[panel.step].send(number), {stays: OF_ANY.includes(panel.step)})
}

/** Then whoever has that phone proves it by a code, or a manager answers. */
const bySpokenPhone = () => s.visit.member?.identified_by === "phone" && !s.visit.member.second_factor

async function sendReissueCode() {
  const mine = panel
  const answer = await act({do: "send_code", purpose: "reissue", ...named()})
  if (panel === mine && answer) change({first: "code", bad: answer.ok ? "" : answer.text, text: answer.ok ? answer.text : ""})
}

function drawCards() {
  const step = name => [w[`cards_${name}`], () => change({step: name, text: "", bad: ""})]
  if (!panel.step) return menu([...["issue", "replace", "balance"].map(step), [w.cards_desk, toDesk], step("block"), [w.cards_virtual, () => ask({do: "issue_virtual", ...named()})], step("swap"), [w.certificate_title, () => open("certificate")], ...(mayGive() ? [[w.gift_title, () => open("gift")]] : [])])
  const {how, does} = CARD_STEPS[panel.step]
  const {member} = s.visit
  return [
    h("p", {class: "quiet"}, w[how]),
    panel.step === "replace" && member && member.balance !== null && h("p", {}, fill(w.cards_replace_whose, {card: member.card ?? "—", points: member.balance < 0 ? fill(w.owed, {points: points(-member.balance)}) : points(member.balance)})),
    field("number", OF_ANY.includes(panel.step) ? w.entry : w.cards_number, {inputmode: "none"}),
    panel.step === "replace" && bySpokenPhone() && h("div", {class: "spend"}, key("F2", w.code_send_member, sendReissueCode), field("code", w.code_field, {inputmode: "none", maxlength: "10", autocomplete: "one-time-code"})),
    panel.step === "replace" && h("div", {class: "spend"},
      h("p", {class: "check"}, h("input", {type: "checkbox", id: "f-manager", checked: panel.values.manager ?? false, onchange: event => { panel.values.manager = event.target.checked }}), h("label", {for: "f-manager"}, w.cards_manager)),
      field("by", w.cards_manager_name)),
    keypad("number", submitCard), button(w[does], submitCard),
  ]
}

// papers

async function report(show) {
  const answer = await ask({do: "points_report", show}, {stays: show})
  if (answer?.ok && show && panel) change({step: "report", text: "", found: answer.text})
}

function drawPapers() {
  if (panel.step === "report") return h("pre", {class: "paper", tabindex: "0", "aria-label": w.papers_report}, panel.found)
  if (panel.step === "copy") return [field("number", w.papers_number, {inputmode: "none"}), field("day", w.return_day, {type: "date", max: s.visit.today}), keypad("number", submitCopy), button(w.papers_print, submitCopy)]
  return menu([
    [w.papers_copy, () => ask({do: "reprint"})],
    [w.papers_copy_of, () => change({step: "copy", bad: "", text: ""})],
    [w.papers_report, () => report(true)],
    [w.papers_report_print, () => report(false)],
    [w.papers_drawer, () => ask({do: "drawer"})],
  ])
}

function submitCopy() {
  const sale = (panel.values.number ?? "").trim()
  if (panel.step === "copy" && sale) void ask({do: "reprint", sale, ...(panel.values.day && {day: panel.values.day})})
}

// help and looks

const THEMES = ["auto", "light", "dark"]

export function applyTheme() {
  const theme = localStorage.getItem("theme") ?? "auto"
  if (theme === "auto") delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  return theme
}

function nextTheme() {
  localStorage.setItem("theme", THEMES[(THEMES.indexOf(applyTheme()) + 1) % THEMES.length])
  applyTheme()
  redraw()
}

const HELP = [
  ["F1", "key_help"], ["F2", "help_who"], ["F3", "help_redeem"], ["F4", "help_cards"], ["F6", "help_goods"], ["F7", "help_return"],
  ["F8", "help_papers"], ["F9", "help_pay"], ["F10", "help_away"], ["Enter", "key_yes"], ["Esc", "key_no"], ["↑↓", "key_lines"], ["Delete", "key_delete"],
]

const drawHelp = () => [
  h("dl", {class: "keys"}, HELP.map(([name, word]) => h("div", {}, h("dt", {}, h("kbd", {}, name)), h("dd", {}, w[word])))),
  menu([
    [`${w.look_theme}: ${w[`theme_${applyTheme()}`]}`, nextTheme],
    [`${w.sound}: ${sounds() ? w.on : w.off}`, () => { setSounds(!sounds()); redraw() }],
    [w.open_guest, () => window.open("/guest", "guest")],
  ]),
]

export const back = () => change({step: "", text: "", bad: "", found: null})

async function identifyHere() {
  const text = (panel.values.number ?? "").trim()
  if (!text) return
  const {phone} = typed(text)
  void ask(phone ? {do: "phone", number: phone, ...named()} : {do: "code", text, scanner: "keyboard", ...named()})
}

function dropCard() {
  void ask({do: "drop_card", ...named()})
}

const PANELS = {
  help: {title: "keys", draw: drawHelp},
  who: {
    title: "who", of: "receipt", submit: identifyHere, keys: {Delete: () => s.visit.member !== null && !panel.values.number && dropCard()}, shows: () => s.visit.card,
    draw: () => [
      field("number", w.entry, {inputmode: "none"}), keypad("number", identifyHere), button(w.find, identifyHere),
      s.visit.member && key("Delete", `${w.drop_card} ${s.visit.card ?? ""}`, dropCard),
    ],
  },
  redeem: {
    title: "redeem_title", of: "visit", changed: () => preview(), submit: () => void submitRedeem(), keys: {F3: () => redeem(null)}, opened: () => {
      panel.values.points ??= String(s.visit.redeemed_points || s.visit.limit_points)
    }, shows: () => [s.visit.quote, s.visit.limit_points],
    draw: () => [
      h("p", {class: "limit"}, s.visit.limit_text),
      h("div", {class: "spend"}, field("points", w.redeem_field, {inputmode: "none", class: "large number", maxlength: "9", "aria-describedby": "becomes becomes-not", onchange: preview}),
        button(w.redeem_do, submitRedeem),
        key("F3", fill(w.redeem_all, {points: points(s.visit.limit_points)}), () => redeem(null)),
        h("button", {type: "button", onclick: () => redeem(0)}, w.redeem_none)),
      h("p", {id: "becomes", role: "status"}), h("p", {id: "becomes-not", class: "bad", role: "alert"}),
      keypad("points", submitRedeem),
    ],
  },
  codes: codesPanel,
  certificate: certificatePanel, gift: giftPanel,
  goods: {
    title: "goods_title", of: "receipt", submit: submitGoods, opened: () => { panel.values = {...EMPTY_GOODS, ...panel.values} },
    scan: text => { panel.values.code = text; change({bad: ""}); $("f-price").focus(); return true },
    draw: () => !maySell() ? h("p", {}, w.goods_pos) : [
      h("div", {class: "form"}, field("code", w.goods_code), field("name", w.goods_name), field("price", w.goods_price, {inputmode: "decimal"}),
        field("quantity", w.goods_quantity, {inputmode: "decimal"}), select("unit", w.goods_unit, [[w.pc, "pc"], [w.kg, "kg"]]),
        select("category", w.goods_category, [[w.goods_by_file, ""], ...setup.categories])),
      button(w.goods_add, submitGoods),
    ],
  },
  cards: {
    title: "cards_title", of: "receipt", submit: submitCard, back, draw: drawCards, shows: () => [s.visit.card, s.visit.state, s.visit.member?.second_factor],
    keys: {F2: () => panel.step === "replace" && bySpokenPhone() && (void sendReissueCode(), true)},
    restored: step => change({step}), scan: text => panel.step ? (panel.values.number = text, submitCard(), true) : null,
  },
  return: returnPanel,
  papers: {title: "papers_title", submit: submitCopy, back, draw: drawPapers},
  away: {
    title: "away_title", of: "visit",
    draw: () => menu([[w.away_cancel, () => ask({do: "cancel", ...named()})], [w.away_aside, () => ask({do: "put_aside", ...named()})]]),
    submit: () => void ask({do: "cancel", ...named()}),
  },
  aside: {title: "aside_title", draw: () => menu(s.visit.put_aside.map(sale => [fill(w.aside_take, {number: sale}), () => ask({do: "take_up", sale})])), shows: () => s.visit.put_aside},
}

function select(name, label, options) {
  const value = panel.values[name]
  return h("p", {class: "field"}, h("label", {for: `f-${name}`}, label),
    h("select", {id: `f-${name}`, onchange: event => { panel.values[name] = event.target.value; remember() }},
      options.map(([text, id]) => h("option", {value: id, selected: id === value}, text))))
}

applyTheme()
