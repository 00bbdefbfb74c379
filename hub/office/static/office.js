// What markup cannot say by itself: in a group of choices a digit chooses, and Enter is the form's own.
const DIGIT = /^(?:Digit|Numpad)([1-9])$/

document.addEventListener("keydown", event => {
  const group = event.target.closest?.("fieldset[data-digits]")
  const digit = DIGIT.exec(event.code)?.[1]
  const typed = event.target.matches?.("input:not([type=radio]), select, textarea")
  if (!group || !digit || typed || event.ctrlKey || event.altKey || event.metaKey) return
  const choice = group.querySelectorAll("input[type=radio]")[digit - 1]
  if (!choice) return
  event.preventDefault()
  choice.focus()
  choice.click()
})
