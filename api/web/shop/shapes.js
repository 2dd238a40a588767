// Parts that several garments share.
const mirror = (drawing) => `${drawing}<g transform="matrix(-1 0 0 1 200 0)">${drawing}</g>`;
const sleeve = (length) =>
  `<path d="M76 46C58 50 50 62 46 84L${50 - length / 6} ${90 + length} ${68 - length / 6} ${94 + length} 70 92Z" fill="BASE" stroke="DARK"/>`;
const body = (hem, flare = 0) =>
  `<path d="M78 44H122C136 48 140 58 139 74L${140 + flare} ${hem}H${60 - flare}L61 74C60 58 64 48 78 44Z" fill="BASE" stroke="DARK"/>`;
const rib = (y) => `<path d="M60 ${y}H140V${y + 9}H60Z" fill="DARK" stroke="DARK"/>`;
const zip = (from, to) => `<path d="M100 ${from}V${to}" stroke="LIGHT" stroke-dasharray="3 2"/>`;
const pockets = (y) => mirror(`<path d="M68 ${y}l20 6" stroke="DARK"/>`);
const buttons = (from, to, step) =>
  Array.from(
    { length: Math.floor((to - from) / step) + 1 },
    (_, i) => `<circle cx="105" cy="${from + i * step}" r="2.4" fill="LIGHT" stroke="DARK" stroke-width="1"/>`,
  ).join("");
const hood = '<path d="M76 48C72 22 128 22 124 48 116 60 84 60 76 48Z" fill="DARK" stroke="DARK"/>';
const fur =
  '<path d="M76 48C70 20 130 20 124 48" fill="none" stroke="FUR" stroke-width="8" stroke-linecap="round" stroke-dasharray="1 6"/>';
const shoe = (upper, sole) =>
  `<path d="${upper}" fill="BASE" stroke="DARK"/><path d="${sole}" fill="LIGHT" stroke="DARK"/>`;
const legs = (hem) =>
  `<path d="M68 34H132L142 ${hem}H112L100 82 88 ${hem}H58Z" fill="BASE" stroke="DARK"/><path d="M68 34H132L133 44H67Z" fill="DARK" stroke="DARK"/><path d="M100 44V82" stroke="DARK"/>`;

const HAND =
  "M62 168V122L44 98Q42 88 54 90L66 102V56Q72 48 78 56V96 48Q84 40 90 48V96 52Q96 44 102 52V100 64Q108 56 114 64V124L108 168Z";

