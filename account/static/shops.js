// The nearest shops (P27). Where the phone is stays in this page: all shops come, and what is far is counted here.

const NEAREST = 10;
const EARTH_M = 6_371_000; // metres
const WAIT_MS = 15_000;

const section = document.getElementById("shops-near");
const told = section?.querySelector("[role=status]");
const list = section?.querySelector("ul");
const { words } = section?.dataset ?? {};
const say = words ? JSON.parse(words) : {};
const language = document.documentElement.lang;

if (section && "geolocation" in navigator) {
  section.hidden = false;
  section.querySelector("button").addEventListener("click", look);
}

async function look() {
  told.textContent = say.wait;
  list.replaceChildren();
  let here;
  try {
    here = await position();
  } catch {
    told.textContent = say.denied;
    return;
  }
  try {
    show(await shops(), here.coords);
  } catch {
    told.textContent = say.failed;
  }
}

function position() {
  const how = { timeout: WAIT_MS, maximumAge: 60_000 };
  return new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject, how));
}

async function shops() {
  const answer = await fetch(`/shops/all.json?lang=${language}`);
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()).shops;
}

function show(all, here) {
  const near = all.map((shop) => [metres(here, shop), shop]).sort(([one], [other]) => one - other);
  told.textContent = near.length ? say.here : say.none;
  list.replaceChildren(...near.slice(0, NEAREST).map(([far, shop]) => row(far, shop)));
}

function row(far, shop) {
  const li = document.createElement("li");
  const name = part("a", "what", shop.name);
  name.href = `/shops/one?id=${encodeURIComponent(shop.id)}`;
  li.append(name, part("span", "meta", shop.where), part("span", "meta", shop.now), part("span", "amount", length(far)));
  return li;
}

function part(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function length(far) {
  if (far < 995) return `${Math.max(10, Math.round(far / 10) * 10)} ${say.m}`;
  const digits = far < 9_950 ? 1 : 0;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(far / 1_000)} ${say.km}`;
}

/** By the shortest way over a ball. */
function metres(one, other) {
  const [latitude, there] = [radians(one.latitude), radians(other.latitude)];
  const across = Math.sin((there - latitude) / 2) ** 2;
  const along = Math.sin(radians(other.longitude - one.longitude) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(across + Math.cos(latitude) * Math.cos(there) * along));
}

function radians(degrees) {
  return (degrees * Math.PI) / 180;
}
