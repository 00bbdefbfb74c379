// A member's stickers beside the goods: how many there are, what they are exchanged for, and what is on the receipt.
import {h} from "./dom.js"
import {fill, number, points, rubles, words as w} from "./link.js"
import {act, named, s} from "./till.js"

const gives = one => one.refusal ? w.stickers_wait : [one.discount && one.discount !== "0.00" && fill(w.coupon_gives, {amount: rubles(one.discount)}), one.points && fill(w.coupon_points, {points: points(one.points)})].filter(Boolean).join(", ")

function exchanged(one) {
  const name = `${one.name} (${number(one.stickers)}): ${gives(one)}`
  const drop = {type: "button", class: "plain", "aria-label": `${w.stickers_drop}: ${one.name}`, onclick: () => act({do: "drop_stickers", offer: one.offer, ...named()})}
  return h("li", {class: "exchanged"}, h("span", {}, name), !s.visit.prepared && h("button", drop, "×"))
}

function offered(one) {
  const name = h("span", {class: one.missing ? "quiet" : ""}, one.name)
  if (one.missing) return h("li", {}, name, h("small", {class: "quiet"}, fill(w.stickers_missing, {missing: number(one.missing)})))
  const exchange = {type: "button", data: {choice: `stickers-${one.offer}`}, onclick: () => act({do: "exchange_stickers", offer: one.offer, ...named()})}
  return h("li", {}, name, !s.visit.prepared && h("button", exchange, fill(w.stickers_exchange, {stickers: number(one.stickers)})))
}

/** Of a quote; nothing where no collection runs. */
export function drawStickers(visit) {
  const told = visit.told?.stickers
  if (!told || told.balance === undefined) return null
  const left = told.left === told.balance ? "" : ` → ${number(told.left)}`
  return h("div", {class: "stickers", id: "stickers"},
    h("h3", {}, `${w.stickers}: ${number(told.balance)}${left}`),
    h("ul", {}, (told.exchanged ?? []).map(exchanged), (told.offers ?? []).map(offered)))
}
