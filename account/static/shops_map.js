// Shops on Yandex's map, whose program stands before this one on the page (or did not come).

const place = document.getElementById("map");
const shops = JSON.parse(place.dataset.shops);

try {
  await draw(globalThis.ymaps3);
} catch {
  document.getElementById("off").hidden = false;
}

async function draw(maps) {
  await maps.ready;
  const { YMap, YMapDefaultSchemeLayer, YMapDefaultFeaturesLayer, YMapMarker } = maps;
  const map = new YMap(place, { location: around(shops) });
  map.addChild(new YMapDefaultSchemeLayer());
  map.addChild(new YMapDefaultFeaturesLayer());
  for (const shop of shops) map.addChild(new YMapMarker({ coordinates: shop.at }, sign(shop)));
}

function around(all) {
  const [east, north] = [0, 1].map((axis) => Math.max(...all.map((shop) => shop.at[axis])));
  const [west, south] = [0, 1].map((axis) => Math.min(...all.map((shop) => shop.at[axis])));
  if (all.length === 1) return { center: all[0].at, zoom: 16 };
  return { bounds: [[west, south], [east, north]] };
}

function sign(shop) {
  const link = document.createElement("a");
  link.href = `/shops/one?id=${encodeURIComponent(shop.id)}`;
  link.textContent = shop.name;
  link.className = "shops-sign";
  return link;
}
