"use strict";
// What the phone shows, as text and as a picture: docs/rotating_code.md says the text, byte by byte.

const SLOT_MS = 30_000;
const SIGNATURE_BYTES = 64;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const CODE_DOMAIN = "pos-agent rotating code\n";
const RENEWAL_DOMAIN = "pos-agent phone renewal\n";
const SVG = "http://www.w3.org/2000/svg";

function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function hexOf(bytes) {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function base45(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const pair = at + 1 < bytes.length;
    const number = pair ? bytes[at] * 256 + bytes[at + 1] : bytes[at];
    text += ALPHABET[number % 45] + ALPHABET[Math.floor(number / 45) % 45];
    if (pair) text += ALPHABET[Math.floor(number / 2025)];
  }
  return text;
}

function slotBytes(slot) {
  return Uint8Array.of((slot >>> 24) & 255, (slot >>> 16) & 255, (slot >>> 8) & 255, slot & 255);
}

function signed(key, domain, ...parts) {
  return crypto.subtle.sign("Ed25519", key, joined(new TextEncoder().encode(domain), ...parts));
}

async function rotatingText(key, certificate, slot) {
  const told = slotBytes(slot);
  const signature = await signed(key, CODE_DOMAIN, certificate.slice(0, -SIGNATURE_BYTES), told);
  return `PAR:${base45(joined(certificate, told, new Uint8Array(signature)))}.`;
}

// pictures

function picture(width, height, path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

function qrPicture(text) {
  const code = qrcode(0, "M");
  code.addData(text, [...text].every((letter) => ALPHABET.includes(letter)) ? "Alphanumeric" : "Byte");
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (code.isDark(row, column)) path += `M${column + 4} ${row + 4}h1v1h-1z`;
    }
  }
  return picture(size + 8, size + 8, path);
}

const EAN_LEFT = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"];
const EAN_PARITY = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"];

function isEan13(text) {
  if (!/^[0-9]{13}$/.test(text)) return false;
  const sum = [...text].reduce((total, digit, place) => total + Number(digit) * (place % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}

function eanPicture(text) {
  const right = (digit) => [...EAN_LEFT[digit]].map((bit) => (bit === "0" ? "1" : "0")).join("");
  const mirrored = (digit) => [...right(digit)].reverse().join("");
  const parity = EAN_PARITY[text[0]];
  const left = [...text.slice(1, 7)].map((digit, place) => (parity[place] === "L" ? EAN_LEFT[digit] : mirrored(digit)));
  const bits = `101${left.join("")}01010${[...text.slice(7)].map(right).join("")}101`;
  const path = [...bits].map((bit, place) => (bit === "1" ? `M${place + 11} 4h1v44h-1z` : "")).join("");
  return picture(bits.length + 22, 52, path);
}

function numberPicture(text) {
  return isEan13(text) ? eanPicture(text) : qrPicture(text);
}
