// The flow that changes what is known of a member, gives him one more card, or confirms his form on paper.
import {button, change, here, isWorking} from "./desk_kit.js"
import {checked, codeFields, confirmPhone, isSent, scanInto, sendCode, tellForm, value} from "./desk_form.js"
import {h} from "./dom.js"
import {words as w} from "./link.js"

const STEPS = {
  phone: {title: "prof_phone", fields: () => [["phone", w.reg_phone, {inputmode: "tel", maxlength: 40}]], code: true},
  birthday: {title: "prof_birthday", fields: () => [["birthday", w.reg_birthday_plain, {maxlength: 10, placeholder: "17.05.1990"}]]},
  name: {title: "prof_name", fields: () => [["name", w.reg_name, {maxlength: 100}]]},
  link: {title: "prof_link", fields: () => [["more", w.prof_more, {inputmode: "numeric", maxlength: 64}]]},
  confirm: {title: "prof_confirm", fields: () => []},
}

const COMMANDS = {
  phone: () => ({do: "change_phone", card: value("card"), phone: value("phone"), sent: here.sent?.sent ?? ""}),
  birthday: () => ({do: "change_profile", card: value("card"), field: "birthday", value: value("birthday")}),
  name: () => ({do: "change_profile", card: value("card"), field: "name", value: value("name")}),
  link: () => ({do: "link_card", card: value("more"), to: value("card")}),
  confirm: () => ({do: "confirm_form", card: value("card")}),
}

async function submit() {
  const step = STEPS[here.step]
  if (!step || isWorking()) return
  if (step.code && !isSent()) return void sendCode("phone")
  if (step.code && !await confirmPhone()) return
  if (await tellForm(COMMANDS[here.step]())) change({step: "", values: {card: here.values.card}, sent: null, proven: false})
}

const enter = step => () => change({step, wrong: null, sent: null, proven: false})

function draw() {
  const step = STEPS[here.step]
  if (!step) {
    return [checked("card", w.prof_card, {inputmode: "numeric", maxlength: 64}),
      h("div", {class: "menu"}, Object.entries(STEPS).map(([id, one], at) => h("button", {type: "button", data: {choice: String(at + 1)}, onclick: enter(id),
        "data-first": value("card") !== "" && at === 0}, h("kbd", {}, String(at + 1)), ` ${w[one.title]}`)))]
  }
  return [h("h3", {}, w[step.title]), checked("card", w.prof_card, {inputmode: "numeric", maxlength: 64}),
    step.fields().map(([name, label, more], at) => checked(name, label, value("card") && at === 0 ? {...more, "data-first": true} : more)),
    step.code && codeFields(w),
    button(step.code && !here.sent ? w.reg_send : w.prof_do, () => void submit())]
}

function back() {
  if (!here.step) return false
  change({step: "", wrong: null, sent: null, proven: false})
  return true
}

const scan = text => scanInto(...(here.step === "link" ? ["card", "more"] : ["card"]))(text)

export const PROFILE = {
  id: "profile", title: "prof_title", right: "register_members", draw, submit, back, scan,
  shows: () => [here.wrong, here.sent, here.proven],
}
