// Photos are made small before they are sent, where the browser can: a phone's own take half a minute on a slow network.
// What is still too much is said beside the field. The account draws each anew all the same.

const SIDE = 2000;
const SMALL_BYTES = 500_000;

for (const field of document.querySelectorAll("input[type=file][data-bytes]")) {
  field.addEventListener("change", () => put(field));
}

async function put(field) {
  const files = [...field.files];
  if (files.length <= Number(field.dataset.most)) {
    const held = new DataTransfer();
    for (const file of await Promise.all(files.map(small))) held.items.add(file);
    if (files.every((file, at) => file === field.files[at])) field.files = held.files; // others may be chosen meanwhile
  }
  field.setCustomValidity(wrong(field));
  field.reportValidity();
}

async function small(file) {
  if (file.size < SMALL_BYTES) return file;
  try {
    const picture = await createImageBitmap(file);
    const share = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(picture.width * share), Math.round(picture.height * share)];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return drawn && drawn.size < file.size ? new File([drawn], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // no picture that this browser knows
  }
}

function wrong({ files, dataset }) {
  if (files.length > Number(dataset.most)) return dataset.many;
  const bytes = [...files].reduce((sum, file) => sum + file.size, 0);
  return bytes > Number(dataset.bytes) - 100_000 ? dataset.large : "";
}
