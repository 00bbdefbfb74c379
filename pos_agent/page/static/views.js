// What is always there, and what stands beside the goods: views of the till's state, which change nothing in it.
import {drawCertificates} from "./certificates.js"
import {h} from "./dom.js"
import {fill, number, points, rubles, setup, time, words as w} from "./link.js"
import {drawStickers} from "./stickers.js"
import {act, mayPay, named, s} from "./till.js"

export const drawName = () => [
  h("strong", {}, fill(w.till, {till: s.status.till})), h("span", {class: "quiet"}, [setup.programme, s.status.store].filter(Boolean).join(" · ")),
  s.status.training && h("mark", {}, w.training),
  s.status.staff && (s.status.staff.signed_in ? h("span", {id: "signed-in"}, s.status.staff.signed_in.name) : h("a", {href: "/desk#back", id: "to-sign-in"}, w.key_sign_in)),
]

const device = (good, name, more) => h("li", {class: good ? "good" : "off"}, h("span", {"aria-hidden": "true"}, good ? "●" : "▲"), h("span", {}, h("b", {}, name), more && h("small", {}, more)))

export function drawDevices() {
  const {hub, outbox, printer, scanners} = s.status
  const age = hub.pulled_at && fill(w.as_of, {time: time(hub.pulled_at)})
  const waits = outbox > 0 && fill(w.queue, {count: number(outbox)})
  const linked = hub.online ? w.link_on : hub.code === "not_asked" ? w.link_wait : w.link_off
  return [
    device(hub.online, linked, [age, waits].filter(Boolean).join(" · ")),
    printer ? device(["ready", "paper_low", "unknown"].includes(printer.state), w.printer, w[`printer_${printer.state}`]) : device(true, w.no_printer),
    ...(scanners.length ? scanners.map(one => device(one.state === "ready", one.name, w[`device_${one.state}`])) : [device(true, w.no_scanner)]),
  ]
}

export const drawTroubles = () => s.status.troubles.length === 0 ? null
  : s.status.troubles.map(one => h("p", {class: one.stops ? "stops" : ""}, h("span", {"aria-hidden": "true"}, "▲ "), one.text))

export function drawDone(done) {
  const sale = done.kind === "sale"
  const moved = [
    done.accrued > 0 && fill(sale ? w.done_earned : w.done_clawed, {points: points(done.accrued)}),
    done.redeemed > 0 && fill(sale ? w.done_redeemed : w.done_restored, {points: points(done.redeemed)}),
  ].filter(Boolean).join(", ")
  return h("div", {class: "done"},
    h("h2", {}, fill(sale ? w.done_sale : w.done_return, {number: done.number})),
    h("p", {class: "number"}, `${fill(sale ? w.done_paid : w.done_refund, {amount: rubles(done.to_pay)})}${moved && `, ${moved}`}`),
    h("p", {class: "quiet"}, [done.card, time(done.at)].filter(Boolean).join(" · ")),
    h("p", {class: "choices"},
      done.paper?.state === "printed" && h("button", {type: "button", data: {key: "copy"}, onclick: () => act({do: "reprint"})}, w.papers_copy_last),
      s.status.printer && h("button", {type: "button", data: {key: "drawer"}, onclick: () => act({do: "drawer"})}, w.papers_drawer)))
}

export function drawSide() {
  const {visit} = s
  if (visit.state === "idle") return s.done ? drawPaper(s.done.paper) : null
  return [drawMember(visit), drawCertificates(visit), visit.told ? drawSums(visit) : null]
}

function drawPaper(paper) {
  if (!paper) return h("p", {class: "quiet"}, w.done_no_paper)
  return [
    h("h2", {}, w.paper),
    h("p", {class: paper.state === "printed" ? "" : "bad"}, [paper.text, paper.doubtful && !["printed", "unknown", "dropped"].includes(paper.state) && w.paper_doubtful].filter(Boolean).join("; ")),
    h("pre", {class: `paper ${paper.state}`, tabindex: "0", "aria-label": w.paper}, paper.lines.join("\n")),
  ]
}

function drawMember(visit) {
  const {member} = visit
  if (!member) return h("div", {class: "member none"}, h("h2", {}, w.no_card), h("p", {class: "quiet"}, w.no_card_how), visit.gives_card && h("p", {}, fill(w.gives_card, {card: visit.gives_card})), drawCoupons(visit))
  const spends = member.active !== null && member.active !== Math.max(0, member.balance) && fill(w.active, {points: points(member.active)})
  return h("div", {class: "member"},
    h("h2", {}, [member.name, member.card ?? w.new_card].filter(Boolean).join(" · "), h("small", {class: "quiet"}, ` ${member.identified_by === "phone" ? w.by_phone : w.by_card}`)),
    member.balance !== null && h("p", {class: "balance number"}, member.balance < 0 ? fill(w.owed, {points: points(-member.balance)}) : points(member.balance)),
    member.status === "blocked" && h("p", {class: "blocked"}, w.status_blocked, h("small", {}, ` ${w.blocked_how}`)),
    h("ul", {}, [spends, member.status !== "blocked" && w[`status_${member.status}`], ...member.notes, visit.gives_card && fill(w.gives_card, {card: visit.gives_card})].filter(Boolean).map(text => h("li", {}, text))),
    drawCoupons(visit),
    drawStickers(visit))
}

function drawCoupons(visit) {
  const coupon = one => setup.coupons[one.campaign] ?? one.campaign
  const gives = one => one.refusal ? w[`coupon_why_${one.refusal}`] ?? w.coupon_waits : [one.discount && one.discount !== "0.00" && fill(w.coupon_gives, {amount: rubles(one.discount)}), one.points && fill(w.coupon_points, {points: points(one.points)})].filter(Boolean).join(", ") || w.coupon_later
  const left = one => one.uses_left ? ` · ${fill(w.coupon_left, {count: number(one.uses_left)})}` : ""
  const coupons = visit.told?.coupons ?? visit.coupons ?? []
  return coupons.length > 0 && h("ul", {class: "coupons"}, coupons.map(one => h("li", {}, h("span", {}, `${coupon(one)}: ${gives(one)}${left(one)}`),
    h("button", {type: "button", class: "plain", "aria-label": `${w.drop_coupon}: ${coupon(one)}`, onclick: () => act({do: "drop_coupon", campaign: one.campaign, ...named()})}, "×"))))
}

/** Goods and a member; also while points are being reserved for them. */
export const isReady = visit => ["ready", "reserving"].includes(visit.state)

/** How many he spends, where it was chosen to be fewer than could be. */
function chosen({told: {redeemed}, limit_points: most}) {
  return redeemed.points > 0 && redeemed.points < most ? fill(w.redeem_chosen, {points: points(redeemed.points), most: points(most)}) : null
}

function drawSums(visit) {
  const {told} = visit
  const row = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {class: "number"}, value))
  const earns = isReady(visit) ? fill(w.will_earn, {points: points(visit.accrued_points)}) : w.would_earn
  return h("div", {class: "sums"},
    h("dl", {}, told.redeemed.points > 0 && row(w.total, rubles(visit.before_points)), told.redeemed.points > 0 && row(`${w.by_points} (${number(told.redeemed.points)})`, `−${rubles(told.redeemed.amount)}`)),
    h("p", {class: "to-pay"}, h("span", {}, w.to_pay), h("strong", {class: "number", id: "to-pay"}, rubles(told.to_pay))),
    h("p", {}, earns),
    isReady(visit) && h("p", {class: "limit"}, chosen(visit) ?? visit.limit_text),
    !visit.keyed && !mayPay() && h("p", {class: "quiet"}, w.paid_at_pos))
}
