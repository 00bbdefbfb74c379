// A member looked up at the hub, and his points put right.
import {ask, button, change, field, here, menu, say, sayOf, tick} from "./desk_kit.js"
import {h} from "./dom.js"
import {dayOf, lastDayOf, pointsOf, rows, when} from "./desk_said.js"
import {fill, words as w} from "./link.js"

async function find(text) {
  const wanted = text.trim()
  if (!wanted) return sayOf("text", w.member_how)
  const answer = await ask({do: "find_member", text: wanted})
  if (!answer?.ok) return
  const {members} = answer.office
  if (members.members.length === 1) await open(members.members[0].member)
  else change({step: "found", found: members})
}

async function open(who) {
  const answer = await ask({do: "member", who})
  if (answer?.ok) change({step: "member", values: {}, found: answer.office.member})
}

function correcting() {
  change({step: "correct", values: {}})
}

async function correct() {
  const {points = "", reason = "", into_debt = false} = here.values
  if (!/^[-+−]?[1-9]\d{0,8}$/.test(points.trim())) return sayOf("points", w.member_points_bad)
  if (!reason.trim()) return sayOf("reason", w.member_reason_missing)
  const who = here.found.member
  const answer = await ask({do: "correct", who, points: Number(points.trim().replace("−", "-")), reason: reason.trim(), into_debt})
  if (!answer?.ok) return
  const told = answer.text
  await open(who)
  say(told)
}

const drawFind = () => [field("text", w.member_text, {maxlength: 100, "data-first": true}), button(w.member_find, () => find(here.values.text ?? ""))]

const drawFound = () => [
  rows(here.found.members.map(one => [one.name ?? one.member, [one.phone, ...(one.cards ?? []), pointsOf(one.points ?? 0)], () => open(one.member)])),
  here.found.more && h("p", {class: "quiet"}, w.member_more),
]

const drawHead = told => [
  h("h3", {}, [told.name, told.phone].filter(Boolean).join(" · ") || told.member),
  h("p", {class: "balance"}, pointsOf(told.points)),
  told.debt > 0 && h("p", {}, fill(w.member_debt, {points: pointsOf(told.debt)})),
]

const lot = one => [pointsOf(one.points), one.since && fill(w.member_since, {day: dayOf(one.since)}), one.until ? fill(w.member_until, {day: lastDayOf(one.until)}) : w.member_endless].filter(Boolean).join(" ")

const drawMember = () => {
  const told = here.found
  return [
    drawHead(told),
    menu([[w.member_correct, correcting]]),
    h("div", {class: "two"},
      h("section", {}, h("h3", {}, w.member_cards), h("ul", {}, (told.cards ?? []).map(one => h("li", {}, `${one.number} · ${w[`card_${one.status}`] ?? one.status}`))),
        (told.lots ?? []).length > 0 && [h("h3", {}, w.member_lots), h("ul", {}, told.lots.map(one => h("li", {}, lot(one))))]),
      h("section", {}, h("h3", {}, w.member_history), h("ul", {class: "past"}, (told.history ?? []).map(one => h("li", {},
        h("span", {class: "quiet"}, when(one.at)), ` ${one.text} `, one.points ? h("strong", {}, (one.points > 0 ? "+" : "") + pointsOf(one.points)) : null, one.where ? h("span", {class: "quiet"}, ` ${one.where}`) : null))))),
  ]
}

const drawCorrect = () => [
  drawHead(here.found),
  field("points", w.member_points, {inputmode: "numeric", maxlength: 12, "data-first": true}),
  field("reason", w.member_reason, {maxlength: 200}),
  tick("into_debt", w.member_into_debt),
  button(w.member_correct_do, correct),
]

const DRAWN = {"": drawFind, found: drawFound, member: drawMember, correct: drawCorrect}
const BACK = {correct: () => change({step: "member", values: {}}), member: () => change({step: "", values: {}, found: null}), found: () => change({step: "", values: {}, found: null})}

export const MEMBER = {
  id: "member", title: "member_title", right: "find_members",
  draw: () => DRAWN[here.step](),
  submit: () => {
    if (here.step === "") void find(here.values.text ?? "")
    else if (here.step === "correct") void correct()
  },
  scan: text => {
    if (here.step === "correct") return false
    void find(text)
    return true
  },
  back: () => {
    if (!BACK[here.step]) return false
    BACK[here.step]()
    return true
  },
}
