// How receiptline-*.bin were made; see README.md.
const fs = require("fs");
const receiptline = require("receiptline");

const receipt = `{image:iVBORw0KGgoAAAANSUhEUgAAAGAAAAAoCAIAAACO8WhuAAABnUlEQVR4nO2a4dbCIAiGtdP93zLfjy1XUxBBkK98f3VKFJ7hYLacUgKAtIUol08bU1P54JLzJtVWvuEopDamQ3dA57dmCfU+s0zOV64N6PpZmlB6EKMyAtcBdA5iJJQ/EVqzeLEAXaOrhIrGpZaS1Big00YBRX9hnVcXZpCFK0oZ+cYFxFk+VGfQdZgbeHccsdK7beRWkxlC25YYgc1r1Bk4SBARCqieS3y3+hekUA7dTpq257sSDRMzxgagm+WUwMImVDdY9GEVM5jlUBxMdMgPwtIiBgAoByxBuvBOzVlYqkPtO8yZ5wpn7n6UbFqOqdZKQEX1potDKgSgQzETiqpia/3z9IRYi6pia6sMvJSMSx49s1OjqJfR7Wm4UWyaTXdLrIn7Tv6oMWS/SsqE0j6sYrNofLLQaELNPO7oTsr0yUd0QlkdmDHXYK7koKFKN+3IVebBzx3ay1yp9eV/+zTsYxxZEAIATcnTAromCkaKaIDNtxhr3qgvLwx3Bt5vk4R5/YWZUN6AoqmbUL8OqAhLqA3oQ3VCbUBtFVJ/JwVn2qOkPJMAAAAASUVORK5CYII=}

^^^АЛЁНКА

Магазин № 7, г. Москва

{border:line; width:22,4,14}
Наименование | Кол| Сумма
---
Шоколад «Алёнка» 90 г | 2| 179,80
Вафли с орехом | 1| 64,50
---
{border:space; width:*,14}
^^ИТОГО | ^^244,30

{code:4607012345677;option:ean,3,72,hri}

{code:t=20240512T1402&s=244.30&fn=9999078900001234;option:qrcode,4,L}

{code:ALENKA-12;option:code39,2,50}

{code:2012345678;option:code128,2,72,hri}
_Спасибо_ \`за покупку\`
`;

for (const cpl of [32, 42]) {
  const bytes = receiptline.transform(receipt, { cpl, encoding: "cp866", command: "escpos", cutting: true });
  fs.writeFileSync(`receiptline-${cpl}.bin`, Buffer.from(bytes, "binary"));
}
