/**
 * Which country's flag a team plays under, if any.
 *
 * A scoreboard's three letters are FIFA's, and clubs have the same ones (POR is
 * Portugal and Porto), so the team must bear the country's name as well, in any
 * language that ICU knows. One doubt, and the team has none: no flag is
 * better than somebody else's.
 */
import type { Team } from "./match_event.ts";

/** FIFA's three letters and the flag's name, after https://www.fifa.com/fifa-country-codes. */
const CODES =
  "AFGaf ALBal ALGdz ANDad ANGao ARGar ARMam ARUaw ASAas ATGag AUSau AUTat AZEaz BAHbs " +
  "BANbd BDIbi BELbe BENbj BERbm BFAbf BHRbh BHUbt BIHba BLRby BLZbz BOLbo BOTbw BRAbr BRBbb " +
  "BRUbn BULbg CAMkh CANca CAYky CGOcg CHAtd CHIcl CHNcn CIVci CMRcm CODcd COKck COLco COMkm " +
  "CPVcv CRCcr CROhr CTAcf CUBcu CUWcw CYPcy CZEcz DENdk DJIdj DMAdm DOMdo ECUec EGYeg ENGgb-eng " +
  "EQGgq ERIer ESPes ESTee ETHet FIJfj FINfi FRAfr FROfo GABga GAMgm GEOge GERde GHAgh GIBgi " +
  "GNBgw GREgr GRNgd GUAgt GUIgn GUMgu GUYgy HAIht HKGhk HONhn HUNhu IDNid INDin IRLie IRNir " +
  "IRQiq ISLis ISRil ITAit JAMjm JORjo JPNjp KAZkz KENke KGZkg KORkr KOSxk KSAsa KUWkw LAOla " +
  "LBNlb LBRlr LBYly LCAlc LESls LIEli LTUlt LUXlu LVAlv MACmo MADmg MARma MASmy MDAmd MDVmv " +
  "MEXmx MKDmk MLIml MLTmt MNEme MNGmn MOZmz MRImu MTNmr MWImw MYAmm NAMna NCAni NCLnc NEDnl " +
  "NEPnp NGAng NIGne NIRgb-nir NORno NZLnz OMAom PAKpk PANpa PARpy PERpe PHIph PLEps PNGpg POLpl " +
  "PORpt PRKkp PURpr QATqa ROUro RSAza RUSru RWArw SAMws SCOgb-sct SDNsd SENsn SEYsc SGPsg SKNkn " +
  "SLEsl SLVsv SMRsm SOLsb SOMso SRBrs SRIlk SSDss STPst SUIch SURsr SVKsk SVNsi SWEse SWZsz " +
  "SYRsy TAHpf TANtz TCAtc TGAto THAth TJKtj TKMtm TLStl TOGtg TPEtw TRItt TUNtn TURtr UAEae " +
  "UGAug UKRua URUuy USAus UZBuz VANvu VENve VGBvg VIEvn VINvc VIRvi WALgb-wls YEMye ZAMzm ZIMzw";

const countries = new Map(
  CODES.split(" ").map((entry) => [entry.slice(0, 3), entry.slice(3)] as const),
);

/** Names that ICU does not have, as feeds write them. */
const OTHER_NAMES: Record<string, string[]> = {
  "gb-eng": ["England", "Inglaterra", "Angleterre", "Inghilterra", "إنجلترا", "英格兰", "Англия"],
  "gb-nir": ["Northern Ireland", "Irlanda del Norte", "Irlande du Nord", "Nordirland"],
  "gb-sct": ["Scotland", "Escocia", "Écosse", "Schottland", "Escócia", "Шотландия"],
  "gb-wls": ["Wales", "Gales", "Pays de Galles", "País de Gales", "Уэльс"],
  cd: ["Congo DR", "DR Congo"],
  ci: ["Ivory Coast"],
  cn: ["China PR"],
  cv: ["Cape Verde"],
  cz: ["Czech Republic"],
  ie: ["Republic of Ireland"],
  kp: ["Korea DPR"],
  kr: ["Korea Republic", "Republic of Korea"],
  mk: ["Macedonia"],
  sz: ["Swaziland"],
  tr: ["Turkey"],
  tw: ["Chinese Taipei"],
  us: ["USA"],
};
const LANGUAGES = "en es fr pt de it nl ar zh zh-Hant ja ko ru tr pl sv da nb uk el he fa hr".split(
  " ",
);
/** Shorter ones are parts of too many other names. */
const PART_CHARS_MIN = 4;

const namesOf = new Map<string, string[]>();

/** A flag's name in flag-icons: `ar`, `gb-eng`; null for clubs. */
export function countryOf({ code, name }: Team): string | null {
  const country = countries.get(code?.toUpperCase() ?? "");
  if (country === undefined) return null;
  const shown = folded(name);
  const isItsName = (own: string) =>
    shown === own || (own.length >= PART_CHARS_MIN && shown.includes(own));
  return countryNames(country).some(isItsName) ? country : null;
}

/** Folded. */
function countryNames(country: string): string[] {
  const known = namesOf.get(country);
  if (known !== undefined) return known;
  const names = [...OTHER_NAMES[country] ?? []];
  if (country.length === 2) {
    for (const language of LANGUAGES) {
      const name = new Intl.DisplayNames(language, { type: "region" }).of(country.toUpperCase());
      if (name !== undefined) names.push(name);
    }
  }
  const shown = [...new Set(names.map(folded))].filter((name) => name !== "");
  namesOf.set(country, shown);
  return shown;
}

/** Letters alone, without their marks and cases. */
function folded(name: string): string {
  return name.normalize("NFKD").toLowerCase().replace(/[^\p{L}]/gu, "");
}
