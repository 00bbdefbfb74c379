// Three sounds: read, refused, needs you. Off where somebody switched them off.
const TONES = {ok: [[880, .07]], no: [[220, .16], [180, .2]], needs: [[660, .12], [880, .12], [660, .16]]}
let context = null

export const sounds = () => localStorage.getItem("sounds") !== "off"
export const setSounds = on => localStorage.setItem("sounds", on ? "on" : "off")

export function play(name) {
  if (!sounds() || !navigator.userActivation?.hasBeenActive) return // a browser plays nothing before the first touch
  context ??= new AudioContext()
  let at = context.currentTime
  for (const [tone, seconds] of TONES[name]) {
    const source = context.createOscillator(), volume = context.createGain()
    source.frequency.value = tone
    volume.gain.setValueAtTime(.08, at)
    volume.gain.exponentialRampToValueAtTime(.001, at + seconds)
    source.connect(volume).connect(context.destination)
    source.start(at)
    source.stop(at + seconds)
    at += seconds
  }
}
