/** Header of the service's export of 2022/23, 151 columns (communitiesuk/submit-social-housing-lettings-and-sales-data, MIT). */
export const EXPORT_NAMES: readonly string[] = (
  'status tenancycode age1 sex1 ethnic national prevten ecstat1 hhmemb age2 sex2 ecstat2 age3 sex3 ecstat3 age4 ' +
  'sex4 ecstat4 age5 sex5 ecstat5 age6 sex6 ecstat6 age7 sex7 ecstat7 age8 sex8 ecstat8 homeless ' +
  'underoccupation_benefitcap leftreg reservist illness preg_occ startertenancy tenancylength tenancy ' +
  'ppostcode_full rsnvac unittype_gn beds offered wchair earnings incfreq benefits period layear waityear ' +
  'postcode_full reasonpref cbl chr cap reasonother housingneeds_a housingneeds_b housingneeds_c housingneeds_f ' +
  'housingneeds_g housingneeds_h illness_type_1 illness_type_2 illness_type_3 illness_type_4 illness_type_8 ' +
  'illness_type_5 illness_type_6 illness_type_7 illness_type_9 illness_type_10 rp_homeless rp_insan_unsat rp_medwel ' +
  'rp_hardship rp_dontknow tenancyother irproduct_other reason propcode la prevloc hb hbrentshortfall mrcdate ' +
  'incref startdate armedforces unitletas builtype voiddate renttype needstype lettype totchild totelder totadult ' +
  'nocharge referral brent scharge pscharge supcharg tcharge tshortfall chcharge ppcodenk has_benefits renewal ' +
  'wrent wscharge wpschrge wsupchrg wtcharge wtshortfall refused housingneeds wchchrg newprop relat2 relat3 relat4 ' +
  'relat5 relat6 relat7 relat8 lar irproduct joint sheltered hhtype new_old vacdays uprn uprn_known uprn_confirmed ' +
  'address_line1 address_line2 town_or_city county formid owningorgid owningorgname hcnum maningorgid maningorgname ' +
  'manhcnum createddate uploaddate'
).split(' ');

/** An analyst's upper-case working copy, postcodes and dates split. */
export const WORKING_COPY_NAMES: readonly string[] = (
  'FORM FORMID OWNINGORGID OWNINGORGNAME HCNUM LETTYPE NEEDSTYPE RENTTYPE DAY MONTH YEAR TENANCYCODE PROPCODE ' +
  'POSTCODE POSTCOD2 LA BEDS UNITTYPE_GN RSNVAC VACDAYS HHMEMB HHTYPE TOTADULT TOTCHILD TOTELDER ETHNIC NATIONAL ' +
  'AGE1 SEX1 ECSTAT1 AGE2 SEX2 RELAT2 ECSTAT2 AGE3 SEX3 RELAT3 ECSTAT3 AGE4 SEX4 RELAT4 ECSTAT4 PREG_OCC ILLNESS ' +
  'REASON PREVTEN PREVLOC PPOSTC1 PPOSTC2 LAYEAR WAITYEAR HOMELESS REFERRAL EARNINGS INCFREQ HB BENEFITS PERIOD ' +
  'BRENT SCHARGE TCHARGE WRENT TENANCY'
).split(' ');

export type Draw = (below: number) => number;

/** Park and Miller's generator: the same rows for the same seed, everywhere. */
export function drawFrom(seed: number): Draw {
  let state = ((seed * 7919) % 2_147_483_646) + 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * below);
  };
}

const DISTRICTS = ['OX', 'RG', 'IP', 'CB', 'TQ'].flatMap((area) =>
  Array.from({ length: 10 }, (_, at) => `${area}${60 + at}`),
);
const LETTERS = 'ABDEFGHJLNPQRSTUWXYZ';

/** Draws one of the items. */
export function pick<T>(draw: Draw, from: readonly T[]): T {
  return from[draw(from.length)] as T;
}

/** A postcode of the right grammar in a district that does not exist. */
export function ghostPostcode(draw: Draw): readonly [outward: string, inward: string] {
  return [pick(draw, DISTRICTS), `${draw(10)}${LETTERS[draw(20)]}${LETTERS[draw(20)]}`];
}

