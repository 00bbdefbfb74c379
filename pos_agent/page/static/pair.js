// A one-time link: its key stands behind the #, which no server and no log sees.
const [key, where] = location.hash.slice(1).split("~")
const show = (id, shown) => { document.getElementById(id).hidden = !shown }

if (key) {
  history.replaceState(null, "", location.pathname)
  show("how", false)
  show("opening", true)
  const answer = await fetch("/pair/open", {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify({key}),
  }).catch(() => null)
  if (answer?.ok) location.replace(where === "emulator" ? "/emulator" : (await answer.json()).page)
  show("opening", false)
  show("over", !answer?.ok)
  show("how", !answer?.ok)
}
