/**
 * Names of clubs, grounds, towns and players that are or hold a listed word:
 * whatever lies inside one is no finding, in any language's room. Terms are
 * whole words unless their list says otherwise, so a name that merely has one
 * within (Penistone, Cockburn) stands here against obscenity's looser patterns.
 */
import { terms } from "./word_list.ts";

export const footballNames: string[] = terms(`
  scunthorpe, penistone, clitheroe, lightwater, cockburn*, cockfosters, cockermouth, shitterton,
  twatt, essex, sussex, middlesex, wessex, arsenal*, arsene, arsen, arsenio, arsenault, assen,
  assisi, assyriska, wankdorf*, wanka, wankhede, fucking in oberosterreich, deportivo moron,
  moron de la frontera, titisee, niger, nigeria, nigel, montenegro, rio negro, smartno ob paki,
  culiacan, connah s quay, cuntis, dick advocaat, dick nanninga, dick schoenaker, dick jol,
  dick kerr*, dick campbell, dick pym, moby dick, dickov, dickson*, dickinson, dickens, kuntz,
  fuchs, shittu, shitov, semen altman, semenov*, semenyo, semedo, assou*, assuncao, assane,
  assombalonga, assaidi, nicky butt, jonathan hogg, hooker, hancock, peacock, woodcock, alcock,
  babcock, hitchcock, cockerill, glasscock, adcock, seaman, kike, marica ciprian, ciprian marica,
  putellas, puttaert, mario verga, verga mario, rafael porras, gil porras, ludwig von ficker,
  von ficker, pissarro, piszczek, wankel, wankowicz, rapinoe, rapaic, raphael*, rapid*, raposo,
  rapperswil*, cumming, cummings, cummins, cumberland, cumbria, georgy, milan fukal, minge, moses, buffon, razvan rat, slutskiy, slutsky, slutski,
  prickett, pricket
`);