/** One made-up letting, by column name in lower case; nobody is in it. */
export function makeLetting(draw: Draw, row: number): ReadonlyMap<string, string> {
  const people = 1 + draw(4);
  const [out, inner] = ghostPostcode(draw);
  const [pout, pinner] = ghostPostcode(draw);
  const weekly = (6000 + draw(14_000)) / 100;
  const day = new Date(Date.UTC(2016, 3, 1) + draw(365) * 86_400_000).toISOString().slice(0, 10);
  const org = 101 + draw(17);
  const letting: Record<string, string | number> = {
    form: '2016-CORE-AR-GN',
    formid: 1_000_000 + row,
    owningorgid: org,
    owningorgname: `Landlord ${org} Example Homes`,
    hcnum: `LH${org}`,
    status: 2,
    needstype: 1,
    renttype: 2,
    lettype: pick(draw, [5, 5, 5, 7]),
    tenancycode: `T${org}${1_000_000 + row}`,
    propcode: `P${1_000_000 + draw(8_999_999)}`,
    postcode_full: `${out} ${inner}`,
    postcode: out,
    postcod2: inner,
    ppostcode_full: `${pout} ${pinner}`,
    ppostc1: pout,
    ppostc2: pinner,
    la: `E0700${String(8 + draw(180)).padStart(4, '0')}`,
    prevloc: `E0700${String(8 + draw(180)).padStart(4, '0')}`,
    uprn: `5${String(draw(1e9)).padStart(9, '0')}${10 + draw(90)}`,
    uprn_known: 1,
    address_line1: `${1 + draw(180)} ${pick(draw, ['Alder', 'Gorse', 'Kiln', 'Rowan'])} ${pick(draw, ['Close', 'Road', 'Way'])}`,
    town_or_city: pick(draw, ['Exampleton', 'Testbury']),
    startdate: day,
    day: Number(day.slice(8)),
    month: Number(day.slice(5, 7)),
    year: day.slice(0, 4),
    voiddate: day,
    createddate: day,
    uploaddate: day,
    hhmemb: people,
    ethnic: 1 + draw(18),
    national: pick(draw, [18, 18, 18, 12, 11]),
    prevten: pick(draw, [3, 4, 6, 7, 10, 28, 29, 30, 31]),
    referral: pick(draw, [1, 2, 3, 4, 8, 9, 12, 13, 14, 15]),
    reason: pick(draw, [1, 8, 9, 17, 28, 31, 45, 46]),
    earnings: 100 + draw(600),
    hb: pick(draw, [1, 3, 6, 9]),
    brent: weekly.toFixed(2),
    wrent: weekly.toFixed(2),
    tcharge: (weekly + draw(900) / 100).toFixed(2),
    scharge: draw(2) === 0 ? 0 : (draw(900) / 100).toFixed(2),
    vacdays: draw(90),
  };
  for (let person = 1; person <= people; person += 1) {
    letting[`age${person}`] = person === 1 ? 18 + draw(70) : draw(80);
    letting[`sex${person}`] = pick(draw, ['M', 'F']);
    letting[`ecstat${person}`] = draw(11);
    if (person > 1) letting[`relat${person}`] = pick(draw, ['P', 'C', 'X']);
  }
  return new Map(Object.entries(letting).map(([name, value]) => [name, String(value)]));
}

/** Empty columns of the export hold short codes or nothing, as supported-housing columns do in a general-needs file. */
const EMPTY =
  /^(age|sex|ecstat|relat)\d|sheltered|scheme|care|chcharge|wchchrg|other|line2|county|confirmed|mrcdate|tshortfall|irproduct/;

/** Rows of lettings one at a time, cells as text, for files larger than memory. */
export function* eachLetting(
  count: number,
  seed: number,
  names: readonly string[] = EXPORT_NAMES,
): Generator<readonly string[]> {
  const draw = drawFrom(seed);
  for (let row = 0; row < count; row += 1) {
    const letting = makeLetting(draw, row);
    const filler = (name: string) =>
      EMPTY.test(name.toLowerCase()) ? '' : String(1 + ((row * 31 + name.length * 17) % 3));
    yield names.map((name) => letting.get(name.toLowerCase()) ?? filler(name));
  }
}

/** A table of lettings under a header. */
export function makeLettings(
  count: number,
  seed: number,
  names: readonly string[] = EXPORT_NAMES,
): readonly (readonly string[])[] {
  return [names, ...eachLetting(count, seed, names)];
}

export function toCsv(rows: readonly (readonly string[])[], separator = ','): string {
  const quoted = (cell: string) => (/["\n,;\t|]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((row) => row.map(quoted).join(separator)).join('\r\n');
}
