/** French, of France, Belgium, the Maghreb and West Africa. */
import { terms, type WordList } from "./word_list.ts";

export const french: WordList = {
  language: "fr",
  block: terms(`
    va mourir, va crever, crève chien, va te pendre, suicide toi, va te suicider, je vais te tuer,
    on va te tuer, je vais te trouver, je sais ou tu habites, j espere que tu vas mourir,
    j espere que tu creves, sale arabe*, sale juif*, sale noir*, sale negre*, sale nègre,
    sales noirs, sales arabes, sale race, sale gitan, sale rom, sale chinois, sale singe*,
    sale macaque, bougnoule*, bougnoul*, youpin*, bicot*, negros de merde, bamboula*, chinetoque*,
    niakoué*, sale pd, gros pd, pd de, bande de pd, tapette*, tarlouze*, sale gouine,
    retourne dans ton pays, rentre dans ton pays, retourne dans la jungle, sale mongol,
    sale migrant*
  `),
  hold: terms(`
    connard*, connasse*, conard, conards, conasse, pute, putes, putain*, ptn, putin de merde,
    fils de pute, fils de putes, fdp, fdps, fils de chien*, ntm, nique*, niquer, niquez, nike ta,
    nike ta mere, nike sa mere, niquetamere, nik ta mere, nik sa mere, va te faire foutre,
    va te faire, allez vous faire foutre, te faire enculer, encul*, enfoiré*, salope*, salop,
    salops, salaud*, saloperie*, salopard*, merde, merdes, merdique*, emmerde*, grosse merde,
    ta gueule, vos gueules, ferme ta gueule, ferme ta bouche, gueule de con, tg, tagueule, bâtard*,
    batards, bouffon*, pauvre con, pauvre conne, sale conne, gros con, gros cons, petit con,
    vieux con, bande de cons, quel con, quels cons, espece de con, espece de, t es con, t es un con,
    branleur*, branlette*, branleuse, couille molle, casse couilles, couilles, mes couilles,
    trou du cul, trouduc*, lèche cul, abruti*, crétin*, imbécile*, idiot, idiote, idiots,
    attardé mental, attardés mentaux, triso, trisomique de, pétasse*, poufiasse*, pouffiasse*,
    catin, garce, sale garce, sale chien*, sale chienne, sale porc, gros porc, sale merde,
    sale pute*, grosse vache, gros lard, casse toi pauvre, dégage sale, suce ma, suce moi,
    suceur de, suceuse, suce bite, ma bite, grosse bite, racaille de merde, crevard*, charogne,
    ordure, sous merde, fumier, clochard de, vendu de, arbitre vendu, pourriture*, va chier,
    fais chier, fait chier, chier dessus, bordel de merde, zob, zebi, zbi, tocard*, baltringue*
  `),
  holdAtHome: terms(`
    sale con, débile, débiles, pédé, pédés, tu es nul, t es nul, vous etes nuls, t es moche,
    je te hais, va te cacher, gros nul, con, cons, conne, connes, pd, pds, crève, pédale, gueule,
    nègre, boloss, porc, cul, branle, casse toi, degage, sac a merde, clebs, kahba, khaba
  `),
  innocent: terms(`niquet, va te faire plaisir`),
};