/** The drawings by kind, as SVG with BASE, DARK, LIGHT and FUR where a colour goes; 200 by 200. */
export const SHAPES = {
  coat:
    mirror(sleeve(54)) +
    body(176, 6) +
    '<path d="M84 43 100 78 116 43 100 52Z" fill="DARK" stroke="DARK"/><path d="M100 78V176" stroke="DARK"/>' +
    buttons(92, 152, 20) +
    pockets(124),
  parka:
    hood +
    mirror(sleeve(54)) +
    body(164, 3) +
    fur +
    '<path d="M100 56V164" stroke="DARK"/>' +
    zip(58, 162) +
    pockets(122) +
    '<path d="M60 112H140" stroke="DARK"/>',
  rain: hood + mirror(sleeve(52)) + body(152, 2) + zip(56, 150) + '<path d="M61 78H139" stroke="DARK"/>' + pockets(118),
  fleece:
    mirror(sleeve(52)) +
    body(148) +
    '<path d="M84 34H116V52H84Z" fill="BASE" stroke="DARK"/>' +
    zip(36, 90) +
    rib(142) +
    '<path d="M112 78H130V94H112Z" fill="DARK" stroke="DARK"/>',
  sweater:
    mirror(sleeve(52)) +
    body(146) +
    '<path d="M84 44Q100 58 116 44" fill="none" stroke="DARK" stroke-width="6"/>' +
    rib(140) +
    '<path d="M74 84h52M74 96h52M74 108h52" stroke="LIGHT" stroke-dasharray="4 5"/>',
  cardigan:
    mirror(sleeve(52)) +
    body(148) +
    '<path d="M82 44 100 92 118 44Z" fill="LIGHT" stroke="DARK"/><path d="M100 92V148" stroke="DARK"/>' +
    buttons(102, 138, 18) +
    rib(142),
  shirt:
    mirror(sleeve(50)) +
    body(152) +
    '<path d="M84 42 100 58 116 42 108 36H92Z" fill="LIGHT" stroke="DARK"/><path d="M100 58V152" stroke="DARK"/>' +
    buttons(72, 140, 17) +
    '<path d="M112 82H130V98H112Z" fill="none" stroke="DARK"/>',
  tshirt: mirror(sleeve(6)) + body(150) + '<path d="M84 44Q100 60 116 44" fill="none" stroke="DARK" stroke-width="4"/>',
  base:
    mirror(sleeve(54)) +
    body(146) +
    '<path d="M84 44Q100 56 116 44" fill="none" stroke="DARK" stroke-width="4"/>' +
    mirror('<path d="M70 60Q82 104 70 146" fill="none" stroke="LIGHT"/>'),
  trousers: legs(178) + mirror('<path d="M72 50l12 14" stroke="DARK"/>'),
  jeans:
    legs(178) +
    mirror(
      '<path d="M70 48q4 14 16 12" fill="none" stroke="LIGHT" stroke-dasharray="3 2"/><path d="M64 170h22" stroke="LIGHT" stroke-dasharray="3 2"/>',
    ),
  skirt:
    '<path d="M72 46H128L150 158Q100 172 50 158Z" fill="BASE" stroke="DARK"/><path d="M72 46H128V57H72Z" fill="DARK" stroke="DARK"/>' +
    mirror('<path d="M86 58 74 160" stroke="DARK"/>') +
    '<path d="M100 58V166" stroke="DARK"/>',
  dress:
    mirror('<path d="M76 46 58 74 70 82 76 70Z" fill="BASE" stroke="DARK"/>') +
    '<path d="M76 44H88Q100 62 112 44H124L126 92 150 174Q100 184 50 174L74 92Z" fill="BASE" stroke="DARK"/><path d="M74 92Q100 100 126 92" fill="none" stroke="DARK" stroke-width="4"/>' +
    mirror('<path d="M86 100 76 176" stroke="DARK"/>'),
  swim: '<path d="M76 40V58Q100 84 124 58V40H134L128 104 140 128Q112 134 100 168 88 134 60 128L72 104 66 40Z" fill="BASE" stroke="DARK"/><path d="M72 104Q100 112 128 104" fill="none" stroke="LIGHT"/>',
  boots:
    shoe("M70 34H116V104Q118 122 146 130 160 136 160 156H66Q70 110 70 34Z", "M64 156H162V168H64Z") +
    '<path d="M70 34H116V44H70Z" fill="DARK" stroke="DARK"/><path d="M92 72h24M92 86h24M94 100h24" stroke="LIGHT"/>',
  hiking:
    shoe(
      "M58 74H96L104 92Q112 106 144 114 166 120 166 146H54Q60 104 58 74Z",
      "M50 146H168V158l-10 4-8-4-8 4-8-4-8 4-8-4-8 4-8-4-8 4-8-4-8 4-8-4-8 4H50Z",
    ) + '<path d="M92 88l18-8M96 98l18-8M104 106l16-8" stroke="LIGHT"/>',
  sneakers:
    shoe(
      "M44 96Q64 104 76 92L96 86Q110 108 146 116 166 120 166 140H42Q40 112 44 96Z",
      "M40 140H168Q168 156 156 156H48Q38 156 40 140Z",
    ) + '<path d="M86 96l18-4M94 104l18-4M104 111l16-4" stroke="LIGHT"/>',
  sandals:
    '<path d="M40 138H166Q168 154 154 154H52Q38 154 40 138Z" fill="DARK" stroke="DARK"/><path d="M118 138Q122 106 150 138M62 138Q56 96 84 100 104 104 96 138" fill="none" stroke="BASE" stroke-width="11"/><path d="M60 108Q80 118 100 112" fill="none" stroke="BASE" stroke-width="8"/>',
  beanie:
    '<path d="M50 122Q52 56 100 54 148 56 150 122Z" fill="BASE" stroke="DARK"/><path d="M46 116H154V144H46Z" fill="DARK" stroke="DARK"/><circle cx="100" cy="46" r="14" fill="LIGHT" stroke="DARK"/>' +
    mirror('<path d="M86 58Q74 88 74 116" fill="none" stroke="DARK"/>'),
  hat: '<path d="M64 116Q62 62 84 60 100 70 116 60 138 62 136 116Z" fill="BASE" stroke="DARK"/><path d="M64 102H136V118H64Z" fill="DARK" stroke="DARK"/><path d="M30 118Q100 146 170 118 160 142 100 142 40 142 30 118Z" fill="BASE" stroke="DARK"/>',
  scarf:
    '<path d="M108 76 132 168H104L90 84Z" fill="BASE" stroke="DARK"/><path d="M58 52Q100 84 142 52 150 74 134 84 100 100 66 84 50 74 58 52Z" fill="BASE" stroke="DARK"/><path d="M96 94 84 160H62L78 88Z" fill="BASE" stroke="DARK"/><path d="M64 160v10M71 160v10M78 160v10M108 168v10M116 168v10M124 168v10" stroke="DARK"/><path d="M70 130l18 4M106 132l18-4M110 148l18-4" stroke="LIGHT"/>',
  gloves: `<g transform="translate(34 4) rotate(9 100 168)"><path d="${HAND}" fill="DARK" stroke="DARK"/></g><path d="${HAND}" fill="BASE" stroke="DARK"/><path d="M60 148H111V168H60Z" fill="DARK" stroke="DARK"/>`,
  socks:
    '<path d="M74 36H110V108Q112 120 96 132L72 152Q52 158 48 142 48 132 60 124L74 108Z" fill="BASE" stroke="DARK"/><path d="M116 44H148V116Q150 128 136 140L114 160Q98 166 92 154" fill="BASE" stroke="DARK"/><path d="M74 36H110V50H74ZM116 44H148V56H116Z" fill="DARK" stroke="DARK"/><path d="M76 66h32M76 78h32M120 72h26M120 84h26" stroke="LIGHT"/>',
  backpack:
    '<path d="M82 44Q82 26 100 26 118 26 118 44" fill="none" stroke="DARK" stroke-width="6"/><path d="M62 72Q64 40 100 40 136 40 138 72V160Q138 170 128 170H72Q62 170 62 160Z" fill="BASE" stroke="DARK"/><path d="M74 112H126V158H74Z" fill="DARK" stroke="DARK"/><path d="M62 84H138M74 124H126" stroke="LIGHT"/>' +
    mirror('<path d="M60 96Q48 102 52 140L60 142" fill="DARK" stroke="DARK"/>'),
  tote: '<path d="M76 78V56Q76 34 100 34 124 34 124 56V78" fill="none" stroke="DARK" stroke-width="6"/><path d="M54 76H146L152 170H48Z" fill="BASE" stroke="DARK"/><path d="M54 76H146V88H54Z" fill="DARK" stroke="DARK"/>',
  tag: '<path d="M60 50H112L152 92Q158 100 152 108L112 150Q104 156 96 150L54 108Q48 102 48 94V62Q48 50 60 50Z" fill="BASE" stroke="DARK"/><circle cx="72" cy="74" r="9" fill="LIGHT" stroke="DARK"/>',
};
