/** Portuguese, of Brazil, Portugal and Africa. */
import { terms, type WordList } from "./word_list.ts";

export const portuguese: WordList = {
  language: "pt",
  block: terms(`
    tomara que morra, tomara que morram, tomara que voce morra, se mata, vai se matar, vou te matar,
    vamos te matar, vou te achar, sei onde voce mora, quero que morra, espero que morra,
    morre desgracado, morre logo, seu macaco, macaco de merda, macaco volta*, macaco imundo,
    sua macaca, macacos imundos, preto de merda, preto imundo, negro imundo, volta pra selva,
    volta pra africa, volta pro teu pais, volta pra sua terra, volta para a tua terra,
    volta para a selva, viado*, viadinho*, veado de merda, sua bicha, seu bicha, paneleiro*,
    traveco*, sapatao de merda, judeu imundo, cigano de merda, paraiba de merda, baiano de merda,
    nordestino burro
  `),
  hold: terms(`
    filho da puta, filhos da puta, filha da puta, filho duma puta, filho de uma puta, fdp, fdps,
    filhadaputa*, puta que pariu, puta que o pariu, puta que te pariu, puta, putas, puto do caralho,
    puteiro, pqp, putaria, putinha*, caralho*, caraio, karalho, krl, kct, cacete de, caralhada,
    foda se, fodasse, fodase, foder, fodeu, se foder, se fode, vai se foder, vai te foder, vsf,
    vsfd, fodido*, fodida, foda te, que se foda, fodendo, vai tomar no cu, tomar no cu, toma no cu,
    tomar no seu cu, tnc, vtnc, vtmnc, vai tomar, no teu cu, no seu cu, enfia no, cuzão, cuzões,
    cuzinho, do caralho, merda, merdas, merdinha, bosta*, cagão, cagalhão*, arrombado*, arrombada*,
    desgraçado*, desgraçada*, desgraça de, miserável de, vagabundo*, vagabunda*, vadia*,
    piranha safada, rapariga safada, safado sem vergonha, galinha safada, otário*, otaria, babaca*,
    imbecil*, imbecis, idiota*, retardado*, retardada, mongolóide*, débil mental, burro do caralho,
    animal do caralho, escroto*, escrota, corno, cornos, cornudo*, chifrudo*, corno manso,
    juiz ladrao, ladrao safado, cala a boca, cala boca, calaboca, fecha a boca, punheta,
    punheteiro*, chupa meu, chupa minha, chupa aqui, chupa rola, chupador, boquete*, buceta*,
    boceta, xoxota, piroca, pirocada, pau no cu, pau no seu cu, lixo humano, seu lixo, seus lixos,
    seu merda, nojento, nojentos, nojenta, canalha*, pilantra*, cabrao, cabrão, cabrões,
    cona da tua, cona da mae, a cona, vai pra puta, vai pro inferno, va a merda, vai a merda,
    porra de, vai se lascar, filho da mae, palhaço de merda, jumento do
  `),
  holdAtHome: terms(`
    crl, lixo de time, lixo de jogador, lixo de juiz, lixo de clube, cu de, bicha do caralho,
    trouxa do caralho, porra, cu, cus, cona, corna, rola na, seu burro, voce e burro,
    voce e um lixo, voces sao um lixo, te odeio, seu feio, burro, burros, jumento, verme, vermes,
    seu porco, seu rato, bicha louca, ladrão, poha, seu inutil, palhaço, mulambo*, favelado*
  `),
  innocent: terms(`
    disputa*, computa*, reputa*, deputa*, imputa*, rola a bola, porrada, ladrao de bola,
    ladrão de bolas
  `),
};
