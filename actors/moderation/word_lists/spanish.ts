/** Spanish, of Spain and of the Americas. */
import { terms, type WordList } from "./word_list.ts";

export const spanish: WordList = {
  language: "es",
  block: terms(`
    ojala te mueras, ojala se muera, ojala se mueran, ojala te maten, muerete, matate,
    te voy a matar, te vamos a matar, te voy a encontrar, se donde vives, vete a tu pais,
    vuelve a tu pais, volve a tu pais, vuelvete a tu pais, vuelve a la selva, vete a la selva,
    volve a la selva, sudaca*, mono de mierda, negro de mierda, negra de mierda, negros de mierda,
    puto negro, maldito negro, moro de mierda, putos moros, judio de mierda, gitano de mierda,
    maricón*, marica de mierda, maricas de mierda, mariconazo, puto gay, bollera de mierda,
    bolita de mierda, panchito*
  `),
  hold: terms(`
    puta, putas, puto, putos, putita*, putero, putazo, putón, hijo de puta, hijos de puta,
    hija de puta, hijoputa*, hijueputa*, jueputa, hijodeputa, hdp, hdps, hjdp, hijo de perra,
    hijo de tu puta madre, mierda, mierdas, mierdoso, comemierda*, cabrón, cabrones, cabrona,
    cabronazo, gilipollas, gilipolla, gilipuertas, gilip*, pendejo*, pendeja*, joder, jódete,
    te jodan, que te jodan, os jodan, que se joda, jodido, jodidos, que te den, que te den por culo,
    por culo, a tomar por culo, tomar por culo, tu puta, chinga*, chingada, a la chingada, culero*,
    culiao*, culiado*, conchetumadre, concha de tu madre, la concha de tu, concha tu madre,
    conchatumadre, conchudo, ctm, csm, ctmr, weón culiao, aweonao, la concha de la lora, reconcha*,
    pelotudo*, pelotuda*, boludo de mierda, forro de mierda, sorete*, la puta que te pario,
    la puta madre, lpm, lptm, lrqtp, chupame la, chupamela, chupa pija, chupapija*, verga de,
    vete a la verga, vale verga, a la verga, mamaverga, mamahuevo*, mamaguevo*, malparido*,
    malparida*, gonorrea, hijo e puta, gonorriento, careverga, caremonda, pirobo, pirobos,
    me cago en tu*, me cago en la*, me cago en todo, cago en dios, tus muertos, tus putos muertos,
    subnormal*, imbécil*, idiota*, estúpido, estupida, estupidos, tarado*, mogólico*, mongolo*,
    zorra, zorras, perra asquerosa, vendido de mierda, asqueroso, asquerosos, cállate perra,
    callate zorra, rata inmunda, basura humana, payaso de mierda, vete al carajo, vete a la mierda,
    chupapollas, comepollas, soplapollas, tocapelotas, capullo*, mamón, mamones, mamona, pajillero*,
    culicagado, cagón, cagones, cagada de, pinche pendejo, pinche puto, pinche arbitro, pinches,
    pinche, guarra, guarras, fulana de mierda, cojones, hostia puta
  `),
  holdAtHome: terms(`
    coño, retrasado mental, puto retrasado, eres un retrasado, pareces retrasado, culo, pollas,
    verga, pija, marica, maricas, joto, jotos, pvto, pvta, forro, cerdo, cerdos, cerda, inútil de,
    tonto del culo, eres tonto, eres tonta, eres basura, eres una basura, eres un payaso, das asco,
    dais asco, eres un inutil, te odio, feo de, malnacido*, desgraciado*, hijos de perra, cornudo,
    cornudos, cállate ya, vendidos
  `),
  innocent: terms(`
    cono sur, disputa*, computa*, reputa*, diputa*, imputa*, amputa*, mario verga, concha y toro
  `),
};
