/**
 * Everyday words of chats in the languages that part their words, as they are
 * folded: beside one of them a space parts two words and does not split one
 * (split_words.ts), as in `who really`, `put a`, `sale con`. Only short ones are
 * needed, and those that open or close a listed word by chance.
 */
import { terms } from "./word_list.ts";

const words = (text: string) => terms(text.trim().replace(/\s+/g, ","));

export const commonWords: string[] = [
  ...words(`
    a i o u e y an as at be by do go he hi if in is it me my no of oh ok on or so to up us we am are
    and any all ask bad bat bet big bit box boy but buy can car cat cup cut day did die dog down eat
    end far few fit fix for fun get got had has hat her him his hit hot how its let lie lot low mad
    man may men met mid mix net new nor not now off old one our out own pay per pin pit play put ran
    red ref run sad saw say see set she shot sit six son still sub sun ten that the them then they
    this tie tip top two use van via wait want war was way well went were what when who why will win
    with won yes yet you your back ball bang bell black blow bull call case chat cock come dead deal
    fact fan fans fast feel fine foot free from full game gave give goal gone good half hand hard
    have head hear help here hold hole home into just keep kick kids kill king knew know land last
    late lead left less life like line live long look lose loss lost love made make mark miss more
    most much must name near need next nice only open over pack part pass pick pink post pull push
    rain real rest ride ring road rock role room rule sack safe same save seat self sell send shop
    show shut side sing size slow some song soon sort spot star stay stop such sure take talk tall
    tank team tell than their there these think three time tiny told took tops tour town tree trip
    true turn under very view vote walk wall week wide wild wing wise wish word work year behind
    block corrupt normal cor pt fi pr mib ppd assert lean`),
  ...words(`
    el la lo le les los las un una uno unos unas al del de en y e o u a con sin por para que quien
    se si su sus mi mis tu tus te me nos os ya no ni es era eres soy son fue va van ve ver voy vas
    da dan das dar di dio dos tres mas muy mal bien mejor peor hay han has he ha hoy ayer ahora aqui
    ahi alli asi aun cada casa como cual cuando cuyo desde donde ese esa eso este esta esto gol gran
    hasta hola hace hizo ir jaja jugar juega le mata mano mata media mismo mucho nada nadie nunca
    otra otro pase pero poco pone puso puta parte partido que rato saca sale salio sea sera ser
    sido solo sobre tan tanto tal tiene tira toca todo todos tras vale vamos vez via vida muestra
    ensena inutil sua seu dele senza limpiar negro doble`),
  ...words(`
    le la les un une des du de d l et ou ni ne pas plus que qui quoi quel quelle ce cet cette ces ca
    c il elle on ils elles je j tu t nous vous me m te se s son sa ses mon ma mes ton ta tes leur y en
    au aux dans sur sous par pour avec sans chez vers est es sont suis ai as a ont avait va vas vont
    fait faire dit dire bon bonne bien mal tout tous toute tres trop peu but buts tir mer fer mur nul
    nulle car donc mais or quand comme si oui non la bas haut ici mene joue beau belle fin fini pute
    ferme cote grand petit jeu jour match mieux moins mort rien coup tas`),
  ...words(`
    o a os as um uma uns umas do da dos das de em no na nos nas ao aos e ou que quem se me te lhe meu
    minha seu sua teu por para pra com sem mais mas muito pouco bem mal nao sim ja so ha foi era ser
    sou e sao esta estou vai vou vem ver faz fez tem ter tinha tal cada isso isto ele ela eles elas
    gol jogo bola time todo tudo nada fora dia ano gente agora aqui ali la onde quando como mae pai`),
  ...words(`
    der die das den dem des ein eine einen einem einer eines und oder aber nicht nie kein keine ich
    du er sie es wir ihr ihm ihn sich mich mir dich dir uns euch mein dein sein ist bin bist sind war
    wart waren hat habe haben hatte wird werden kann muss soll will mal nur noch schon auch so da
    dann denn wenn weil wie was wer wo hin her an am auf aus bei beim bis durch fur gegen im in ins
    mit nach ohne um unter von vom vor zu zum zur tor tore ball spiel heute gut viel mehr sehr ja
    nein doch los weg jetzt immer alle alles arm`),
];
