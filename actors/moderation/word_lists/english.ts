/**
 * English, beside obscenity's dataset (obscenity_phrases.ts), which holds for
 * rooms that speak English; these hold in every room, as English swearing is
 * understood in all of them.
 */
import { terms, type WordList } from "./word_list.ts";

export const english: WordList = {
  language: "en",
  block: terms(`
    nigger*, *nigger, nigga*, sandnigger*, faggot*, fag, fags, paki, pakis, spic, spics, wetback*,
    gook, gooks, chinaman, coon, coons, raghead*, towelhead*, tranny, trannies, kill yourself,
    kill your self, kys, go die, just die, please die, die in hell, burn in hell, hang yourself,
    hope you die, hope he dies, hope they die, hope she dies, family dies, family die, get cancer,
    got cancer and die, drink bleach, eat shit and die, slit your wrists, neck yourself,
    i ll kill you, i will kill you, gonna kill you, going to kill you, i ll find you,
    i will find you, we will find you, know where you live, break your legs, watch your back,
    rape you, get raped, rapist, i ll rape, should be shot, should be hanged, deserve to die,
    deserves to die, back to the jungle, go back to your country, back to your own country,
    back to africa, dirty jew, dirty jews, fucking jew, jew scum, gas the jews, hitler was right,
    heil hitler, sieg heil, white power, black monkey, monkey go home, you monkey, dirty monkey,
    bloody gypsy, gypsy scum, dirty gypsy, dirty immigrant*, terrorist scum, paedo, paedos, pedo,
    pedos, paedophile*, pedophile*, kiddy fiddler
  `),
  hold: terms(`
    *fuck*, phuck*, phuk*, fuk, fukk, fuks, fuking, fukin, fukker, fukkin*, fcuk*, fck, fcking,
    fking, fkn, fuq, fook off, shit, shits, shitty, shite, shitbag*, shithead*, shithole*, shitter,
    shitting, shitshow, shitface*, *bullshit*, horseshit, sht, cunt*, kunt, kunts, cnt, bitch,
    bitches, bitching, bitchy, biatch, biotch, sonofabitch, son of a bitch, sons of bitches,
    asshole*, arsehole*, asswipe*, asshat*, dumbass*, jackass*, fatass, dickhead*, dickface,
    dickwad, cockhead*, cocksucker*, suck my cock, suck my dick, suck a dick, suck my balls,
    bellend*, knobhead*, knob head, prick, pricks, wanker*, wank, wanking, tosser*, twat*, bastard*,
    whore*, slut, sluts, slutty, retarded, bollocks, bollox, piss off, pissed off, piss poor,
    pisshead, motherfuck*, mofo, mofos, idiot*, imbecile*, imbecil, cretin, scumbag*, scum,
    douchebag*, douche, shut the hell up, stfu, gtfo, foad, braindead, brain dead, dumb fuck,
    spastic, mongoloid, pussies, jerkoff*, jerk off, blowjob*, dildo*, pussy, go to hell, screw you,
    eat shit, kiss my ass, kiss my arse, up your ass, up your arse, 🖕
  `),
  holdAtHome: terms(`
    nonce, nonces, ass, arse, arses, asses, cock, cocks, dick, dicks, tits, cum, cums, dipshit,
    turd, turds, you are trash, you re trash, you are garbage, you re garbage, you are pathetic,
    you re pathetic, you loser, you are a loser, you re a loser, you clown, you are a clown,
    you re a clown, you donkey, you muppet, you are stupid, you re stupid, you stupid, you are dumb,
    you re dumb, you dumb, you are disgusting, you re disgusting, you are ugly, you re ugly,
    nobody likes you, everyone hates you, i hate you, ugly cow, fat pig, you pig, muppet ref,
    shut your mouth, shut your face, stupid bitch, trash ref, pathetic excuse, worthless,
    pathetic human, waste of oxygen, waste of space, disgusting human, vermin, moron, morons,
    retard, retards, subhuman, filthy animals, animals all of them, porn, porno, sex, sexy, penis,
    vagina, boobs, anal, nude, nudes
  `),
  innocent: terms(`
    shiitake, shitake, moby dick, cock a leekie, cock a hoop, half cock*, dick turpin, dick van dyke
  `),
};
