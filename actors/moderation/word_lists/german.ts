/** German, of Germany, Austria and Switzerland. */
import { terms, type WordList } from "./word_list.ts";

export const german: WordList = {
  language: "de",
  block: terms(`
    stirb, stirb endlich, neger, negern, negers, drecksneger*, verreck*, krepier*, bring dich um,
    bringe dich um, häng dich auf, haeng dich auf, erschieß dich, ich finde dich,
    ich weiß wo du wohnst, ich töte dich, dich abstechen, stech dich ab, ich mach dich kalt,
    spring von der brücke, krebs bekommst, gehört erschossen, gehören vergast, vergasen, ab ins gas,
    kanake*, kanacke*, kanak, zigeuner*, drecksjude*, scheiß jude*, judensau, du jude, saujude*,
    scheiß türke*, dreckstürke*, scheiß ausländer*, scheiss auslaender*, ausländer raus,
    kameltreiber*, schlitzauge*, kümmeltürke*, polacke*, untermensch*, affe geh, du affe,
    schwarzer affe, zurück in den busch, zurück in den dschungel, sieg heil, heil hitler,
    schwuchtel*, drecksschwuchtel, schwule sau, scheiß schwuler, kampflesbe*, missgeburt*,
    mißgeburt*, behinderte*, spasti, spastis, spast, spasten, spasst
  `),
  hold: terms(`
    arschloch*, arschlöcher*, arschlocher, arsch, ärsche, arschgeige*, arschgesicht*,
    arschkriecher*, arschficker*, am arsch, leck mich, leck mich am arsch, verarsch*, drecksarsch,
    fettarsch, hurensohn*, hurensöhne*, hurensoehne, hurenkind, hurentochter, hure, huren, hs du,
    nuttensohn, nutte, nutten, schlampe*, fotze*, fotzen, votze*, muschi, wichser*, wixer*, wixxer*,
    wichs*, gewichst, fick, ficken, fickt, gefickt, fickdich, fick dich, fickt euch, fick deine*,
    abgefickt, gefickte, mutterficker*, fickfresse, hundesohn*, dreckssohn, scheiße*, scheisse*,
    scheiß*, scheiss*, schaiße, beschissen*, verschissen*, scheisskerl*, kacke, kack*, verkackt,
    kackbratze, pisser*, piss dich, verpiss*, angepisst, halts maul, halt s maul, halt das maul,
    halt dein maul, halt die fresse, halt die klappe, fresse, fresse halten, maul halten, schnauze,
    halt die schnauze, auf die fresse, vollidiot*, idiot, idioten, vollpfosten*, trottel*,
    volltrottel*, depp, deppen, vollhonk, dummkopf*, dumme sau, drecksau*, dreckssau*, drecksack*,
    dreckskerl*, drecks*, saftsack*, sackgesicht*, hackfresse*, pissnelke*, pappnase*, penner*,
    asozial*, abschaum, gesindel, dreckspack, lappen du, hirnlos*, hirntot*, schwachkopf*,
    schwachmat*, dumpfbacke, blödmann, vollspast*, schweinehund*, mistkerl*, miststück*, dreckstück,
    du hund, du ratte, du schwein, ihr schweine, du sau, du opfer, ihr opfer, du lappen,
    du lutscher, schwanzlutscher*, eierlutscher, lutsch meinen, du nichtsnutz, bastard*,
    bist du behindert, bist so behindert, kotzbrocken
  `),
  holdAtHome: terms(`
    huso, husos, hs, du bist dumm, bist du dumm, du bist blöd, dumme kuh, blöde kuh, du esel,
    ich hasse dich, du bist hässlich, dummes schwein, du vogel, lutscher, schwanz, titten, huan,
    schleich dich, krank im kopf, penis
  `),
  innocent: terms(`scheißl, schwein gehabt, saustark, schweinsteiger, affengeil`),
};
